import { describe, expect, expectTypeOf, test } from 'vitest';
import { oneOf } from '../../src/schema/one-of.ts';
import { parse } from '../../src/schema/parse.ts';
import type { Infer } from '../../src/schema/schema.ts';

describe('oneOf()', () => {
  test.each(['open', 7, false])('oneOf() lets the listed %j through', (value) => {
    expect(parse(oneOf('open', 7, false), value)).toEqual({ ok: true, value });
  });

  // Hostile list 7: `value in table` is true of every name that Object.prototype has.
  test.each([
    'toString',
    'constructor',
    '__proto__',
    'hasOwnProperty',
    'closed',
    'OPEN',
    'open ',
    '7',
    'false',
    0,
    null,
    undefined,
  ])(
    'oneOf() refuses %j',
    (value) => {
      expect(parse(oneOf('open', 7, false), value)).toMatchObject({
        ok: false,
        issues: [{ code: 'not_allowed', path: [] }],
      });
    },
  );

  // Hostile list 48: the list may be of secrets.
  test('oneOf() does not list what it allows', () => {
    expect(JSON.stringify(parse(oneOf('s3cret'), 'guess'))).not.toContain('s3cret');
  });

  test('oneOf() gives back the listed zero for negative zero', () => {
    expect(parse(oneOf(0), -0)).toStrictEqual({ ok: true, value: 0 });
  });

  test.each([[[]], [['a', 'a']], [[Number.NaN]], [[null]], [[{}]], [[Infinity]]])(
    'oneOf() throws on the list %j',
    (literals) => {
      expect(() => Reflect.apply(oneOf, undefined, literals)).toThrow(TypeError);
    },
  );

  test('oneOf() infers the union of its literals', () => {
    const schema = oneOf('open', 7);
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<'open' | 7>();
    expect(schema['~presence']).toBe('required');
  });
});
