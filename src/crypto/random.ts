import { encodeBase64Url } from '../encoding/base64url.ts';
import { numberOption } from '../core/option.ts';

const MAX_BYTES = 65_536;
const MIN_TOKEN_BYTES = 16;

/**
 * Returns bytes from the platform's cryptographic generator.
 *
 * @param length how many, 1 to 65,536
 * @returns fresh random bytes
 * @throws {RangeError} when the length is out of bounds
 *
 * @example
 * ```ts
 * import { randomBytes } from 'sallyport/crypto';
 *
 * console.log(randomBytes(32).length); // 32
 * ```
 */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return freshBytes(numberOption('make random bytes', 'length', length, { min: 1, max: MAX_BYTES, integer: true }));
}

/** The same for a length that is a constant of ours: what only ever asks for 32 bytes need not carry the checks into a browser. */
export function freshBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

/**
 * Returns an unguessable token: base64url of random bytes.
 *
 * @param bytes how many random bytes, at least 16 (128 bits). Default: 32, which is 43 characters
 * @returns a token of the alphabet `A-Z a-z 0-9 - _`
 * @throws {RangeError} when bytes is below 16 or above 65,536
 *
 * @example
 * ```ts
 * import { randomToken } from 'sallyport/crypto';
 *
 * console.log(randomToken().length); // 43
 * ```
 */
export function randomToken(bytes: number = 32): string {
  numberOption('make random token', 'bytes', bytes, { min: MIN_TOKEN_BYTES, max: MAX_BYTES, integer: true });
  return encodeBase64Url(freshBytes(bytes));
}
