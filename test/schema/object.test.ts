import { describe, expect, expectTypeOf, test } from 'vitest';
import fc from 'fast-check';
import { array } from '../../src/schema/array.ts';
import { boolean } from '../../src/schema/boolean.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { optional } from '../../src/schema/optional.ts';
import { parse } from '../../src/schema/parse.ts';
import type { Infer, Schema } from '../../src/schema/schema.ts';
import { string } from '../../src/schema/string.ts';
import { NOT_PLAIN } from './findings.ts';

const user = object({ name: string(), age: optional(int()) });

/** Assertions stay outside: the matchers do not survive a polluted prototype themselves. */
function withPollution<T>(key: string, value: unknown, run: () => T): T {
  Object.defineProperty(Object.prototype, key, { value, enumerable: true, configurable: true, writable: true });
  try {
    return run();
  } finally {
    Reflect.deleteProperty(Object.prototype, key);
  }
}

describe('object() shape', () => {
  // Hostile list 9: in a literal `__proto__` sets the prototype, so the rule looks written and is not there.
  test('object() throws on a shape literal with __proto__', () => {
    expect(() => object({ name: string(), __proto__: string() })).toThrow(TypeError);
    expect(() => object(Object.create({ name: string() }))).toThrow(TypeError);
  });

  test('object() throws on a shape with an own __proto__', () => {
    expect(() => object({ ['__proto__']: string() })).toThrow(TypeError);
  });

  test.each([
    ['null', null],
    ['an array', []],
    ['a class instance', new Map()],
    ['a symbol key', { [Symbol.iterator]: string() }],
    ['a value that is no schema', { name: 'string' }],
    ['an undefined value', { name: undefined }],
    ['a function instead of its result', { name: string }],
    ['a foreign schema', { name: { '~standard': { version: 1, vendor: 'x', validate: () => ({ value: 1 }) } } }],
  ])('object() throws on a shape with %s', (_name, shape) => {
    expect(() => Reflect.apply(object, undefined, [shape])).toThrow(TypeError);
  });

  // Hostile list 5: a prototype that somebody polluted before the schemas were made.
  test.each(['get', 'value', '~presence', 'min', 'enumerable'])(
    'object() is made and works although every object has %s',
    (key) => {
      const [keys, refused] = withPollution(key, true, () => {
        const schema = object({ name: string({}), age: optional(int()) });
        const result = parse(schema, { name: 'a' });
        return [result.ok ? Object.keys(result.value) : [], !parse(schema, {}).ok];
      });
      expect(keys).toEqual(['name']);
      expect(refused).toBe(true);
    },
  );

  test('object() keeps its keys when the shape changes afterwards', () => {
    const shape: Record<string, Schema<unknown>> = { name: string() };
    const schema = object(shape);
    shape['isAdmin'] = boolean();
    expect(parse(schema, { name: 'a', isAdmin: true }).ok).toBe(false);
  });

  test('object() infers required and optional keys', () => {
    expectTypeOf<Infer<typeof user>>().toEqualTypeOf<{ name: string; age?: number }>();
    const annotated: Schema<{ name: string; age?: number }> = user;
    expect(annotated).toBe(user);
  });
});

