import { refuseUnknownOptions, stringListOption } from '../core/option.ts';
import { ownProperty } from './own-property.ts';
import type { Rule } from './rule.ts';
import { nameRule } from './rule-name.ts';
import { isScopeToken } from './scope.ts';

const ACTION = 'require scopes';

/** Which scopes are needed: `all`, `any` or both. */
export interface ScopeRequirement {
  /** Scopes of which every one is needed. Default: not asked for. */
  readonly all?: readonly string[];
  /** Scopes of which one is enough. Default: not asked for. */
  readonly any?: readonly string[];
}

/** What {@linkcode scopeRule} reads of a principal. */
export interface ScopePrincipal {
  /** What was granted. */
  readonly scopes: readonly string[];
}

/**
 * Tells whether the scopes that are needed were granted, by exact comparison: `orders` grants no `orders:read`, and `*` only itself.
 *
 * It looks at the requirement anew each time; {@linkcode scopeRule} does so once.
 *
 * @param granted what the principal has; what is no list, as a claim that was never split, grants nothing
 * @param required what is needed
 * @returns whether all of it was granted
 * @throws {TypeError} for a requirement that asks for nothing, holds an empty list or an unknown key, or a scope that nobody can have
 * @see RFC 6749 section 3.3
 *
 * @example
 * ```ts
 * import { hasScopes } from 'sallyport/access';
 *
 * console.log(hasScopes(['orders:read'], { any: ['orders:read', 'orders:admin'] })); // true
 * ```
 */
export function hasScopes(granted: readonly string[], required: ScopeRequirement): boolean {
  return compileRequirement(required).isMet(granted);
}

/**
 * Makes the rule that allows principals with the scopes that are needed, as {@linkcode hasScopes} tells.
 *
 * A policy's `scopes` do the same before the body is read, and name what is missing; this is for what depends on more than scopes.
 *
 * @param required what is needed
 * @returns a frozen rule over `principal.scopes`
 * @throws {TypeError} for a requirement that asks for nothing, holds an empty list or an unknown key, or a scope that nobody can have
 * @see RFC 6749 section 3.3
 *
 * @example
 * ```ts
 * import { allOf, anyOf, ownerRule, scopeRule, tenantRule } from 'sallyport/access';
 *
 * const mayRead = allOf(tenantRule(), anyOf(ownerRule(), scopeRule({ all: ['orders:audit'] })));
 * const principal = { id: 'ada', scopes: ['orders:audit'], claims: { tenant: 'acme' } };
 * console.log(mayRead({ principal, resource: { owner: 'bob', tenant: 'acme' } })); // true
 * ```
 */
export function scopeRule(required: ScopeRequirement): Rule<{ readonly principal: ScopePrincipal }> {
  const { isMet, name } = compileRequirement(required);
  return nameRule(name, ({ principal }: { readonly principal: ScopePrincipal }) => {
    return isMet(ownProperty(principal, 'scopes'));
  });
}

/** A requirement, checked, and what it asks in words. */
interface CompiledRequirement {
  readonly isMet: (granted: unknown) => boolean;
  readonly name: string;
}

function compileRequirement(required: ScopeRequirement): CompiledRequirement {
  refuseUnknownOptions(ACTION, required, ['all', 'any']);
  const all = scopeList('all', required.all);
  const any = scopeList('any', required.any);
  if (all === undefined && any === undefined) throw new TypeError(`Cannot ${ACTION}: all or any must be given.`);
  const isMet = (granted: unknown): boolean => {
    // In text, `includes` finds `read` inside of `readall`.
    if (!Array.isArray(granted)) return false;
    const isGranted = (scope: string): boolean => granted.includes(scope);
    return (all?.every(isGranted) ?? true) && (any?.some(isGranted) ?? true);
  };
  const names = [all && `all scopes of ${all.join(' ')}`, any && `any scope of ${any.join(' ')}`];
  return { isMet, name: names.filter((one) => one !== undefined).join(', ') };
}

function scopeList(name: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const list = stringListOption(ACTION, name, value);
  if (!list.every(isScopeToken)) {
    throw new TypeError(`Cannot ${ACTION}: ${name} must hold single scopes, printable ASCII without spaces or quotes.`);
  }
  return list;
}
