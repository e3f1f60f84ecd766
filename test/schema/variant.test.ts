import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  array,
  extend,
  type Infer,
  int,
  object,
  optional,
  parse,
  pick,
  type Schema,
  string,
  variant,
} from '../../src/schema/index.ts';
import { deepFreeze, findings, NOT_PLAIN } from './findings.ts';
import { polluting, withPollution } from './pollution.ts';

const payment = variant('by', {
  card: object({ number: string({ max: 19 }), note: optional(string()) }),
  cash: object({ given: int({ min: 0 }) }),
});

describe('variant()', () => {
  test('variant() lets each of its shapes through, with the key', () => {
    expect(parse(payment, { by: 'cash', given: 5 })).toStrictEqual({ ok: true, value: { by: 'cash', given: 5 } });
    expect(parse(payment, deepFreeze({ number: '4242', by: 'card' }))).toStrictEqual({
      ok: true,
      value: { number: '4242', by: 'card' },
    });
  });

  test('variant() tells what is wrong in the shape that was chosen, and of no other', () => {
    expect(findings(payment, { by: 'cash', given: -1 })).toEqual([['too_small', 'given']]);
    expect(findings(payment, { by: 'cash', number: '4242' })).toEqual([['required', 'given'], ['unknown_key']]);
  });

  test('variant() refuses a missing key, at its place', () => {
    expect(findings(payment, { given: 5 })).toEqual([['required', 'by']]);
    expect(findings(payment, { by: undefined, given: 5 })).toEqual([['required', 'by']]);
  });

  // Hostile list 6: a look in an object would find something under each of these.
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'CASH', 'cash ', ''])(
    'variant() refuses the name %j',
    (by) => {
      expect(findings(payment, { by, given: 5 })).toEqual([['not_allowed', 'by']]);
    },
  );

  test.each([
    ['null', null],
    ['a list of one name', ['cash']],
    ['an object', { toString: () => 'cash' }],
    [
      'a boxed string',
      Object('cash'),
    ],
    ['a number', 0],
    [
      'what is no text to anybody',
      JSON.parse('{"toString":1,"valueOf":1}'),
    ],
  ])('variant() refuses %s for a name', (_name, by) => {
    expect(findings(payment, { by, given: 5 })).toEqual([['not_allowed', 'by']]);
  });

  test('variant() takes no number for the name of digits', () => {
    const schema = variant('v', { '1': object({}) });
    expect([parse(schema, { v: '1' }).ok, parse(schema, { v: 1 }).ok]).toEqual([true, false]);
  });

  // Hostile list 3.
  test.each(['constructor', 'toString', '__proto__'])('variant() has a case named %s where one is declared', (name) => {
    const schema = variant('by', Object.fromEntries([[name, object({ a: int() })]]));
    expect(parse(schema, { by: name, a: 1 })).toEqual({ ok: true, value: { by: name, a: 1 } });
    expect(findings(schema, { by: 'valueOf', a: 1 })).toEqual([['not_allowed', 'by']]);
  });

  // Hostile list 3: the key itself must be the value's own.
  test('variant() with the key constructor takes an own one alone', () => {
    const schema = variant('constructor', { a: object({}) });
    expect(findings(schema, {})).toEqual([['required', 'constructor']]);
    expect(parse(schema, { constructor: 'a' }).ok).toBe(true);
  });

  // Hostile list 4.
  test('variant() takes no name from a polluted prototype', () => {
    const codes = withPollution('by', polluting('cash'), () => findings(payment, { given: 5 }));
    expect(codes).toEqual([['required', 'by']]);
  });

  // Hostile list 1.
  test('variant() refuses an own __proto__', () => {
    expect(findings(payment, JSON.parse('{"by":"cash","given":5,"__proto__":{"by":"card"}}'))).toEqual([[
      'unknown_key',
    ]]);
    expect(findings(payment, JSON.parse('{"__proto__":{"by":"cash"},"given":5}'))).toEqual([['required', 'by']]);
  });

  // Hostile list 10.
  test.each(NOT_PLAIN)('variant() refuses %s', (_name, value) => {
    expect(findings(payment, value)).toEqual([['not_object']]);
  });

  // Hostile list 11.
  test('variant() takes an object without a prototype', () => {
    const input = Object.assign(Object.create(null), { by: 'cash', given: 5 });
    expect(parse(payment, input)).toStrictEqual({ ok: true, value: { by: 'cash', given: 5 } });
  });

  // Hostile list 12: 'cash' while a shape is chosen, 'card' when it comes out. It is read twice, and both must agree.
  test('variant() refuses a name that changes between the choice and the reading', () => {
    let reads = 0;
    const input = {
      get by() {
        return reads++ % 2 === 0 ? 'cash' : 'card';
      },
      given: 5,
    };
    expect(parse(payment, input).ok).toBe(false);
  });

  // Hostile list 13.
  test('variant() refuses an undeclared key, or leaves it out where its case does', () => {
    const schema = variant('t', { a: object({}, { unknown: 'strip' }), b: object({}) });
    expect(parse(schema, { t: 'a', isAdmin: true })).toEqual({ ok: true, value: { t: 'a' } });
    expect(findings(schema, { t: 'b', isAdmin: true })).toEqual([['unknown_key']]);
  });

  // Hostile list 48.
  test('variant() issues name neither cases nor input', () => {
    const schema = variant('t', { s3cret: object({}) });
    expect(JSON.stringify(parse(schema, { t: 'gu3ss' }))).not.toMatch(/s3cret|gu3ss/);
  });

  test('variant() puts the place of the value before the places inside it', () => {
    expect(findings(array(payment), [{ by: 'cash', given: 1 }, { by: 'cash', given: 'x' }, { by: 'coin' }])).toEqual([
      ['not_integer', 1, 'given'],
      ['not_allowed', 2, 'by'],
    ]);
  });

  // Hostile list 19.
  test('variant() lists at most 8 issues', () => {
    const shape = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, int()]));
    expect(findings(variant('t', { a: object(shape) }), { t: 'a' })).toHaveLength(8);
  });

  test('variant() takes objects that were composed', () => {
    const base = object({ id: int(), name: string() });
    const schema = variant('t', { a: pick(base, 'id'), b: extend(base, { age: int() }) });
    expect(parse(schema, { t: 'a', id: 1 }).ok && parse(schema, { t: 'b', id: 1, name: '', age: 1 }).ok).toBe(true);
  });

  test('variant() keeps its cases when they change afterwards', () => {
    const cases: Record<string, typeof empty> = { a: object({}) };
    const schema = variant('t', cases);
    cases['b'] = empty;
    expect(parse(schema, { t: 'b' }).ok).toBe(false);
    const kind = schema['~kind'];
    expect(kind.type === 'variant' && Object.isFrozen(kind.cases)).toBe(true);
  });

  test.each([
    ['no cases', ['t', {}]],
    ['a list of cases', ['t', [object({})]]],
    ['a Map of cases', ['t', new Map()]],
    ['no name of a key', [undefined, { a: object({}) }]],
    ['the key __proto__', ['__proto__', { a: object({}) }]],
    ['a case that is no schema', ['t', { a: { b: int() } }]],
    ['a case that is no object', ['t', { a: array(int()) }]],
    ['a case that declares the key', ['t', { a: object({ t: string() }) }]],
    ['a literal with __proto__', ['t', { __proto__: object({}) }]],
  ])('variant() throws on %s', (_name, args) => {
    expect(() => Reflect.apply(variant, undefined, args)).toThrow(TypeError);
  });

  test('variant() infers a union that the key tells apart', () => {
    expectTypeOf<Infer<typeof payment>>().toEqualTypeOf<
      { by: 'card'; number: string; note?: string } | { by: 'cash'; given: number }
    >();
    const annotated: Schema<{ by: 'card'; number: string; note?: string } | { by: 'cash'; given: number }> = payment;
    expect(annotated).toBe(payment);
  });
});

const empty = object({});
