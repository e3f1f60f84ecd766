import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { int, number } from '../../src/schema/number.ts';
import { parse } from '../../src/schema/parse.ts';

describe('number()', () => {
  test.each([0, 0.1, -1e300, Number.MAX_VALUE, Number.MIN_VALUE])('number() lets %d through', (value) => {
    expect(parse(number(), value)).toEqual({ ok: true, value });
  });

  // Hostile list 39: JSON.parse turns 1e400 into Infinity.
  test.each([
    ['1e400 of JSON', JSON.parse('1e400')],
    ['-1e400 of JSON', JSON.parse('-1e400')],
    ['NaN', Number.NaN],
    ['a numeric string', '5'],
    ['an empty string', ''],
    ['null', null],
    ['true', true],
    ['a bigint', 5n],
    ['an array of one number', [5]],
    ['a boxed number', Object(5)],
  ])('number() refuses %s', (_name, value) => {
    expect(parse(number(), value)).toMatchObject({ ok: false, issues: [{ code: 'not_number', path: [] }] });
  });

  test('number() takes min and max as inclusive', () => {
    const schema = number({ min: -0.5, max: 0.5 });
    expect([-0.6, -0.5, 0.5, 0.6].map((value) => parse(schema, value).ok)).toEqual([false, true, true, false]);
  });

  test('number() says which bound was crossed', () => {
    expect(parse(number({ min: 1 }), 0)).toMatchObject({
      issues: [{ code: 'too_small', message: 'must be at least 1' }],
    });
    expect(parse(number({ max: 1 }), 2)).toMatchObject({
      issues: [{ code: 'too_large', message: 'must be at most 1' }],
    });
  });

  test.each([{ min: Number.NaN }, { max: Infinity }, { min: 2, max: 1 }])(
    'number() throws on the bounds %j',
    (options) => {
      expect(() => number(options)).toThrow(RangeError);
    },
  );

  // Hostile list 39: JSON keeps the sign of zero, equality does not.
  test('number() makes zero of negative zero', () => {
    expect(parse(number(), JSON.parse('-0'))).toStrictEqual({ ok: true, value: 0 });
  });

  test('number() accepts exactly the finite doubles', () => {
    fc.assert(fc.property(fc.double(), (value) => {
      expect(parse(number(), value).ok).toBe(Number.isFinite(value));
    }));
  });
});

describe('int()', () => {
  test.each([0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('int() lets %d through', (value) => {
    expect(parse(int(), value)).toEqual({ ok: true, value });
  });

  // Hostile list 36: 9007199254740993 has been rounded by the time it is a number.
  test.each([
    ['2^53', 2 ** 53],
    ['9007199254740993 of JSON', JSON.parse('9007199254740993')],
    ['a fraction', 0.5],
    ['Infinity', Infinity],
    ['NaN', Number.NaN],
    ['a numeric string', '1'],
    ['a bigint', 1n],
  ])('int() refuses %s', (_name, value) => {
    expect(parse(int(), value)).toMatchObject({ ok: false, issues: [{ code: 'not_integer' }] });
  });

  test('int() takes min and max as inclusive', () => {
    const schema = int({ min: 1, max: 2 });
    expect([0, 1, 2, 3].map((value) => parse(schema, value).ok)).toEqual([false, true, true, false]);
  });

  test('int() makes zero of negative zero', () => {
    expect(parse(int(), -0)).toStrictEqual({ ok: true, value: 0 });
  });

  test.each([{ min: 0.5 }, { max: 2 ** 53 }, { min: 2, max: 1 }])('int() throws on the bounds %j', (options) => {
    expect(() => int(options)).toThrow(RangeError);
  });

  test('int() throws on an unknown option', () => {
    expect(() => int(JSON.parse('{"minimum":3}'))).toThrow(TypeError);
  });
});
