import { decodeBase64Url, encodeBase64Url } from '../../src/encoding/base64url.ts';
import { decodeHex, encodeHex } from '../../src/encoding/hex.ts';

/** The order of P-256's group, FIPS 186-4 appendix D.1.2.3. */
export const P256_ORDER: bigint = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** A number of so many bytes, the first one first. */
export function bigEndian(value: bigint, length: number): Uint8Array {
  return decodeHex(value.toString(16).padStart(2 * length, '0')) ?? new Uint8Array(0);
}

/** The same token with the other signature that ECDSA allows for it: (r, n - s). */
export function negateS(token: string, order: bigint): string {
  const end = token.lastIndexOf('.') + 1;
  const signature = decodeBase64Url(token.slice(end)) ?? new Uint8Array(0);
  const half = signature.length / 2;
  const s = order - BigInt(`0x${encodeHex(signature.slice(half))}`);
  return token.slice(0, end) + encodeBase64Url(Uint8Array.of(...signature.slice(0, half), ...bigEndian(s, half)));
}
