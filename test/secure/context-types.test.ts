import { describe, expect, expectTypeOf, test } from 'vitest';
import { createRoles } from '../../src/access/role.ts';
import { createIfMatch } from '../../src/net/if-match.ts';
import { createFormReader } from '../../src/schema/form-reader.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import type { Authenticator, Principal } from '../../src/secure/authenticator.ts';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import type { PrincipalIn } from '../../src/secure/context.ts';
import { definePolicy } from '../../src/secure/define-policy.ts';
import { createLimits } from '../../src/secure/limits.ts';
import type { IsLoose, PolicyModes } from '../../src/secure/mode.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { ok } from './fixtures.ts';

interface UserClaims {
  readonly sub: string;
  readonly tenant: string;
}
interface DeviceClaims {
  readonly serial: number;
}
type User = Principal<UserClaims>;
type Device = Principal<DeviceClaims>;

const user = createBearerAuth({
  verify: (sub: string): { claims: UserClaims } => ({ claims: { sub, tenant: 'acme' } }),
});
const device: Authenticator<Device> = {
  ambient: false,
  authenticate: () => ({ id: 'd', issuer: undefined, scopes: [], claims: { serial: 1 } }),
  challenge: () => 'Device',
};
const until = { mode: 'report', until: '2999-01-01', reason: 'trial' } as const;
const quiet = { onEvent: (): void => undefined };
const methods = ['POST'] as const;
const body = object({ name: string() });
const page = fromText(object({ limit: int() }));

// What is written here is proved by the compiler; the tests run it so that nothing of it throws when it is made.
describe('the types of a context', () => {
  test('are those of what the policy names', () => {
    secure(
      { methods, auth: user, params: page, query: page, body, resource: () => 7, authorize: () => true },
      (_r, context) => {
        expectTypeOf(context.principal).toEqualTypeOf<User>();
        expectTypeOf(context.claims).toEqualTypeOf<UserClaims>();
        expectTypeOf(context.params).toEqualTypeOf<{ limit: number }>();
        expectTypeOf(context.query).toEqualTypeOf<{ limit: number }>();
        expectTypeOf(context.body).toEqualTypeOf<{ name: string }>();
        expectTypeOf(context.resource).toEqualTypeOf<number>();
        return ok();
      },
    );
  });

  test('are nothing where it names none', () => {
    secure({ methods: ['GET'], auth: 'public' }, (_r, context) => {
      expectTypeOf(context.principal).toEqualTypeOf<undefined>();
      expectTypeOf(context.claims).toEqualTypeOf<undefined>();
      expectTypeOf(context.params).toEqualTypeOf<undefined>();
      expectTypeOf(context.query).toEqualTypeOf<undefined>();
      expectTypeOf(context.body).toEqualTypeOf<undefined>();
      expectTypeOf(context.resource).toEqualTypeOf<undefined>();
      return ok();
    });
  });

  test('are of one or the other where there are several authenticators', () => {
    secure({ methods: ['GET'], auth: [user, device] }, (_r, { principal, claims }) => {
      expectTypeOf(principal).toEqualTypeOf<User | Device>();
      expectTypeOf(claims).toEqualTypeOf<UserClaims | DeviceClaims>();
      // @ts-expect-error: a device has no tenant.
      return Response.json(claims.tenant);
    });
  });

  test('are those of the form', () => {
    secure({ methods, auth: 'public', form: createFormReader(body) }, (_r, context) => {
      expectTypeOf(context.body).toEqualTypeOf<{ name: string }>();
      return ok();
    });
  });

  test('are seen by resource and authorize, too', () => {
    secure({
      methods,
      auth: user,
      body,
      resource: ({ body, principal }) => {
        expectTypeOf(body).toEqualTypeOf<{ name: string }>();
        return { owner: principal.claims.tenant };
      },
      authorize: (context) => {
        expectTypeOf(context.resource).toEqualTypeOf<{ owner: string }>();
        return context.principal.id === context.resource.owner;
      },
      precondition: createIfMatch({ versionOf: ({ owner }: { readonly owner: string }) => owner }),
    }, (_r, { resource }) => Response.json(resource.owner));
  });
});

describe('the types of a context in report mode', () => {
  test('say what may be missing', () => {
    const mode = createModes({ auth: until, query: 'report', body: 'off', params: 'enforce' });
    secure({ methods, auth: user, params: page, query: page, body, mode, ...quiet }, (_r, context) => {
      expectTypeOf(context.principal).toEqualTypeOf<User | undefined>();
      expectTypeOf(context.claims).toEqualTypeOf<UserClaims | undefined>();
      expectTypeOf(context.params).toEqualTypeOf<{ limit: number }>();
      expectTypeOf(context.query).toEqualTypeOf<unknown>();
      expectTypeOf(context.body).toEqualTypeOf<unknown>();
      return ok();
    });
  });

  // What is decided at run time, by a configuration say, must not be taken for what enforces.
  // `flag ? report : none` would else be of the type of the second, whose context promises somebody.
  test('are not those of modes that do not report, where either may be meant', () => {
    const either = (): Parameters<typeof createModes>[0] => ({});
    const mode = Object.keys(either()).length > 0 ? createModes({ auth: until }) : createModes({});
    // @ts-expect-error: modes that report are none of those that do not.
    secure({ methods: ['GET'], auth: user, mode }, ok);
    secure({ methods: ['GET'], auth: user, mode: createModes(either()) }, (_r, { principal }) => {
      expectTypeOf(principal).toEqualTypeOf<User | undefined>();
      return ok();
    });
  });
  test('take modes that nobody can tell for those that only report', () => {
    expectTypeOf<IsLoose<PolicyModes, 'auth'>>().toEqualTypeOf<true>();
    expectTypeOf<PrincipalIn<typeof user, PolicyModes>>().toEqualTypeOf<User | undefined>();
    expectTypeOf<PrincipalIn<typeof user, { auth: 'enforce' } | { auth: typeof until }>>().toEqualTypeOf<
      User | undefined
    >();
    expectTypeOf<PrincipalIn<typeof user, { auth: 'enforce' }>>().toEqualTypeOf<User>();
    expectTypeOf<PrincipalIn<typeof user, Record<never, never>>>().toEqualTypeOf<User>();
    const modes: PolicyModes = { auth: until, body: 'report' };
    secure({ methods, auth: user, body, mode: createModes(modes), ...quiet }, (_r, context) => {
      expectTypeOf(context.principal).toEqualTypeOf<User | undefined>();
      expectTypeOf(context.body).toEqualTypeOf<unknown>();
      return ok();
    });
  });
});

