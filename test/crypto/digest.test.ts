import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/crypto/digest.ts';
import { encodeHex } from '../../src/encoding/hex.ts';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import { SHA_256_VECTORS } from '../vectors/sha-256.ts';

describe('sha256', () => {
  it.each(SHA_256_VECTORS.map(([message, digest]) => ({ length: message.length, message, digest })))(
    'sha256() computes the FIPS 180-4 digest of $length bytes',
    async ({ message, digest }) => {
      expect(encodeHex(await sha256(encodeUtf8(message)))).toBe(digest);
    },
  );

  it('sha256() hashes the view it was given, not the buffer under it', async () => {
    const view = encodeUtf8('xabcx').subarray(1, 4);
    expect(await sha256(view)).toStrictEqual(await sha256(encodeUtf8('abc')));
  });
});
