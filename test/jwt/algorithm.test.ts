import { describe, expect, test } from 'vitest';
import { algorithmRow, isSignature } from '../../src/jwt/algorithm.ts';

function signature(length: number, ...ones: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const index of ones) bytes[index] = 1;
  return bytes;
}

describe('isSignature()', () => {
  test.each([
    ['both halves', signature(64, 0, 63), true],
    ['the inner edges of both halves', signature(64, 31, 32), true],
    // CVE-2022-21449: refused here even where a platform forgets to.
    ['nothing', signature(64), false],
    ['r alone', signature(64, 0, 31), false],
    ['s alone', signature(64, 32, 63), false],
    ['63 bytes', signature(63, 0, 62), false],
    ['65 bytes', signature(65, 0, 64), false],
    ['no bytes', signature(0), false],
  ])('judges an ES256 signature that holds %s', (_what, bytes, expected) => {
    expect(isSignature(algorithmRow('ES256'), bytes)).toBe(expected);
  });

  // The same for the wider curves, whose halves are of 48 and 66 bytes.
  test.each([['ES384', 48], ['ES512', 66]] as const)('judges the halves of an %s signature', (algorithm, half) => {
    const judge = (...ones: readonly number[]): boolean =>
      isSignature(algorithmRow(algorithm), signature(2 * half, ...ones));
    expect([judge(half - 1, half), judge(0, 2 * half - 1)]).toEqual([true, true]);
    expect([judge(0, half - 1), judge(half, 2 * half - 1), judge()]).toEqual([false, false, false]);
  });
});
