import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  array,
  extend,
  type Infer,
  int,
  intersect,
  map,
  nullable,
  object,
  omit,
  optional,
  parse,
  partial,
  pick,
  refine,
  type Schema,
  string,
} from '../../src/schema/index.ts';
import { findings } from './findings.ts';

const user = object({ id: int(), name: string(), note: optional(string()), size: optional(int(), 20) });
const open = object({ a: int() }, { unknown: 'strip' });

describe('extend()', () => {
  test('extend() adds keys, and keeps those that were there', () => {
    const schema = extend(object({ a: int() }), { b: string() });
    expect(parse(schema, { a: 1, b: '' }).ok).toBe(true);
    expect(findings(schema, {})).toEqual([['required', 'a'], ['required', 'b']]);
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ a: number; b: string }>();
  });

  test('extend() replaces the schema of a key that both declare', () => {
    const schema = extend(user, { id: string(), name: optional(int()) });
    expect(parse(schema, { id: 'a' })).toEqual({ ok: true, value: { id: 'a', size: 20 } });
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ id: string; size: number; name?: number; note?: string }>();
  });

  test('extend() changes nothing of the object that it extends', () => {
    extend(user, { isAdmin: int() });
    expect(findings(user, { id: 1, name: '', isAdmin: 1 })).toEqual([['unknown_key']]);
  });

  test('extend() keeps what is done with undeclared keys', () => {
    expect(parse(extend(open, { b: int() }), { a: 1, b: 2, c: 3 })).toEqual({ ok: true, value: { a: 1, b: 2 } });
    expect(parse(extend(user, {}), { id: 1, name: '', c: 3 }).ok).toBe(false);
  });

  // Hostile list 9.
  test.each([
    ['a literal with __proto__', { __proto__: int() }],
    ['an own __proto__', { ['__proto__']: int() }],
    ['what is no schema', { b: 'string' }],
    ['a symbol', { [Symbol.iterator]: int() }],
    ['a list', [int()]],
    ['null', null],
    ['an object schema', object({ b: int() })],
  ])('extend() throws on a shape with %s', (_name, more) => {
    expect(() => Reflect.apply(extend, undefined, [user, more])).toThrow(TypeError);
  });
});

describe('intersect()', () => {
  test('intersect() wants the keys of both', () => {
    const schema = intersect(object({ a: int() }), object({ b: optional(string()) }));
    expect(parse(schema, { a: 1, b: '' })).toEqual({ ok: true, value: { a: 1, b: '' } });
    expect(findings(schema, { b: 1 })).toEqual([['required', 'a'], ['not_string', 'b']]);
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ a: number; b?: string }>();
  });

  // Of two rules for one key, one would be forgotten.
  test.each(['a', 'toString'])('intersect() throws when both declare %s', (key) => {
    expect(() => intersect(object({ [key]: int() }), object({ [key]: int() }))).toThrow(TypeError);
  });

  test('intersect() takes no inherited name for a key that both declare', () => {
    const [one, other] = [object({ a: int() }), object({ toString: int() })];
    expect(parse(intersect(one, other), { a: 1, toString: 1 }).ok).toBe(true);
    expect(parse(intersect(other, one), { a: 1, toString: 1 }).ok).toBe(true);
  });

  // Hostile list 13: one of two that refuse is enough.
  test('intersect() leaves undeclared keys out where both do, and refuses them otherwise', () => {
    const [strip, reject] = [object({ b: int() }, { unknown: 'strip' }), object({ b: int() })];
    const value = { a: 1, b: 2, c: 3 };
    expect(parse(intersect(open, strip), value)).toEqual({ ok: true, value: { a: 1, b: 2 } });
    expect(findings(intersect(open, reject), value)).toEqual([['unknown_key']]);
    expect(findings(intersect(reject, open), value)).toEqual([['unknown_key']]);
  });
});

