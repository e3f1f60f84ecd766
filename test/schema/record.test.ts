import { describe, expect, expectTypeOf, test } from 'vitest';
import { type Infer, int, object, parse, record, type Schema, string } from '../../src/schema/index.ts';
import { deepFreeze, findings, NOT_PLAIN } from './findings.ts';
import { polluting, withPollution } from './pollution.ts';

const labels = record(string({ max: 5 }), { max: 3 });

describe('record() keys', () => {
  test('record() lets any keys through, in a new plain object', () => {
    const input = deepFreeze({ en: 'pen', de: 'Stift' });
    const result = parse(labels, input);
    expect(result).toStrictEqual({ ok: true, value: { en: 'pen', de: 'Stift' } });
    expect(result.ok && Object.is(result.value, input)).toBe(false);
  });

  // Hostile list 1 and 2: however it is spelled in the text, JSON.parse makes an own key of it.
  test.each(['{"__proto__":"a"}', '{"\\u005f\\u005fproto__":"a"}', '{"a":"b","__proto__":{"c":"d"}}'])(
    'record() refuses an own __proto__: %s',
    (text) => {
      expect(findings(labels, JSON.parse(text))).toEqual([['key_not_allowed']]);
      expect(Object.hasOwn(Object.prototype, 'c')).toBe(false);
    },
  );

  // Hostile list 3: to a record these are keys as others are, and they come out as own ones.
  test.each(['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'])(
    'record() puts out the key %s as its own',
    (key) => {
      const result = parse(labels, { [key]: 'a' });
      expect(result.ok && Object.entries(result.value)).toEqual([[key, 'a']]);
      expect(result.ok && Object.getPrototypeOf(result.value) === Object.prototype).toBe(true);
    },
  );

  // A program may freeze Object.prototype to be safe; then a plain `output.toString = 'a'` throws, and a client's key would be an error of the server.
  test.each<[string, PropertyDescriptor]>([
    ['read-only', { value: 'inherited', writable: false }],
    ['a setter', { set: () => undefined }],
    ['a getter', { get: () => 'inherited' }],
  ])('record() puts out a key that Object.prototype has as %s', (_name, property) => {
    const entries = withPollution('lang', property, () => {
      const result = parse(labels, JSON.parse('{"lang":"a"}'));
      return result.ok ? Object.entries(result.value) : [];
    });
    expect(entries).toEqual([['lang', 'a']]);
  });

  // Hostile list 5.
  test('record() puts out inherited names although every object has a getter', () => {
    const entries = withPollution('get', polluting(true), () => {
      const result = parse(labels, JSON.parse('{"toString":"a"}'));
      return result.ok ? Object.entries(result.value) : [];
    });
    expect(entries).toEqual([['toString', 'a']]);
  });

  // Hostile list 4.
  test('record() takes no key from a polluted prototype', () => {
    const [few, keys] = withPollution('isAdmin', polluting('yes'), () => {
      const result = parse(labels, {});
      return [parse(record(string(), { min: 1 }), {}).ok, result.ok ? Object.keys(result.value) : ['refused']];
    });
    expect(few).toBe(false);
    expect(keys).toEqual([]);
  });

  // Hostile list 30.
  test('record() keeps keys apart that are equal after NFC', () => {
    const result = parse(labels, { '\u00e9': 'a', 'e\u0301': 'b' });
    expect(result.ok && Object.keys(result.value)).toEqual(['\u00e9', 'e\u0301']);
  });

  // Hostile list 28: stored, they would become one.
  test.each(['\ud800', 'a\udc00'])('record() refuses a key with a lone surrogate', (key) => {
    expect(findings(labels, { [key]: 'a' })).toEqual([['key_not_allowed']]);
  });

  test('record() takes a key of 256 characters, and none longer', () => {
    expect(parse(labels, { ['k'.repeat(256)]: 'a' }).ok).toBe(true);
    expect(findings(labels, { ['k'.repeat(257)]: 'a' })).toEqual([['key_not_allowed']]);
  });

  // Hostile list 29: what cannot be seen is a key like others.
  test('record() takes the empty key and invisible ones', () => {
    expect(parse(labels, { '': 'a', '\u0000': 'b', '\u200b': 'c' }).ok).toBe(true);
  });

  // Hostile list 11.
  test('record() leaves symbols and non-enumerable keys behind', () => {
    const input = Object.defineProperty({ a: 'b', [Symbol.iterator]: 1 }, 'c', { value: 1, enumerable: false });
    const result = parse(labels, input);
    expect(result.ok && Reflect.ownKeys(result.value)).toEqual(['a']);
  });

  test('record() takes an object without a prototype, and gives back a plain one', () => {
    const result = parse(labels, Object.assign(Object.create(null), { a: 'b' }));
    expect(result).toStrictEqual({ ok: true, value: { a: 'b' } });
  });
});

