import { describe, expect, test, vi } from 'vitest';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import type { Policy } from '../../src/secure/policy.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, bearer, codeOf, get, ok, open, ORIGIN, PEER, post } from './fixtures.ts';

describe('secure(): what passes', () => {
  test('runs the handler of a public policy', async () => {
    const response = await secure(open, ok)(get());
    expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
  });

  test('gives the handler a frozen, typed context', async () => {
    const { auth } = bearer();
    let seen: object | undefined;
    const handler = secure({
      methods: ['POST'],
      auth,
      body: object({ name: string(), age: int() }),
      resource: ({ body }) => ({ owner: body.name }),
      authorize: ({ principal, resource }) => resource.owner === principal.id,
    }, (_request, context) => {
      const { principal, body, resource, client, method, requestId, url } = context;
      seen = context;
      return Response.json({
        id: principal.id,
        age: body.age + 1,
        owner: resource.owner,
        client,
        method,
        path: url.pathname,
        requestId,
      });
    });
    const response = await handler(post('{"name":"alice","age":41}', as('reader')), PEER);
    expect(await response.json()).toEqual({
      id: 'alice',
      age: 42,
      owner: 'alice',
      client: { address: '192.0.2.1', scheme: 'https', host: 'api.test', isProxied: false, isSchemeKnown: true },
      method: 'POST',
      path: '/',
      requestId: response.headers.get('x-request-id'),
    });
    expect(Object.isFrozen(seen)).toBe(true);
  });

  test('runs HEAD through GET and sends no body', async () => {
    const response = await secure(open, ok)(new Request(`${ORIGIN}/`, { method: 'HEAD' }));
    expect([response.status, response.body]).toEqual([200, null]);
  });

  test('passes on what the runtime passed beside the request', async () => {
    const response = await secure(open, (_request, { platform }) => Response.json(platform))(get(), PEER, 'env');
    expect(await response.json()).toEqual([PEER, 'env']);
  });

  test('lets a body through unread only where that is said to be dangerous', async () => {
    const policy = { ...open, methods: ['POST'] as const, dangerouslyAllowUnvalidatedBody: true };
    const response = await secure(policy, async (request) => new Response(await request.text()))(
      post('raw', { 'content-type': 'text/plain' }),
    );
    expect(await response.text()).toBe('raw');
  });

  test('keeps 1,000 interleaved requests apart', async () => {
    const { auth } = bearer();
    const handler = secure(
      { methods: ['POST'], auth, body: object({ n: int() }) },
      async (_request, { body, principal, requestId }) => {
        await new Promise((resolve) => setTimeout(resolve, body.n % 7));
        return Response.json([body.n, principal.id, requestId]);
      },
    );
    const responses = await Promise.all(Array.from({ length: 1000 }, async (_, n) => {
      const response = await handler(post(`{"n":${n}}`, as(n % 2 === 0 ? 'reader' : 'writer')), PEER);
      const [echo, id, requestId] = await response.json();
      return echo === n && id === (n % 2 === 0 ? 'alice' : 'bob') && requestId === response.headers.get('x-request-id');
    }));
    expect(responses.every(Boolean)).toBe(true);
  });
});