describe('pick() and omit()', () => {
  test('pick() keeps the keys that it names', () => {
    const schema = pick(user, 'id', 'size');
    expect(parse(schema, { id: 1 })).toEqual({ ok: true, value: { id: 1, size: 20 } });
    expect(findings(schema, { id: 1, name: '' })).toEqual([['unknown_key']]);
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ id: number; size: number }>();
  });

  // Hostile list 13: what a client may not set.
  test('omit() leaves out the keys that it names', () => {
    const schema = omit(user, 'id', 'size');
    expect(parse(schema, { name: 'Ada' })).toStrictEqual({ ok: true, value: { name: 'Ada' } });
    expect(findings(schema, { name: 'Ada', id: 1 })).toEqual([['unknown_key']]);
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ name: string; note?: string }>();
  });

  // A typo would otherwise leave a key in that was to go.
  test.each([['nmae'], ['toString'], ['__proto__'], [undefined], [7]])(
    'pick() and omit() throw on %j, which the object does not declare',
    (key) => {
      expect(() => Reflect.apply(pick, undefined, [user, 'id', key])).toThrow(TypeError);
      expect(() => Reflect.apply(omit, undefined, [user, 'id', key])).toThrow(TypeError);
    },
  );

  test('pick() and omit() keep what is done with undeclared keys', () => {
    expect(parse(pick(open, 'a'), { a: 1, b: 2 })).toEqual({ ok: true, value: { a: 1 } });
    expect(parse(omit(open, 'a'), { a: 1, b: 2 })).toEqual({ ok: true, value: {} });
  });
});

describe('partial()', () => {
  test('partial() lets every key be missing, and puts none in', () => {
    const schema = partial(object({ a: int(), b: nullable(string()) }));
    expect(parse(schema, {})).toStrictEqual({ ok: true, value: {} });
    expect(parse(schema, { b: null })).toStrictEqual({ ok: true, value: { b: null } });
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ a?: number; b?: string | null }>();
  });

  test('partial() refuses a key that is there and wrong', () => {
    expect(findings(partial(user), { id: 'x', c: 1 })).toEqual([['not_integer', 'id'], ['unknown_key']]);
  });

  test('partial() keeps defaults', () => {
    const schema = partial(user);
    expect(parse(schema, {})).toEqual({ ok: true, value: { size: 20 } });
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ id?: number; name?: string; note?: string; size: number }>();
  });

  test('partial() lets only the outermost keys be missing', () => {
    expect(findings(partial(object({ a: object({ b: int() }) })), { a: {} })).toEqual([['required', 'a', 'b']]);
  });

  test('partial() keeps what is done with undeclared keys', () => {
    expect(parse(partial(open), { c: 1 })).toEqual({ ok: true, value: {} });
  });
});

// A rule of the whole object may speak of keys that are gone: no composition drops it without a word.
describe('composition', () => {
  const others: readonly (readonly [string, Schema<unknown>])[] = [
    ['a refined object', refine(user, () => true, 'mine')],
    ['a mapped object', map(user, ({ id }) => id)],
    ['a nullable object', nullable(user)],
    ['an array', array(user)],
  ];

  test.each(others)('extend(), intersect(), pick(), omit() and partial() throw on %s', (_name, schema) => {
    for (const args of [[extend, {}], [intersect, open], [pick, 'id'], [omit, 'id'], [partial]] as const) {
      const [compose, ...rest] = args;
      expect(() => Reflect.apply(compose, undefined, [schema, ...rest])).toThrow(TypeError);
    }
    expect(() => Reflect.apply(intersect, undefined, [open, schema])).toThrow(TypeError);
  });

  test.each([['undefined', undefined], ['a shape', { a: int() }], ['the function', object]])(
    'extend() and partial() throw on %s',
    (_name, schema) => {
      expect(() => Reflect.apply(extend, undefined, [schema, {}])).toThrow(TypeError);
      expect(() => Reflect.apply(partial, undefined, [schema])).toThrow(TypeError);
    },
  );

  test('objects that were composed are composed again', () => {
    const schema = partial(omit(extend(pick(user, 'id', 'name'), { age: int() }), 'id'));
    expect(parse(schema, { age: 36 })).toEqual({ ok: true, value: { age: 36 } });
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ name?: string; age?: number }>();
    const annotated: Schema<{ name?: string; age?: number }> = schema;
    expect(annotated).toBe(schema);
  });
});
