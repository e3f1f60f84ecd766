import { refuseUnknownOptions } from '../core/option.ts';
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
  /** `invalid_token`, `invalid_request`, `insufficient_scope`; left out when no credentials came (RFC 6750 section 3.1). */
  readonly error?: string | undefined;
  /** What a developer should know. It reaches every client, so it holds no detail of the failure. */
  readonly errorDescription?: string | undefined;
  /** A page that explains the error. */
  readonly errorUri?: string | undefined;
  /** The scopes that are needed, one space between two. */
  readonly scope?: string | undefined;
  /** The authentication contexts that would do, one space between two, the best first (RFC 9470). */
  readonly acrValues?: string | undefined;
  /** How long ago the user may have authenticated, in whole seconds (RFC 9470). */
  readonly maxAgeSeconds?: number | undefined;
  /** The algorithms of DPoP proofs that are taken, one space between two (RFC 9449). */
  readonly algs?: string | undefined;
  /** Where the metadata of this resource are (RFC 9728). */
  readonly resourceMetadata?: string | undefined;
  /** `UTF-8` for Basic (RFC 7617), and no other. */
  readonly charset?: 'UTF-8' | undefined;
}

type Shape = 'text' | 'words' | 'seconds' | 'charset';

/** What each parameter is called in the header, and what it holds: one row to add another. */
const PARAMETERS: readonly (readonly [key: keyof Challenge, name: string, shape: Shape])[] = [
  ['realm', 'realm', 'text'],
  ['error', 'error', 'text'],
  ['errorDescription', 'error_description', 'text'],
  ['errorUri', 'error_uri', 'words'],
  ['scope', 'scope', 'words'],
  ['acrValues', 'acr_values', 'words'],
  ['maxAgeSeconds', 'max_age', 'seconds'],
  ['algs', 'algs', 'words'],
  ['resourceMetadata', 'resource_metadata', 'words'],
  ['charset', 'charset', 'charset'],
];

/**
 * Formats a `WWW-Authenticate` value. Of several challenges append each as a header of its own, or join them by a comma and a space.
 *
 * @param scheme `Bearer`, `DPoP`, …
 * @param challenge its parameters
 * @returns the header value
 * @throws {TypeError} when a value could break out of its quotes (a quote, a backslash, a control or a non-ASCII character), is not of
 * its parameter's form, is one that nobody knows, or the scheme is no token
 * @see RFC 9110 section 11.6.1, RFC 6750 section 3, RFC 9449 section 7.1, RFC 9470 section 3
 *
 * @example
 * ```ts
 * import { formatChallenge } from 'sallyport/net';
 *
 * console.log(formatChallenge('Bearer', { error: 'invalid_token' })); // Bearer error="invalid_token"
 * console.log(formatChallenge('DPoP', { algs: 'ES256 Ed25519' })); // DPoP algs="ES256 Ed25519"
 * ```
 */
export function formatChallenge(scheme: string, challenge: Challenge): string {
  if (!isToken(scheme)) throw new TypeError('Cannot format challenge: scheme must be a token.');
  refuseUnknownOptions('format challenge', challenge, PARAMETERS.map(([key]) => key));
  const parameters: string[] = [];
  for (const [key, name, shape] of PARAMETERS) {
    const value = challenge[key];
    if (value === undefined) continue;
    if (!isOfShape(shape, value)) {
      throw new TypeError(`Cannot format challenge: ${key} must be ${DESCRIPTIONS[shape]}.`);
    }
    parameters.push(`${name}="${value}"`);
  }
  return parameters.length === 0 ? scheme : `${scheme} ${parameters.join(', ')}`;
}

const DESCRIPTIONS: Readonly<Record<Shape, string>> = {
  text: 'printable ASCII without quotes or backslashes',
  words: 'words of visible ASCII without quotes or backslashes, one space between two',
  seconds: 'a whole number that is not negative',
  charset: 'UTF-8',
};

function isOfShape(shape: Shape, value: string | number): boolean {
  if (shape === 'seconds') return Number.isSafeInteger(value) && Number(value) >= 0;
  if (typeof value !== 'string' || (shape === 'charset' && value !== 'UTF-8')) return false;
  // RFC 6749 section 3.3: a scope has no empty word.
  return isQuotableAscii(value) && (shape === 'text' || !/^ | {2}| $|^$/.test(value));
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
