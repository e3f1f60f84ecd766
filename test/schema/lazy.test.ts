import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  array,
  check,
  type Infer,
  int,
  lazy,
  map,
  nullable,
  object,
  oneOf,
  optional,
  parse,
  record,
  refine,
  type Schema,
  string,
  union,
} from '../../src/schema/index.ts';
import { deepFreeze, findings } from './findings.ts';

interface Folder {
  name: string;
  folders: Folder[];
}
const folder: Schema<Folder> = lazy(() => object({ name: string({ max: 5 }), folders: array(folder) }));

interface Chain {
  next: Chain | null;
}

function chainOf(depth: number): Chain {
  let chain: Chain = { next: null };
  for (let level = 1; level < depth; level++) chain = { next: chain };
  return chain;
}

/** Each level is read by both branches, since only the last key tells them apart: 2^depth visits, if nobody counts. */
function doubling(options: { readonly maxDepth?: number; readonly maxVisits?: number }): {
  readonly schema: Schema<unknown>;
  readonly visits: () => number;
} {
  let visits = 0;
  const counted = refine(int(), () => ++visits > 0, 'counted');
  const schema: Schema<unknown> = lazy(() =>
    union(
      object({ n: counted, child: optional(schema), last: oneOf('a') }),
      object({ n: counted, child: optional(schema), last: oneOf('b') }),
    ), options);
  return { schema, visits: () => visits };
}

function nest(depth: number, last: string): unknown {
  let value: unknown = { n: 1, last };
  for (let level = 1; level < depth; level++) value = { n: 1, child: value, last };
  return value;
}

