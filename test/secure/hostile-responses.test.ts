import { describe, expect, test, vi } from 'vitest';
import { ownerRule } from '../../src/access/owner.ts';
import { Refusal } from '../../src/core/refusal.ts';
import { createCors } from '../../src/cross-origin/cors.ts';
import { createIfMatch, formatEtag } from '../../src/net/if-match.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { as, bearer, codeOf, get, ok, open, ORIGIN, PEER, quiet } from './fixtures.ts';
import { ear } from './watched.ts';

const cors = createCors({
  origins: ['https://app.test'],
  headers: ['authorization', 'idempotency-key', 'content-type', 'if-match'],
});

describe('secure(): what the handler said', () => {
  // Hostile list 28: `Object.fromEntries(headers)` keeps the last of them.
  test('keeps every cookie on each way by which a response is rebuilt', async () => {
    const make = (init: ResponseInit = {}, body: BodyInit | null = '{"id":1}'): Response => {
      const response = new Response(body, {
        ...init,
        headers: { 'content-type': 'application/json', 'x-request-id': 'a' },
      });
      for (const cookie of ['a=1; Path=/', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'a=3']) {
        response.headers.append('set-cookie', cookie);
      }
      return response;
    };
    const idempotency = createIdempotency({ store: memoryStore() });
    const policies = [
      [open, 'GET'],
      [open, 'HEAD'],
      [{ ...open, cors, response: object({ id: int() }) }, 'GET'],
      [{ ...open, cors, id: 'p', methods: ['POST'] as const, idempotency }, 'POST'],
    ] as const;
    for (const [policy, method] of policies) {
      const request = new Request(ORIGIN, {
        method,
        headers: { 'idempotency-key': 'k', 'origin': 'https://app.test' },
      });
      const response = await secure(policy, () => make())(request);
      expect(response.headers.getSetCookie()).toEqual([
        'a=1; Path=/',
        'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT',
        'a=3',
      ]);
    }
  });

  // Hostile list 29: what its document needs only the handler knows; the rest is the policy's, whatever the case of its name.
  test('is kept of CSP and Cache-Control, and of nothing else that the policy sends', async () => {
    const response = await secure(open, () =>
      Response.json({}, {
        headers: {
          'Content-Security-Policy': "default-src 'none'; report-to x",
          'CACHE-CONTROL': 'private, max-age=60',
          'X-Frame-Options': 'ALLOWALL',
          'x-content-type-OPTIONS': 'sniff',
          'Referrer-Policy': 'unsafe-url',
          'Strict-Transport-Security': 'max-age=0',
          'Cross-Origin-Resource-Policy': 'cross-origin',
          'X-Request-Id': 'mine',
          'Access-Control-Allow-Origin': '*',
        },
      }))(get());
    const { headers } = response;
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; report-to x");
    expect(headers.get('cache-control')).toBe('private, max-age=60');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=[1-9]/);
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-request-id')).not.toBe('mine');
    expect([...headers.keys()]).toEqual([...new Set([...headers.keys()].map((name) => name.toLowerCase()))]);
  });

  // Hostile list 33, and a router that copied the request's own Vary: whoever chooses it chooses what a cache keeps apart.
  test('of Vary stands before ours, and what the request says of it nowhere', async () => {
    const request = (): Request => get('/', { 'vary': 'x-evil', 'access-control-request-headers': 'x-evil' });
    const handler = secure({ ...open, cors }, () => new Response('', { headers: { vary: 'Accept-Language' } }));
    expect((await handler(request())).headers.get('vary')).toBe('Accept-Language, origin');
    const star = secure({ ...open, cors }, () => new Response('', { headers: { vary: '*' } }));
    expect((await star(request())).headers.get('vary')).toBe('*');
  });

  // Hostile list 27: it cannot be built again, and what carries the socket is the object itself.
  test.each([
    ['101', { status: { value: 101 } }],
    ['the socket of a Worker', { webSocket: { value: {} }, status: { value: 101 } }],
  ])('is passed on untouched where it is %s', async (_what, properties) => {
    const upgraded = Object.defineProperties(new Response(null), properties);
    const idempotency = createIdempotency({ store: memoryStore(), required: false });
    const policy = { ...open, cors, auth: bearer().auth, id: 'p', methods: ['GET', 'POST'] as const, idempotency };
    const limits = createLimits({ client: [{ name: 'l', limit: 9, windowSeconds: 1 }] });
    for (const one of [policy, { ...policy, store: memoryStore(), limits, timeouts: { handlerMs: 1000 } }]) {
      const response = await secure(one, () => upgraded)(get('/', as('reader')), PEER);
      expect(response).toBe(upgraded);
      expect([...response.headers]).toEqual([]);
    }
  });

  // Hostile list 27: a 5xx of the handler's own is sent on as it is, and counts as a failure.
  test('is its own where it is an error', async () => {
    const { events, onEvent } = ear();
    const response = await secure({ ...open, onEvent }, () => Response.json({ down: true }, { status: 503 }))(get());
    expect([response.status, await response.json()]).toEqual([503, { down: true }]);
    expect(events.map(({ outcome, status }) => [outcome, status])).toEqual([['failed', 503]]);
  });

  // Hostile list 31: what is thrown chooses no status, no header and no word.
  test.each<readonly [string, () => unknown]>([
    ['a status', () => ({ status: 200, statusCode: 200, code: 'ok', message: 'secret', expose: true })],
    ['a toString', () => ({ toString: () => 'secret\r\nset-cookie: a=b' })],
    ['a toPrimitive', () => ({ [Symbol.toPrimitive]: () => 'secret' })],
    [
      'headers',
      () => Object.assign(new Error('secret'), { headers: { 'set-cookie': 'a=b' }, status: 404, expose: true }),
    ],
    ['a response', () => Object.assign(new Error('secret'), { response: new Response('secret', { status: 200 }) })],
    ['a getResponse', () => Object.assign(new Error('secret'), { getResponse: () => new Response('secret') })],
    ['a toResponse', () => ({ toResponse: () => new Response('secret'), toJSON: () => 'secret' })],
    ['a name with line breaks', () => Object.assign(new Error('secret'), { name: 'a\r\nset-cookie: a=b' })],
  ])('is a 500 without a word where it throws %s', async (_what, make) => {
    const response = await secure({ ...open, ...quiet }, () => {
      throw make();
    })(get());
    expect([response.status, response.headers.has('set-cookie')]).toEqual([500, false]);
    expect(await response.text()).not.toContain('secret');
  });
});

