import { refuseUnknownOptions, stringOption } from '../core/option.ts';
import { isSameText, ownProperty } from './own-property.ts';
import type { Rule } from './rule.ts';
import { nameRule } from './rule-name.ts';

/** Where a tenant is found. */
export interface TenantOptions {
  /** The resource's property that holds its tenant. Default: `tenant`. */
  readonly tenant?: string;
  /** The principal's claim that holds its tenant. Default: `tenant`. */
  readonly tenantClaim?: string;
}

/** What {@linkcode isSameTenant} reads of a principal. */
export interface TenantPrincipal {
  /** What was proved about the principal. */
  readonly claims: unknown;
}

/** Where a tenant is found, checked. */
export interface TenantPlaces {
  readonly tenant: string;
  readonly tenantClaim: string;
}

const ACTION = 'compare tenants';

/**
 * Tells whether a principal and a resource belong to one tenant: both have one, as text, in a property of their own.
 *
 * @param principal who asks, as proved
 * @param resource what it asks for; a list is nobody's
 * @param options where the tenants are found
 * @returns false where either has none, and for anything but text
 * @throws {TypeError} for an unknown option, or one that is no text
 *
 * @example
 * ```ts
 * import { isSameTenant } from 'sallyport/access';
 *
 * const principal = { claims: { org_id: 'acme' } };
 * console.log(isSameTenant(principal, { org: 'acme' }, { tenant: 'org', tenantClaim: 'org_id' })); // true
 * ```
 */
export function isSameTenant(
  principal: TenantPrincipal | undefined,
  resource: unknown,
  options: TenantOptions = {},
): boolean {
  return sharesTenant(principal, resource, readPlaces(options));
}

/**
 * Makes the rule that allows what belongs to the principal's tenant, as {@linkcode isSameTenant} tells.
 *
 * Put it in front of whatever a role or a scope allows: `allOf(tenantRule(), roles.permissionRule('orders:refund'))`. Without it a role
 * in one tenant is a role in all of them.
 *
 * @param options where the tenants are found
 * @returns a frozen rule over `principal.claims` and `resource`
 * @throws {TypeError} for an unknown option, or one that is no text
 *
 * @example
 * ```ts
 * import { tenantRule } from 'sallyport/access';
 *
 * const principal = { claims: { tenant: 'acme' } };
 * console.log(tenantRule()({ principal, resource: { tenant: 'globex' } })); // false
 * ```
 */
export function tenantRule(
  options: TenantOptions = {},
): Rule<{ readonly principal: TenantPrincipal; readonly resource: object }> {
  const places = readPlaces(options);
  return nameRule(
    'tenant',
    ({ principal, resource }: { readonly principal: TenantPrincipal; readonly resource: object }) =>
      sharesTenant(principal, resource, places),
  );
}

function readPlaces(options: TenantOptions): TenantPlaces {
  refuseUnknownOptions(ACTION, options, ['tenant', 'tenantClaim']);
  return tenantPlaces(ACTION, options);
}

/** Reads where the tenants are, for options that hold more than that. */
export function tenantPlaces(
  action: string,
  { tenant = 'tenant', tenantClaim = 'tenant' }: TenantOptions,
): TenantPlaces {
  return {
    tenant: stringOption(action, 'tenant', tenant),
    tenantClaim: stringOption(action, 'tenantClaim', tenantClaim),
  };
}

/** As {@linkcode isSameTenant}, with options that were checked before. */
export function sharesTenant(principal: unknown, resource: unknown, { tenant, tenantClaim }: TenantPlaces): boolean {
  return isSameText(ownProperty(resource, tenant), ownProperty(ownProperty(principal, 'claims'), tenantClaim));
}