describe('lazy()', () => {
  test('lazy() lets a value through that holds its like', () => {
    const input = deepFreeze({ name: 'a', folders: [{ name: 'b', folders: [] }, { name: 'c', folders: [] }] });
    const result = parse(folder, input);
    expect(result).toStrictEqual({ ok: true, value: input });
    expect(result.ok && Object.is(result.value, input)).toBe(false);
  });

  test('lazy() refuses what is wrong inside, at its place', () => {
    expect(findings(folder, { name: 'a', folders: [{ name: 'b', folders: [{ name: 1, folders: [] }] }] })).toEqual([
      ['not_string', 'folders', 0, 'folders', 0, 'name'],
    ]);
  });

  test('lazy() makes its schema once, at the first value', () => {
    let made = 0;
    const schema = lazy(() => {
      made++;
      return int();
    });
    expect(made).toBe(0);
    expect([parse(schema, 1).ok, parse(schema, 'x').ok, check(schema, 2)]).toEqual([true, false, true]);
    expect(made).toBe(1);
  });

  test('lazy() may stand 32 times within itself by default', () => {
    const chain: Schema<Chain> = lazy(() => object({ next: nullable(chain) }));
    expect(parse(chain, chainOf(32)).ok).toBe(true);
    expect(findings(chain, chainOf(33))).toEqual([['too_deep', ...new Array(32).fill('next')]]);
  });

  test.each([1, 2, 256])('lazy() may stand %i times within itself where maxDepth says so', (maxDepth) => {
    const chain: Schema<Chain> = lazy(() => object({ next: nullable(chain) }), { maxDepth });
    expect([parse(chain, chainOf(maxDepth)).ok, parse(chain, chainOf(maxDepth + 1)).ok]).toEqual([true, false]);
  });

  // Hostile list 15: 3,000 levels are 18 KB, and other validators end in a RangeError.
  test.each([3000, 100_000])('lazy() answers %i levels of nesting', (depth) => {
    const deep: unknown = JSON.parse('{"name":"a","folders":['.repeat(depth) + ']}'.repeat(depth));
    expect(findings(folder, deep).map(([code]) => code)).toEqual(['too_deep']);
    expect(check(folder, deep)).toBe(false);
  });

  test('lazy() at the greatest depth through many structures needs no more stack than there is', () => {
    const schema: Schema<unknown> = lazy(
      () => nullable(union(int(), record(array(refine(union(object({ a: schema }), schema), () => true, 'kept'))))),
      {
        maxDepth: 256,
        maxVisits: 1_000_000,
      },
    );
    let value: unknown = 1;
    for (let level = 0; level < 254; level++) value = { k: [value] };
    expect(() => parse(schema, value)).not.toThrow();
  });

  // Hostile list 23.
  test('lazy() answers a cyclic value', () => {
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle['folders'] = [cycle, cycle];
    expect(findings(folder, cycle).length).toBeGreaterThan(0);
    expect(check(folder, cycle)).toBe(false);
  });

  test('lazy() that is nothing but itself lets nothing through', () => {
    const self: Schema<unknown> = lazy(() => self);
    expect(findings(self, 1)).toEqual([['too_deep']]);
  });

  // Hostile list 21: [M: depth 12, 70 bytes: 36 ms and 1.4 MB of issues].
  test('lazy() bounds the visits of unions within unions', () => {
    const { schema, visits } = doubling({ maxDepth: 256 });
    const result = parse(schema, nest(200, 'b'));
    expect(result.ok ? 0 : result.issues.length).toBeLessThanOrEqual(8);
    expect(JSON.stringify(result).length).toBeLessThan(10_000);
    // On each of two passes, every visit reads its number in two branches, and once more for each of them to explain.
    expect(visits()).toBeLessThanOrEqual(2 * 4 * 10_000);
    expect(visits()).toBeGreaterThan(10_000);
  });

  test('lazy() lets a value through that is within maxVisits, and none that needs one more', () => {
    // A chain of d levels, all of whose first branches fail: 2^d - 1 visits.
    expect(parse(doubling({ maxVisits: 31 }).schema, nest(5, 'b')).ok).toBe(true);
    expect(findings(doubling({ maxVisits: 30 }).schema, nest(5, 'b')).flat()).toContain('too_complex');
  });

  test('lazy() counts the visits of each value anew', () => {
    const { schema } = doubling({ maxVisits: 31 });
    const answers = Array.from({ length: 3 }, () => parse(schema, nest(5, 'b')).ok);
    expect([...answers, parse(schema, nest(6, 'b')).ok, parse(schema, nest(5, 'b')).ok]).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
  });

  // Hostile list 54: what one value used up must not be missing for the next.
  test('lazy() has its whole depth again after a refusal', () => {
    const chain: Schema<Chain> = lazy(() => object({ next: nullable(chain) }), { maxDepth: 3 });
    const answers = Array.from({ length: 5 }, () => [parse(chain, chainOf(4)).ok, parse(chain, chainOf(3)).ok]);
    expect(answers).toEqual(Array.from({ length: 5 }, () => [false, true]));
  });

  test.each<[string, () => unknown]>([
    ['a getter', () => Object.defineProperty({}, 'next', { enumerable: true, get: explode })],
    ['a predicate', () => ({ next: { n: 1, next: null } })],
    ['a map', () => ({ next: { m: 1, next: null } })],
  ])('lazy() has its whole depth again after %s inside has thrown', (_name, makeValue) => {
    const part: Schema<unknown> = lazy(() =>
      object({
        next: nullable(part),
        n: optional(refine(int(), explode, 'exploded')),
        m: optional(map(int(), explode)),
      }), { maxDepth: 3, maxVisits: 3 });
    for (let round = 0; round < 4; round++) expect(() => parse(part, makeValue())).toThrow('mine');
    expect([parse(part, chainOf(3)).ok, parse(part, chainOf(4)).ok]).toEqual([true, false]);
  });

  test('lazy() asks again for a schema that could not be made', () => {
    let tries = 0;
    const schema = lazy(() => {
      if (++tries === 1) throw new Error('not yet');
      return int();
    });
    expect(() => parse(schema, 1)).toThrow('not yet');
    expect(parse(schema, 1)).toEqual({ ok: true, value: 1 });
  });

  // A predicate may read the same schema: it must not get more depth, nor leave less.
  test('lazy() keeps count when it is read while it is read', () => {
    const chain: Schema<Chain> = lazy(
      () => refine(object({ next: nullable(chain) }), ({ next }) => check(nullable(chain), next), 'checked'),
      { maxDepth: 4 },
    );
    expect([4, 5, 4].map((depth) => parse(chain, chainOf(depth)).ok)).toEqual([true, false, true]);
  });

  test('two lazy() that hold each other are counted together', () => {
    interface Even {
      odd?: Odd;
    }
    interface Odd {
      even?: Even;
    }
    const even: Schema<Even> = lazy(() => object({ odd: optional(odd) }), { maxDepth: 3 });
    const odd: Schema<Odd> = lazy(() => object({ even: optional(even) }), { maxDepth: 3 });
    expect(parse(even, { odd: { even: {} } }).ok).toBe(true);
    expect(findings(even, { odd: { even: { odd: {} } } })).toEqual([['too_deep', 'odd', 'even', 'odd']]);
  });

  // A function that makes another schema at every level makes each of them a stranger to the others.
  test('lazy() of a factory ends at its depth, and not at that of the stack', () => {
    interface Tree {
      kids: Tree[];
    }
    const tree = (): Schema<Tree> => lazy(() => object({ kids: array(tree()) }));
    let deep: Tree = { kids: [] };
    for (let level = 0; level < 20_000; level++) deep = { kids: [deep] };
    expect(findings(tree(), deep).map(([code]) => code)).toEqual(['too_deep']);
  });

  // Each item of a list with a budget of its own would multiply the budget by the length of the list.
  test('lazy() counts the visits of all items of an array together', () => {
    const item: Schema<number> = lazy(() => int(), { maxVisits: 10 });
    expect(parse(array(item), Array.from({ length: 10 }, () => 1)).ok).toBe(true);
    expect(findings(array(item), Array.from({ length: 11 }, () => 1))).toEqual([['too_complex', 10]]);
  });

  test('lazy() of an optional schema still wants its key to be there', () => {
    expect(findings(object({ a: lazy(() => optional(int())) }), {})).toEqual([['required', 'a']]);
  });

  test.each([[{ maxDepth: 0 }], [{ maxDepth: 257 }], [{ maxDepth: 1.5 }], [{ maxVisits: 0 }], [{
    maxVisits: 1_000_001,
  }], [{ maxVisits: Number.NaN }]])('lazy() throws on the bound %j', (options) => {
    expect(() => lazy(() => int(), options)).toThrow(RangeError);
  });

  test('lazy() throws on an unknown option, and on what is no function', () => {
    expect(() => Reflect.apply(lazy, undefined, [() => int(), { depth: 1 }])).toThrow(TypeError);
    expect(() => Reflect.apply(lazy, undefined, [int()])).toThrow(TypeError);
  });

  test('lazy() throws at the first value when no schema was made', () => {
    const schema: Schema<unknown> = Reflect.apply(lazy, undefined, [() => ({ a: 1 })]);
    expect(() => parse(schema, 1)).toThrow(TypeError);
  });

  test('lazy() has the type that it is given', () => {
    expectTypeOf<Infer<typeof folder>>().toEqualTypeOf<Folder>();
    expect(folder['~presence']).toBe('required');
  });
});

function explode(): never {
  throw new Error('mine');
}
