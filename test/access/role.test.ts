import { describe, expect, it } from 'vitest';
import { createRoles, type RoleOptions } from '../../src/access/role.ts';
import { not } from '../../src/access/rule.ts';

const roles = createRoles({
  clerk: { permissions: ['orders:read'], methods: ['GET'] },
  manager: { inherits: ['clerk'], permissions: ['orders:refund', 'orders:cancel'], methods: ['POST'] },
  director: { inherits: ['manager'] },
  guest: {},
});
const as = (...names: readonly unknown[]): { readonly claims: unknown } => ({ claims: { roles: names } });

describe('createRoles', () => {
  it.each(
    [
      ['clerk', 'orders:read', true],
      ['clerk', 'orders:refund', false],
      ['manager', 'orders:refund', true],
      ['manager', 'orders:read', true],
      ['director', 'orders:read', true],
      ['guest', 'orders:read', false],
    ] as const,
  )('hasPermission() tells of a %s and %s: %s', (role, permission, expected) => {
    expect(roles.hasPermission(as(role), permission)).toBe(expected);
  });

  it('hasPermission() joins what several roles permit, whatever else is among them', () => {
    expect(roles.hasPermission(as('guest', 'clerk'), 'orders:read')).toBe(true);
    expect(roles.hasPermission(as('nonsense', 'manager'), 'orders:refund')).toBe(true);
  });

  it('checkPermission() refuses with forbidden what hasPermission() denies', () => {
    expect(roles.checkPermission(as('manager'), 'orders:refund')).toBe(undefined);
    expect(roles.checkPermission(as('clerk'), 'orders:refund')).toMatchObject({ code: 'forbidden', status: 403 });
    expect(roles.checkPermission(undefined, 'orders:refund')).toMatchObject({ code: 'forbidden' });
  });

  it('hasRole() counts the roles that inherit it, and not those that it inherits', () => {
    expect(roles.hasRole(as('director'), 'clerk')).toBe(true);
    expect(roles.hasRole(as('clerk'), 'clerk')).toBe(true);
    expect(roles.hasRole(as('clerk'), 'director')).toBe(false);
    expect(roles.checkRole(as('manager'), 'clerk')).toBe(undefined);
    expect(roles.checkRole(as('clerk'), 'manager')).toMatchObject({ code: 'forbidden' });
  });

  it('hasMethod() tells which methods may be used; HEAD comes with GET, and none is guessed', () => {
    expect(['GET', 'HEAD', 'POST', 'DELETE', 'get', '', 'GET '].map((method) => roles.hasMethod(as('clerk'), method)))
      .toEqual([true, true, false, false, false, false, false]);
    expect(roles.hasMethod(as('director'), 'POST')).toBe(true);
    expect(roles.checkMethod(as('clerk'), 'POST')).toMatchObject({ code: 'forbidden' });
    expect(roles.checkMethod(as('manager'), 'POST')).toBe(undefined);
  });

  // A permission is no role and no method, whatever its name is.
  it('createRoles() keeps the names of roles, permissions and methods apart', () => {
    const odd = createRoles({
      GET: { permissions: ['role admin', 'DELETE', 'admin'] },
      admin: { methods: ['DELETE'] },
    });
    expect([odd.hasMethod(as('GET'), 'GET'), odd.hasMethod(as('GET'), 'DELETE'), odd.hasRole(as('GET'), 'admin')])
      .toEqual([false, false, false]);
    expect(odd.hasPermission(as('GET'), 'role admin')).toBe(true);
  });

  // Role names that every object answers to, and lists that are none.
  it.each([
    ['an unknown role', ['root']],
    ['__proto__', ['__proto__']],
    ['constructor', ['constructor']],
    ['toString', ['toString']],
    ['hasOwnProperty', ['hasOwnProperty']],
    ['another case', ['Manager', 'MANAGER']],
    ['spaces around it', [' manager', 'manager ', 'clerk manager']],
    ['a wildcard', ['*', 'man*']],
    ['an empty name', ['']],
    ['a list in a list', [['manager']]],
    ['an object', [{ value: 'manager', toString: () => 'manager' }]],
    ['a String object', [Object('manager')]],
    ['numbers, null, nothing', [0, 1, null, undefined, Number.NaN]],
    ['no role', []],
    ['text', 'manager'],
    ['an object for a list', { 0: 'manager', length: 1 }],
    ['a set', new Set(['manager'])],
    ['a role as key', { manager: true }],
    ['a promise', Promise.resolve(['manager'])],
    ['true', true],
    ['null', null],
    ['nothing', undefined],
  ])('createRoles() grants nothing to %s', (_what, claim) => {
    const principal = { claims: { roles: claim } };
    expect([
      roles.hasPermission(principal, 'orders:read'),
      roles.hasRole(principal, 'clerk'),
      roles.hasMethod(principal, 'GET'),
      roles.permissionRule('orders:read')({ principal }),
      roles.roleRule('clerk')({ principal }),
      roles.methodRule()({ principal, method: 'GET' }),
    ]).toEqual([false, false, false, false, false, false]);
  });

  it.each([
    [undefined],
    [null],
    ['manager'],
    [7],
    [[]],
    [['manager']],
    [{}],
    [{ roles: ['manager'] }],
    [{ claims: undefined }],
    [{ claims: [] }],
    // Hostile line 67: the rights are the subject's, not those of who acts for it.
    [{ claims: { act: { sub: 'root', roles: ['manager'] } } }],
  ])('createRoles() grants nothing to the principal %j', (principal) => {
    expect(Reflect.apply(roles.hasPermission, undefined, [principal, 'orders:read'])).toBe(false);
    expect(Reflect.apply(roles.permissionRule('orders:read'), undefined, [{ principal }])).toBe(false);
  });

  it('createRoles() looks at claims of their own only: a polluted prototype names no role', () => {
    expect(roles.hasRole({ claims: Object.create({ roles: ['director'] }) }, 'clerk')).toBe(false);
    expect(roles.hasRole(Object.create({ claims: { roles: ['director'] } }), 'clerk')).toBe(false);
  });

  it('createRoles() takes roles of any name, and gives them what they were given', () => {
    const given: Record<string, RoleOptions> = JSON.parse(
      '{ "__proto__": { "permissions": ["a"] }, "constructor": { "permissions": ["b"] }, "c": { "inherits": ["__proto__"] } }',
    );
    const odd = createRoles(given);
    expect([odd.hasPermission(as('__proto__'), 'a'), odd.hasPermission(as('__proto__'), 'b')]).toEqual([true, false]);
    expect([odd.hasPermission(as('constructor'), 'b'), odd.hasPermission(as('toString'), 'b')]).toEqual([true, false]);
    expect(odd.hasPermission(as('c'), 'a')).toBe(true);
  });

  it('createRoles() permits nothing under a name that it was not given', () => {
    const dynamic: Readonly<Record<string, RoleOptions>> = { clerk: { permissions: ['orders:*'] } };
    const made = createRoles(dynamic);
    expect(['orders:read', '', '*', 'constructor', 'orders:*'].map((name) => made.hasPermission(as('clerk'), name)))
      .toEqual([false, false, false, false, true]);
  });

  it('createRoles() reads role names where rolesOf finds them', () => {
    const keycloak = createRoles({ admin: { permissions: ['all'] } }, {
      rolesOf: (principal: { readonly claims: { readonly realm_access?: { readonly roles?: unknown } } }) =>
        principal.claims.realm_access?.roles,
    });
    expect(keycloak.hasPermission({ claims: { realm_access: { roles: ['admin'] } } }, 'all')).toBe(true);
    expect(keycloak.hasPermission({ claims: {} }, 'all')).toBe(false);
    // Nobody has no roles: rolesOf is not asked.
    expect(keycloak.hasPermission(undefined, 'all')).toBe(false);
  });

  it('createRoles() passes on what rolesOf throws', () => {
    const broken = createRoles({ admin: { permissions: ['all'] } }, {
      rolesOf: () => {
        throw new Error('boom');
      },
    });
    expect(() => broken.hasPermission(as(), 'all')).toThrow('boom');
    expect(() => not(broken.permissionRule('all'))({ principal: as() })).toThrow('boom');
  });

  it('createRoles() is frozen, its rules too, and does not see what becomes of its options', () => {
    const permissions = ['a'];
    const given: Record<string, { permissions: string[] }> = { clerk: { permissions } };
    const made = createRoles(given);
    permissions.push('b');
    given['root'] = { permissions: ['a'] };
    expect([made.hasPermission(as('clerk'), 'b'), made.hasPermission(as('root'), 'a')]).toEqual([false, false]);
    expect([made, made.permissionRule('a'), roles.roleRule('clerk'), roles.methodRule()].every(Object.isFrozen)).toBe(
      true,
    );
  });

  it('createRoles() knows its names: a typo is an error of types', () => {
    // @ts-expect-error no role has it
    expect(roles.hasPermission(as('clerk'), 'orders:raed')).toBe(false);
    // @ts-expect-error there is no such role
    expect(roles.hasRole(as('clerk'), 'clark')).toBe(false);
    // @ts-expect-error there is no such role to inherit
    expect(() => createRoles({ clerk: { inherits: ['clark'] } })).toThrow(TypeError);
  });
});

describe('the rules of createRoles', () => {
  it('allow what the checks let through', () => {
    expect(roles.permissionRule('orders:refund')({ principal: as('director') })).toBe(true);
    expect(roles.permissionRule('orders:refund')({ principal: as('clerk') })).toBe(false);
    expect(roles.roleRule('manager')({ principal: as('director') })).toBe(true);
    expect(roles.roleRule('manager')({ principal: as('clerk') })).toBe(false);
    expect(roles.methodRule()({ principal: as('clerk'), method: 'GET' })).toBe(true);
    expect(roles.methodRule()({ principal: as('clerk'), method: 'DELETE' })).toBe(false);
  });

  // Behind not(), a rule that nobody passes would let everybody through.
  it('are not made of what no role has', () => {
    expect(() => Reflect.apply(roles.permissionRule, undefined, ['orders:raed'])).toThrow(
      'Cannot create rule: no role has the permission orders:raed.',
    );
    expect(() => Reflect.apply(roles.roleRule, undefined, ['clark'])).toThrow(TypeError);
    expect(() => createRoles({ clerk: { permissions: ['a'] } }).methodRule()).toThrow(TypeError);
  });
});