describe('the types of extend()', () => {
  const base = definePolicy({ methods, auth: user, body });

  test('keep what is not replaced', () => {
    secure(base.extend({ id: 'a', query: page }), (_r, context) => {
      expectTypeOf(context.principal).toEqualTypeOf<User>();
      expectTypeOf(context.body).toEqualTypeOf<{ name: string }>();
      expectTypeOf(context.query).toEqualTypeOf<{ limit: number }>();
      return ok();
    });
  });

  test('replace what is', () => {
    const extended = base.extend({ auth: device, body: object({ size: int() }) });
    secure(extended.extend({ resource: () => 'x', authorize: () => true }), (_r, context) => {
      expectTypeOf(context.principal).toEqualTypeOf<Device>();
      expectTypeOf(context.body).toEqualTypeOf<{ size: number }>();
      expectTypeOf(context.resource).toEqualTypeOf<string>();
      return ok();
    });
    secure(base.extend({ mode: createModes({ auth: until }), ...quiet }), (_r, { principal }) => {
      expectTypeOf(principal).toEqualTypeOf<User | undefined>();
      return ok();
    });
    // The base as it was.
    secure(base, (_r, { principal }) => {
      expectTypeOf(principal).toEqualTypeOf<User>();
      return ok();
    });
  });

  test('take the roles and the rules of its own principal', () => {
    const roles = createRoles({ clerk: { methods: ['POST'], permissions: ['sell'] } });
    const own = base.extend({ roles: roles.permissionRule('sell'), methodsByRole: roles });
    expect(Object.isFrozen(own)).toBe(true);
    // @ts-expect-error: there is no such permission.
    expect(() => roles.permissionRule('buy')).toThrow(TypeError);
  });
});

describe('what does not compile', () => {
  const limit = [{ name: 'l', limit: 1, windowSeconds: 1 }];
  const store = memoryStore();

  test('a rule of another principal', () => {
    const ofDevice = ({ principal }: { readonly principal: Device }): boolean => principal.claims.serial > 0;
    // @ts-expect-error: the policy's principal is a user.
    secure({ methods: ['GET'], auth: user, roles: ofDevice }, ok);
    // @ts-expect-error: it may be a user.
    secure({ methods: ['GET'], auth: [user, device], roles: ofDevice }, ok);
    secure({ methods: ['GET'], auth: device, roles: ofDevice }, ok);
    const mode = createModes({ auth: until });
    // @ts-expect-error: it may be missing.
    secure({ methods: ['GET'], auth: device, roles: ofDevice, mode, ...quiet }, ok);
    const roles = createRoles({ a: { methods: ['GET'] } }, {
      rolesOf: ({ claims }: Device) => [String(claims.serial)],
    });
    // @ts-expect-error: they are read of a device.
    secure({ methods: ['GET'], auth: user, methodsByRole: roles }, ok);
    // @ts-expect-error: authorize reads of a device.
    secure({ methods: ['GET'], auth: user, authorize: ofDevice }, ok);
  });

  test('a limit by what is not there', () => {
    const byMail = createLimits({
      afterBody: [{ limits: limit, key: ({ body }: { readonly body: { readonly email: string } }) => body.email }],
    });
    // @ts-expect-error: there is no body.
    secure({ methods: ['POST'], auth: 'public', store, limits: byMail }, ok);
    // @ts-expect-error: there is another body.
    secure({ methods: ['POST'], auth: 'public', store, body, limits: byMail }, ok);
    const mail = object({ email: string() });
    secure({ methods: ['POST'], auth: 'public', store, body: mail, limits: byMail }, ok);
    const mode = createModes({ body: 'report' });
    // @ts-expect-error: it may be any JSON.
    secure({ methods: ['POST'], auth: 'public', store, body: mail, limits: byMail, mode, ...quiet }, ok);
  });

  test('a precondition on another resource', () => {
    const precondition = createIfMatch({ versionOf: ({ version }: { readonly version: string }) => version });
    const authorize = (): boolean => true;
    // @ts-expect-error: what is loaded has no version.
    secure({ methods: ['PUT'], auth: user, resource: () => ({ a: 1 }), authorize, precondition }, ok);
  });

  test('a policy without auth, or with a word that is none', () => {
    // @ts-expect-error: it must be said.
    expect(() => secure({ methods: ['GET'] }, ok)).toThrow(TypeError);
    // @ts-expect-error: it must be `public`.
    expect(() => secure({ methods: ['GET'], auth: 'none' }, ok)).toThrow(TypeError);
    // @ts-expect-error: there is a list of them, and it is empty.
    expect(() => secure({ methods: ['GET'], auth: ['none'] }, ok)).toThrow(TypeError);
  });
});
