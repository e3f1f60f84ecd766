import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { parse } from '../../src/schema/parse.ts';
import { string } from '../../src/schema/string.ts';

function withPollutedMax<T>(run: () => T): T {
  Reflect.set(Object.prototype, 'max', 1_000_000);
  try {
    return run();
  } finally {
    Reflect.deleteProperty(Object.prototype, 'max');
  }
}

describe('string()', () => {
  test('string() lets a string through as it is', () => {
    expect(parse(string(), ' a\n')).toEqual({ ok: true, value: ' a\n' });
  });

  test.each([
    ['number', 1],
    ['null', null],
    ['undefined', undefined],
    ['array of one string', ['a']],
    ['object with toString', { toString: () => 'a' }],
    ['symbol', Symbol.iterator],
  ])('string() refuses a %s', (_name, value) => {
    expect(parse(string(), value)).toMatchObject({ ok: false, issues: [{ code: 'not_string', path: [] }] });
  });

  // Hostile list 10: a wrapper object is no string, though `+ ''` makes one of it.
  test('string() refuses a boxed string', () => {
    expect(parse(string(), Object('a'))).toMatchObject({ ok: false, issues: [{ code: 'not_string' }] });
  });

  // Hostile list 18: without a bound, one field is the whole body.
  test('string() has a maximum by default', () => {
    expect(parse(string(), 'a'.repeat(10_000)).ok).toBe(true);
    expect(parse(string(), 'a'.repeat(10_001))).toMatchObject({ ok: false, issues: [{ code: 'too_long' }] });
  });

  test('string() takes min and max as inclusive', () => {
    const schema = string({ min: 2, max: 3 });
    expect(['a', 'ab', 'abc', 'abcd'].map((text) => parse(schema, text).ok)).toEqual([false, true, true, false]);
  });

  test('string() says which bound was crossed', () => {
    expect(parse(string({ min: 2 }), 'a')).toMatchObject({
      issues: [{ code: 'too_short', message: 'must have at least 2 characters' }],
    });
    expect(parse(string({ max: 2 }), 'abc')).toMatchObject({
      issues: [{ code: 'too_long', message: 'must have at most 2 characters' }],
    });
  });

  // Hostile list 31: the unit is stated, and it is the one that costs nothing to check.
  test('string() counts UTF-16 code units', () => {
    expect(parse(string({ max: 1 }), '\u{1f600}').ok).toBe(false);
    expect(parse(string({ max: 2 }), '\u{1f600}').ok).toBe(true);
  });

  // Hostile list 28: U+FFFD takes its place when stored, and two different texts become one.
  test.each(['\ud800', 'a\udc00', '\udc00\ud800'])('string() refuses lone surrogates (%j)', (text) => {
    expect(parse(string(), text)).toMatchObject({ ok: false, issues: [{ code: 'not_well_formed' }] });
  });

  // Hostile list 29: what cannot be seen still counts; refusing it is another schema's job.
  test('string() counts an invisible character as one', () => {
    expect(parse(string({ min: 1 }), '\u200b').ok).toBe(true);
  });

  // Hostile list 30: composing and decomposing is the caller's choice.
  test('string() does not normalise', () => {
    expect(parse(string(), 'e\u0301')).toEqual({ ok: true, value: 'e\u0301' });
  });

  test.each([
    { min: -1 },
    { min: 1.5 },
    { max: Number.NaN },
    { max: Infinity },
    { min: 3, max: 2 },
    { min: 10_001 },
  ])('string() throws on the bounds %j', (options) => {
    expect(() => string(options)).toThrow(RangeError);
  });

  test('string() throws on an unknown option', () => {
    expect(() => string(JSON.parse('{"mx":3}'))).toThrow(TypeError);
  });

  // Hostile list 5: options that somebody else put on every object.
  test('string() takes bounds from its own options alone', () => {
    const schema = withPollutedMax(() => string({}));
    expect(parse(schema, 'a'.repeat(10_001)).ok).toBe(false);
  });

  test('string() keeps its bounds when the options change afterwards', () => {
    const options = { max: 1 };
    const schema = string(options);
    options.max = 100;
    expect(parse(schema, 'ab').ok).toBe(false);
  });

  test('string() accepts exactly the well-formed strings within bounds', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 8 }), fc.nat(4), fc.nat(4), (text, min, extra) => {
      const expected = text.length >= min && text.length <= min + extra && text.isWellFormed();
      expect(parse(string({ min, max: min + extra }), text).ok).toBe(expected);
    }));
  });
});
