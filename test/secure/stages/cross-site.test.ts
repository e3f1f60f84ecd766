import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../../src/core/refusal.ts';
import { createCors } from '../../../src/cross-origin/cors.ts';
import { createCrossOriginCheck } from '../../../src/cross-origin/cross-origin-check.ts';
import type { Authenticator, Principal } from '../../../src/secure/authenticator.ts';
import { createModes } from '../../../src/secure/modes.ts';
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

describe('crossSiteStage() with several authenticators', () => {
  const csrf = createCrossOriginCheck();
  const session: Authenticator = {
    ambient: true,
    isPresented: (request) => request.headers.has('cookie'),
    authenticate(request): Principal {
      if (!request.headers.has('cookie')) throw new Refusal('credentials_missing');
      return { id: 'alice', issuer: undefined, scopes: [], claims: {} };
    },
    challenge: () => '',
  };
  const { auth: token } = bearer();
  const policy = { methods: ['GET', 'POST'] as const, auth: [token, session], csrf };
  const handler = secure(policy, ok);
  const send = (headers: Readonly<Record<string, string>>, method = 'POST'): Request =>
    new Request(ORIGIN, { method, headers });

  test.each([
    ['a cookie from the same origin', { cookie: 'a=b', 'sec-fetch-site': 'same-origin' }, 200],
    ['a cookie from another site', { cookie: 'a=b', 'sec-fetch-site': 'cross-site' }, 403],
    // Hostile list 78.
    ['a cookie from the same site', { cookie: 'a=b', 'sec-fetch-site': 'same-site' }, 403],
    ['a cookie that does not say where from', { cookie: 'a=b' }, 403],
    ['a cookie from a page without an origin', { cookie: 'a=b', origin: 'null' }, 403],
    ['a token from another site', { ...as('reader'), 'sec-fetch-site': 'cross-site' }, 200],
    // Whoever forges a request must not get past by a token that is none.
    ['a cookie beside a forged token', { cookie: 'a=b', ...as('forged'), 'sec-fetch-site': 'cross-site' }, 400],
    ['a cookie beside other credentials', {
      cookie: 'a=b',
      authorization: 'Basic YTpi',
      'sec-fetch-site': 'cross-site',
    }, 403],
  ])('%s', async (_what, headers, status) => {
    expect((await handler(send(headers))).status).toBe(status);
  });

  // Hostile list 79: a handshake is a GET.
  test('checks a WebSocket handshake with a cookie, and demands credentials of every one', async () => {
    const upgrade = { upgrade: 'websocket', 'sec-websocket-version': '13' };
    const cookie = { cookie: 'a=b' };
    expect((await handler(send(upgrade, 'GET'))).status).toBe(401);
    expect((await handler(send({ ...upgrade, ...cookie, origin: 'https://evil.test' }, 'GET'))).status).toBe(403);
    expect((await handler(send({ ...upgrade, ...cookie, origin: ORIGIN }, 'GET'))).status).toBe(200);
  });

  test('checks every request where all credentials are of one kind, or there are none', async () => {
    const foreign = { ...as('reader'), 'sec-fetch-site': 'cross-site' };
    expect((await secure({ ...policy, auth: token }, ok)(send(foreign))).status).toBe(403);
    expect(
      (await secure({ ...policy, auth: [token, { ...token, isPresented: () => false }] }, ok)(send(foreign))).status,
    ).toBe(403);
    expect((await secure({ ...policy, auth: 'public' }, ok)(send(foreign))).status).toBe(403);
  });

  // Nobody is proved there: the cookie may be the only credential of what the handler does.
  test('checks who is only reported to be nobody', async () => {
    const mode = createModes({ auth: { mode: 'report', until: '2999-01-01', reason: 'trial' } });
    const reporting = secure({ ...policy, mode, onEvent: () => undefined }, ok);
    expect((await reporting(send({ ...as('forged'), 'sec-fetch-site': 'cross-site' }))).status).toBe(403);
    expect((await reporting(send({ ...as('forged'), 'sec-fetch-site': 'same-origin' }))).status).toBe(200);
  });

  test('is not changed by changing an authenticator afterwards', async () => {
    const changing = { ...session };
    const made = secure({ ...policy, auth: [token, changing] }, ok);
    Reflect.set(changing, 'ambient', false);
    expect((await made(send({ cookie: 'a=b', 'sec-fetch-site': 'cross-site' }))).status).toBe(403);
  });

  test('is compulsory as soon as one of several is ambient', () => {
    expect(() => secure({ methods: ['POST'], auth: [token, session] }, ok)).toThrow(/csrf/);
  });

  // Hostile list 14: it looks like a preflight and is nobody's.
  test('shows no forged preflight to the handler', async () => {
    const made = vi.fn(ok);
    const request = new Request(ORIGIN, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST', cookie: 'a=b' },
    });
    const cors = createCors({ origins: ['https://shop.test'], headers: ['authorization'] });
    for (const methods of [['POST'], ['POST', 'OPTIONS']] as const) {
      const response = await secure({ ...policy, methods, cors }, made)(request);
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, null]);
    }
    expect(made).not.toHaveBeenCalled();
  });
});
