import { Refusal } from '../core/refusal.ts';
import { isQuotableAscii } from '../encoding/ascii.ts';

const MAX_SCOPES = 256;

/**
 * Splits a `scope` claim into its tokens.
 *
 * @param scope the claim as it stood in the token: text, scopes separated by single spaces
 * @returns the scopes; none when the claim is anything but such text
 * @see RFC 6749 section 3.3
 *
 * @example
 * ```ts
 * import { parseScope } from 'sallyport/access';
 *
 * console.log(parseScope('orders:read orders:write')); // ['orders:read', 'orders:write']
 * ```
 */
export function parseScope(scope: unknown): readonly string[] {
  if (typeof scope !== 'string' || scope === '') return Object.freeze([]);
  const scopes = scope.split(' ', MAX_SCOPES + 1);
  if (scopes.length > MAX_SCOPES || scopes.some((token) => !isScopeToken(token))) return Object.freeze([]);
  return Object.freeze(scopes);
}

/**
 * Checks that every required scope was granted, by exact comparison: `orders` grants no `orders:read`.
 *
 * @param granted what the principal has
 * @param required what is needed, at least one
 * @returns a refusal (insufficient_scope), or undefined
 * @see RFC 6750 section 3.1
 *
 * @example
 * ```ts
 * import { checkScopes } from 'sallyport/access';
 *
 * console.log(checkScopes(['orders:read'], ['orders:read'])); // undefined
 * ```
 */
export function checkScopes(granted: readonly string[], required: readonly string[]): Refusal | undefined {
  // Nothing required is a mistake in the caller's policy, not a permission.
  // A claim that was never split is no list: in text, `includes` finds `read` inside of `readall`.
  // Spread: `every` passes over holes, and of a list of nothing else it would say yes.
  const allowed = Array.isArray(granted) && required.length > 0 &&
    [...required].every((scope) => granted.includes(scope));
  return allowed ? undefined : new Refusal('insufficient_scope');
}

/**
 * Tells whether a text is a scope token: printable ASCII without space, quote or backslash.
 *
 * @param text any text
 * @returns whether it is one
 * @see RFC 6749 section 3.3
 *
 * @example
 * ```ts
 * import { isScopeToken } from 'sallyport/access';
 *
 * console.log(isScopeToken('orders:read'), isScopeToken('two words')); // true false
 * ```
 */
export function isScopeToken(text: string): boolean {
  return text !== '' && !text.includes(' ') && isQuotableAscii(text);
}
