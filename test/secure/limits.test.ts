import { describe, expect, test } from 'vitest';
import { createDenyCache } from '../../src/limiter/deny-cache.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import { definePolicy } from '../../src/secure/define-policy.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { get, ok, open, PEER } from './fixtures.ts';

const limit = (name: string, limit = 1): { name: string; limit: number; windowSeconds: number } => ({
  name,
  limit,
  windowSeconds: 60,
});
const one = [limit('one')];
const custom = { limits: one, key: () => 'k' };

describe('createLimits()', () => {
  const WRONG: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['null', null],
    ['a list', one],
    ['no limits', {}],
    ['empty groups', { client: [], principal: [] }],
    ['a custom one without limits', { afterBody: [{ limits: [], key: () => 'k' }] }],
    ['an unknown group', { clients: one }],
    ['a group that is undefined, as of a misspelt name', { client: one, principal: undefined }],
    ['a group that is no list', { client: one[0] }],
    ['a group that is null', { client: null, route: one }],
    ['a limit of 0', { client: [limit('one', 0)] }],
    ['a limit without a window', { client: [{ name: 'one', limit: 1 }] }],
    ['an unknown option of a limit', { client: [{ ...limit('one'), per: 'minute' }] }],
    ['an algorithm that is none', { client: [{ ...limit('one'), algorithm: 'gcra' }] }],
    ['one name twice in a group', { client: [limit('one'), limit('one', 2)] }],
    ['one name in two groups', { client: one, principal: one }],
    ['one name in two custom ones', { afterBody: [custom, custom] }],
    ['one name before and after', { beforeAuthentication: [custom], route: one }],
    ['a custom one without a key', { afterBody: [{ limits: one }] }],
    ['a key that is a text', { afterBody: [{ limits: one, key: 'email' }] }],
    ['a cost that is a number', { afterBody: [{ ...custom, cost: 2 }] }],
    ['an unknown option of a custom one', { beforeAuthentication: [{ ...custom, costs: () => 1 }] }],
    ['custom ones that are no list', { afterBody: custom }],
    ['limits of a custom one that are no list', { afterBody: [{ ...custom, limits: one[0] }] }],
    ['another word for a store that fails', { client: one, whenStoreFails: 'allow' }],
    ['options for a store that fails, without a store', { client: one, whenStoreFails: { instances: 2 } }],
    ['no number of instances', { client: one, whenStoreFails: { local: memoryStore() } }],
    ['0 instances', { client: one, whenStoreFails: { local: memoryStore(), instances: 0 } }],
    ['an unknown option for a store that fails', {
      client: one,
      whenStoreFails: { local: memoryStore(), instances: 1, share: 0.5 },
    }],
    ['a time of 0', { client: one, timeoutMs: 0 }],
    ['a time that no timer has', { client: one, timeoutMs: 2 ** 31 }],
    ['a time that is a text', { client: one, timeoutMs: '100' }],
    ['a cache that is none', { client: one, localDenyCache: true }],
    ['options in the place of a cache', { client: one, localDenyCache: { maxKeys: 10 } }],
  ];
  // Now, and not in the first request or the first outage.
  test.each(WRONG)('refuses %s', (_what, options) => {
    expect(() => createLimits(options as never)).toThrow(/^Cannot /);
  });

  test('takes everything that it names', () => {
    const options = {
      client: [limit('client')],
      route: [limit('route')],
      beforeAuthentication: [{ limits: [limit('head')], key: () => 'k' }],
      principal: [limit('principal')],
      afterBody: [{ limits: [limit('input')], key: () => 'k', cost: () => 1 }],
      whenStoreFails: { local: memoryStore(), instances: 2 },
      timeoutMs: 50,
      localDenyCache: createDenyCache(),
    };
    expect(createLimits(options).options).toEqual(options);
    expect(createLimits(options).names).toEqual(['client', 'route', 'principal', 'head', 'input']);
  });

  // Hostile list 60: also between the two calls.
  test('copies and freezes what it is given', async () => {
    const local = memoryStore({ clock: () => 0 });
    const given = {
      client: [limit('client')],
      beforeAuthentication: [{ limits: [limit('head', 5)], key: () => 'k', cost: () => 1 }],
      whenStoreFails: { local, instances: 1 },
    };
    const limits = createLimits(given);
    given.client.push(limit('more'));
    Object.assign(given.client[0] ?? {}, { limit: 1_000_000 });
    given.beforeAuthentication[0]?.limits.pop();
    Object.assign(given.beforeAuthentication[0] ?? {}, { cost: () => 0, key: () => String(Math.random()) });
    given.beforeAuthentication.pop();
    Object.assign(given.whenStoreFails, { instances: 1000 });
    const { options } = limits;
    const [group, head] = [options.client, options.beforeAuthentication];
    for (const part of [options, group, group?.[0], head, head?.[0], head?.[0]?.limits, options.whenStoreFails]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    const handler = secure({ ...open, store: memoryStore({ clock: () => 0 }), limits }, ok);
    const response = await handler(get(), PEER);
    expect(response.headers.get('ratelimit-policy')).toBe('"client";q=1;w=60, "head";q=5;w=60');
    expect((await handler(get(), PEER)).status).toBe(429);
    expect(options.whenStoreFails).toEqual({ local, instances: 1 });
  });

  // A store may be a class of its own, whose methods need it.
  test('keeps a store that stands in for another as it is', () => {
    const local = memoryStore();
    expect(createLimits({ client: one, whenStoreFails: local }).options.whenStoreFails).toBe(local);
  });

  describe('with()', () => {
    const base = createLimits({ client: [limit('client')], route: [limit('route')], whenStoreFails: 'open' });

    test('replaces the groups that are named, and keeps the others', () => {
      const { options } = base.with(createLimits({ client: [limit('c2', 9)], principal: [limit('p')] }));
      expect(options).toEqual({
        client: [limit('c2', 9)],
        route: [limit('route')],
        principal: [limit('p')],
        whenStoreFails: 'open',
      });
      expect(base.options.client).toEqual([limit('client')]);
      expect(Object.isFrozen(options)).toBe(true);
    });

    test('refuses two of one name that come together', () => {
      expect(() => base.with(createLimits({ principal: [limit('route')] }))).toThrow(/one name/);
    });

    test('is what extend of a policy does', async () => {
      const store = memoryStore({ clock: () => 0 });
      const policy = definePolicy({ ...open, id: 'base', store, limits: base });
      const extended = policy.extend({ limits: createLimits({ client: [limit('tight', 2)] }) });
      const response = await secure(extended, ok)(get(), PEER);
      expect(response.headers.get('ratelimit-policy')).toBe('"tight";q=2;w=60, "route";q=1;w=60');
      // And twice over.
      const again = extended.extend({ limits: createLimits({ route: [limit('wide', 3)] }) });
      const twice = await secure(again, ok)(get(), PEER);
      expect(twice.headers.get('ratelimit-policy')).toBe('"tight";q=2;w=60, "wide";q=3;w=60');
    });
  });

  test('types what its functions read of the policy that it stands in', () => {
    const limits = createLimits({
      afterBody: [{ limits: one, key: ({ body }: { readonly body: { readonly email: string } }) => body.email }],
    });
    const store = memoryStore();
    secure({ ...open, methods: ['POST'], body: object({ email: string() }), store, limits }, ok);
    // @ts-expect-error There is no such member.
    secure({ ...open, methods: ['POST'], body: object({ name: string() }), store, limits }, ok);
    // @ts-expect-error There is no body.
    secure({ ...open, store, limits }, ok);
  });
});