describe('secure(): what is refused', () => {
  const { auth } = bearer();
  const body = object({ name: string() });
  const reading = { methods: ['GET'] as const, auth, scopes: ['orders:read'] };
  const writing = { methods: ['POST'] as const, auth, scopes: ['orders:write'], body, bodyLimits: { maxBytes: 100 } };
  const REFUSED: readonly (readonly [string, Policy<typeof auth, typeof body>, () => Request, number, string])[] = [
    ['another method', reading, () => post('{}'), 405, 'method_not_allowed'],
    ['no credentials', reading, () => get(), 401, 'credentials_missing'],
    ['another scheme', reading, () => get('/', { authorization: 'Basic YTpi' }), 401, 'credentials_missing'],
    // RFC 6750 section 2: one token, sent one way, once.
    [
      'two tokens',
      reading,
      () => get('/', { authorization: 'Bearer reader, Bearer writer' }),
      400,
      'credentials_malformed',
    ],
    [
      'a token in the query too',
      reading,
      () => get('/?access_token=reader', as('reader')),
      400,
      'credentials_malformed',
    ],
    ['a token in the query alone', reading, () => get('/?access_token=reader'), 400, 'credentials_malformed'],
    ['an empty token', reading, () => get('/', { authorization: 'Bearer ' }), 400, 'credentials_malformed'],
    ['a forged token', reading, () => get('/', as('forged')), 401, 'jwt_signature_invalid'],
    ['a token of nobody', reading, () => get('/', as('nobody')), 401, 'jwt_claim_missing'],
    ['a missing scope', writing, () => post('{"name":"a"}', as('reader')), 403, 'insufficient_scope'],
    ['a wrong body', writing, () => post('{"name":1}', as('writer')), 400, 'body_invalid'],
    ['a body with an unknown key', writing, () => post('{"name":"a","admin":true}', as('writer')), 400, 'body_invalid'],
    ['a body that is no JSON', writing, () => post('{', as('writer')), 400, 'json_malformed'],
    ['an empty body', writing, () => post('', as('writer')), 400, 'json_malformed'],
    [
      'a prototype in a body',
      writing,
      () => post('{"__proto__":{"name":"a"}}', as('writer')),
      400,
      'json_forbidden_key',
    ],
    ['a key twice', writing, () => post('{"name":"a","name":"b"}', as('writer')), 400, 'json_duplicate_key'],
    ['a large body', writing, () => post(`{"name":"${'a'.repeat(200)}"}`, as('writer')), 413, 'body_too_large'],
    [
      'another type',
      writing,
      () => post('name=a', { ...as('writer'), 'content-type': 'text/plain' }),
      415,
      'media_type_unsupported',
    ],
    [
      'another charset',
      writing,
      () => post('{}', { ...as('writer'), 'content-type': 'application/json; charset=utf-7' }),
      415,
      'media_type_unsupported',
    ],
    [
      'a compressed body',
      writing,
      () => post('{}', { ...as('writer'), 'content-encoding': 'gzip' }),
      415,
      'content_encoding_unsupported',
    ],
    [
      'a body where none is declared',
      { methods: ['POST'], auth },
      () => post('{}', as('writer')),
      400,
      'body_not_allowed',
    ],
  ];
  test.each(REFUSED)('%s', async (_what, policy, request, status, code) => {
    const handler = vi.fn(ok);
    const response = await secure(policy, handler)(request());
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
    expect(handler).not.toHaveBeenCalled();
  });

  test('invalid UTF-8', async () => {
    const request = new Request(ORIGIN, {
      method: 'POST',
      body: new Uint8Array([0x22, 0xff, 0x22]),
      headers: { ...as('writer'), 'content-type': 'application/json' },
    });
    expect(await codeOf(await secure(writing, ok)(request))).toBe('utf8_malformed');
  });

  test('says in Allow what the resource has, HEAD with GET', async () => {
    const response = await secure({ ...open, resourceMethods: ['GET', 'POST'] }, ok)(
      new Request(ORIGIN, { method: 'DELETE' }),
    );
    expect(response.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
  });

  // RFC 6750 section 3.1: no error code for a request without credentials.
  const CHALLENGES: readonly (readonly [string, () => Request, string])[] = [
    ['nothing', () => get(), 'Bearer realm="api"'],
    ['another scheme', () => get('/', { authorization: 'Basic YTpi' }), 'Bearer realm="api"'],
    [
      'a token in the query',
      () => get('/?access_token=reader'),
      'Bearer realm="api", error="invalid_request"',
    ],
    ['a forged token', () => get('/', as('forged')), 'Bearer realm="api", error="invalid_token"'],
    [
      'two tokens',
      () => get('/', { authorization: 'Bearer a, Bearer b' }),
      'Bearer realm="api", error="invalid_request"',
    ],
  ];
  test.each(CHALLENGES)('challenges %s', async (_what, request, challenge) => {
    expect((await secure(reading, ok)(request())).headers.get('www-authenticate')).toBe(challenge);
  });

  // RFC 6750 section 2.2, which OAuth 2.1 drops: a form is what any page can send, and what a body holds is no credential here.
  test('looks for no token in a body', async () => {
    const handler = vi.fn(ok);
    const policy = { methods: ['POST'] as const, auth, dangerouslyAllowUnvalidatedBody: true };
    const request = post('access_token=reader', { 'content-type': 'application/x-www-form-urlencoded' });
    const response = await secure(policy, handler)(request);
    expect([response.status, response.headers.get('www-authenticate'), await codeOf(response)]).toEqual([
      401,
      'Bearer realm="api"',
      'credentials_missing',
    ]);
    expect(handler).not.toHaveBeenCalled();
  });

  test('names all the scopes that are needed', async () => {
    const response = await secure({ ...reading, scopes: ['orders:read', 'orders:admin'] }, ok)(get('/', as('reader')));
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="api", error="insufficient_scope", scope="orders:read orders:admin"',
    );
  });

  test('tells what is wrong with a body by path, and never repeats a value', async () => {
    const response = await secure(writing, ok)(post('{"name":1234567}', as('writer')));
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ issues: [{ path: ['name'] }] });
    expect(text).not.toContain('1234567');
  });
});
