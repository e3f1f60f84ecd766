/**
 * Sets of texts that meet under one hash: what an attacker sends whose requests name the keys of a table. Nobody has to guess a seed for them.
 *
 * @see Aumasson and Bernstein, SipHash: a fast short-input PRF (2012), on hash flooding
 * @see Joux, Multicollisions in iterated hash functions (2004): n pairs of blocks make 2^n texts
 */

const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const MURMUR2_M = 0x5bd1e995;
const MURMUR3_C1 = 0xcc9e2d51;
const MURMUR3_C2 = 0x1b873593;
const TOP_BIT = 0x80000000 | 0;

/** FNV-1a, 32 bits, of a text of Latin-1 characters. */
export function fnv1a(text: string, basis: number = FNV_BASIS): number {
  let hash = basis;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  return hash >>> 0;
}

/** MurmurHash2 of a text of Latin-1 characters whose length is a multiple of 4. */
export function murmur2(text: string, seed: number): number {
  let hash = seed ^ text.length;
  for (let at = 0; at < text.length; at += 4) hash = Math.imul(hash, MURMUR2_M) ^ mix2(wordAt(text, at));
  hash = Math.imul(hash ^ (hash >>> 13), MURMUR2_M);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** MurmurHash3, 32 bits, of a text of Latin-1 characters whose length is a multiple of 4. */
export function murmur3(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 4) {
    hash = (Math.imul(rotate(hash ^ mix3(wordAt(text, at)), 13), 5) + 0xe6546b64) | 0;
  }
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 2^pairs texts of one FNV-1a, found as any two of some 80,000 blocks meet: for each pair from where the one before has led. */
export function collideFnv1a(pairs: number): readonly string[] {
  let basis = FNV_BASIS;
  const blocks = Array.from({ length: pairs }, () => {
    const pair = meet(basis);
    basis = fnv1a(pair[0], basis);
    return pair;
  });
  return combine(blocks);
}

/** 2^pairs texts of one MurmurHash2, whatever the seed: a difference in the top bit survives each multiplication, and the next word undoes it. */
export function collideMurmur2(pairs: number): readonly string[] {
  return combine(Array.from({ length: pairs }, (_, at) => pairOf(at, mix2, unmix2, [TOP_BIT, TOP_BIT])));
}

/** 2^pairs texts of one MurmurHash3, whatever the seed: the difference is one that its rotation by 13 brings to the top bit. */
export function collideMurmur3(pairs: number): readonly string[] {
  return combine(Array.from({ length: pairs }, (_, at) => pairOf(at, mix3, unmix3, [rotate(TOP_BIT, 19), TOP_BIT])));
}

/** Two blocks of 5 characters that lead from a state to the same. */
function meet(basis: number): readonly [string, string] {
  const seen = new Map<number, string>();
  for (let count = 36 ** 4; count < 36 ** 5; count++) {
    const block = count.toString(36);
    const hash = fnv1a(block, basis);
    const other = seen.get(hash);
    if (other !== undefined) return [other, block];
    seen.set(hash, block);
  }
  throw new Error('There is no such block.');
}

type Mix = (word: number) => number;

/** Two blocks of two words each, whose words differ, once mixed, by these. */
function pairOf(at: number, mix: Mix, unmix: Mix, differences: readonly number[]): readonly [string, string] {
  const words = differences.map((difference) => {
    for (let count = 36 ** 3 + at * 1000; count < 36 ** 4; count++) {
      const word = count.toString(36);
      const other = textOf(unmix(mix(wordAt(word, 0)) ^ difference));
      // A difference in the top bit before the multiplications is one in the top bit of a character.
      if (/^[!-~\u00a1-\u00ff]{4}$/.test(other)) return [word, other];
    }
    throw new Error('There is no such word.');
  });
  return [words.map((pair) => pair[0]).join(''), words.map((pair) => pair[1]).join('')];
}

function combine(blocks: readonly (readonly [string, string])[]): readonly string[] {
  return blocks.reduce<readonly string[]>((texts, pair) => texts.flatMap((text) => pair.map((block) => text + block)), [
    '',
  ]);
}

function wordAt(text: string, at: number): number {
  return [3, 2, 1, 0].reduce((word, offset) => (word << 8) | text.charCodeAt(at + offset), 0);
}

function textOf(word: number): string {
  return String.fromCharCode(...[0, 8, 16, 24].map((shift) => (word >>> shift) & 255));
}

function mix2(word: number): number {
  const mixed = Math.imul(word, MURMUR2_M);
  return Math.imul(mixed ^ (mixed >>> 24), MURMUR2_M);
}

function unmix2(word: number): number {
  const mixed = Math.imul(word, invert(MURMUR2_M));
  return Math.imul(mixed ^ (mixed >>> 24), invert(MURMUR2_M));
}

function mix3(word: number): number {
  return Math.imul(rotate(Math.imul(word, MURMUR3_C1), 15), MURMUR3_C2);
}

function unmix3(word: number): number {
  return Math.imul(rotate(Math.imul(word, invert(MURMUR3_C2)), 17), invert(MURMUR3_C1));
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** The inverse of an odd number modulo 2^32; each round doubles the bits that are right. */
function invert(odd: number): number {
  let inverse = odd;
  for (let round = 0; round < 5; round++) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
  return inverse;
}
