import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  array,
  check,
  type Infer,
  int,
  map,
  object,
  optional,
  parse,
  type Schema,
  string,
  union,
} from '../../src/schema/index.ts';
import { deepFreeze, findings } from './findings.ts';

const day = map(string({ max: 10 }), (text) => new Date(`${text}T00:00:00Z`));

/** A schema of texts that counts how often its function runs. */
function counting(): { readonly schema: Schema<string>; readonly calls: () => number } {
  let calls = 0;
  const schema = map(string(), (text) => {
    calls++;
    return text.toUpperCase();
  });
  return { schema, calls: () => calls };
}

describe('map()', () => {
  test('map() makes something else of what its schema lets through', () => {
    expect(parse(day, '2026-01-02')).toEqual({ ok: true, value: new Date(Date.UTC(2026, 0, 2)) });
  });

  test('map() makes nothing of what its schema refuses', () => {
    const { schema, calls } = counting();
    expect(findings(schema, 1)).toEqual([['not_string']]);
    expect(calls()).toBe(0);
  });

  test('map() runs once for each value that comes out', () => {
    const { schema, calls } = counting();
    expect(parse(object({ a: schema, list: array(schema) }), { a: 'x', list: ['y', 'z'] })).toEqual({
      ok: true,
      value: { a: 'X', list: ['Y', 'Z'] },
    });
    expect(calls()).toBe(3);
  });

  // The second pass explains what the first has refused: what it would make is nobody's.
  test('map() does not run on the pass that lists the issues', () => {
    const { schema, calls } = counting();
    const value = { a: 'x', b: 1, c: 'y' };
    expect(findings(object({ a: schema, b: schema, c: schema }), value)).toEqual([['not_string', 'b']]);
    expect(calls()).toBe(1);
  });

  test('map() does not run to explain a union', () => {
    const { schema, calls } = counting();
    const either = union(object({ a: schema, b: int() }), object({ a: schema, b: int(), c: int() }));
    expect(parse(either, { a: 'x', b: 'x' }).ok).toBe(false);
    // In each branch once on the first pass, and once more where the union decides again; never to explain.
    expect(calls()).toBeLessThanOrEqual(4);
  });

  test('map() passes on what its function throws', () => {
    const schema = map(string(), () => {
      throw new Error('mine');
    });
    expect(() => parse(object({ a: schema }), { a: 'x' })).toThrow('mine');
  });

  test('map() gives its function the copy, never the input', () => {
    const input = deepFreeze({ a: 1 });
    const schema = map(object({ a: int() }), (value) => Object.assign(value, { b: 2 }));
    expect(parse(schema, input)).toEqual({ ok: true, value: { a: 1, b: 2 } });
  });

  test('map() lets whatever was made come out', () => {
    for (const made of [undefined, null, Number.NaN, () => 1]) {
      expect(parse(map(int(), () => made), 1)).toStrictEqual({ ok: true, value: made });
    }
  });

  test('map() on map() runs from the inside out', () => {
    const schema = map(map(int(), (n) => n + 1), (n) => n * 10);
    expect(parse(schema, 1)).toEqual({ ok: true, value: 20 });
  });

  // Nobody can tell whether a Date came of a text.
  test('map() is never what check() is asked about', () => {
    expect([check(day, '2026-01-02'), check(day, new Date(0))]).toEqual([false, false]);
  });

  // Its type says that something is there: a key that is missing must not make `undefined` of it.
  test('map() of an optional schema runs for a missing key, on undefined', () => {
    const schema = object({ size: map(optional(string()), (text) => text?.length ?? 0) });
    expect(parse(schema, {})).toStrictEqual({ ok: true, value: { size: 0 } });
    expect(parse(schema, { size: undefined })).toStrictEqual({ ok: true, value: { size: 0 } });
    expect(parse(schema, { size: 'abc' })).toEqual({ ok: true, value: { size: 3 } });
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ size: number }>();
  });

  test('map() of a schema with a default runs for a missing key, on the default', () => {
    const schema = object({ on: map(optional(string(), '2026-01-02'), (text) => text.length) });
    expect(parse(schema, {})).toEqual({ ok: true, value: { on: 10 } });
  });

  test('optional() of map() runs nothing for a missing key', () => {
    const { schema, calls } = counting();
    expect(parse(object({ a: optional(schema) }), {})).toStrictEqual({ ok: true, value: {} });
    expect(calls()).toBe(0);
  });

  test('map() throws on what is no schema, and on what is no function', () => {
    expect(() => Reflect.apply(map, undefined, [string, String])).toThrow(TypeError);
    expect(() => Reflect.apply(map, undefined, [string(), {}])).toThrow(TypeError);
  });

  test('map() infers what is made', () => {
    expectTypeOf<Infer<typeof day>>().toEqualTypeOf<Date>();
    expect(day['~presence']).toBe('required');
  });
});
