import { describe, expect, expectTypeOf, test } from 'vitest';
import { check, type Infer, int, map, object, optional, parse, refine, string, tuple } from '../../src/schema/index.ts';
import { deepFreeze, findings } from './findings.ts';

const span = refine(object({ from: int(), to: int() }), ({ from, to }) => from <= to, 'not_in_order');

describe('refine()', () => {
  test('refine() lets through what its predicate answers true to', () => {
    expect(parse(span, deepFreeze({ from: 1, to: 2 }))).toStrictEqual({ ok: true, value: { from: 1, to: 2 } });
  });

  test('refine() refuses what its predicate answers false to, in your words', () => {
    expect(parse(span, { from: 2, to: 1 })).toEqual({
      ok: false,
      issues: [{ code: 'not_in_order', path: [], message: 'is not valid' }],
    });
    expect(parse(refine(int(), () => false, 'a1_b', 'must be mine'), 1)).toMatchObject({
      issues: [{ code: 'a1_b', message: 'must be mine' }],
    });
  });

  test('refine() asks about nothing that its schema refuses', () => {
    let calls = 0;
    const schema = refine(int(), () => ++calls > 0, 'counted');
    expect(findings(schema, 'x')).toEqual([['not_integer']]);
    expect(check(schema, 'x')).toBe(false);
    expect(calls).toBe(0);
  });

  test('refine() asks once about a value that it lets through', () => {
    let calls = 0;
    expect(parse(refine(int(), () => ++calls > 0, 'counted'), 1).ok).toBe(true);
    expect(calls).toBe(1);
  });

  // Hostile list 49: what a careless predicate changes is the copy, never the client's value.
  test('refine() shows the predicate the copy that comes out', () => {
    const input = { from: 1, to: 2 };
    const result = parse(refine(span, (value) => (value.to = 9) > 0, 'changed'), input);
    expect(result).toEqual({ ok: true, value: { from: 1, to: 9 } });
    expect(input).toEqual({ from: 1, to: 2 });
  });

  // Hostile list 51: a promise is truthy, and would be a yes to everything.
  test.each<[string, () => unknown]>([
    ['a promise of true', () => Promise.resolve(true)],
    ['a promise of false', () => Promise.resolve(false)],
    ['a thenable', () => ({ then: () => undefined })],
    ['1', () => 1],
    ['a text', () => 'yes'],
    ['an object', () => ({})],
    ['a boxed false', () => Object(false)],
    ['nothing', () => undefined],
    ['null', () => null],
    ['0', () => 0],
  ])('refine() throws when its predicate answers %s', (_name, predicate) => {
    const schema = Reflect.apply(refine, undefined, [int(), predicate, 'mine']);
    expect(() => parse(schema, 1)).toThrow(TypeError);
    expect(() => check(schema, 1)).toThrow(TypeError);
    expect(() => schema['~standard'].validate(1)).toThrow(TypeError);
  });

  // Hostile list 51: an error of the program is no refusal, and never a yes.
  test('refine() passes on what its predicate throws, wherever it stands', () => {
    const schema = refine(int(), () => {
      throw new Error('mine');
    }, 'thrown');
    expect(() => parse(schema, 1)).toThrow('mine');
    expect(() => parse(object({ a: optional(tuple(schema)) }), { a: [1] })).toThrow('mine');
    expect(() => check(schema, 1)).toThrow('mine');
  });

  test('refine() on refine() asks from the inside out, and never after a no', () => {
    const asked: string[] = [];
    const ask = (name: string, answer: boolean) => (): boolean => {
      asked.push(name);
      return answer;
    };
    const schema = refine(refine(refine(int(), ask('a', true), 'a'), ask('b', false), 'b'), ask('c', true), 'c');
    expect(findings(schema, 1)).toEqual([['b']]);
    expect(asked.slice(0, 2)).toEqual(['a', 'b']);
    expect(asked).not.toContain('c');
  });

  // The value that is refused is read anew to explain it: the rule must be asked about the same thing.
  test('refine() asks about what a map has made on the pass that lists the issues, too', () => {
    const seen = new Set<string>();
    const length = map(string(), (text) => text.length);
    const schema = refine(length, (value) => seen.add(typeof value).size < 0, 'never');
    expect(findings(object({ a: schema }), { a: 'abc' })).toEqual([['never', 'a']]);
    expect([...seen]).toEqual(['number']);
  });

  test('refine() puts the place of the value before its rule', () => {
    expect(findings(object({ span, n: int() }), { span: { from: 2, to: 1 }, n: 'x' })).toEqual([
      ['not_in_order', 'span'],
      ['not_integer', 'n'],
    ]);
  });

  // Hostile list 48.
  test('refine() issues repeat no input', () => {
    expect(JSON.stringify(parse(refine(string(), () => false, 'no'), 's3cret'))).not.toContain('s3cret');
  });

  // It must be decided when the schema is made: at the first missing key it would be an error of the server.
  test('refine() throws on a default that its predicate refuses', () => {
    const page = optional(int(), 20);
    expect(() => refine(page, (size) => size > 100, 'small')).toThrow(TypeError);
    const schema = object({ size: refine(page, (size) => size < 100, 'large') });
    expect(parse(schema, {})).toEqual({ ok: true, value: { size: 20 } });
    expect(findings(schema, { size: 100 })).toEqual([['large', 'size']]);
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ size: number }>();
  });

  test('refine() of an optional schema lets the key be missing, and asks nothing then', () => {
    let calls = 0;
    const schema = object({ a: refine(optional(int()), (value) => ++calls > 0 && value !== 3, 'three') });
    expect(parse(schema, {})).toStrictEqual({ ok: true, value: {} });
    expect(calls).toBe(0);
    expect(findings(schema, { a: 3 })).toEqual([['three', 'a']]);
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ a?: number }>();
  });

  // It would be asked about `undefined` only where another key is wrong: a crash, or an issue, that the same key does not make alone.
  test('refine() of an optional asks nothing about a missing key either when another is wrong', () => {
    const schema = object({
      a: refine(optional(string()), (text) => text?.startsWith('a') === true, 'starts'),
      b: int(),
    });
    expect(parse(schema, { b: 1 }).ok).toBe(true);
    const result = parse(schema, { b: 'x' });
    expect(result.ok ? [] : result.issues.map(({ code, path }) => [code, ...path])).toEqual([['not_integer', 'b']]);
  });

  test('refine() sees what a map has made', () => {
    const schema = refine(map(string(), (text) => text.length), (length) => length > 2, 'short');
    expect(parse(schema, 'abc')).toEqual({ ok: true, value: 3 });
    expect(parse(schema, 'ab').ok).toBe(false);
  });

  test.each([[''], ['Not'], ['not-ok'], ['1a'], ['_a'], ['a b'], ['a\n'], ['\u00e4'], [undefined], [1]])(
    'refine() throws on the code %j',
    (code) => {
      expect(() => Reflect.apply(refine, undefined, [int(), () => true, code])).toThrow(TypeError);
    },
  );

  test('refine() throws on what is no schema, and on what is no function', () => {
    expect(() => Reflect.apply(refine, undefined, [{}, () => true, 'a'])).toThrow(TypeError);
    expect(() => Reflect.apply(refine, undefined, [int(), /a/, 'a'])).toThrow(TypeError);
  });

  test('refine() keeps the type', () => {
    expectTypeOf<Infer<typeof span>>().toEqualTypeOf<{ from: number; to: number }>();
    expect(span['~presence']).toBe('required');
  });
});
