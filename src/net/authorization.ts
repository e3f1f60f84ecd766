import { Refusal } from '../core/refusal.ts';
import { isQuotableAscii } from '../encoding/ascii.ts';
import { isToken } from './media-type.ts';

/** Credentials of an `Authorization` header in the token68 form. */
export interface Credentials {
  /** The scheme, lower-case. */
  readonly scheme: string;
  /** The token68 text behind it. */
  readonly token: string;
}

/**
 * Reads the one `Authorization` header of a request: a scheme, one space, a token68.
 *
 * Two headers reach us joined by a comma, which no token68 holds, so they are refused rather than one of them chosen.
 * The token is not verified: that is `createJwtVerifier`'s work.
 *
 * @param headers the request's headers
 * @returns the credentials, or undefined when there is no such header
 * @throws {Refusal} credentials_malformed
 * @see RFC 9110 section 11.4, RFC 6750 section 2.1
 *
 * @example
 * ```ts
 * import { parseAuthorization } from 'sallyport/net';
 *
 * console.log(parseAuthorization(new Headers({ authorization: 'Bearer abc' }))?.scheme); // bearer
 * ```
 */
export function parseAuthorization(headers: Headers): Credentials | undefined {
  const value = headers.get('authorization');
  if (value === null) return undefined;
  const space = value.indexOf(' ');
  const scheme = value.slice(0, Math.max(space, 0));
  const token = value.slice(space + 1);
  if (!isToken(scheme) || !isToken68(token)) throw new Refusal('credentials_malformed');
  return { scheme: scheme.toLowerCase(), token };
}

/** Parameters of a challenge, in the order in which they are written. */
export interface Challenge {
  /** The protection space. */
  readonly realm?: string | undefined;
  /** `invalid_token`, `invalid_request`, `insufficient_scope`; left out when no credentials came. */
  readonly error?: string | undefined;
  /** The scopes that are needed, separated by spaces. */
  readonly scope?: string | undefined;
}

/**
 * Formats a `WWW-Authenticate` value.
 *
 * @param scheme `Bearer`, `DPoP`, …
 * @param challenge its parameters
 * @returns the header value
 * @throws {TypeError} when a value could break out of its quotes (a quote, a backslash, a control or a non-ASCII character), or
 * the scheme is no token
 * @see RFC 9110 section 11.6.1, RFC 6750 section 3
 *
 * @example
 * ```ts
 * import { formatChallenge } from 'sallyport/net';
 *
 * console.log(formatChallenge('Bearer', { error: 'invalid_token' })); // Bearer error="invalid_token"
 * ```
 */
export function formatChallenge(scheme: string, challenge: Challenge): string {
  if (!isToken(scheme)) throw new TypeError('Cannot format challenge: scheme must be a token.');
  const parameters: string[] = [];
  for (
    const [name, value] of [['realm', challenge.realm], ['error', challenge.error], ['scope', challenge.scope]] as const
  ) {
    if (value === undefined) continue;
    if (!isQuotableAscii(value)) {
      throw new TypeError(`Cannot format challenge: ${name} must be printable ASCII without quotes or backslashes.`);
    }
    parameters.push(`${name}="${value}"`);
  }
  return parameters.length === 0 ? scheme : `${scheme} ${parameters.join(', ')}`;
}

function isToken68(text: string): boolean {
  let index = 0;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const alphanumeric = (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122);
    if (!alphanumeric && !'-._~+/'.includes(text.charAt(index))) break;
  }
  if (index === 0) return false;
  while (index < text.length && text.charAt(index) === '=') index++;
  return index === text.length;
}
