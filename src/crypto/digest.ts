/**
 * Computes SHA-256. Not for passwords: they need a slow, salted hash.
 *
 * @param bytes the message
 * @returns its 32-byte digest
 * @see FIPS 180-4
 *
 * @example
 * ```ts
 * import { sha256 } from 'sallyport/crypto';
 * import { encodeHex, encodeUtf8 } from 'sallyport/encoding';
 *
 * console.log(encodeHex(await sha256(encodeUtf8('abc'))).slice(0, 8)); // ba7816bf
 * ```
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await digest('SHA-256', bytes);
}

/**
 * Computes a digest of the SHA-2 family. Not for passwords: they need a slow, salted hash.
 *
 * @param hash the name of the function
 * @param bytes the message
 * @returns its digest: 32, 48 or 64 bytes
 * @see FIPS 180-4
 *
 * @example
 * ```ts
 * import { digest } from 'sallyport/crypto';
 *
 * console.log((await digest('SHA-512', new Uint8Array(0))).length); // 64
 * ```
 */
export async function digest(
  hash: 'SHA-256' | 'SHA-384' | 'SHA-512',
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest(hash, bytes));
}
