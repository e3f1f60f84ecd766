import { describe, expect, test } from 'vitest';
import { definePolicy } from '../../src/secure/define-policy.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { as, bearer, get, PEER } from './fixtures.ts';

const ok = (): Response => Response.json({ ok: true });
const limit = (name: string) => [{ name, limit: 10, windowSeconds: 60 }];

describe('definePolicy()', () => {
  test('gives a policy that secure() takes', async () => {
    expect((await secure(definePolicy({ methods: ['GET'], auth: 'public' }), ok)(get())).status).toBe(200);
  });

  test('extend() replaces what is given and keeps the rest', async () => {
    const base = definePolicy({ methods: ['GET'], auth: bearer().auth, scopes: ['orders:read'] });
    const handler = secure(
      base.extend({ scopes: ['orders:write'] }),
      (_request, { principal }) => Response.json(principal.id),
    );
    expect((await handler(get('/', as('reader')))).status).toBe(403);
    expect(await (await handler(get('/', as('writer')))).json()).toBe('bob');
  });

  test('extend() adds a limit without dropping another', async () => {
    const base = definePolicy({
      methods: ['GET'],
      auth: bearer().auth,
      store: memoryStore(),
      limits: createLimits({ client: limit('client') }),
    });
    const response = await secure(base.extend({ limits: createLimits({ principal: limit('principal') }) }), ok)(
      get('/', as('reader')),
      PEER,
    );
    expect(response.headers.get('ratelimit-policy')).toBe('"client";q=10;w=60, "principal";q=10;w=60');
  });

  test('extend() leaves the base as it was', () => {
    const base = definePolicy({ methods: ['GET'], auth: 'public' });
    base.extend({ methods: ['POST'] });
    expect(base.methods).toEqual(['GET']);
  });

  test('is frozen, and is not changed by changing what it was made of', () => {
    const methods: 'GET'[] = ['GET'];
    const policy = definePolicy({ methods, auth: 'public' });
    methods.length = 0;
    expect(policy.methods).toEqual(['GET']);
    expect(Object.isFrozen(policy) && Object.isFrozen(policy.methods)).toBe(true);
  });

  // Frozen outside is not frozen within.
  test('copies to the bottom what is frozen at the top', () => {
    const hsts = { maxAgeSeconds: 1000 };
    const policy = definePolicy({ methods: ['GET'], auth: 'public', headers: Object.freeze({ hsts }) });
    hsts.maxAgeSeconds = 0;
    expect(policy.headers?.hsts).toEqual({ maxAgeSeconds: 1000 });
  });

  // `scopes: config.scopes` with a typo in the config would silently take the check away.
  test('refuses a field that is undefined', () => {
    const base = definePolicy({ methods: ['GET'], auth: bearer().auth, scopes: ['a'] });
    expect(() => base.extend({ scopes: undefined } as never)).toThrow(TypeError);
  });

  // `{ client: config.limit }` with a typo would take away the base's limit; a Map or an instance would become "none".
  const LIMITED = {
    methods: ['GET'],
    auth: 'public',
    store: memoryStore(),
    limits: createLimits({ client: limit('client') }),
  } as const;
  const WEAKER: readonly (readonly [string, object])[] = [
    ['an undefined body limit', { bodyLimits: { maxBytes: undefined } }],
    ['body limits in a Map', { bodyLimits: new Map([['maxBytes', 1]]) }],
    ['body limits that are inherited', { bodyLimits: Object.create({ maxBytes: 1 }) }],
    ['an unknown timeout', { timeouts: { handlerSeconds: 1 } }],
  ];
  test.each(WEAKER)('refuses %s', (_what, fields) => {
    expect(() => definePolicy({ ...LIMITED, ...fields })).toThrow(TypeError);
    expect(() => definePolicy(LIMITED).extend(fields)).toThrow(TypeError);
  });

  test('leaves a Map for secure() to refuse, instead of copying it to an empty object', () => {
    const policy = definePolicy({ methods: ['GET'], auth: 'public', headers: new Map([['hsts', false]]) as never });
    expect(() => secure(policy, ok)).toThrow(TypeError);
  });

  test('refuses an unknown field', () => {
    expect(() => definePolicy({ methods: ['GET'], auth: 'public', scope: ['a'] } as never)).toThrow(TypeError);
  });

  test('does not pollute anything through a field called __proto__', () => {
    expect(() => definePolicy(JSON.parse('{"methods":["GET"],"auth":"public","__proto__":{"scopes":[]}}'))).toThrow(
      TypeError,
    );
  });
});
