/**
 * Comparison in constant time, randomness, SHA-256 and HMAC, over Web Crypto.
 *
 * @module
 */
export { timingSafeEqual } from './equal.ts';
export { randomBytes, randomToken } from './random.ts';
export { digest, sha256 } from './digest.ts';
export { importHmacKey, signHmac, verifyHmac } from './hmac.ts';
export type { CryptoKey } from './crypto-key.ts';
