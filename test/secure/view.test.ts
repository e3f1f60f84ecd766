import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../src/core/refusal.ts';
import { createClientResolver } from '../../src/net/client-resolver.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import type { Principal } from '../../src/secure/authenticator.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { as, bearer, codeOf, get, ok, open, PEER, post } from './fixtures.ts';

/** A request as runtimes make one that pass the request target on as it came. */
function withUrl(url: string): Request {
  return Object.defineProperty(get(), 'url', { value: url });
}

describe('secure(): the URL', () => {
  // Some runtimes pass a bare path where Host is malformed, or no URL at all: anybody could fill the log with errors of the server.
  test.each(['/a', '', 'http://[::1/a', 'http://a.test, b.test/a'])(
    'is refused, and nothing reported, where it is none: %j',
    async (url) => {
      const onError = vi.fn();
      const response = await secure({ ...open, onError }, ok)(withUrl(url));
      expect([response.status, response.headers.get('x-content-type-options')]).toEqual([400, 'nosniff']);
      expect(response.headers.get('x-request-id')).not.toBeNull();
      expect(await codeOf(response)).toBe('request_malformed');
      expect(onError).not.toHaveBeenCalled();
    },
  );

  // A router in front has seen the path as it is written; `authorize` and the handler would see the one that the parser makes of it.
  test.each([
    'http://a.test/x/../admin',
    'http://a.test/x/.%2E',
    'http://a.test/./admin?a',
    'http://a.test/%2e',
    'http://a.test/x\\..\\admin',
  ])('is refused where its path is read in two ways: %s', async (url) => {
    expect(await codeOf(await secure(open, ok)(withUrl(url)))).toBe('request_malformed');
  });

  test.each([
    'http://A.test:80/a',
    'http://a.test/{"}?a=\\../b#/../',
    'http://a.test/.../.a/%c3%a4',
    'http://a.test?/../',
  ])(
    'is served where it is only written in another way: %s',
    async (url) => {
      expect((await secure(open, ok)(withUrl(url))).status).toBe(200);
    },
  );
});

describe('secure(): the path', () => {
  const shown = secure(
    { ...open, methods: ['GET', 'POST'] },
    (request, { url, method }) => Response.json([url.pathname, url.search, method, request.method]),
  );
  const pathOf = async (path: string): Promise<unknown> => (await (await shown(get(path))).json())[0];

  // Hostile lists 6, 8 and 9: one spelling, and no less of it than a router may tell apart.
  test.each([
    ['/ADMIN', '/ADMIN'],
    ['/admin/', '/admin/'],
    ['/admin%20', '/admin%20'],
    ['/public/../admin', '/admin'],
    ['/public/%2e%2e/admin', '/admin'],
    ['/public/%2E./admin', '/admin'],
    ['\\admin', '/admin'],
    ['/ad\tmin', '/admin'],
    ['/~user/%c3%a4', '/~user/%C3%A4'],
    ['/~user/%c3%a4?q=%61', '/~user/%C3%A4'],
    ['/', '/'],
  ])('%s is %s', async (path, canonical) => {
    expect(await pathOf(path)).toBe(canonical);
  });

  // Hostile lists 2, 3, 4, 5, 7 and 10: what a router in front, or the next one, reads in another way.
  test.each([
    '/%61dmin',
    '/%41dmin',
    '/%7euser',
    '/%2561dmin',
    '/a%2Fb',
    '/a%5Cb',
    '/a%2fb',
    '//admin',
    '/a//b',
    '/a/%2e%2e;/admin',
    '/admin;x=1',
    '/admin%00',
    '/admin%0a',
    '/public/%2E%2e%2fadmin',
    '/a%zz',
    '/a%ff',
    '/a%c0%ae%c0%ae/b',
  ])('%s is refused', async (path) => {
    const run = vi.fn(ok);
    const response = await secure(open, run)(get(path));
    expect([response.status, await codeOf(response), run.mock.calls.length]).toEqual([400, 'request_malformed', 0]);
  });

  test('of an absolute request line is no other', async () => {
    expect(await codeOf(await secure(open, ok)(withUrl('http://x.test//admin')))).toBe('request_malformed');
  });

  // Hostile list 12.
  test('leaves the method to the request line', async () => {
    const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE', 'x-http-method': 'DELETE' };
    const request = new Request('https://api.test/?_method=DELETE', { method: 'POST', headers });
    expect(await (await shown(request)).json()).toEqual(['/', '?_method=DELETE', 'POST', 'POST']);
  });
});

