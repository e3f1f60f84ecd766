import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  array,
  boolean,
  check,
  type Infer,
  int,
  object,
  oneOf,
  optional,
  parse,
  record,
  type Schema,
  string,
  union,
} from '../../src/schema/index.ts';
import { deepFreeze, findings } from './findings.ts';

const id = union(int({ min: 1 }), string({ min: 1, max: 5 }));

/** Lets everything through that is no number, and counts how often it is read. */
function counting(inner: Schema<unknown>): { readonly schema: Schema<unknown>; readonly reads: () => number } {
  let reads = 0;
  const read: Schema<unknown>['~read'] = (value, issues, bare) => {
    reads++;
    return inner['~read'](value, issues, bare);
  };
  return { schema: { ...inner, '~read': read }, reads: () => reads };
}

describe('union() branches', () => {
  test('union() lets through what one of its branches does', () => {
    expect([parse(id, 7), parse(id, 'abc')]).toEqual([{ ok: true, value: 7 }, { ok: true, value: 'abc' }]);
  });

  test.each([[0], [''], [null], [true], [undefined], [{}], ['abcdef']])(
    'union() refuses what none of its branches lets through: %j',
    (value) => {
      expect(parse(id, value)).toEqual({
        ok: false,
        issues: [{ code: 'no_branch', path: [], message: 'must be one of the allowed kinds' }],
      });
    },
  );

  test('union() takes the first branch that fits', () => {
    const schema = union(
      object({ a: int() }, { unknown: 'strip' }),
      object({ a: int(), b: int() }),
    );
    expect(parse(schema, { a: 1, b: 2 })).toEqual({ ok: true, value: { a: 1 } });
  });

  test('union() reads no branch after the one that fits', () => {
    const late = counting(string());
    expect(parse(union(int(), late.schema), 1).ok).toBe(true);
    expect(late.reads()).toBe(0);
  });

  // Hostile list 49: a branch that fails half-way must have left nothing behind.
  test('union() leaves the input as it was, also in losing branches', () => {
    const input = { list: [1, { a: 'x' }], b: 'keep', c: -0 };
    const before = structuredClone(input);
    const schema = union(
      object({ list: array(int()), b: string() }, { unknown: 'strip' }),
      object({ list: array(union(int(), object({ a: string() }))), b: string(), c: int() }),
      record(int()),
    );
    expect(parse(schema, deepFreeze(input)).ok).toBe(true);
    expect(input).toStrictEqual(before);
    expect(parse(union(record(int()), object({ list: int() })), input).ok).toBe(false);
    expect(input).toStrictEqual(before);
  });

  // Hostile list 50: what a losing branch had begun to fill in does not show.
  test('union() puts out nothing of a losing branch', () => {
    const schema = union(
      object({ a: optional(int(), 5), b: int() }),
      object({ b: string(), c: optional(int()) }),
    );
    expect(parse(schema, { b: 'x' })).toStrictEqual({ ok: true, value: { b: 'x' } });
  });

  test('union() of an optional schema still wants its key to be there', () => {
    expect(findings(object({ a: union(optional(int()), string()) }), {})).toEqual([['required', 'a']]);
  });

  // Hostile list 3 and 6: neither a branch nor a prototype is chosen by name.
  test('union() refuses an own __proto__ in every branch', () => {
    expect(parse(union(object({ a: int() }), record(int())), JSON.parse('{"__proto__":1}')).ok).toBe(false);
  });

  test.each([
    ['no branch', []],
    ['one branch', [int()]],
    ['17 branches', Array.from({ length: 17 }, () => int())],
    ['what is no schema', [int(), 'string']],
    ['a list', [[int(), string()]]],
  ])('union() throws on %s', (_name, branches) => {
    expect(() => Reflect.apply(union, undefined, branches)).toThrow(TypeError);
  });

  test('union() takes 16 branches', () => {
    const schema = union(...Array.from({ length: 16 }, (_, index) => oneOf(index)));
    expect(parse(schema, 15).ok && !parse(schema, 16).ok).toBe(true);
  });

  test('union() cannot be changed through what it says of itself', () => {
    const kind = id['~kind'];
    expect(kind.type === 'union' && Object.isFrozen(kind.branches)).toBe(true);
  });

  test('union() infers the union', () => {
    expectTypeOf<Infer<typeof id>>().toEqualTypeOf<number | string>();
    const annotated: Schema<number | string> = id;
    expect(annotated).toBe(id);
    const value: unknown = 'abc';
    if (check(id, value)) expectTypeOf(value).toEqualTypeOf<number | string>();
  });
});

