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
