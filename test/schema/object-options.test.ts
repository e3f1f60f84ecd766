import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  array,
  check,
  type Infer,
  int,
  lazy,
  map,
  object,
  optional,
  parse,
  refine,
  type Schema,
  string,
  tuple,
  union,
  variant,
} from '../../src/schema/index.ts';
import { deepFreeze, findings, NOT_PLAIN } from './findings.ts';
import { polluting, withPollution } from './pollution.ts';

const loose = object({ a: int(), b: optional(string()) }, { unknown: 'strip' });

describe('object() that strips', () => {
  // Hostile list 13.
  test.each(['isAdmin', 'id', 'role', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'])(
    'object() leaves out the key %s',
    (key) => {
      const result = parse(loose, deepFreeze({ a: 1, [key]: { x: 1 } }));
      expect(result).toStrictEqual({ ok: true, value: { a: 1 } });
      expect(result.ok && Object.hasOwn(result.value, key)).toBe(false);
    },
  );

  // Hostile list 1 and 2.
  test.each(['{"a":1,"__proto__":{"isAdmin":true}}', '{"a":1,"\\u005f\\u005fproto__":{"isAdmin":true}}'])(
    'object() leaves out an own __proto__: %s',
    (text) => {
      const result = parse(loose, JSON.parse(text));
      expect(result).toStrictEqual({ ok: true, value: { a: 1 } });
      expect(result.ok && Object.getPrototypeOf(result.value) === Object.prototype).toBe(true);
      expect(result.ok && Reflect.has(result.value, 'isAdmin')).toBe(false);
    },
  );

  test('object() reads nothing of what it leaves out', () => {
    const input = Object.defineProperty({ a: 1 }, 'secret', { enumerable: true, get: () => expect.unreachable() });
    expect(parse(loose, input)).toStrictEqual({ ok: true, value: { a: 1 } });
  });

  test('object() that strips still refuses what is wrong, and tells of no undeclared key', () => {
    expect(findings(loose, { a: 'x', b: 1, c: 2 })).toEqual([['not_integer', 'a'], ['not_string', 'b']]);
    expect(findings(loose, { c: 2 })).toEqual([['required', 'a']]);
  });

  // Hostile list 10.
  test.each(NOT_PLAIN)('object() that strips refuses %s', (_name, value) => {
    expect(findings(object({}, { unknown: 'strip' }), value)).toEqual([['not_object']]);
  });

  // Hostile list 4.
  test('object() that strips takes no key from a polluted prototype', () => {
    const [codes, keys] = withPollution('a', polluting(1), () => {
      const result = parse(object({ b: optional(int()) }, { unknown: 'strip' }), {});
      return [findings(loose, {}), result.ok ? Object.keys(result.value) : []];
    });
    expect(codes).toEqual([['required', 'a']]);
    expect(keys).toEqual([]);
  });

  // Hostile list 20.
  test('object() leaves out 100,000 keys', () => {
    const input = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]));
    expect(parse(loose, { ...input, a: 1 })).toStrictEqual({ ok: true, value: { a: 1 } });
  });

  test('object() that strips leaves the objects inside to their own rule', () => {
    const schema = object({ inner: object({ a: int() }) }, { unknown: 'strip' });
    expect(findings(schema, { inner: { a: 1, b: 2 } })).toEqual([['unknown_key', 'inner']]);
  });

  test('object() infers declared keys alone', () => {
    expectTypeOf<Infer<typeof loose>>().toEqualTypeOf<{ a: number; b?: string }>();
    expect(loose['~kind'].strip).toBe(true);
  });

  test.each([[{ unknown: 'passthrough' }], [{ unknown: true }], [{ unknown: 'STRIP' }], [{ strict: false }], [[]]])(
    'object() throws on the options %j',
    (options) => {
      expect(() => Reflect.apply(object, undefined, [{}, options])).toThrow(TypeError);
    },
  );

  // Hostile list 5.
  test('object() takes its rule from its own options alone', () => {
    const answer = withPollution('unknown', polluting('strip'), () => parse(object({ a: int() }), { a: 1, b: 2 }).ok);
    expect(answer).toBe(false);
  });
});

