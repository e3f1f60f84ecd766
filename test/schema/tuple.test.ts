import { describe, expect, expectTypeOf, test } from 'vitest';
import { array, type Infer, int, object, optional, parse, type Schema, string, tuple } from '../../src/schema/index.ts';
import { deepFreeze, findings } from './findings.ts';

const point = tuple(int({ min: -90, max: 90 }), string({ max: 3 }));

describe('tuple()', () => {
  test('tuple() lets an array of its items through, as a new array', () => {
    const input = deepFreeze([52, 'abc']);
    const result = parse(point, input);
    expect(result).toStrictEqual({ ok: true, value: [52, 'abc'] });
    expect(result.ok && Object.is(result.value, input)).toBe(false);
  });

  test('tuple() refuses each wrong item at its place', () => {
    expect(findings(point, [91, 'abcd'])).toEqual([['too_large', 0], ['too_long', 1]]);
  });

  test.each([['fewer', [52]], ['more', [52, 'a', 1]], ['none', []]])('tuple() refuses %s items', (_name, value) => {
    expect(parse(point, value)).toEqual({
      ok: false,
      issues: [{ code: 'wrong_length', path: [], message: 'must have 2 items', params: { length: 2 } }],
    });
  });

  // Hostile list 10.
  test.each([
    ['an object with indexes', { 0: 52, 1: 'a', length: 2 }],
    ['a typed array', new Uint8Array(2)],
    ['a string', '52'],
    ['null', null],
    ['a Set', new Set([52, 'a'])],
  ])('tuple() refuses %s', (_name, value) => {
    expect(findings(point, value)).toEqual([['not_array']]);
  });

  // Hostile list 18: a million items are counted, not read.
  test('tuple() reads no item of an array that is too long', () => {
    let reads = 0;
    const long = new Proxy<unknown[]>(new Array(1_000_000), {
      get(target, key) {
        if (key !== 'length') reads++;
        return Reflect.get(target, key);
      },
    });
    expect(findings(point, long)).toEqual([['wrong_length']]);
    expect(reads).toBe(0);
  });

  test('tuple() refuses a hole', () => {
    expect(findings(point, [52, ...new Array(1)])).toEqual([['not_string', 1]]);
  });

  // Hostile list 12.
  test('tuple() reads each item once on success', () => {
    let reads = 0;
    const input: unknown[] = [1, 'a'];
    Object.defineProperty(input, 1, { get: () => reads++ === 0 ? 'a' : 'admin' });
    expect(parse(point, input)).toEqual({ ok: true, value: [1, 'a'] });
    expect(reads).toBe(1);
  });

  test('tuple() lets an optional item be undefined, and keeps the length', () => {
    const schema = tuple(int(), optional(int()));
    expect(parse(schema, [1, undefined])).toStrictEqual({ ok: true, value: [1, undefined] });
    expect(findings(schema, [1])).toEqual([['wrong_length']]);
  });

  // Hostile list 19.
  test('tuple() lists at most 8 issues', () => {
    const schema = tuple(...Array.from({ length: 20 }, () => int()));
    expect(findings(schema, new Array(20).fill('x'))).toHaveLength(8);
  });

  test('tuple() stands in arrays and holds objects', () => {
    const schema = array(tuple(object({ a: int() }), int()));
    expect(findings(schema, [[{ a: 1 }, 1], [{ a: 'x' }, 'y']])).toEqual([
      ['not_integer', 1, 0, 'a'],
      ['not_integer', 1, 1],
    ]);
  });

  test('tuple() of no items takes the empty array alone', () => {
    expect(parse(tuple(), [])).toEqual({ ok: true, value: [] });
    expect(parse(tuple(), [1]).ok).toBe(false);
  });

  test('tuple() throws on what is no schema', () => {
    expect(() => Reflect.apply(tuple, undefined, [int(), int])).toThrow(TypeError);
    expect(() => Reflect.apply(tuple, undefined, [[int()]])).toThrow(TypeError);
  });

  test('tuple() gives away none of its own lists', () => {
    const items: Schema<unknown>[] = [int()];
    const schema = tuple(...items);
    items.push(string());
    expect(parse(schema, [1]).ok).toBe(true);
    const kind = schema['~kind'];
    expect(kind.type === 'tuple' && Object.isFrozen(kind.items)).toBe(true);
  });

  test('tuple() infers a tuple', () => {
    expectTypeOf<Infer<typeof point>>().toEqualTypeOf<[number, string]>();
    const annotated: Schema<[number, string]> = point;
    expect(annotated).toBe(point);
  });
});