describe('record() values', () => {
  // Hostile list 10.
  test.each(NOT_PLAIN)('record() refuses %s', (_name, value) => {
    expect(findings(record(int()), value)).toEqual([['not_object']]);
  });

  // Hostile list 48: the key is the client's.
  test('record() refuses a wrong value, and names no key', () => {
    expect(findings(labels, { 's3cret-key': 1 })).toEqual([['not_string', '*']]);
    expect(JSON.stringify(parse(labels, { 's3cret-key': 's3cret-value' }))).not.toContain('s3cret');
  });

  test('record() refuses undefined, since its keys are there', () => {
    expect(findings(labels, { a: undefined })).toEqual([['not_string', '*']]);
  });

  // Hostile list 12.
  test('record() reads a getter once on success', () => {
    let reads = 0;
    const input = {
      get role() {
        return reads++ === 0 ? 'user' : 'admin';
      },
    };
    expect(parse(labels, input)).toEqual({ ok: true, value: { role: 'user' } });
    expect(reads).toBe(1);
  });

  test('record() bounds the number of keys, and says how', () => {
    expect(parse(record(int(), { min: 1, max: 2 }), {})).toEqual({
      ok: false,
      issues: [{ code: 'too_few_keys', path: [], message: 'must have at least 1 keys', params: { min: 1 } }],
    });
    expect(parse(record(int(), { max: 1 }), { a: 1, b: 2 })).toEqual({
      ok: false,
      issues: [{ code: 'too_many_keys', path: [], message: 'must have at most 1 keys', params: { max: 1 } }],
    });
  });

  // Hostile list 18: without a bound a million keys are a million reads.
  test('record() has a maximum by default, and reads no value above it', () => {
    let reads = 0;
    const input: Record<string, unknown> = {};
    for (let index = 0; index <= 100; index++) {
      Object.defineProperty(input, `k${index}`, { get: () => reads++, enumerable: true });
    }
    expect(findings(record(int()), input)).toEqual([['too_many_keys']]);
    expect(reads).toBe(0);
  });

  // Hostile list 19 and 20.
  test('record() lists at most 8 issues, each with a path of its own depth', () => {
    const input = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`k${index}`, { a: 'x' }]));
    expect(findings(record(object({ a: int() })), input)).toEqual(
      Array.from({ length: 8 }, () => ['not_integer', '*', 'a']),
    );
  });

  test.each([{ min: -1 }, { max: 1.5 }, { min: 101 }, { max: Infinity }])('record() throws on bounds %j', (options) => {
    expect(() => record(int(), options)).toThrow(RangeError);
  });

  test('record() throws on an unknown option and on what is no schema', () => {
    expect(() => Reflect.apply(record, undefined, [int(), { maximum: 1 }])).toThrow(TypeError);
    expect(() => Reflect.apply(record, undefined, [{ a: int() }])).toThrow(TypeError);
  });

  test('record() infers a record', () => {
    expectTypeOf<Infer<typeof labels>>().toEqualTypeOf<Record<string, string>>();
    const annotated: Schema<Record<string, string>> = labels;
    expect(annotated).toBe(labels);
  });
});
