import { describe, expect, test } from 'vitest';
import { array } from '../../src/schema/array.ts';
import { base64url } from '../../src/schema/base64url.ts';
import { ip } from '../../src/schema/ip.ts';
import { lazy } from '../../src/schema/lazy.ts';
import { number } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { oneOf } from '../../src/schema/one-of.ts';
import { optional } from '../../src/schema/optional.ts';
import { parse } from '../../src/schema/parse.ts';
import { record } from '../../src/schema/record.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { string } from '../../src/schema/string.ts';
import { tuple } from '../../src/schema/tuple.ts';
import { union } from '../../src/schema/union.ts';
import { unknown } from '../../src/schema/unknown.ts';
import { url } from '../../src/schema/url.ts';

const ONES: readonly number[] = Array.from({ length: 1000 }, () => 1);
const MANY_KEYS: Readonly<Record<string, number>> = Object.fromEntries(ONES.map((one, index) => [`k${index}`, one]));

/** Twelve levels of a union in itself, whose branches are told apart by the last key; the deepest holds a list that each branch reads again at each level. */
function readTree(
  leaf: Schema<unknown>,
  value: unknown,
): { readonly codes: readonly string[]; readonly reads: number } {
  let reads = 0;
  const counted: Schema<unknown> = {
    ...leaf,
    '~read'(item, issues, run) {
      reads++;
      return leaf['~read'](item, issues, run);
    },
  };
  const branch = (kind: string): Schema<unknown> =>
    object({ points: optional(counted), child: optional(node), kind: oneOf(kind) });
  const node: Schema<unknown> = lazy(() => union(branch('a'), branch('b')));
  let body: unknown = { points: value, kind: 'c' };
  for (let level = 0; level < 12; level++) body = { child: body, kind: 'b' };
  const result = parse(node, body);
  return { codes: result.ok ? [] : result.issues.map(({ code }) => code), reads };
}

// Hostile list 21: visits alone would let 62 KB of JSON take seven seconds.
describe('lazy() counts work, and not only visits:', () => {
  test.each<{ name: string; leaf: Schema<unknown>; value: unknown; most?: number }>([
    { name: 'array()', leaf: array(number()), value: ONES },
    {
      name: 'record()',
      leaf: record(number(), { max: 1000 }),
      value: MANY_KEYS,
    },
    { name: 'unknown()', leaf: unknown({ maxNodes: 2000 }), value: ONES },
    { name: 'unknown() that are long', leaf: unknown(), value: ['\u4e2d'.repeat(20_000)] },
    { name: 'tuple()', leaf: tuple(...ONES.map(() => number())), value: ONES, most: 350 },
    // To gather the keys of an object with many takes long, also where there are too many of them.
    { name: 'record() with too many keys', leaf: record(number()), value: MANY_KEYS, most: 100 },
    { name: 'unknown() with too many keys', leaf: unknown({ maxNodes: 10 }), value: MANY_KEYS, most: 100 },
    { name: 'unknown() with a long key', leaf: unknown(), value: { ['\u4e2d'.repeat(20_000)]: 1 } },
    { name: 'string()', leaf: string({ max: 20_000 }), value: '\u4e2d'.repeat(16_000) },
    { name: 'string() with a pattern', leaf: string({ max: 20_000, pattern: /a+/ }), value: 'a'.repeat(16_000) },
    { name: 'object() with too many keys', leaf: object({ q: optional(number()) }), value: MANY_KEYS, most: 100 },
    {
      name: 'object() that leaves many keys out',
      leaf: object({ q: optional(number()) }, { unknown: 'strip' }),
      value: MANY_KEYS,
      most: 100,
    },
    { name: 'url()', leaf: url({ max: 20_000 }), value: `https://a.test/${'a'.repeat(16_000)}` },
    { name: 'base64url()', leaf: base64url({ maxBytes: 15_000 }), value: 'A'.repeat(16_000) },
    { name: 'array() of ip()', leaf: array(ip()), value: Array.from({ length: 1000 }, () => '2001:db8::1'), most: 40 },
  ])('$name', ({ leaf, value, most = 700 }) => {
    const { codes, reads } = readTree(leaf, value);
    expect(codes.length).toBeGreaterThan(0);
    // 10,000 visits of 63 each, on each of two passes; without a charge it is 4,096 and more.
    expect(reads).toBeLessThan(most);
  });

  test('a list outside of it costs nothing', () => {
    const schema = object({ list: array(number(), { max: 200_000 }), tree: lazy(() => number()) });
    expect(parse(schema, { list: Array.from({ length: 200_000 }, () => 1), tree: 1 }).ok).toBe(true);
  });
});
