import { formatIp, parseIp } from '../net/ip.ts';

/**
 * Makes the key of a client's budget: an IPv4 address whole, an IPv6 address by its /64, because a subscriber is given that many.
 *
 * What is no address, or was not known, shares one budget: it is limited, never unlimited.
 *
 * @param address the client's address, as `createClientResolver` found it
 * @returns a key that no principal's key equals
 * @see RFC 6177
 *
 * @example
 * ```ts
 * import { clientKey } from 'sallyport/limiter';
 *
 * console.log(clientKey('2001:db8::1') === clientKey('2001:db8::2')); // true
 * ```
 */
export function clientKey(address: string | undefined): string {
  const ip = parseIp(address ?? '');
  if (ip === undefined) return 'c:unknown';
  return `c:${formatIp(ip.version === 4 ? ip : { version: 6, words: [ip.words[0] ?? 0, ip.words[1] ?? 0, 0, 0] })}`;
}

/**
 * Makes the key of a principal's budget.
 *
 * @param id the principal's id, any text
 * @param issuer who gave the id: two issuers' `1` are two principals. Default: none
 * @returns a key that no client's key, and no other principal's, equals
 *
 * @example
 * ```ts
 * import { principalKey } from 'sallyport/limiter';
 *
 * console.log(principalKey('user-1', 'https://issuer.test') === principalKey('user-1')); // false
 * ```
 */
export function principalKey(id: string, issuer: string = ''): string {
  // The length tells where the issuer ends, whatever characters either holds.
  return `p:${issuer.length}:${issuer}${id}`;
}

/**
 * Makes the key of a route's budget, which all its callers share: what protects a costly route from everybody together.
 *
 * Pass the route's pattern, not the request's path: whoever chooses the path would have as many budgets as paths.
 *
 * @param method the request's method
 * @param pattern the route as the program names it: `/orders/:id`
 * @returns a key that no client's and no principal's key equals
 *
 * @example
 * ```ts
 * import { routeKey } from 'sallyport/limiter';
 *
 * console.log(routeKey('GET', '/orders/:id') === routeKey('POST', '/orders/:id')); // false
 * ```
 */
export function routeKey(method: string, pattern: string): string {
  return `r:${method.length}:${method}${pattern}`;
}

/**
 * Joins keys to one: the budget of a principal on a route, of an account from a network.
 *
 * @param keys one or more, of any text
 * @returns a key that no other list of keys has, in whatever place their ends are
 * @throws {TypeError} for no keys, or one that is no string
 *
 * @example
 * ```ts
 * import { clientKey, joinKeys, principalKey } from 'sallyport/limiter';
 *
 * console.log(joinKeys(principalKey('ada'), clientKey('192.0.2.1')));
 * ```
 */
export function joinKeys(...keys: readonly [string, ...string[]]): string {
  if (keys.length === 0 || keys.some((key) => typeof key !== 'string')) {
    throw new TypeError('Cannot join keys: one or more strings must be given.');
  }
  return `j:${keys.map((key) => `${key.length}:${key}`).join('')}`;
}
