import { describe, expect, test } from 'vitest';
import { createKeyedHash } from '../../src/crypto/keyed-hash.ts';
import { collideFnv1a, collideMurmur2, collideMurmur3, fnv1a, murmur2, murmur3 } from '../vectors/hash-collisions.ts';

const PAIRS = 13;
const KEYS = 2 ** PAIRS;
const SETS = 1024;
const SEEDS: readonly number[] = [0, 1, 0x9747b28c];
const SECRETS: readonly Uint8Array[] = [
  new Uint8Array(8),
  new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]),
  new Uint8Array(8).fill(255),
];

/** Keys that an attacker would send, and under how many of some hashes they meet. */
const HOSTILE: Readonly<Record<string, readonly string[]>> = {
  'FNV-1a': collideFnv1a(PAIRS),
  'MurmurHash2': collideMurmur2(PAIRS),
  'MurmurHash3': collideMurmur3(PAIRS),
  // A platform whose own hash of such texts has no seed was made to hang by them: CVE-2026-21717.
  'whole numbers': Array.from({ length: KEYS }, (_, index) => String(index)),
  'the largest array indexes': Array.from({ length: KEYS }, (_, index) => String(2 ** 32 - KEYS / 2 + index)),
};

/** How many keys meet in the set of a table that has most of them. */
function fullest(keys: readonly string[], secret: Uint8Array, readWord: 'low' | 'high'): number {
  const hash = createKeyedHash(secret);
  const sets = new Uint32Array(SETS);
  for (const key of keys) {
    hash.update(key);
    const set = hash[readWord]() % SETS;
    sets[set] = (sets[set] ?? 0) + 1;
  }
  return Math.max(...sets);
}

describe('createKeyedHash() and keys that collide under other hashes', () => {
  test('the keys are distinct, of one length, and do collide there', () => {
    for (const name of ['FNV-1a', 'MurmurHash2', 'MurmurHash3']) {
      const keys = HOSTILE[name] ?? [];
      expect(new Set(keys).size).toBe(KEYS);
      expect(new Set(keys.map((key) => key.length)).size).toBe(1);
    }
    expect(new Set(HOSTILE['FNV-1a']?.map((key) => fnv1a(key))).size).toBe(1);
    for (const seed of SEEDS) {
      expect(new Set(HOSTILE['MurmurHash2']?.map((key) => murmur2(key, seed))).size).toBe(1);
      expect(new Set(HOSTILE['MurmurHash3']?.map((key) => murmur3(key, seed))).size).toBe(1);
    }
  });

  test('the other hashes are what they say', () => {
    // The vectors of the FNV reference code and of the usual tests of MurmurHash.
    expect(fnv1a('a')).toBe(0xe40c292c);
    expect(fnv1a('foobar')).toBe(0xbf9cf968);
    expect(murmur3('', 1)).toBe(0x514e28b7);
    expect(murmur3('test', 0)).toBe(0xba6bd213);
    expect(murmur3('test', 0x9747b28c)).toBe(0x704b81dc);
  });

  test.each(Object.keys(HOSTILE))('spreads them as evenly as any: %s', (name) => {
    for (const secret of SECRETS) {
      for (const word of ['low', 'high'] as const) {
        // 8 on average; by chance a set has more than 30 once in some million tables.
        expect(fullest(HOSTILE[name] ?? [], secret, word)).toBeLessThanOrEqual(30);
      }
    }
  });

  test.each(Object.keys(HOSTILE))('keeps them apart: %s', (name) => {
    const hash = createKeyedHash(new Uint8Array([8, 7, 6, 5, 4, 3, 2, 1]));
    const hashes = HOSTILE[name]?.map((key) => {
      hash.update(key);
      return `${hash.low()}.${hash.high()}`;
    });
    expect(new Set(hashes).size).toBe(KEYS);
  });
});