describe('object() keys', () => {
  test('object() lets declared keys through', () => {
    expect(parse(user, { name: 'a', age: 1 })).toStrictEqual({ ok: true, value: { name: 'a', age: 1 } });
  });

  test('object() takes keys in any order', () => {
    const schema = object({ a: int(), b: int(), c: int() });
    for (const text of ['{"c":3,"b":2,"a":1}', '{"b":2,"c":3,"a":1}', '{"a":1,"c":3,"b":2}']) {
      expect(parse(schema, JSON.parse(text))).toEqual({ ok: true, value: { a: 1, b: 2, c: 3 } });
    }
  });

  test('object() refuses a missing key', () => {
    expect(parse(user, { age: 1 })).toMatchObject({ ok: false, issues: [{ code: 'required', path: ['name'] }] });
  });

  test('object() takes undefined for missing', () => {
    expect(parse(user, { name: undefined })).toMatchObject({
      ok: false,
      issues: [{ code: 'required', path: ['name'] }],
    });
  });

  // Hostile list 13: OWASP API3:2023, mass assignment.
  test.each(['isAdmin', 'id', 'role'])('object() refuses the extra key %s', (key) => {
    expect(parse(user, { name: 'a', [key]: 1 })).toMatchObject({
      ok: false,
      issues: [{ code: 'unknown_key', path: [] }],
    });
  });

  // Hostile list 1 and 2: JSON.parse makes an own key of it, however it is spelled in the text.
  test.each([
    '{"name":"a","__proto__":{"isAdmin":true}}',
    '{"name":"a","\\u005f\\u005fproto__":{"isAdmin":true}}',
    '{"name":"a","__pr\\u006fto__":null}',
  ])('object() refuses an own __proto__: %s', (text) => {
    expect(parse(user, JSON.parse(text))).toMatchObject({ ok: false, issues: [{ code: 'unknown_key', path: [] }] });
  });

  // Hostile list 3: what every object inherits is not what a client sent.
  test.each(['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'])(
    'object() refuses the undeclared key %s',
    (key) => {
      expect(parse(user, { name: 'a', [key]: 1 }).ok).toBe(false);
    },
  );

  // Hostile list 3: zod and valibot have returned the inherited constructor for `{}`.
  test.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])(
    'object() requires a declared %s as an own key',
    (key) => {
      const schema = object({ [key]: string() });
      expect(parse(schema, {})).toMatchObject({ ok: false, issues: [{ code: 'required', path: [key] }] });
      const result = parse(schema, { [key]: 'a' });
      expect(result.ok && Object.entries(result.value)).toEqual([[key, 'a']]);
    },
  );

  // Hostile list 4: what another dependency put on Object.prototype must not satisfy a key nor appear in the output.
  test('object() does not take a key from a polluted prototype', () => {
    const [required, injected] = withPollution('isAdmin', true, () => {
      const result = parse(object({ isAdmin: optional(boolean()) }), {});
      return [parse(object({ isAdmin: boolean() }), {}).ok, result.ok && Object.hasOwn(result.value, 'isAdmin')];
    });
    expect(required).toBe(false);
    expect(injected).toBe(false);
  });

  test('object() works on a polluted prototype and does not refuse for it', () => {
    const result = withPollution('isAdmin', true, () => parse(user, { name: 'a' }));
    expect(result).toEqual({ ok: true, value: { name: 'a' } });
  });

  test('object() reads an own key that shadows pollution', () => {
    const result = withPollution('isAdmin', true, () => parse(object({ isAdmin: boolean() }), { isAdmin: false }));
    expect(result).toEqual({ ok: true, value: { isAdmin: false } });
  });

  // Hostile list 30: two keys that look alike are two keys.
  test('object() does not normalise keys', () => {
    expect(parse(object({ '\u00e9': int() }), { 'e\u0301': 1 }).ok).toBe(false);
  });
});

describe('object() values', () => {
  // Hostile list 10: valibot has accepted [] and new Map for object({}).
  test.each(NOT_PLAIN)('object() refuses %s', (_name, value) => {
    expect(parse(object({}), value)).toMatchObject({ ok: false, issues: [{ code: 'not_object', path: [] }] });
  });

  // Hostile list 11.
  test('object() takes an object without a prototype, and gives back a plain one', () => {
    const result = parse(user, Object.assign(Object.create(null), { name: 'a' }));
    expect(result).toStrictEqual({ ok: true, value: { name: 'a' } });
  });

  // Hostile list 11: documented, since JSON has neither.
  test('object() leaves symbols and non-enumerable keys behind', () => {
    const input = Object.defineProperty({ name: 'a', [Symbol.iterator]: 1 }, 'secret', { value: 1, enumerable: false });
    const result = parse(user, input);
    expect(result.ok && Reflect.ownKeys(result.value)).toEqual(['name']);
  });

  // Hostile list 12: 'user' while it is validated, 'admin' when it is used.
  test('object() reads a getter once, so what was validated is what comes out', () => {
    let reads = 0;
    const input = {
      get name() {
        return reads++ === 0 ? 'user' : 'admin';
      },
    };
    expect(parse(user, input)).toEqual({ ok: true, value: { name: 'user' } });
    expect(reads).toBe(1);
  });

  test('object() gives back a new object', () => {
    const input = { name: 'a' };
    const result = parse(user, input);
    expect(result.ok && result.value).not.toBe(input);
  });

  test('object() points at values inside values', () => {
    const schema = object({ lines: array(object({ sku: string() })) });
    expect(parse(schema, { lines: [{ sku: 'a' }, { sku: 1 }] })).toMatchObject({
      ok: false,
      issues: [{ code: 'not_string', path: ['lines', 1, 'sku'] }],
    });
  });

  // Hostile list 15: other validators end in a RangeError; a schema of fixed depth never looks below itself.
  test('object() answers 3,000 levels of nesting', () => {
    const deep: unknown = JSON.parse('{"a":'.repeat(3000) + '1' + '}'.repeat(3000));
    expect(parse(object({ a: object({ a: int() }) }), deep)).toMatchObject({
      ok: false,
      issues: [{ path: ['a', 'a'] }],
    });
  });

  // Hostile list 23: a value that holds itself.
  test('object() answers a cyclic value', () => {
    const cycle: Record<string, unknown> = {};
    cycle['a'] = cycle;
    expect(parse(object({ a: object({ a: int() }) }), cycle).ok).toBe(false);
  });
});

