import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedHash } from '../../src/crypto/keyed-hash.ts';
import { HALF_SIP_HASH_1_3_32, HALF_SIP_HASH_2_4_64 } from '../vectors/half-sip-hash.ts';

const MASK = 0xffff_ffffn;

interface Variant {
  readonly compressions: number;
  readonly finalizations: number;
  readonly words: 1 | 2;
}

/** HalfSipHash from the paper, over bytes, in arithmetic that cannot overflow: the oracle, itself checked against published vectors. */
function halfSipHash(key: readonly number[], bytes: readonly number[], variant: Variant): readonly bigint[] {
  const rotate = (word: bigint, by: bigint): bigint => ((word << by) | (word >> (32n - by))) & MASK;
  const wordAt = (from: readonly number[], index: number): bigint =>
    [3, 2, 1, 0].reduce((word, offset) => (word << 8n) | BigInt(from[index + offset] ?? 0), 0n);
  const k0 = wordAt(key, 0);
  const k1 = wordAt(key, 4);
  let [v0, v1, v2, v3] = [k0, k1, 0x6c796765n ^ k0, 0x74656462n ^ k1];
  const rounds = (count: number): void => {
    for (let round = 0; round < count; round++) {
      v0 = (v0 + v1) & MASK;
      v1 = rotate(v1, 5n) ^ v0;
      v0 = rotate(v0, 16n);
      v2 = (v2 + v3) & MASK;
      v3 = rotate(v3, 8n) ^ v2;
      v0 = (v0 + v3) & MASK;
      v3 = rotate(v3, 7n) ^ v0;
      v2 = (v2 + v1) & MASK;
      v1 = rotate(v1, 13n) ^ v2;
      v2 = rotate(v2, 16n);
    }
  };
  if (variant.words === 2) v1 ^= 0xeen;
  const padded = [...bytes];
  while (padded.length % 4 !== 3) padded.push(0);
  padded.push(bytes.length & 255);
  for (let index = 0; index < padded.length; index += 4) {
    const word = wordAt(padded, index);
    v3 ^= word;
    rounds(variant.compressions);
    v0 ^= word;
  }
  v2 ^= variant.words === 2 ? 0xeen : 0xffn;
  rounds(variant.finalizations);
  const first = v1 ^ v3;
  if (variant.words === 1) return [first];
  v1 ^= 0xddn;
  rounds(variant.finalizations);
  return [first, v1 ^ v3];
}

function utf16(text: string): readonly number[] {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index)).flatMap((
    unit,
  ) => [unit & 255, unit >> 8]);
}

function hash(secret: Uint8Array, text: string): readonly [number, number] {
  const keyed = createKeyedHash(secret);
  keyed.update(text);
  return [keyed.low(), keyed.high()];
}

const SECRET = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]);
const count = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 40 });
const anySecret = fc.uint8Array({ minLength: 8, maxLength: 8 });

describe('the oracle', () => {
  it.each(HALF_SIP_HASH_1_3_32.map((expected, length) => ({ expected, length })))(
    'halfSipHash() computes the published 1-3 hash of $length bytes',
    ({ expected, length }) => {
      const variant = { compressions: 1, finalizations: 3, words: 1 } as const;
      expect(halfSipHash(count(8), count(length), variant)).toStrictEqual([BigInt(expected)]);
    },
  );

  it.each(HALF_SIP_HASH_2_4_64.map((expected, length) => ({ expected, length })))(
    'halfSipHash() computes the published 2-4 hash of $length bytes in 64 bits',
    ({ expected, length }) => {
      const words = halfSipHash(count(8), count(length), { compressions: 2, finalizations: 4, words: 2 });
      const bytes = words.flatMap((word) => [0n, 8n, 16n, 24n].map((by) => (word >> by) & 255n));
      expect(bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')).toBe(expected);
    },
  );
});

describe('createKeyedHash', () => {
  it('createKeyedHash() is HalfSipHash-1-3 of the UTF-16LE bytes', () => {
    fc.assert(
      fc.property(anySecret, anyText, (secret, text) => {
        const expected = halfSipHash([...secret], utf16(text), { compressions: 1, finalizations: 3, words: 2 });
        expect(hash(secret, text).map(BigInt)).toStrictEqual(expected);
      }),
    );
  });

  it('createKeyedHash() agrees for texts longer than the length byte can count', () => {
    for (const length of [127, 128, 129, 255, 256, 257, 1000]) {
      const text = 'é'.repeat(length);
      const expected = halfSipHash([...SECRET], utf16(text), { compressions: 1, finalizations: 3, words: 2 });
      expect(hash(SECRET, text).map(BigInt)).toStrictEqual(expected);
    }
  });

  it('createKeyedHash() forgets the text before: order does not matter', () => {
    fc.assert(
      fc.property(anySecret, anyText, anyText, (secret, before, text) => {
        const keyed = createKeyedHash(secret);
        keyed.update(before);
        keyed.update(text);
        expect([keyed.low(), keyed.high()]).toStrictEqual(hash(secret, text));
      }),
    );
  });

  it('createKeyedHash() gives another hash under another secret', () => {
    const other = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 8]);
    expect(hash(SECRET, 'key')).not.toStrictEqual(hash(other, 'key'));
  });

  // Padding with zeros alone would make these collide.
  it.each([['', '\0'], ['a', 'a\0'], ['a\0', 'a\0\0'], ['ab', 'ab\0\0'], ['\0', '\0\0']])(
    'createKeyedHash() tells %j from %j',
    (left, right) => {
      expect(hash(SECRET, left)).not.toStrictEqual(hash(SECRET, right));
    },
  );

  it('createKeyedHash() has no collision in 20,000 counted keys', () => {
    const seen = new Set(Array.from({ length: 20_000 }, (_, index) => hash(SECRET, `192.0.2.${index}`).join()));
    expect(seen.size).toBe(20_000);
  });

  it('createKeyedHash() reads the view of the secret, not the buffer under it', () => {
    const buffer = new Uint8Array([9, 9, 0, 1, 2, 3, 4, 5, 6, 7]);
    expect(hash(buffer.subarray(2), 'key')).toStrictEqual(hash(SECRET, 'key'));
  });

  it('createKeyedHash() throws a RangeError for a secret that is too short', () => {
    expect(() => createKeyedHash(new Uint8Array(7))).toThrow(RangeError);
  });
});
