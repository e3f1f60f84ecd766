import { describe, expect, test } from 'vitest';
import { ownerRule } from '../../src/access/owner.ts';
import { createRoles } from '../../src/access/role.ts';
import { createIfMatch } from '../../src/net/if-match.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import { definePolicy } from '../../src/secure/define-policy.ts';
import { describePolicy } from '../../src/secure/describe-policy.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { lintPolicy } from '../../src/secure/lint-policy.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { bearer, ok, open } from './fixtures.ts';

const shape = object({ name: string() });

describe('lintPolicy() and describePolicy()', () => {
  test('take any policy, and lists of different ones, without a word about types', () => {
    const health = definePolicy({ id: 'health', methods: ['GET'], auth: 'public' });
    const roles = createRoles({ clerk: { permissions: ['notes:write'], methods: ['PUT'] } });
    const base = definePolicy({ methods: ['PUT'], auth: bearer().auth, store: memoryStore() });
    const update = base.extend({
      id: 'update',
      params: fromText(object({ id: string() })),
      body: shape,
      roles: roles.permissionRule('notes:write'),
      methodsByRole: roles,
      limits: createLimits({
        client: [{ name: 'client', limit: 1, windowSeconds: 1 }],
        afterBody: [{
          limits: [{ name: 'name', limit: 1, windowSeconds: 1 }],
          key: ({ body }: { readonly body: { readonly name: string } }) => body.name,
        }],
      }),
      resource: ({ params }) => ({ owner: params.id, tenant: 'acme', version: 1 }),
      authorize: ownerRule(),
      precondition: createIfMatch({ versionOf: (note: { readonly version: number }) => String(note.version) }),
      mode: createModes({ body: 'enforce' }),
    });
    const owned = definePolicy({
      methods: ['GET'],
      auth: bearer().auth,
      authorize: ({ principal }) => principal.id === 'ada',
    });
    const policies = [health, update, owned];
    expect(policies.map((policy) => describePolicy(policy).id)).toEqual(['health', 'update', null]);
    expect(policies.flatMap((policy) => lintPolicy(policy)).map(({ code }) => code)).toEqual([
      'authentication_unlimited',
    ]);
  });

  const WRONG: readonly (readonly [string, object])[] = [
    ['no auth', { methods: ['GET'] }],
    ['no methods', { auth: 'public' }],
    ['an unknown field', { ...open, rateLimit: {} }],
    ['a field that is undefined', { ...open, scopes: undefined }],
    ['scopes of the public', { ...open, scopes: ['a'] }],
    ['a resource without authorize', { ...open, resource: () => ({}) }],
    ['ambient credentials without csrf', { ...open, auth: { ...bearer().auth, ambient: true } }],
    ['limits without a store', {
      ...open,
      limits: createLimits({ client: [{ name: 'a', limit: 1, windowSeconds: 1 }] }),
    }],
    ['a mode of what is not there', { ...open, mode: createModes({ body: 'off' }) }],
    ['a mode of a response that is not there', { ...open, mode: createModes({ response: 'off' }) }],
    ['a depth out of bounds', { ...open, methods: ['POST'], body: shape, bodyLimits: { maxDepth: 0 } }],
    ['a time of stages out of bounds', { ...open, timeouts: { stageMs: 0 } }],
    ['a time of the handler out of bounds', { ...open, timeouts: { handlerMs: 0 } }],
    ['an unknown header option', { ...open, headers: { csp: false } }],
    ['onError that is no function', { ...open, onError: 'log' }],
    ['onEvent that is no function', { ...open, onEvent: {} }],
    ['a clock that is no function', { ...open, clock: 5 }],
    ['no policy at all', [] as object],
  ];
  test.each(WRONG)('refuse %s with the very error of secure()', (_what, policy) => {
    const errorOf = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return error instanceof Error && [error.name, error.message];
      }
    };
    const expected = errorOf(() => secure(policy as never, ok));
    expect(expected).toMatchObject([expect.stringMatching(/^(Type|Range)Error$/), expect.stringMatching(/^Cannot /)]);
    expect(errorOf(() => lintPolicy(policy as never))).toEqual(expected);
    expect(errorOf(() => describePolicy(policy as never))).toEqual(expected);
  });

  test('run nothing of a policy, and tell nobody', () => {
    const called: string[] = [];
    const call = (name: string) => (): never => {
      called.push(name);
      throw new Error(name);
    };
    const policy = {
      id: 'quiet',
      methods: ['POST'],
      auth: { ...bearer().auth, authenticate: call('authenticate'), challenge: call('challenge') },
      store: { ...memoryStore(), run: call('store') },
      limits: createLimits({
        beforeAuthentication: [{ limits: [{ name: 'a', limit: 1, windowSeconds: 1 }], key: call('key') }],
      }),
      body: shape,
      resource: call('resource'),
      authorize: call('authorize'),
      mode: createModes({ body: 'off' }),
      onEvent: call('onEvent'),
      onError: call('onError'),
    } as const;
    describePolicy(policy);
    expect(lintPolicy(policy).map(({ code }) => code)).toEqual(['stage_off']);
    expect(called).toEqual([]);
  });
});