describe('object() issues', () => {
  test('object() lists what is wrong and what is missing in the order of the shape, then unknown keys', () => {
    const schema = object({ a: int(), b: int(), c: int(), d: int() });
    const result = parse(schema, { x: 1, b: 'x', a: 'x' });
    expect(result.ok ? [] : result.issues.map(({ code, path }) => [code, ...path])).toEqual([
      ['not_integer', 'a'],
      ['not_integer', 'b'],
      ['required', 'c'],
      ['required', 'd'],
      ['unknown_key'],
    ]);
  });

  // Hostile list 19: other validators answer 100,000 issues.
  test('object() lists at most 8 issues for 2,000 empty objects against 50 keys', () => {
    const shape = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, string()]));
    const result = parse(array(object(shape), { max: 2000 }), Array.from({ length: 2000 }, () => ({})));
    expect(result.ok ? [] : result.issues.map(({ path }) => path)).toEqual(
      Array.from({ length: 8 }, (_, index) => [0, `f${index}`]),
    );
  });

  // Hostile list 20: a name per unknown key makes a message of a megabyte.
  test('object() answers 100,000 unknown keys with one issue', () => {
    const input = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 0]));
    const result = parse(object({}), input);
    expect(result).toEqual({
      ok: false,
      issues: [{ code: 'unknown_key', path: [], message: 'must not have undeclared keys' }],
    });
  });

  // Hostile list 48: the answer goes to the client, and often into a log.
  test('object() issues never repeat input, not even the name of a key', () => {
    const schema = object({ name: string({ max: 3 }), n: int({ max: 3 }) });
    const result = parse(schema, { name: 's3cret-value', n: 987_654, 's3cret-key': 1 });
    expect(result.ok ? [] : result.issues).toHaveLength(3);
    expect(JSON.stringify(result)).not.toMatch(/s3cret|987654/);
  });

  // Hostile list 8: issues are a list, so no object is ever indexed by a path.
  test.each(['toString', 'constructor', 'hasOwnProperty'])('object() reports on a key named %s', (key) => {
    expect(parse(object({ [key]: int() }), { [key]: 'x' })).toMatchObject({
      issues: [{ code: 'not_integer', path: [key] }],
    });
  });
});

describe('object() properties', () => {
  const schema = object({
    a: string({ max: 3 }),
    b: optional(int({ min: 0 })),
    c: array(object({ d: boolean() }), { max: 2 }),
  });
  const value = fc.oneof(
    fc.record({
      a: fc.oneof(fc.string({ maxLength: 5 }), fc.integer()),
      b: fc.oneof(fc.integer(), fc.constant(undefined), fc.string()),
      c: fc.oneof(fc.array(fc.oneof(fc.record({ d: fc.boolean() }), fc.object())), fc.string()),
      e: fc.integer(),
    }, { requiredKeys: [] }),
    fc.object({ withNullPrototype: true }),
    fc.anything(),
  );

  test('parse() never changes its input', () => {
    fc.assert(fc.property(value, (input) => {
      const before = fc.stringify(input);
      parse(schema, input);
      expect(fc.stringify(input)).toBe(before);
    }));
  });

  test('parse() answers a value or 1 to 8 issues, and the same twice', () => {
    fc.assert(fc.property(value, (input) => {
      const result = parse(schema, input);
      if (!result.ok) {
        expect(result.issues.length).toBeGreaterThan(0);
        expect(result.issues.length).toBeLessThanOrEqual(8);
      }
      expect(parse(schema, input)).toEqual(result);
    }));
  });

  test('parse() lets only declared keys out, and takes its own output back', () => {
    const valid = fc.record({
      a: fc.string({ maxLength: 3 }),
      b: fc.nat(),
      c: fc.array(fc.record({ d: fc.boolean() }), { maxLength: 2 }),
    }, { requiredKeys: ['a', 'c'] });
    fc.assert(fc.property(fc.oneof(valid, value), (input) => {
      const result = parse(schema, input);
      if (!result.ok) return;
      expect(['a', 'b', 'c']).toEqual(expect.arrayContaining(Object.keys(result.value)));
      expect(parse(schema, result.value)).toEqual(result);
    }));
  });
});
