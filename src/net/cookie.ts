import { cookieAttributes, type CookieOptions } from './cookie-attribute.ts';
import { isCookieName, isCookieValue, type PrefixedCookieName } from './cookie-name.ts';
import { trimHttpSpace } from './media-type.ts';

/** Browsers drop a cookie whose name and value are longer, without a word (RFC 6265bis section 5.6). */
const MAX_COOKIE_LENGTH = 4096;
const MAX_HEADER_LENGTH = 16_384;
const MAX_COOKIES = 200;

/**
 * Formats a `Set-Cookie` value: `__Host-` by type, `Path=/; Secure; HttpOnly; SameSite=Lax` by default. Append it to the headers; setting it
 * would remove the others.
 *
 * It encodes nothing: encode what is no cookie text before, as base64url. It signs and encrypts nothing.
 *
 * @param name `__Host-` and a name; `__Secure-` or `__Http-` where the cookie has a domain or a path
 * @param value visible ASCII without quotes, commas, semicolons, backslashes; together with the name at most 4,096 characters
 * @param options the attributes
 * @returns the header value
 * @throws {TypeError} for a name, a value or an attribute that breaks the header, or what the name's prefix promises
 * @throws {RangeError} for a cookie that is too long or an age out of bounds
 * @see RFC 6265bis section 4.1
 *
 * @example
 * ```ts
 * import { formatCookie } from 'sallyport/net';
 *
 * console.log(formatCookie('__Host-session', 'abc', { maxAgeSeconds: 3600 }));
 * // __Host-session=abc; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax
 * ```
 */
export function formatCookie(name: PrefixedCookieName, value: string, options?: CookieOptions): string;
/** The same for a name without a prefix. */
export function formatCookie(name: string, value: string, options: UnprefixedCookieOptions): string;
export function formatCookie(name: string, value: string, options: CookieOptions = {}): string {
  if (typeof name !== 'string' || !isCookieName(name)) {
    throw new TypeError(
      'Cannot format cookie: name must be a token, and a prefix in it spelt as the standard spells it.',
    );
  }
  if (typeof value !== 'string' || !isCookieValue(value)) {
    throw new TypeError(
      'Cannot format cookie: value must be visible ASCII without quotes, commas, semicolons, backslashes.',
    );
  }
  if (name.length + value.length > MAX_COOKIE_LENGTH) {
    throw new RangeError(`Cannot format cookie: name and value must have at most ${MAX_COOKIE_LENGTH} characters.`);
  }
  return `${name}=${value}; ${cookieAttributes(name, options)}`;
}

/** {@linkcode CookieOptions} of a cookie whose name has no prefix. */
export type UnprefixedCookieOptions = CookieOptions & { readonly dangerouslyAllowUnprefixed: true };

/**
 * Formats the `Set-Cookie` value that makes a browser delete a cookie.
 *
 * @param name the cookie's name
 * @param options what the cookie was set with: a browser deletes none of another path, domain or partition
 * @returns the header value
 * @throws {TypeError} as {@linkcode formatCookie}
 *
 * @example
 * ```ts
 * import { formatExpiredCookie } from 'sallyport/net';
 *
 * console.log(formatExpiredCookie('__Host-session'));
 * // __Host-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax
 * ```
 */
export function formatExpiredCookie(name: PrefixedCookieName, options?: CookieOptions): string;
/** The same for a name without a prefix. */
export function formatExpiredCookie(name: string, options: UnprefixedCookieOptions): string;
export function formatExpiredCookie(name: string, options: CookieOptions = {}): string {
  // The name is judged as it is, whatever its type: an unprefixed one passes with its option alone.
  return formatCookie(name as PrefixedCookieName, '', { ...options, maxAgeSeconds: 0 });
}

/**
 * Parses a `Cookie` header into what can be trusted to be what it looks like. It decodes nothing and verifies no signature.
 *
 * Left out are: a name given twice, since a neighbouring host or plain HTTP can add a second one and the order tells nothing; a name that is
 * no token (`\u00a0__Host-session`, which a lax parser trims to another) or misspells a prefix (`__host-session`); a value that
 * {@linkcode formatCookie} could not have written. Only `__Host-` names are safe from a neighbour that sets its cookie first.
 *
 * @param header the header's value, as `headers.get('cookie')` gives it, null and undefined included
 * @returns values by name; none of them when there are more than 200 cookies or 16,384 characters, as some would hide others
 * @see RFC 6265bis sections 4.2 and 8.6
 *
 * @example
 * ```ts
 * import { parseCookies } from 'sallyport/net';
 *
 * console.log(parseCookies('__Host-session=abc; a=1; a=2')); // Map(1) { "__Host-session" => "abc" }
 * ```
 */
export function parseCookies(header: string | null | undefined): ReadonlyMap<string, string> {
  const trusted = new Map<string, string>();
  const seen = new Set<string>();
  let count = 0;
  if (typeof header !== 'string' || header.length > MAX_HEADER_LENGTH) return trusted;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    if (++count > MAX_COOKIES) return new Map();
    const name = trimHttpSpace(pair.slice(0, equals));
    const value = trimHttpSpace(pair.slice(equals + 1));
    if (seen.has(name)) trusted.delete(name);
    else if (isCookieName(name) && isCookieValue(value)) trusted.set(name, value);
    // Also of what is left out: a second one of the name, well-formed, is no better.
    seen.add(name);
  }
  return trusted;
}
