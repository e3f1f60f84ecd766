import { describe, expect, expectTypeOf, test } from 'vitest';
import { type Infer, int, nullable, object, optional, parse, string } from '../../src/schema/index.ts';
import { findings } from './findings.ts';

describe('nullable()', () => {
  test('nullable() lets null and the value of its schema through', () => {
    const schema = nullable(string({ max: 3 }));
    expect(parse(schema, null)).toEqual({ ok: true, value: null });
    expect(parse(schema, 'abc')).toEqual({ ok: true, value: 'abc' });
  });

  test('nullable() refuses what its schema refuses, in its words', () => {
    expect(findings(nullable(string({ max: 3 })), 'abcd')).toEqual([['too_long']]);
  });

  test.each([['undefined', undefined], ['the word', 'null'], ['false', false], ['zero', 0], ['an object', {}]])(
    'nullable() takes no %s for null',
    (_name, value) => {
      expect(parse(nullable(object({ a: int() })), value).ok).toBe(false);
    },
  );

  test('nullable() lets no key be missing', () => {
    expect(findings(object({ a: nullable(int()) }), {})).toEqual([['required', 'a']]);
  });

  test('nullable() of an optional schema lets the key be missing, and null be there', () => {
    const schema = object({ a: nullable(optional(int())) });
    expect(parse(schema, {})).toStrictEqual({ ok: true, value: {} });
    expect(parse(schema, { a: null })).toStrictEqual({ ok: true, value: { a: null } });
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ a?: number | null }>();
  });

  test('nullable() keeps a default for the missing key alone', () => {
    const schema = object({ a: nullable(optional(int(), 5)) });
    expect(parse(schema, {})).toEqual({ ok: true, value: { a: 5 } });
    expect(parse(schema, { a: null })).toEqual({ ok: true, value: { a: null } });
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ a: number | null }>();
  });

  test('nullable() keeps the path of what is wrong inside', () => {
    expect(findings(nullable(object({ a: int() })), { a: 'x' })).toEqual([['not_integer', 'a']]);
  });

  test('nullable() throws on what is no schema', () => {
    expect(() => Reflect.apply(nullable, undefined, [string])).toThrow(TypeError);
    expect(() => Reflect.apply(nullable, undefined, [null])).toThrow(TypeError);
  });

  test('nullable() infers null beside the value', () => {
    const schema = nullable(int());
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<number | null>();
    expect(schema['~presence']).toBe('required');
  });
});
