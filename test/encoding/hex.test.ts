import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHex, encodeHex } from '../../src/encoding/hex.ts';

describe('encodeHex', () => {
  it('encodeHex() agrees with Number.toString', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect(encodeHex(bytes)).toBe([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
      }),
    );
  });
});

describe('decodeHex', () => {
  it('decodeHex() undoes encodeHex()', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect([...decodeHex(encodeHex(bytes)) ?? []]).toStrictEqual([...bytes]);
      }),
    );
  });

  it('decodeHex() takes exactly an even number of lower-case digits', () => {
    const letter = fc.constantFrom(...'0123456789abcdefABCDEFgx +-_\n');
    fc.assert(
      fc.property(fc.string({ unit: letter, maxLength: 6 }), (text) => {
        expect(decodeHex(text) !== undefined).toBe(/^(?:[0-9a-f]{2})*$/.test(text) && !text.includes('\n'));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['an odd length', '0'],
    ['upper case', '0A'],
    ['a prefix', '0x00'],
    ['a space, which parseInt would skip', ' 1'],
    ['a sign', '+1'],
    ['a line feed', '00\n'],
    ['half a number, which parseInt would take', '1g'],
    ['full-width digits', '００'],
    ['a colon', '00:0'],
  ])('decodeHex() refuses %s', (_name, text) => {
    expect(decodeHex(text)).toBe(undefined);
  });

  it('decodeHex() takes linear time for a megabyte', () => {
    expect(decodeHex('a0'.repeat(500_000))?.length).toBe(500_000);
    expect(decodeHex(`${'a0'.repeat(500_000)}0g`)).toBe(undefined);
  });
});
