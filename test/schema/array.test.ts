import { describe, expect, expectTypeOf, test } from 'vitest';
import { array } from '../../src/schema/array.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { parse } from '../../src/schema/parse.ts';
import type { Infer } from '../../src/schema/schema.ts';
import { string } from '../../src/schema/string.ts';

describe('array()', () => {
  test('array() lets valid items through in a new array', () => {
    const input = [1, 2];
    const result = parse(array(int()), input);
    expect(result).toEqual({ ok: true, value: [1, 2] });
    expect(result.ok && result.value).not.toBe(input);
  });

  test.each([
    ['object', {}],
    ['array-like', { length: 0 }],
    ['string', 'ab'],
    ['Set', new Set([1])],
    ['typed array', new Uint8Array(1)],
    ['null', null],
  ])('array() refuses a %s', (_name, value) => {
    expect(parse(array(int()), value)).toMatchObject({ ok: false, issues: [{ code: 'not_array', path: [] }] });
  });

  test('array() takes min and max as inclusive', () => {
    const schema = array(int(), { min: 1, max: 2 });
    expect([[], [1], [1, 2], [1, 2, 3]].map((value) => parse(schema, value).ok)).toEqual([false, true, true, false]);
  });

  test('array() says which bound was crossed', () => {
    expect(parse(array(int(), { min: 1 }), [])).toMatchObject({
      issues: [{ code: 'too_few', message: 'must have at least 1 items' }],
    });
    expect(parse(array(int(), { max: 1 }), [1, 2])).toMatchObject({
      issues: [{ code: 'too_many', message: 'must have at most 1 items' }],
    });
  });

  test('array() has a maximum by default', () => {
    expect(parse(array(int()), new Array(1000).fill(1)).ok).toBe(true);
    expect(parse(array(int()), new Array(1001).fill(1))).toMatchObject({ ok: false, issues: [{ code: 'too_many' }] });
  });

  // Hostile list 18: the limit is what keeps a million items from being looked at.
  test('array() checks the number of items before any of them', () => {
    let reads = 0;
    const items = new Proxy(new Array(5000).fill(0), {
      get(target, key) {
        if (key !== 'length') reads++;
        return Reflect.get(target, key);
      },
    });
    expect(parse(array(int()), items).ok).toBe(false);
    expect(reads).toBe(0);
  });

  // A sparse array of four billion holes is one line of code.
  test('array() refuses a hole', () => {
    const sparse: unknown[] = [1];
    sparse[2] = 3;
    expect(parse(array(int()), sparse)).toMatchObject({ ok: false, issues: [{ code: 'not_integer', path: [1] }] });
  });

  test('array() points at every wrong item', () => {
    expect(parse(array(object({ n: int() })), [{ n: 1 }, { n: 'x' }, { n: 2 }, {}])).toMatchObject({
      ok: false,
      issues: [{ code: 'not_integer', path: [1, 'n'] }, { code: 'required', path: [3, 'n'] }],
    });
  });

  // Properties beside the items are not items.
  test('array() leaves extra properties behind', () => {
    const input = Object.assign([1], { isAdmin: true });
    const result = parse(array(int()), input);
    expect(result.ok && Object.keys(result.value)).toEqual(['0']);
  });

  // Hostile list 20: 100,000 wrong items must not become an answer of megabytes.
  test('array() lists at most 8 issues', () => {
    const result = parse(array(int(), { max: 100_000 }), new Array(100_000).fill('x'));
    expect(result.ok ? [] : result.issues).toHaveLength(8);
  });

  test.each([{ min: -1 }, { max: 0.5 }, { min: 2, max: 1 }])('array() throws on the bounds %j', (options) => {
    expect(() => array(int(), options)).toThrow(RangeError);
  });

  test('array() throws on what is no schema', () => {
    expect(() => Reflect.apply(array, undefined, [undefined])).toThrow(TypeError);
    expect(() => Reflect.apply(array, undefined, [{ '~standard': {} }])).toThrow(TypeError);
  });

  test('array() infers an array of its items', () => {
    const schema = array(string());
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<string[]>();
    expect(schema['~presence']).toBe('required');
  });
});
