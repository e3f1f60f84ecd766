import { expect, test } from 'vitest';
import { createCrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';

// A hole elsewhere in the program must not name an origin of this server, where Origin alone is compared.
test.each([
  ['origin', 'https://evil.example', undefined],
  ['origin', 'https://evil.example', { scheme: 'https', host: 'api.example' } as const],
  ['host', 'evil.example', undefined],
  ['host', 'evil.example', { scheme: 'https' } as const],
])('check() takes no %s from a polluted prototype', (name, value, context) => {
  const { check } = createCrossOriginCheck();
  const forged = new Request('https://api.example/orders', { method: 'POST' });
  forged.headers.set('origin', 'https://evil.example');
  try {
    Object.defineProperty(Object.prototype, name, { value, configurable: true });
    expect(check(forged, context)?.code).toBe('cross_site_request');
  } finally {
    Reflect.deleteProperty(Object.prototype, name);
  }
});

// Some runtimes pass a bare path for a URL where Host is malformed: a check that throws is a 500 that anybody can cause.
test.each([
  [{ origin: 'https://evil.example' }, 'cross_site_request'],
  [{ 'origin': 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 'cross_site_request'],
  [{ origin: 'https://' }, 'cross_site_request'],
  [{}, undefined],
])('check() decides on %j where the URL is none', (headers, code) => {
  const { check } = createCrossOriginCheck({ bypass: ['POST /orders'] });
  const made = new Request('https://api.example/orders', { method: 'POST' });
  for (const [name, value] of Object.entries(headers)) made.headers.set(name, value);
  Object.defineProperty(made, 'url', { value: '/orders' });
  expect(check(made)?.code).toBe(code);
  expect(check(made, { scheme: 'https' })?.code).toBe(code);
});
