import { describe, expect, test } from 'vitest';
import { createCors } from '../../../src/cross-origin/cors.ts';
import { createCrossOriginCheck } from '../../../src/cross-origin/cross-origin-check.ts';
import { secure } from '../../../src/secure/secure.ts';
import { as, bearer, get, ok, open, ORIGIN } from '../fixtures.ts';

describe('secure(): CORS and cross-site requests', () => {
  const cors = createCors({ origins: ['https://shop.test'], headers: ['authorization', 'content-type'] });
  const preflight = (origin: string, method: string): Request =>
    new Request(ORIGIN, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': method } });

  test('answers a preflight without credentials, with the methods of the resource', async () => {
    const { auth } = bearer();
    const response = await secure({ ...open, auth, cors, resourceMethods: ['GET', 'POST'] }, ok)(
      preflight('https://shop.test', 'POST'),
    );
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://shop.test');
    // The policy's, not the three that createCors has by itself.
    expect(response.headers.get('access-control-allow-methods')).toBe('GET,POST,HEAD');
  });

  test('tells another origin nothing', async () => {
    const response = await secure({ ...open, cors }, ok)(preflight('https://evil.test', 'GET'));
    expect(response.headers.get('access-control-allow-origin')).toBe(null);
  });

  test('answers 405 to a preflight where the policy has no CORS, and to OPTIONS that is no preflight', async () => {
    expect((await secure(open, ok)(preflight('https://shop.test', 'GET'))).status).toBe(405);
    expect((await secure({ ...open, cors }, ok)(new Request(ORIGIN, { method: 'OPTIONS' }))).status).toBe(405);
  });

  test('puts CORS headers on refusals too, so that a page can read them', async () => {
    const { auth } = bearer();
    const response = await secure({ ...open, auth, cors }, ok)(get('/', { origin: 'https://shop.test' }));
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([401, 'https://shop.test']);
  });

  test('refuses what another site sends with ambient credentials', async () => {
    const ambient = { ...bearer().auth, ambient: true };
    const csrf = createCrossOriginCheck();
    const handler = secure({ ...open, methods: ['GET', 'POST'], auth: ambient, csrf }, ok);
    const request = (site: string): Request =>
      new Request(ORIGIN, { method: 'POST', headers: { ...as('reader'), 'sec-fetch-site': site } });
    expect((await handler(request('cross-site'))).status).toBe(403);
    expect((await handler(request('same-origin'))).status).toBe(200);
  });

  test('lets other sites send bearer tokens, which no browser sends by itself', async () => {
    const handler = secure({ ...open, methods: ['POST'], auth: bearer().auth }, ok);
    expect(
      (await handler(
        new Request(ORIGIN, { method: 'POST', headers: { ...as('reader'), 'sec-fetch-site': 'cross-site' } }),
      )).status,
    ).toBe(200);
  });
});
