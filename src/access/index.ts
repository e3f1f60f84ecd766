/**
 * Who may do what: scopes, roles, owners and tenants, compared exactly, and rules that combine them. Denied by default.
 *
 * @module
 */
export { checkScopes, isScopeToken, parseScope } from './scope.ts';
export { hasScopes, type ScopePrincipal, type ScopeRequirement, scopeRule } from './scope-rule.ts';
export {
  createRoles,
  type PermissionOf,
  type RoleMap,
  type RoleOptions,
  type RolePrincipal,
  type Roles,
  type RolesOptions,
} from './role.ts';
export { isOwner, type OwnerOptions, type OwnerPrincipal, ownerRule } from './owner.ts';
export { isSameTenant, type TenantOptions, type TenantPrincipal, tenantRule } from './tenant.ts';
export { allOf, anyOf, checkRule, type ContextOf, not, type Rule, type RuleList } from './rule.ts';