// Hostile list 32: a difference in one header is an oracle for ids.
describe('secure(): a resource that is hidden', () => {
  const rows = new Map([['/1', { owner: 'alice', version: '1' }], ['/2', { owner: 'mallory', version: '1' }]]);
  const policy = {
    methods: ['GET', 'PUT'] as const,
    auth: bearer().auth,
    cors,
    store: memoryStore(),
    limits: createLimits({ principal: [{ name: 'p', limit: 1000, windowSeconds: 60 }] }),
    resource: ({ url }: { readonly url: URL }) => rows.get(url.pathname),
    precondition: createIfMatch({ versionOf: ({ version }: { readonly version: string }) => version, required: true }),
    notFoundInsteadOfForbidden: true,
  };

  test.each<readonly [string, () => boolean | Promise<boolean>]>([
    ['false', () => false],
    ['a promise of false', () => Promise.resolve(false)],
    ['a refusal', () => {
      throw new Refusal('forbidden', { problem: { detail: 'not yours' }, headers: { 'x-owner': 'mallory' } });
    }],
    ['a refusal of scopes', () => Promise.reject(new Refusal('insufficient_scope', { problem: { scope: 'admin' } }))],
  ])('looks like a missing one, to the last header and byte: %s', async (_what, authorize) => {
    const handler = secure({ ...policy, authorize }, ok);
    for (const method of ['GET', 'HEAD', 'PUT']) {
      for (const headers of [{}, { 'if-match': '"1"' }, { 'if-match': '"9"' }, { 'if-match': 'nonsense' }]) {
        const seen = await Promise.all(['/2', '/3'].map(async (path) => {
          const request = new Request(ORIGIN + path, { method, headers: { ...as('reader'), ...headers } });
          const response = await handler(request, PEER);
          const kept = [...response.headers].filter(([name]) => name !== 'x-request-id' && name !== 'ratelimit');
          return [response.status, kept, (await response.text()).replace(/"requestId":"[^"]*"/, '')];
        }));
        expect(seen[0]?.[0]).toBe(404);
        expect(seen[0]).toEqual(seen[1]);
      }
    }
  });
});

// Hostile list 80: a cache that revalidates is told by a 304 that it may go on showing what it has.
describe('secure(): a conditional request', () => {
  const etag = formatEtag('7');
  const policy = {
    ...open,
    auth: bearer().auth,
    cors,
    resource: () => ({ owner: 'alice' }),
    authorize: ownerRule({ dangerouslyAllowAnyTenant: true }),
  };
  const handler = vi.fn((request: Request) =>
    request.headers.get('if-none-match') === etag
      ? new Response(null, { status: 304, headers: { etag, 'x-powered-by': 'secret' } })
      : Response.json({}, { headers: { etag } })
  );
  const send = (headers: Readonly<Record<string, string>>, ...more: readonly object[]): Promise<Response> =>
    secure(Object.assign({}, policy, ...more), handler)(get('/', { 'if-none-match': etag, ...headers }), PEER);

  test('is answered 304 to who may read it, with what is the same for every response', async () => {
    const { status, headers } = await send({ ...as('reader'), origin: 'https://app.test' });
    expect([status, headers.get('etag'), headers.has('x-powered-by')]).toEqual([304, etag, false]);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect([headers.get('vary'), headers.get('x-content-type-options')]).toEqual(['origin', 'nosniff']);
    expect(headers.get('x-request-id')).not.toBe(null);
  });

  test('is refused before the handler sees it as any other is', async () => {
    handler.mockClear();
    expect(await codeOf(await send({}))).toBe('credentials_missing');
    expect(await codeOf(await send(as('writer')))).toBe('forbidden');
    expect(await codeOf(await send(as('reader'), { resource: () => null }))).toBe('not_found');
    expect(handler).not.toHaveBeenCalled();
  });
});

// Hostile list 67, RFC 8693 section 4.1: who acts for somebody has that somebody's rights, and both stand in the log.
test('secure() decides by the subject of a token that another acts with, and tells of both', async () => {
  const { events, onEvent } = ear();
  const auth = createBearerAuth({ verify: () => ({ claims: { sub: 'alice', act: { sub: 'support' } } }) });
  const policy = { ...open, auth, onEvent, authorize: ownerRule({ dangerouslyAllowAnyTenant: true }) };
  const statuses: number[] = [];
  for (const owner of ['alice', 'support']) {
    statuses.push((await secure({ ...policy, resource: () => ({ owner }) }, ok)(get('/', as('any')))).status);
  }
  expect(statuses).toEqual([200, 403]);
  expect(events.map(({ principalId, actorId }) => [principalId, actorId])).toEqual([
    ['alice', 'support'],
    ['alice', 'support'],
  ]);
});
