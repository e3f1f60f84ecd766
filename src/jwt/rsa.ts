import { RSA_MAX_BITS, RSA_MIN_BITS } from './algorithm.ts';

/** Tells whether a big-endian number without a zero in front can be the modulus of a key that is worth something (RFC 7518 section 3.3). */
export function isStrongModulus(bytes: Uint8Array): boolean {
  const bits = 8 * bytes.length - (Math.clz32(bytes[0] ?? 0) - 24);
  return isOdd(bytes) && bits >= RSA_MIN_BITS && bits <= RSA_MAX_BITS;
}

/**
 * Tells whether a big-endian number without a zero in front can be the exponent of such a key (RFC 8017 section 3.1). With an exponent of 1 every
 * message is its own signature.
 */
export function isStrongExponent(bytes: Uint8Array): boolean {
  return isOdd(bytes) && bytes.length <= 4 && (bytes.length > 1 || (bytes[0] ?? 0) >= 3);
}

function isOdd(bytes: Uint8Array): boolean {
  return ((bytes.at(-1) ?? 0) & 1) === 1;
}