describe('optional() with a default', () => {
  const page = object({ size: optional(int({ max: 100 }), 20), tags: optional(array(string()), ['a']) });

  test('optional() puts the default in for a missing key and for undefined', () => {
    const filled = { ok: true, value: { size: 20, tags: ['a'] } };
    expect(parse(page, {})).toStrictEqual(filled);
    expect(parse(page, deepFreeze({ size: undefined }))).toStrictEqual(filled);
  });

  test('optional() puts no default in for a value that is there', () => {
    expect(parse(page, { size: 5, tags: [] })).toStrictEqual({ ok: true, value: { size: 5, tags: [] } });
    expect(findings(page, { size: null, tags: 'a' })).toEqual([['not_integer', 'size'], ['not_array', 'tags']]);
  });

  test('optional() puts zero, false and null in for a default', () => {
    const schema = object({ n: optional(int(), 0), t: optional(string(), '') });
    expect(parse(schema, {})).toStrictEqual({ ok: true, value: { n: 0, t: '' } });
  });

  // Hostile list 4: a default must not lose against a polluted prototype.
  test('optional() puts the default in although every object has the key', () => {
    const sizes = withPollution('size', polluting(99), () => {
      const result = parse(page, {});
      return result.ok ? Object.entries(result.value).filter(([key]) => key === 'size') : [];
    });
    expect(sizes).toEqual([['size', 20]]);
  });

  // Hostile list 50.
  test('optional() gives each output a default of its own', () => {
    const [one, other] = [parse(page, {}), parse(page, {})];
    if (!one.ok || !other.ok) throw new Error('a default was refused');
    expect(one.value.tags).not.toBe(other.value.tags);
    one.value.tags.push('b');
    expect(parse(page, {})).toEqual({ ok: true, value: { size: 20, tags: ['a'] } });
  });

  // What was checked when the schema was made must be what comes out later.
  test('optional() keeps the default when it is changed afterwards', () => {
    const fallback = { list: [1] };
    const schema = object({ a: optional(object({ list: array(int()) }), fallback) });
    Reflect.set(fallback.list, 0, 'x');
    expect(parse(schema, {})).toEqual({ ok: true, value: { a: { list: [1] } } });
  });

  test('optional() reads the default through its schema', () => {
    const inner = object({ a: optional(int(), 1) }, { unknown: 'strip' });
    const schema = object({ inner: optional(inner, Object.assign({ a: 2 }, { b: 3 })) });
    expect(parse(schema, {})).toStrictEqual({ ok: true, value: { inner: { a: 2 } } });
  });

  test('optional() throws on a default that its schema refuses', () => {
    expect(() => optional(int({ max: 3 }), 4)).toThrow(TypeError);
    expect(() => Reflect.apply(optional, undefined, [int(), null])).toThrow(TypeError);
    expect(() => Reflect.apply(optional, undefined, [string(), () => 'a'])).toThrow(TypeError);
  });

  test('optional() with undefined for a default has none', () => {
    const schema: Schema<unknown> = Reflect.apply(optional, undefined, [int(), undefined]);
    expect(parse(object({ a: schema }), {})).toStrictEqual({ ok: true, value: {} });
  });

  test('optional() with a default makes the key one that is there', () => {
    expectTypeOf<Infer<typeof page>>().toEqualTypeOf<{ size: number; tags: string[] }>();
    expect(optional(int(), 1)['~presence']).toBe('default');
  });

  // Read anew deep inside, the same default can be too deep: a mark that is no value must not come out.
  test('optional() lets out no default that its schema refuses where it stands', () => {
    const outer: Schema<unknown> = lazy(() => object({ inner: optional(inner, {}) }));
    const inner: Schema<unknown> = lazy(() => object({ outer: optional(outer) }), { maxDepth: 2 });
    expect(findings(outer, { inner: { outer: { inner: { outer: {} } } } }).map(([code]) => code)).not.toEqual([]);
  });
});

describe('parse()', () => {
  const everything: Schema<unknown> = lazy(() =>
    object({
      list: array(union(int(), everything)),
      pair: optional(tuple(int(), string())),
      by: optional(variant('t', { a: object({ n: refine(int(), (n) => n > 0, 'positive') }) })),
      upper: optional(map(string(), (text) => text.toUpperCase())),
    })
  );

  // Hostile list 54: nothing of one value is left for another.
  test('parse() of two values at once shares nothing', async () => {
    const good = { list: [1, { list: [] }], pair: [1, 'a'], by: { t: 'a', n: 1 }, upper: 'x' };
    const bad = { list: [1, { list: ['x'] }], by: { t: 'a', n: 0 } };
    const read = async (value: unknown): Promise<unknown> => {
      await Promise.resolve();
      return parse(everything, value);
    };
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => read(index % 2 === 0 ? good : bad)));
    const [first, second] = [parse(everything, good), parse(everything, bad)];
    expect([first.ok, second.ok]).toEqual([true, false]);
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => index % 2 === 0 ? first : second));
  });

  // Hostile list 54: a getter that parses another value in between.
  test('parse() within parse() is a value of its own', () => {
    let inside: unknown;
    const input = {
      get list(): unknown {
        inside = parse(everything, { list: [{ list: [2] }] });
        return [1];
      },
    };
    expect(parse(everything, input)).toEqual({ ok: true, value: { list: [1] } });
    expect(inside).toEqual({ ok: true, value: { list: [{ list: [2] }] } });
  });

  // Hostile list 53: at once, and not at the first request.
  test.each<[string, (schema: unknown) => unknown]>([
    ['object', (schema) => Reflect.apply(object, undefined, [{ a: schema }])],
    ['array', (schema) => Reflect.apply(array, undefined, [schema])],
    ['optional', (schema) => Reflect.apply(optional, undefined, [schema])],
    ['union', (schema) => Reflect.apply(union, undefined, [int(), schema])],
    ['tuple', (schema) => Reflect.apply(tuple, undefined, [schema])],
    ['map', (schema) => Reflect.apply(map, undefined, [schema, String])],
    ['variant', (schema) => Reflect.apply(variant, undefined, ['t', { a: schema }])],
  ])('%s() throws when it is made of what is no schema', (_name, make) => {
    for (const none of [undefined, null, 'string', {}, int, { '~standard': int()['~standard'] }]) {
      expect(() => make(none)).toThrow(TypeError);
    }
  });

  test('parse() puts out nothing that it was given, of whatever structure', () => {
    const input = deepFreeze({ list: [{ list: [1] }], pair: [1, 'a'], by: { t: 'a', n: 1 } });
    const result = parse(everything, input);
    expect(result).toStrictEqual({ ok: true, value: input });
    const parts = (value: unknown): unknown[] => {
      return typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(parts)] : [];
    };
    const given = new Set(parts(input));
    expect(parts(result.ok && result.value).filter((part) => given.has(part))).toEqual([]);
    expect(check(object({ a: int() }), { a: 1 })).toBe(true);
  });
});
