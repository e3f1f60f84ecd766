import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { createHeaderPolicy } from '../../src/headers/policy.ts';
import { parseMediaType } from '../../src/net/media-type.ts';
import {
  API_HEADERS,
  API_HEADERS_PLAIN,
  HTML_HEADERS,
  HTML_HEADERS_NO_NONCE,
  HTML_HEADERS_PLAIN,
  HTML_HEADERS_PLAIN_NONCE,
  NEVER_SENT,
  NONCE,
} from '../vectors/header-presets.ts';
import { sent, withType } from './made-response.ts';

describe('createHeaderPolicy() presets', () => {
  const policy = createHeaderPolicy();

  test.each([
    ['data over https', 'application/json', { secure: true }, API_HEADERS],
    ['data over http', 'application/json', { secure: false }, API_HEADERS_PLAIN],
    // A nonce is for scripts, which data has none of.
    ['data with a nonce', 'application/json', { secure: true, nonce: NONCE }, API_HEADERS],
    ['a page over https with a nonce', 'text/html', { secure: true, nonce: NONCE }, HTML_HEADERS],
    ['a page over http with a nonce', 'text/html', { secure: false, nonce: NONCE }, HTML_HEADERS_PLAIN_NONCE],
    ['a page over https without', 'text/html', { secure: true }, HTML_HEADERS_NO_NONCE],
    ['a page over http without', 'text/html', { secure: false }, HTML_HEADERS_PLAIN],
  ])('apply() sends exactly this with %s', (_what, type, context, headers) => {
    expect(sent(policy.apply(withType(type), context))).toEqual(headers);
  });

  // RFC 6797 section 7.2: never over plain http; upgrade-insecure-requests breaks servers without https.
  test.each(['application/json', 'text/html'])(
    'apply() sends neither HSTS nor an upgrade over plain http with %s',
    (type) => {
      const { headers } = policy.apply(withType(type), { secure: false });
      expect(headers.has('strict-transport-security')).toBe(false);
      expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    },
  );

  test.each(['application/json', 'text/html'])('apply() never sends a deprecated header with %s', (type) => {
    const { headers } = policy.apply(withType(type), { secure: true, nonce: NONCE });
    expect(NEVER_SENT.filter((name) => headers.has(name))).toEqual([]);
  });

  test.each(['server', 'x-powered-by'])('apply() deletes %s', (name) => {
    expect(policy.apply(withType('text/html', { [name]: 'x' }), { secure: true }).headers.has(name)).toBe(false);
  });
});

describe('createHeaderPolicy() choice of preset', () => {
  const policy = createHeaderPolicy();

  function isDocument(response: Response): boolean {
    return policy.apply(response, { secure: true }).headers.has('permissions-policy');
  }

  test.each([
    'text/html',
    'TEXT/HTML',
    'text/html;charset=utf-8',
    'text/html ; charset=utf-8',
    'application/xhtml+xml',
  ])('apply() takes %j for a document', (type) => {
    expect(isDocument(withType(type))).toBe(true);
  });

  // What is not surely a document gets the stricter preset: rendered all the same, it is an opaque origin that loads nothing.
  test.each([
    'application/json',
    'application/problem+json',
    'image/svg+xml',
    'text/xml',
    'text/htmlx',
    'xtext/html',
    'text/html, application/json',
    'application/json; x=text/html',
    'text/html\u00a0',
  ])('apply() takes %j for data', (type) => {
    expect(isDocument(withType(type))).toBe(false);
  });

  test('apply() takes a response without a media type for data', () => {
    expect(isDocument(new Response(null))).toBe(false);
  });

  test('apply() agrees with parseMediaType about every media type', () => {
    const piece = fc.constantFrom(
      'text',
      '/',
      'html',
      'HTML',
      'application',
      'xhtml+xml',
      ';',
      ' ',
      '\t',
      'charset=utf-8',
      ',',
      'x',
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('').trim()), (type) => {
      const response = new Response(null);
      response.headers.set('content-type', type);
      const essence = parseMediaType(type)?.essence;
      expect(isDocument(response)).toBe(essence === 'text/html' || essence === 'application/xhtml+xml');
    }));
  });
});

describe('createHeaderPolicy() beside the handler', () => {
  const policy = createHeaderPolicy();

  test.each(['application/json', 'text/html'])('apply() keeps the handler’s CSP with %s', (type) => {
    const response = policy.apply(withType(type, { 'content-security-policy': "default-src 'self'" }), {
      secure: true,
    });
    expect(response.headers.get('content-security-policy')).toBe("default-src 'self'");
  });

  // An empty policy is none: switching a defence off has a frightening name here.
  test.each(['application/json', 'text/html'])(
    'apply() does not take an empty CSP for the handler’s with %s',
    (type) => {
      const { headers } = policy.apply(withType(type, { 'content-security-policy': '' }), { secure: true });
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    },
  );

  test('apply() keeps the handler’s caching', () => {
    const response = policy.apply(withType('application/json', { 'cache-control': 'max-age=60' }), { secure: true });
    expect(response.headers.get('cache-control')).toBe('max-age=60');
  });

  test.each([
    ['x-content-type-options', 'sniff', 'nosniff'],
    ['x-frame-options', 'ALLOW-FROM https://evil.example', 'DENY'],
    ['referrer-policy', 'unsafe-url', 'no-referrer'],
    ['strict-transport-security', 'max-age=0', 'max-age=63072000; includeSubDomains'],
  ])('apply() replaces the handler’s %s', (name, theirs, ours) => {
    expect(policy.apply(withType('application/json', { [name]: theirs }), { secure: true }).headers.get(name)).toBe(
      ours,
    );
  });

  // Hostile list R4.
  test.each(['application/json', 'text/html'])('apply() twice is apply() once with %s', (type) => {
    const context = { secure: true, nonce: NONCE };
    const once = policy.apply(withType(type), context);
    const before = sent(once);
    expect(sent(policy.apply(once, context))).toEqual(before);
  });
});

describe('createHeaderPolicy() list', () => {
  const policy = createHeaderPolicy();

  test('list() gives the same headers for other frameworks', () => {
    expect(Object.fromEntries(policy.list('api', { secure: true }))).toEqual(API_HEADERS);
    expect(Object.fromEntries(policy.list('html', { secure: true, nonce: NONCE }))).toEqual(HTML_HEADERS);
  });

  test('list() is made once and frozen', () => {
    const list = policy.list('api', { secure: true });
    expect(policy.list('api', { secure: true })).toBe(list);
    expect(Object.isFrozen(list) && list.every(Object.isFrozen)).toBe(true);
  });

  test.each(['json', 'notModified', 'toString', '__proto__'])('list() throws on the kind %s', (kind) => {
    expect(() => Reflect.apply(policy.list, undefined, [kind, { secure: true }])).toThrow(TypeError);
  });
});
