import { functionOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { ownProperty } from './own-property.ts';
import { compileRoles, type Grant, type RoleOptions } from './role-table.ts';
import type { Rule } from './rule.ts';
import { nameRule } from './rule-name.ts';

export type { RoleOptions } from './role-table.ts';

/** Roles by their names. */
export type RoleMap<Names extends PropertyKey = string> = {
  readonly [Name in Names]: RoleOptions<Extract<Names, string>>;
};

/** The permissions that some roles name. */
export type PermissionOf<Map> = {
  readonly [Name in keyof Map]: Map[Name] extends { readonly permissions: readonly (infer Name extends string)[] }
    ? Name
    : 'permissions' extends keyof Map[Name] ? string
    : never;
}[keyof Map];

/** What the roles of a principal are read of, unless `rolesOf` says otherwise. */
export interface RolePrincipal {
  /** What was proved about the principal. */
  readonly claims: unknown;
}

/** Options of {@linkcode createRoles}. */
export interface RolesOptions<Principal> {
  /** Reads a principal's role names; what is no list grants nothing. Default: the claim `roles` (RFC 9068 section 2.2.3.1). */
  readonly rolesOf?: (principal: Principal) => unknown;
}

/** What {@linkcode createRoles} makes. Frozen. Nobody, and whoever has no role that is known here, has and may nothing. */
export interface Roles<Role extends string, Permission extends string, Principal> {
  /** Tells whether one of the principal's roles permits something. */
  readonly hasPermission: (principal: Principal | undefined, permission: Permission) => boolean;
  /** Refuses (forbidden) unless one of the principal's roles permits something. */
  readonly checkPermission: (principal: Principal | undefined, permission: Permission) => Refusal | undefined;
  /** Makes the rule of it; a TypeError for what no role permits. */
  readonly permissionRule: (permission: Permission) => Rule<{ readonly principal: Principal }>;
  /** Tells whether the principal has a role, or one that inherits it. Ask for permissions where you can: roles change more often. */
  readonly hasRole: (principal: Principal | undefined, role: Role) => boolean;
  /** Refuses (forbidden) unless the principal has a role, or one that inherits it. */
  readonly checkRole: (principal: Principal | undefined, role: Role) => Refusal | undefined;
  /** Makes the rule of it; a TypeError for a role that there is none of. */
  readonly roleRule: (role: Role) => Rule<{ readonly principal: Principal }>;
  /** Tells whether one of the principal's roles may use a method. */
  readonly hasMethod: (principal: Principal | undefined, method: string) => boolean;
  /** Refuses (forbidden) unless one of the principal's roles may use a method. */
  readonly checkMethod: (principal: Principal | undefined, method: string) => Refusal | undefined;
  /** Makes the rule of it, about the context's method. */
  readonly methodRule: () => Rule<{ readonly principal: Principal; readonly method: string }>;
}

/**
 * Creates roles: what each permits, which methods it may use, and whom it inherits from. Everything is denied that no role was given.
 *
 * Names are compared exactly; there are no wildcards, and no role takes away what another gives. A role says nothing of whose the resource is: put
 * {@linkcode tenantRule} or {@linkcode ownerRule} beside it.
 *
 * @param roles the roles by their names
 * @param options where a principal's roles are found
 * @returns checks, and rules for a policy's `authorize`; a permission that no role has is an error of types
 * @throws {TypeError} for no roles, an unknown key, an empty list, an unknown method, a role that is inherited and not there, roles that
 *   inherit each other in a circle
 * @see RFC 9068 section 2.2.3.1
 *
 * @example
 * ```ts
 * import { createRoles } from 'sallyport/access';
 *
 * const roles = createRoles({
 *   clerk: { permissions: ['orders:read'], methods: ['GET'] },
 *   manager: { inherits: ['clerk'], permissions: ['orders:refund'], methods: ['POST'] },
 * });
 * console.log(roles.hasPermission({ claims: { roles: ['manager'] } }, 'orders:read')); // true
 * ```
 */
export function createRoles<
  const Given extends RoleMap<keyof Given>,
  Principal = RolePrincipal,
>(
  roles: Given,
  options: RolesOptions<Principal> = {},
): Roles<Extract<keyof Given, string>, PermissionOf<Given>, Principal> {
  refuseUnknownOptions('create roles', options, ['rolesOf']);
  const { rolesOf = rolesClaim } = options;
  functionOption('create roles', 'rolesOf', rolesOf);
  const table = compileRoles(roles);

  function has(principal: Principal | undefined, grant: Grant): boolean {
    if (principal === undefined || principal === null) return false;
    const names = rolesOf(principal);
    return Array.isArray(names) && names.some((name) => table.get(name)?.has(grant) === true);
  }
  function check(principal: Principal | undefined, grant: Grant): Refusal | undefined {
    return has(principal, grant) ? undefined : new Refusal('forbidden');
  }
  function requireSome(what: string, isIt: (grant: Grant) => boolean): void {
    for (const grants of table.values()) if ([...grants].some(isIt)) return;
    // A rule that nobody passes is a typo, and behind `not` it would let everybody through.
    throw new TypeError(`Cannot create rule: no role has ${what}.`);
  }
  function rule(grant: Grant): Rule<{ readonly principal: Principal }> {
    requireSome(`the ${grant}`, (given) => given === grant);
    return nameRule(grant, ({ principal }: { readonly principal: Principal }) => has(principal, grant));
  }
  function methodRule(): Rule<{ readonly principal: Principal; readonly method: string }> {
    requireSome('methods', (given) => given.startsWith('method '));
    return nameRule(
      'method of a role',
      ({ principal, method }: { readonly principal: Principal; readonly method: string }) =>
        has(principal, `method ${method}`),
    );
  }

  const made: Roles<Extract<keyof Given, string>, PermissionOf<Given>, Principal> = {
    hasPermission: (principal, permission) => has(principal, `permission ${permission}`),
    checkPermission: (principal, permission) => check(principal, `permission ${permission}`),
    permissionRule: (permission) => rule(`permission ${permission}`),
    hasRole: (principal, role) => has(principal, `role ${role}`),
    checkRole: (principal, role) => check(principal, `role ${role}`),
    roleRule: (role) => rule(`role ${role}`),
    hasMethod: (principal, method) => has(principal, `method ${method}`),
    checkMethod: (principal, method) => check(principal, `method ${method}`),
    methodRule,
  };
  return Object.freeze(made);
}

function rolesClaim(principal: unknown): unknown {
  return ownProperty(ownProperty(principal, 'claims'), 'roles');
}
