import { encodeHex } from '../encoding/hex.ts';

/** The y coordinates of the points of Ed25519 whose order divides 8, also as they are spelled beyond the prime, in little-endian hex. */
const SMALL_ORDER: ReadonlySet<string> = /* @__PURE__ */ new Set([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
]);

/**
 * Tells whether an Ed25519 public key is a point of small order: anybody can write signatures that such a key verifies, for many messages
 * at once. Platforms differ in whether they look (RFC 8032 section 5.1.7 does not ask them to).
 */
export function isSmallOrder(publicKey: Uint8Array): boolean {
  const y = new Uint8Array(publicKey);
  // The highest bit is the sign of x, and no part of y.
  y[31] = (y[31] ?? 0) & 0x7f;
  return SMALL_ORDER.has(encodeHex(y));
}
