import { beforeEach, describe, expect, test, vi } from 'vitest';
import { timingSafeEqual } from '../../src/crypto/equal.ts';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import { verifyPkce } from '../../src/pkce/index.ts';
import { outcome } from '../jwt/forge.ts';
import { CHALLENGE, VERIFIER } from '../vectors/rfc7636-b.ts';

// Only vitest on Node replaces a module for another one; what is replaced is counted and nothing else.
vi.mock(import('../../src/crypto/equal.ts'), async (importOriginal) => {
  const original = await importOriginal();
  return { timingSafeEqual: vi.fn(original.timingSafeEqual) };
});

const compare = vi.mocked(timingSafeEqual);
const OTHER = 'a'.repeat(43);

describe('verifyPkce()', () => {
  beforeEach(() => void compare.mockClear());

  // RFC 7636 section 7.2 and CWE-208: `!==` ends at the first letter that differs, and tells how many were right.
  test.each([
    ['a match', VERIFIER, 'accepted'],
    ['a mismatch', OTHER, 'pkce_mismatch'],
  ])('verifyPkce() leaves the whole comparison of %s to timingSafeEqual()', async (_what, verifier, expected) => {
    expect(await outcome(() => verifyPkce(verifier, { challenge: CHALLENGE, method: 'S256' }))).toBe(expected);
    expect(compare.mock.calls.map((sides) => sides.map((side) => side.length))).toEqual([[43, 43]]);
    expect(compare.mock.calls[0]).toContainEqual(encodeUtf8(CHALLENGE));
  });
});
