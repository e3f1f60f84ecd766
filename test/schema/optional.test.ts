import { describe, expect, expectTypeOf, test } from 'vitest';
import { map } from '../../src/schema/map.ts';
import { object } from '../../src/schema/object.ts';
import { optional } from '../../src/schema/optional.ts';
import { parse } from '../../src/schema/parse.ts';
import type { Infer } from '../../src/schema/schema.ts';
import { string } from '../../src/schema/string.ts';

describe('optional()', () => {
  const schema = object({ note: optional(string({ max: 3 })) });

  test('optional() lets a key be missing, and does not add it', () => {
    const result = parse(schema, {});
    expect(result).toStrictEqual({ ok: true, value: {} });
  });

  test('optional() takes undefined for missing, and does not add it', () => {
    expect(parse(schema, { note: undefined })).toStrictEqual({ ok: true, value: {} });
  });

  test('optional() lets a valid value through', () => {
    expect(parse(schema, { note: 'abc' })).toEqual({ ok: true, value: { note: 'abc' } });
  });

  test('optional() refuses a value that is there and wrong', () => {
    expect(parse(schema, { note: 'abcd' })).toMatchObject({
      ok: false,
      issues: [{ code: 'too_long', path: ['note'] }],
    });
  });

  // null is a value: a store may read it as "erase".
  test('optional() refuses null', () => {
    expect(parse(schema, { note: null })).toMatchObject({
      ok: false,
      issues: [{ code: 'not_string', path: ['note'] }],
    });
  });

  // Its type is that of what comes out, and what comes in is another.
  test('optional() reads its default as if it were sent: what a map makes is none, and one within the map is', () => {
    const day = map(string(), (text) => new Date(text));
    expect(() => optional(day, new Date(0))).toThrow(TypeError);
    const within = object({ day: map(optional(string(), '2024-02-29'), (text) => text.length) });
    expect(parse(within, {})).toEqual({ ok: true, value: { day: 10 } });
    expect(parse(within, { day: '2024' })).toEqual({ ok: true, value: { day: 4 } });
  });

  test('optional() throws on what is no schema', () => {
    expect(() => Reflect.apply(optional, undefined, [{}])).toThrow(TypeError);
  });

  test('optional() makes the key optional in the type', () => {
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ note?: string }>();
    expect(optional(string())['~presence']).toBe('optional');
  });
});