describe('secure(): headers that only a gateway may write', () => {
  const client = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'forwarded' });
  const handler = secure({ ...open, client }, (request) => Response.json([...request.headers.keys()]));
  // Hostile list 1.
  const forged = {
    'x-middleware-subrequest': 'middleware:middleware',
    'x-internal-auth': '1',
    'x-user-id': 'admin',
    'x-forwarded-user': 'admin',
    'x_user_id': 'admin',
    'remote-user': 'admin',
    'x-other': 'kept',
  };

  test('are taken away, whoever sends them', async () => {
    expect(await (await handler(get('/', forged), PEER)).json()).toEqual(['x-other']);
    expect(await (await secure(open, (request) => Response.json([...request.headers.keys()]))(get('/', forged))).json())
      .toEqual(['x-other']);
  });

  test('stay where a trusted proxy has written them', async () => {
    const names = await (await handler(get('/', forged), { peerAddress: '10.0.0.1' })).json();
    expect(names).toEqual(Object.keys(forged).sort());
  });

  test('are seen by no authenticator either, and take no body away', async () => {
    const auth = {
      ambient: false,
      authenticate: (request: Request): Principal => {
        const id = request.headers.get('x-user-id');
        if (id === null) throw new Refusal('credentials_missing');
        return { id, issuer: undefined, scopes: [], claims: {} };
      },
      challenge: () => 'Test',
    };
    expect((await secure({ ...open, auth }, ok)(get('/', forged))).status).toBe(401);
    const echo = secure({ ...open, methods: ['POST'], body: string() }, (_request, { body }) => Response.json(body));
    expect(await (await echo(post('"hi"', { 'x-user-id': 'admin' }))).json()).toBe('hi');
  });
});

describe('secure(): the context', () => {
  test('holds what was proved, the trace, the limits and the platform', async () => {
    const limits = createLimits({ client: [{ name: 'client', limit: 5, windowSeconds: 60 }] });
    const handler = secure({ ...open, auth: bearer().auth, store: memoryStore(), limits }, (_request, context) => {
      const { claims, trace, params, query, body, resource, wouldDeny, platform } = context;
      expect(Object.isFrozen(context.limits) && Object.isFrozen(wouldDeny) && Object.isFrozen(context.client)).toBe(
        true,
      );
      expect(context.signal.aborted).toBe(false);
      return Response.json({
        claims,
        trace,
        rest: [params, query, body, resource].filter((one) => one !== undefined),
        left: context.limits.map(({ limits: [first] }) => [first?.name, first?.remaining]),
        platform,
      });
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(await (await handler(get('/', { ...as('reader'), traceparent }), PEER, 'env')).json()).toEqual({
      claims: { iss: 'https://issuer.test', sub: 'alice', scope: 'orders:read' },
      trace: {
        traceId: '0af7651916cd43dd8448eb211c80319c',
        parentId: 'b7ad6b7169203331',
        sampled: true,
        random: false,
      },
      rest: [],
      left: [['client', 4]],
      platform: [PEER, 'env'],
    });
  });

  test('has nothing of what a public request does not bring', async () => {
    const handler = secure(open, (_request, { principal, claims, trace, limits, wouldDeny }) => {
      return Response.json([
        [principal, claims, trace].every((one) => one === undefined),
        limits,
        wouldDeny,
        Object.isFrozen(limits) && Object.isFrozen(wouldDeny),
      ]);
    });
    expect(await (await handler(get('/', { traceparent: '00-zz' }))).json()).toEqual([true, [], [], true]);
  });

  // Hostile list 55.
  test('that is kept shows nothing of what comes after it', async () => {
    const kept: object[] = [];
    const handler = secure({ ...open, query: fromText(object({ n: string() })) }, (_request, context) => {
      kept.push(context);
      return ok();
    });
    await handler(get('/?n=1'));
    await handler(get('/?n=2'));
    expect(kept.map((context) => Reflect.get(context, 'query'))).toEqual([{ n: '1' }, { n: '2' }]);
    expect(new Set(kept.map((context) => Reflect.get(context, 'requestId'))).size).toBe(2);
  });
});
