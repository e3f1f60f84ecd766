import { describe, expect, test } from 'vitest';
import { encodeBase64Url } from '../../src/encoding/base64url.ts';
import { generateJwtKeyPair, signJws, verifyJws } from '../../src/jwt/index.ts';
import { bigEndian, negateS, P256_ORDER } from './ecdsa.ts';
import { outcome, segment } from './forge.ts';

/** The order of each group, its field's prime, and the length of a half: FIPS 186-4 appendices D.1.2.3 to D.1.2.5. */
const CURVES = [
  ['ES256', P256_ORDER, 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n, 32],
  [
    'ES384',
    BigInt('0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973'),
    2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    48,
  ],
  [
    'ES512',
    BigInt(
      '0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    ),
    2n ** 521n - 1n,
    66,
  ],
] as const;

describe('verifyJws()', () => {
  // The numbers are right where (r, n - s) is a signature as well.
  test.each(CURVES)('accepts the other signature (r, n - s) of %s', async (algorithm, order) => {
    const { publicKey, privateKey } = await generateJwtKeyPair(algorithm);
    const token = await signJws(Uint8Array.of(1), privateKey);
    const options = { keys: [publicKey], algorithms: [algorithm] };
    expect(await outcome(() => verifyJws(token, options))).toBe('accepted');
    expect(await outcome(() => verifyJws(negateS(token, order), options))).toBe('accepted');
    expect(await outcome(() => verifyJws(negateS(token, order + 1n), options))).toBe('jwt_signature_invalid');
  });

  // CVE-2022-21449 and FIPS 186-4 section 6.4: r and s lie from 1 to n - 1, and a number modulo n is no other spelling of one.
  test.each(CURVES)('refuses r and s of 0, 1, n - 1, n, n + 1 and p for %s', async (algorithm, n, p, length) => {
    const { publicKey } = await generateJwtKeyPair(algorithm);
    const numbers = [0n, 1n, n - 1n, n, n + 1n, p, 2n ** BigInt(8 * length) - 1n].map((value) =>
      bigEndian(value, length)
    );
    for (const r of numbers) {
      for (const s of numbers) {
        const signature = Uint8Array.of(...r, ...s);
        expect(signature.length).toBe(2 * length);
        const token = `${segment({ alg: algorithm })}.${segment('payload')}.${encodeBase64Url(signature)}`;
        expect(await outcome(() => verifyJws(token, { keys: [publicKey], algorithms: [algorithm] }))).toBe(
          'jwt_signature_invalid',
        );
      }
    }
  });
});
