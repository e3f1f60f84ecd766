import { refuseUnknownOptions } from '../core/option.ts';
import { algorithmOption, algorithmRow, type JwtAlgorithm } from './algorithm.ts';
import { bindKey, type JwtKey, keyIdOption } from './key.ts';

/** Options of {@linkcode importHmacSecret}. */
export interface ImportHmacSecretOptions {
  /** The secret's id, 1 to 256 characters. Default: it has none. */
  readonly keyId?: string;
}

/** What a secret may be used for. */
export type SecretUse = 'sign' | 'verify';

const ACTION = 'import HMAC secret';
const BOTH: readonly SecretUse[] = ['sign', 'verify'];
/** No hash keeps more than its block of 128 bytes; what is longer is a file that somebody passed in. */
const MAX_BYTES = 1024;

/**
 * Imports a secret for HS256, HS384 or HS512. Whoever verifies with it can also sign: between parties that do not trust each other with that, use a
 * pair of keys.
 *
 * A string is refused: people choose strings, and whoever has one token can then guess the secret at leisure. Take the bytes from a random source.
 *
 * @param bytes random bytes, at least as many as the hash has (32, 48 or 64) and at most 1,024; they are copied
 * @param algorithm `HS256`, `HS384` or `HS512`
 * @param options the secret's id
 * @returns a frozen key that signs and verifies, and that cannot be exported
 * @throws {TypeError} when the secret is no Uint8Array, the algorithm is another, or an option is unknown
 * @throws {RangeError} when it is too short or too long
 * @see RFC 7518 section 3.2
 *
 * @example
 * ```ts
 * import { importHmacSecret, signJwt } from 'sallyport/jwt';
 * import { randomBytes } from 'sallyport/crypto';
 *
 * const secret = await importHmacSecret(randomBytes(32), 'HS256', { keyId: '2026-11' });
 * await signJwt({ iss: 'https://id.test' }, secret, { type: 'at+jwt', expiresInSeconds: 60 });
 * ```
 */
export async function importHmacSecret(
  bytes: Uint8Array,
  algorithm: JwtAlgorithm,
  options: ImportHmacSecretOptions = {},
): Promise<JwtKey> {
  refuseUnknownOptions(ACTION, options, ['keyId']);
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(`Cannot ${ACTION}: it must be a Uint8Array of random bytes; a string is no secret.`);
  }
  return await importSecret(ACTION, bytes, algorithm, keyIdOption(ACTION, options.keyId), BOTH);
}

/** The same for bytes that a JWK holds, which may say what they are for. */
export async function importSecret(
  action: string,
  bytes: Uint8Array,
  algorithm: JwtAlgorithm,
  keyId: string | undefined,
  uses: readonly SecretUse[],
): Promise<JwtKey> {
  const { keyType, keyParams, signatureBytes: [least] } = algorithmRow(algorithmOption(action, algorithm));
  if (keyType !== 'oct') throw new TypeError(`Cannot ${action}: ${algorithm} takes no secret.`);
  if (bytes.length < least || bytes.length > MAX_BYTES) {
    throw new RangeError(`Cannot ${action}: for ${algorithm} it must hold ${least} to ${MAX_BYTES} bytes.`);
  }
  // A copy of plain memory: bytes that another thread shares could change between the check and the import.
  const copy = new Uint8Array(bytes);
  return bindKey(algorithm, keyId, await crypto.subtle.importKey('raw', copy, keyParams, false, [...uses]));
}
