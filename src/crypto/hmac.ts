import { Refusal } from '../core/refusal.ts';
import type { CryptoKey } from './crypto-key.ts';

const HMAC_SHA256 = { name: 'HMAC', hash: 'SHA-256' } as const;
const MIN_SECRET_BYTES = 32;

/**
 * Imports a secret for HMAC with SHA-256, once; keep the key and reuse it.
 *
 * @param secret at least 32 random bytes, never a password
 * @returns a key that cannot be exported
 * @throws {RangeError} when the secret is shorter than the hash (RFC 2104 section 3)
 * @throws {TypeError} when the secret is a string: text as a secret is how keys get confused
 * @see RFC 2104
 *
 * @example
 * ```ts
 * import { importHmacKey, randomBytes, signHmac, verifyHmac } from 'sallyport/crypto';
 *
 * const key = await importHmacKey(randomBytes(32));
 * const message = new Uint8Array([1, 2, 3]);
 * await verifyHmac(key, await signHmac(key, message), message); // throws when they do not belong together
 * ```
 */
export async function importHmacKey(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  if (!(secret instanceof Uint8Array)) throw new TypeError('Cannot import HMAC key: the secret must be a Uint8Array.');
  if (secret.length < MIN_SECRET_BYTES) {
    throw new RangeError(
      `Cannot import HMAC key: the secret must be at least ${MIN_SECRET_BYTES} bytes, received ${secret.length}.`,
    );
  }
  return await crypto.subtle.importKey('raw', secret, HMAC_SHA256, false, ['sign', 'verify']);
}

/**
 * Computes the HMAC of a message.
 *
 * @param key from {@linkcode importHmacKey}
 * @param message the bytes to authenticate
 * @returns 32 bytes
 * @see RFC 2104
 *
 * @example
 * ```ts
 * import { importHmacKey, randomBytes, signHmac } from 'sallyport/crypto';
 *
 * const key = await importHmacKey(randomBytes(32));
 * console.log((await signHmac(key, new Uint8Array([1]))).length); // 32
 * ```
 */
export async function signHmac(key: CryptoKey, message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, message));
}

/**
 * Proves that a signature is the HMAC of a message; the platform compares in constant time.
 *
 * @param key from {@linkcode importHmacKey}
 * @param signature what came with the message
 * @param message the bytes it should authenticate
 * @throws {Refusal} signature_invalid
 * @see RFC 2104
 *
 * @example
 * ```ts
 * import { importHmacKey, randomBytes, signHmac, verifyHmac } from 'sallyport/crypto';
 *
 * const key = await importHmacKey(randomBytes(32));
 * const message = new Uint8Array([1]);
 * await verifyHmac(key, await signHmac(key, message), message);
 * ```
 */
export async function verifyHmac(
  key: CryptoKey,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<void> {
  if (!await crypto.subtle.verify('HMAC', key, signature, message)) throw new Refusal('signature_invalid');
}
