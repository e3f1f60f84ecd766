import { booleanOption, refuseUnknownOptions, stringOption } from '../core/option.ts';
import { isSameText, ownProperty } from './own-property.ts';
import type { Rule } from './rule.ts';
import { nameRule } from './rule-name.ts';
import { sharesTenant, type TenantOptions, type TenantPlaces, tenantPlaces, type TenantPrincipal } from './tenant.ts';

/** Where a resource says whose it is. */
export interface OwnerOptions extends TenantOptions {
  /** The resource's property that holds its owner's id. Default: `owner`. */
  readonly owner?: string;
  /** The resource's property that holds its owner's issuer; needed where several issuers vouch for ids. Default: not compared. */
  readonly issuer?: string;
  /** Compares no tenants, for a service that has but one. Default: false. */
  readonly dangerouslyAllowAnyTenant?: boolean;
}

/** What {@linkcode isOwner} reads of a principal. */
export interface OwnerPrincipal extends TenantPrincipal {
  /** The subject: unique within its issuer. */
  readonly id: string;
  /** Who vouches for the id, where somebody does. */
  readonly issuer?: string | undefined;
}

const ACTION = 'compare owners';

/**
 * Tells whether a resource is the principal's: its owner is the principal's id, and both belong to one tenant.
 *
 * Ids and tenants are text, compared exactly, and own properties: neither `7` nor `['7']` is `'7'`, nothing equals nothing, and what an
 * inherited getter gives is not looked at. The principal is the token's subject, whoever acts for it (`act`). Where the owner stands deeper,
 * pass `{ owner: order.customer.id, tenant: order.shop.id }`.
 *
 * @param principal who asks, as proved
 * @param resource what it asks for; a list is nobody's
 * @param options where the owner and the tenants are found
 * @returns false for anything that is not known
 * @throws {TypeError} for an unknown option, or one of the wrong type
 *
 * @example
 * ```ts
 * import { isOwner } from 'sallyport/access';
 *
 * const principal = { id: 'ada', claims: { tenant: 'acme' } };
 * console.log(isOwner(principal, { owner: 'ada', tenant: 'globex' })); // false
 * ```
 */
export function isOwner(principal: OwnerPrincipal | undefined, resource: unknown, options: OwnerOptions = {}): boolean {
  return owns(principal, resource, readPlaces(options));
}

/**
 * Makes the rule that allows principals what is theirs, as {@linkcode isOwner} tells.
 *
 * @param options where the owner and the tenants are found
 * @returns a frozen rule over `principal` and `resource`
 * @throws {TypeError} for an unknown option, or one of the wrong type
 *
 * @example
 * ```ts
 * import { ownerRule } from 'sallyport/access';
 *
 * const mayRead = ownerRule({ owner: 'customer', dangerouslyAllowAnyTenant: true });
 * console.log(mayRead({ principal: { id: 'ada', claims: {} }, resource: { customer: 'ada' } })); // true
 * ```
 */
export function ownerRule(
  options: OwnerOptions = {},
): Rule<{ readonly principal: OwnerPrincipal; readonly resource: object }> {
  const places = readPlaces(options);
  return nameRule(
    places.tenants === undefined ? 'owner of any tenant' : 'owner',
    ({ principal, resource }: { readonly principal: OwnerPrincipal; readonly resource: object }) =>
      owns(principal, resource, places),
  );
}

interface OwnerPlaces {
  readonly owner: string;
  readonly issuer: string | undefined;
  readonly tenants: TenantPlaces | undefined;
}

function readPlaces(options: OwnerOptions): OwnerPlaces {
  refuseUnknownOptions(ACTION, options, ['owner', 'issuer', 'tenant', 'tenantClaim', 'dangerouslyAllowAnyTenant']);
  const { owner = 'owner', issuer, dangerouslyAllowAnyTenant = false } = options;
  const anyTenant = booleanOption(ACTION, 'dangerouslyAllowAnyTenant', dangerouslyAllowAnyTenant);
  if (anyTenant && (options.tenant !== undefined || options.tenantClaim !== undefined)) {
    throw new TypeError(`Cannot ${ACTION}: tenants are either compared or dangerously not.`);
  }
  return {
    owner: stringOption(ACTION, 'owner', owner),
    issuer: issuer === undefined ? undefined : stringOption(ACTION, 'issuer', issuer),
    tenants: anyTenant ? undefined : tenantPlaces(ACTION, options),
  };
}

function owns(principal: unknown, resource: unknown, { owner, issuer, tenants }: OwnerPlaces): boolean {
  return isSameText(ownProperty(resource, owner), ownProperty(principal, 'id')) &&
    (issuer === undefined || isSameText(ownProperty(resource, issuer), ownProperty(principal, 'issuer'))) &&
    (tenants === undefined || sharesTenant(principal, resource, tenants));
}
