import { describe, expect, test } from 'vitest';
import { array } from '../../src/schema/array.ts';
import { lazy } from '../../src/schema/lazy.ts';
import { number } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { oneOf } from '../../src/schema/one-of.ts';
import { optional } from '../../src/schema/optional.ts';
import { parse } from '../../src/schema/parse.ts';
import { record } from '../../src/schema/record.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { union } from '../../src/schema/union.ts';
import { unknown } from '../../src/schema/unknown.ts';

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
  test.each([
    { name: 'array()', leaf: array(number()), value: Array.from({ length: 1000 }, () => 1) },
    {
      name: 'record()',
      leaf: record(number(), { max: 1000 }),
      value: Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, 1])),
    },
    { name: 'unknown()', leaf: unknown({ maxNodes: 2000 }), value: Array.from({ length: 1000 }, () => 1) },
  ])('items of $name', ({ leaf, value }) => {
    const { codes, reads } = readTree(leaf, value);
    expect(codes.length).toBeGreaterThan(0);
    // 10,000 visits of 63 each, on each of two passes; without a charge it is 4,096 and more.
    expect(reads).toBeLessThan(700);
  });

  test('a list outside of it costs nothing', () => {
    const schema = object({ list: array(number(), { max: 200_000 }), tree: lazy(() => number()) });
    expect(parse(schema, { list: Array.from({ length: 200_000 }, () => 1), tree: 1 }).ok).toBe(true);
  });
});
