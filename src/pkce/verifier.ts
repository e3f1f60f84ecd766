import { freshBytes } from '../crypto/random.ts';
import { encodeBase64Url } from '../encoding/base64url.ts';

const VERIFIER_BYTES = 32;
const VERIFIER_SHAPE = /^[\w.~-]{43,128}$/;

/**
 * Makes a code verifier: 43 characters from 32 random bytes, as RFC 7636 recommends.
 *
 * Keep it where only the client that starts the flow can read it, and use it once.
 *
 * @returns a fresh verifier
 * @see RFC 7636 section 4.1
 *
 * @example
 * ```ts
 * import { generateVerifier } from 'sallyport/pkce';
 *
 * console.log(generateVerifier().length); // 43
 * ```
 */
export function generateVerifier(): string {
  return encodeBase64Url(freshBytes(VERIFIER_BYTES));
}

/** Tells whether a value is a code verifier: 43 to 128 unreserved characters (RFC 7636 section 4.1). */
export function isVerifier(value: unknown): value is string {
  return typeof value === 'string' && VERIFIER_SHAPE.test(value);
}
