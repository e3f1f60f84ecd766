import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  array,
  check,
  int,
  lazy,
  map,
  nullable,
  object,
  optional,
  parse,
  record,
  refine,
  type Schema,
  string,
  tuple,
  union,
  unknown,
  variant,
} from '../../src/schema/index.ts';
import { polluting, withPollution } from './pollution.ts';

const order = object({ sku: string({ min: 1 }), quantity: int({ min: 1 }), note: optional(string()) });

describe('check()', () => {
  test('check() says yes to what the schema puts out', () => {
    expect(check(order, { sku: 'pen', quantity: 1 })).toBe(true);
  });

  test.each([
    ['a wrong value', { sku: 'pen', quantity: 0 }],
    ['a missing key', { sku: 'pen' }],
    ['an undeclared key', { sku: 'pen', quantity: 1, isAdmin: true }],
    ['no object', null],
  ])('check() says no to %s', (_name, value) => {
    expect(check(order, value)).toBe(false);
  });

  // Hostile list 1.
  test('check() says no to an own __proto__', () => {
    expect(check(order, JSON.parse('{"sku":"pen","quantity":1,"__proto__":{}}'))).toBe(false);
    expect(check(record(int()), JSON.parse('{"__proto__":1}'))).toBe(false);
    expect(check(unknown(), JSON.parse('{"__proto__":1}'))).toBe(false);
  });

  // Hostile list 4.
  test('check() says no to a key that a polluted prototype lends', () => {
    const [required, stripped] = withPollution('quantity', polluting(1), () => [
      check(order, { sku: 'pen' }),
      check(object({ quantity: int() }, { unknown: 'strip' }), {}),
    ]);
    expect([required, stripped]).toEqual([false, false]);
  });

  test('check() tells the compiler', () => {
    const value: unknown = { sku: 'pen', quantity: 1 };
    if (!check(order, value)) throw new Error('a valid order was refused');
    expectTypeOf(value).toEqualTypeOf<{ sku: string; quantity: number; note?: string }>();
    expect(value.quantity).toBe(1);
  });

  // What would come out is another object than what was asked about.
  test('check() says no to a value that a default would add to', () => {
    const page = object({ size: optional(int(), 20) });
    expect(check(page, { size: 5 })).toBe(true);
    expect(check(page, {})).toBe(false);
    expect(check(page, { size: undefined })).toBe(false);
    expect(check(tuple(optional(int(), 20)), [undefined])).toBe(false);
    expect(check(tuple(optional(int())), [undefined])).toBe(true);
  });

  test('check() says yes to a missing optional key, of whatever schema', () => {
    expect(check(object({ a: optional(map(string(), Number)) }), {})).toBe(true);
  });

  test('check() overlooks what a strip object would leave out', () => {
    const value = { a: 1, isAdmin: true };
    expect(check(object({ a: int() }, { unknown: 'strip' }), value)).toBe(true);
    expect(value).toEqual({ a: 1, isAdmin: true });
  });

  test('check() says no to a mapped schema wherever it stands, and never runs the function', () => {
    let calls = 0;
    const mapped = map(string(), (text) => {
      calls++;
      return text;
    });
    const values: readonly (readonly [Schema<unknown>, unknown])[] = [
      [mapped, 'a'],
      [array(mapped), ['a']],
      [object({ a: mapped }), { a: 'a' }],
      [record(mapped), { a: 'a' }],
      [tuple(mapped), ['a']],
      [nullable(mapped), 'a'],
      [union(mapped, int()), 'a'],
      [lazy(() => mapped), 'a'],
      [variant('t', { x: object({ a: mapped }) }), { t: 'x', a: 'a' }],
    ];
    expect(values.map(([schema, value]) => check(schema, value))).toEqual(values.map(() => false));
    expect(calls).toBe(0);
  });

  // The reader answers the very value it was given: nothing was made on the way.
  test.each<[string, Schema<unknown>, unknown]>([
    ['object', order, { sku: 'pen', quantity: 1 }],
    ['array', array(order), [{ sku: 'pen', quantity: 1 }]],
    ['tuple', tuple(int(), int()), [1, 2]],
    ['unknown', unknown(), { a: [1] }],
    ['record', record(record(int())), { a: { b: 1 } }],
    ['nullable', nullable(order), { sku: 'pen', quantity: 1 }],
    ['lazy', lazy(() => order), { sku: 'pen', quantity: 1 }],
    ['union', union(int(), order), { sku: 'pen', quantity: 1 }],
    ['variant', variant('t', { x: order }), { t: 'x', sku: 'pen', quantity: 1 }],
  ])('check() makes no copy of the value of %s()', (_name, schema, value) => {
    expect(schema['~read'](value, undefined, { bare: true, depth: 0, work: 0 })).toBe(value);
  });

  // Half a copy would be worse than a whole one: a predicate asks about what the reader answers.
  test.each<[string, Schema<unknown>, unknown]>([
    ['array', array(int()), [1, 2]],
    ['tuple', tuple(int(), int()), [1, 2]],
    ['unknown', unknown(), { a: [1] }],
    ['unknown', unknown(), [{ a: 1 }]],
    ['record', record(int()), { a: 1 }],
    ['object', object({ a: int(), b: optional(int()) }), { a: 1 }],
  ])('check() shows the whole value of %s() to a predicate', (_name, schema, value) => {
    const text = JSON.stringify(value);
    const same = refine(schema, (seen) => JSON.stringify(seen) === text, 'not_whole');
    expect([parse(same, value).ok, check(same, value)]).toEqual([true, true]);
  });

  test('check() passes on what a getter throws', () => {
    const value = {
      get sku(): string {
        throw new Error('mine');
      },
    };
    expect(() => check(order, value)).toThrow('mine');
  });
});