describe('union() issues', () => {
  const shallow = object({ kind: oneOf('a') });
  const deep = object({ kind: oneOf('b'), body: object({ lines: array(object({ sku: string() })) }) });

  test('union() tells of the branch that got deepest', () => {
    const value = { kind: 'b', body: { lines: [{ sku: 1 }] } };
    expect(findings(union(shallow, deep), value)).toEqual([['not_string', 'body', 'lines', 0, 'sku']]);
    expect(findings(union(deep, shallow), value)).toEqual([['not_string', 'body', 'lines', 0, 'sku']]);
  });

  test('union() tells of the first of branches that got equally deep', () => {
    const [one, other] = [object({ a: int() }), object({ a: boolean() })];
    expect(findings(union(one, other), { a: 'x' })).toEqual([['not_integer', 'a']]);
    expect(findings(union(other, one), { a: 'x' })).toEqual([['not_boolean', 'a']]);
  });

  test('union() says the same twice', () => {
    const schema = union(shallow, deep, array(deep));
    const value = [{ kind: 'c', body: 1, more: 2 }];
    expect(parse(schema, value)).toEqual(parse(schema, structuredClone(value)));
  });

  test('union() puts the place of the value before the places inside it', () => {
    const schema = object({ items: array(union(int(), object({ a: int() }))) });
    expect(findings(schema, { items: [1, { a: 'x' }, true] })).toEqual([
      ['not_integer', 'items', 1, 'a'],
      ['no_branch', 'items', 2],
    ]);
  });

  // An issue about the whole value stands last in a list: the next one must not be written over it.
  test('union() keeps an issue about the whole value beside those inside', () => {
    expect(findings(union(int(), object({ a: int(), b: int() })), { a: 'x', c: 1 })).toEqual([
      ['not_integer', 'a'],
      ['required', 'b'],
      ['unknown_key'],
    ]);
  });

  test('union() keeps the params of the rule', () => {
    expect(parse(union(int(), object({ a: int({ min: 3 }) })), { a: 1 })).toMatchObject({
      issues: [{ code: 'too_small', path: ['a'], params: { min: 3 } }],
    });
  });

  // Hostile list 19: sixteen branches with ten issues each.
  test('union() lists at most 8 issues, also after others', () => {
    const shape = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`k${index}`, int()]));
    const wide = union(...Array.from({ length: 16 }, () => object(shape)));
    const value = Object.fromEntries(Object.keys(shape).map((key) => [key, 'x']));
    expect(findings(wide, value)).toHaveLength(8);
    const all = findings(object({ a: int(), b: wide, c: wide }), { a: 'x', b: { ...value, z: 1 }, c: value });
    expect(all).toHaveLength(8);
    expect(all.slice(0, 2)).toEqual([['not_integer', 'a'], ['not_integer', 'b', 'k0']]);
    expect(all.every(([, first]) => first === 'a' || first === 'b')).toBe(true);
  });

  // Hostile list 48: which kinds are allowed may be a secret, and so is the value.
  test('union() issues name neither literals nor input', () => {
    const schema = union(oneOf('s3cret'), object({ a: oneOf('s3cret') }));
    expect(JSON.stringify([parse(schema, 'gu3ss'), parse(schema, { a: 'gu3ss' })])).not.toMatch(/s3cret|gu3ss/);
  });

  // Hostile list 21: once on the first pass, and on the second once to decide and once to explain.
  test('union() reads each branch three times at most for a value that it refuses', () => {
    const branches = Array.from({ length: 16 }, () => counting(int()));
    expect(parse(union(...branches.map(({ schema }) => schema)), 'x').ok).toBe(false);
    expect(branches.map(({ reads }) => reads())).toEqual(branches.map(() => 3));
  });

  // Hostile list 21: without lazy the depth is the schema's own, and so is the product.
  test('union() within union() costs the product of their branches, and a factor of their depth', () => {
    const leaf = counting(int());
    let schema = leaf.schema;
    for (let level = 0; level < 6; level++) schema = union(object({ a: schema, t: oneOf(1) }), object({ a: schema }));
    let value: unknown = 'x';
    for (let level = 0; level < 6; level++) value = { a: value };
    expect(parse(schema, value).ok).toBe(false);
    expect(leaf.reads()).toBeLessThanOrEqual(2 ** 6 * (6 + 2));
  });
});
