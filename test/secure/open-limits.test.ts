import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/net/client.ts';
import { array } from '../../src/schema/array.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import type { Authenticator, Principal } from '../../src/secure/authenticator.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { as, bearer, codeOf, get, ok, open, PEER, post, quiet } from './fixtures.ts';
import { watchedStore } from './watched.ts';

const limit = (
  name: string,
  limit = 1,
  windowSeconds = 60,
): { name: string; limit: number; windowSeconds: number } => ({
  name,
  limit,
  windowSeconds,
});
const at = (peerAddress: string): { readonly peerAddress: string } => ({ peerAddress });

describe('secure(): limits of clients and of a route', () => {
  const limits = createLimits({ client: [limit('client', 2), limit('burst', 2, 1)], route: [limit('route', 3)] });

  test('are asked in one call to the store, and the route is one for all', async () => {
    const { store, calls, keys } = watchedStore();
    const handler = secure({ ...open, id: 'orders', store, limits }, ok);
    const statuses: number[] = [];
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      statuses.push((await handler(get(), at(address))).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(calls.map((groups) => groups.length)).toEqual([1, 1, 1, 1]);
    expect(keys()[0]).toEqual(['c:192.0.2.1', 'c:192.0.2.1', 'r:orders']);
    expect(keys()[3]).toEqual(['c:192.0.2.3', 'c:192.0.2.3', 'r:orders']);
  });

  // Hostile list 20: all of them admit, or nothing is counted.
  test('do not charge one for what another denied', async () => {
    const handler = secure({ ...open, id: 'orders', store: memoryStore({ clock: () => 0 }), limits }, ok);
    for (let n = 0; n < 50; n++) await handler(get(), at('192.0.2.1'));
    // Of the route's three that client has taken two.
    expect((await handler(get(), at('192.0.2.2'))).status).toBe(200);
    expect((await handler(get(), at('192.0.2.3'))).status).toBe(429);
    // And what the route denied was not counted against the third client.
    const other = secure({ ...open, id: 'users', store: memoryStore({ clock: () => 0 }), limits }, ok);
    expect((await other(get(), at('192.0.2.3'))).headers.get('ratelimit')).toMatch(/^"client";r=1/);
  });

  test('of two routes are two, of one name and one store', async () => {
    const store = memoryStore({ clock: () => 0 });
    const route = createLimits({ route: [limit('route')] });
    const [orders, users] = ['orders', 'users'].map((id) => secure({ ...open, id, store, limits: route }, ok));
    expect([await orders?.(get()), await users?.(get()), await orders?.(get())].map((one) => one?.status))
      .toEqual([200, 200, 429]);
  });

  test('charge no later budget for what they deny', async () => {
    const { store, keys } = watchedStore();
    const { auth } = bearer();
    const all = createLimits({
      client: [limit('client')],
      beforeAuthentication: [{ limits: [limit('head', 9)], key: ({ url }) => url.pathname }],
      principal: [limit('principal', 9)],
      afterBody: [{ limits: [limit('input', 9)], key: () => 'k' }],
    });
    const handler = secure({ methods: ['POST'], auth, body: object({}), store, limits: all }, ok);
    await handler(post('{}', as('reader')), PEER);
    const everyone = ['c:192.0.2.1', 'u:/', 'p:19:https://issuer.testalice', 'u:k'];
    expect(keys().flat()).toEqual(everyone);
    await handler(post('{}', as('reader')), PEER);
    expect(keys().flat()).toEqual([...everyone, 'c:192.0.2.1']);
  });
});

describe('secure(): limits that a function names', () => {
  const login = object({ email: string(), password: string() });
  const account = createLimits({
    afterBody: [{
      limits: [limit('account', 3, 900)],
      key: ({ body }: { readonly body: { readonly email: string } }) => body.email.toLowerCase(),
    }],
  });

  // Hostile list 76: 1,000 addresses, one account.
  test('count the account that is logged in to, whoever asks', async () => {
    const store = memoryStore({ clock: () => 0 });
    const handler = secure({ methods: ['POST'], auth: 'public', body: login, store, limits: account }, ok);
    const tryAt = async (n: number, email: string): Promise<number> =>
      (await handler(post(JSON.stringify({ email, password: `p${n}` })), at(`198.51.100.${n}`))).status;
    const statuses: number[] = [];
    for (let n = 0; n < 20; n++) statuses.push(await tryAt(n, n % 2 === 0 ? 'ada@x.test' : 'ADA@x.test'));
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(await tryAt(1, 'eve@x.test')).toBe(200);
  });

  test('are asked only for what was valid', async () => {
    const { store, calls } = watchedStore();
    const handler = secure({ methods: ['POST'], auth: 'public', body: login, store, limits: account }, ok);
    expect((await handler(post('{"email":7}'))).status).toBe(400);
    expect(calls).toEqual([]);
  });

  // Hostile list 65: a batch of 100 is no single request.
  test('take as many units as a batch has items', async () => {
    interface Batch {
      readonly body: readonly unknown[];
      readonly client: Client;
    }
    const limits = createLimits({
      afterBody: [{
        limits: [limit('items', 10)],
        key: ({ client }: Batch) => client.address ?? '',
        cost: ({ body }: Batch) => body.length,
      }],
    });
    const body = array(object({ id: int() }), { max: 100 });
    const handler = secure(
      { methods: ['POST'], auth: 'public', body, store: memoryStore({ clock: () => 0 }), limits },
      ok,
    );
    const send = async (count: number): Promise<readonly [number, string | null, string | null]> => {
      const response = await handler(post(JSON.stringify(Array.from({ length: count }, (_, id) => ({ id })))), PEER);
      return [response.status, response.headers.get('ratelimit'), response.headers.get('retry-after')];
    };
    expect(await send(6)).toEqual([200, '"items";r=4;t=36', null]);
    expect(await send(5)).toEqual([429, '"items";r=4;t=36', '6']);
    expect(await send(4)).toEqual([200, '"items";r=0;t=60', null]);
    expect(await send(0)).toEqual([200, '"items";r=0;t=60', null]);
    // More than there can ever be: no time is told that would not help.
    expect(await send(11)).toEqual([429, '"items";r=0;t=60', null]);
  });

  // Hostile list 52: a budget of `undefined` would be everybody's, and one that costs NaN nobody's.
  const NONSENSE: readonly (readonly [string, object])[] = [
    ['a key that is undefined', { key: () => undefined }],
    ['a key that is a number', { key: () => 7 }],
    ['a promise of a key', { key: async () => 'k' }],
    ['a key that throws', {
      key: () => {
        throw new Error('x');
      },
    }],
    ['a cost of NaN', { cost: () => NaN }],
    ['a negative cost', { cost: () => -1 }],
    ['half a unit', { cost: () => 0.5 }],
    ['a cost that is a text', { cost: () => '1' }],
    ['a promise of a cost', { cost: async () => 1 }],
  ];
  test.each(NONSENSE)('are a 500 for %s, and no way around', async (_what, wrong) => {
    const { store, calls } = watchedStore();
    for (const group of ['afterBody', 'beforeAuthentication']) {
      const limits = createLimits({ [group]: [{ limits: [limit('l')], key: () => 'k', ...wrong }] } as never);
      const handler = secure({ ...open, ...quiet, store, limits }, ok);
      expect(await codeOf(await handler(get()))).toBe('internal_error');
    }
    expect(calls).toEqual([]);
  });

  test('never meet the budgets of clients, principals, routes, and strangers', async () => {
    const { store, keys } = watchedStore();
    const { auth } = bearer();
    for (const key of ['c:192.0.2.1', 'p:19:https://issuer.testalice', 'r:orders', 'a:c:192.0.2.1', '']) {
      const limits = createLimits({ beforeAuthentication: [{ limits: [limit('same')], key: () => key }] });
      expect((await secure({ ...open, store, limits }, ok)(get(), PEER)).status).toBe(200);
    }
    for (const group of ['client', 'principal', 'route'] as const) {
      const limits = createLimits({ [group]: [limit('same')] });
      const policy = { methods: ['GET'], auth, id: 'orders', store, limits } as const;
      expect((await secure(policy, ok)(get('/', as('reader')), PEER)).status).toBe(200);
    }
    expect(new Set(keys().flat()).size).toBe(8);
  });
});

describe('secure(): limits of principals', () => {
  // Hostile list 51.
  const IDS = [
    '192.0.2.1',
    'c:192.0.2.1',
    'a:b',
    'a\nb',
    '',
    '😀',
    'x'.repeat(1_000_000),
    `${'x'.repeat(999_999)}y`,
    '1:1',
  ];
  test('keep strange ids apart, whatever they hold', async () => {
    const auth: Authenticator<Principal> = {
      ambient: false,
      authenticate: ({ headers }) => ({
        id: IDS[Number(headers.get('x-id'))] ?? 'nobody',
        issuer: headers.get('x-issuer') ?? undefined,
        scopes: [],
        claims: {},
      }),
      challenge: () => 'Test',
    };
    const limits = createLimits({ principal: [limit('p')] });
    const handler = secure({ methods: ['GET'], auth, store: memoryStore({ clock: () => 0 }), limits, ...quiet }, ok);
    const ask = async (id: number, issuer: string): Promise<number> =>
      (await handler(get('/', { 'x-id': String(id), 'x-issuer': issuer }), PEER)).status;
    for (const issuer of ['https://a.test', 'https://a.test1', '1']) {
      for (const [id, text] of IDS.entries()) {
        // Nobody without an id is a principal.
        expect(await ask(id, issuer)).toBe(text === '' ? 500 : 200);
        expect(await ask(id, issuer)).toBe(text === '' ? 500 : 429);
      }
    }
  });
});
