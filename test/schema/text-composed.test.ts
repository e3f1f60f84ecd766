import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  array,
  boolean,
  int,
  lazy,
  map,
  nullable,
  object,
  oneOf,
  optional,
  parseText,
  record,
  refine,
  type Schema,
  string,
  union,
  variant,
} from '../../src/schema/index.ts';

/** What a schema reads of the values that come under one name, or the codes of the issues. */
function read(schema: Schema<unknown>, ...values: readonly string[]): unknown {
  const result = parseText(object({ a: schema }), new URLSearchParams(values.map((value) => ['a', value])));
  if (!result.ok) return result.issues.map(({ code, path }) => `${code} ${path.join('/')}`).join();
  return result.value.a;
}

describe('parseText() composed schemas', () => {
  test('parseText() reads by what is within', () => {
    expect(read(optional(int()), '1')).toBe(1);
    expect(read(nullable(int()), '1')).toBe(1);
    expect(read(map(refine(int(), (n) => n > 0, 'positive'), (n) => n * 2), '4')).toBe(8);
    expect(read(lazy(() => int()), '3')).toBe(3);
  });

  test('parseText() fills in a default for what is missing, and not for what is empty', () => {
    const schema = object({ limit: optional(int(), 20) });
    expect(parseText(schema, new URLSearchParams())).toEqual({ ok: true, value: { limit: 20 } });
    expect(parseText(schema, new URLSearchParams('limit='))).toMatchObject({ issues: [{ code: 'not_integer' }] });
  });

  // z.coerce.number makes 0 of null; here no text is null.
  test.each(['null', '', '0'])('parseText() takes %j for no null', (text) => {
    expect(read(nullable(string()), text)).toBe(text);
  });

  test('parseText() takes the first branch of a union whose text reads', () => {
    expect(read(union(int(), boolean(), string()), '1')).toBe(1);
    expect(read(union(int(), boolean(), string()), 'true')).toBe(true);
    expect(read(union(string(), int()), '1')).toBe('1');
    expect(read(union(int({ min: 5 }), string()), '1')).toBe('1');
    expect(read(union(int(), array(int())), '1', '2')).toEqual([1, 2]);
    expect(read(union(int(), boolean()), 'x')).toBe('no_branch a');
  });

  // It may have an effect that is not meant twice, and what it makes of a branch that loses is nobody's.
  test('parseText() runs a map within a union once for a value that comes out', () => {
    let runs = 0;
    const counted = (schema: Schema<unknown>): Schema<unknown> => map(schema, (value) => [++runs, value]);
    expect(read(union(int(), counted(string())), 'x')).toEqual([1, 'x']);
    expect(read(array(union(counted(int()), string())), '1', '2')).toEqual([[2, 1], [3, 2]]);
    expect(parseText(union(object({ b: int() }), counted(object({ a: int() }))), { a: '1' })).toEqual({
      ok: true,
      value: [4, { a: 1 }],
    });
    expect(read(union(counted(int({ min: 5 })), counted(oneOf(7))), '1')).toBe('no_branch a');
    expect(runs).toBe(4);
  });

  test.each([
    ['object', object({ b: string() }), 'not_object a'],
    ['record', record(string()), 'not_object a'],
  ])('parseText() has no text for an %s', (_name, schema, issue) => {
    expect(read(schema, '{"b":"x"}')).toBe(issue);
  });

  test('parseText() reads a variant and a union of objects, and tells what is wrong with the one that is nearest', () => {
    const payment = variant('by', { card: object({ digits: string() }), cash: object({ given: int() }) });
    expect(parseText(payment, { by: 'cash', given: '5' })).toEqual({ ok: true, value: { by: 'cash', given: 5 } });
    expect(parseText(payment, { by: 'cash', given: 'x' })).toMatchObject({ issues: [{ path: ['given'] }] });
    const change = variant('by', { card: object({ n: string() }), cash: object({ n: int(), back: int() }) });
    expect(parseText(change, { by: 'cash', n: '5', back: 'x' })).toMatchObject({
      issues: [{ code: 'not_integer', path: ['back'] }],
    });
    expect(parseText(payment, { by: '__proto__' })).toMatchObject({ ok: false });
    const either = union(object({ id: int() }), object({ name: string() }));
    expect(parseText(either, { name: '1' })).toEqual({ ok: true, value: { name: '1' } });
  });

  test('parseText() reads an object within refine, map and lazy', () => {
    const span = refine(object({ from: int(), to: int() }), ({ from, to }) => from <= to, 'not_in_order');
    expect(parseText(lazy(() => span), { from: '1', to: '2' })).toEqual({ ok: true, value: { from: 1, to: 2 } });
    expect(parseText(span, { from: '2', to: '1' })).toMatchObject({ issues: [{ code: 'not_in_order', path: [] }] });
    expect(parseText(map(span, ({ from }) => from), { from: '1', to: '2' })).toEqual({ ok: true, value: 1 });
  });

  // Hostile list 21: branches that lead back to themselves are tried so often, and no oftener.
  test('parseText() ends on a union that holds itself twice', () => {
    const twice: Schema<unknown> = union(int(), lazy(() => twice), lazy(() => twice));
    expect(read(twice, 'x')).toBe('no_branch a');
    const itself: Schema<unknown> = lazy(() => itself);
    expect(() => parseText(itself, {})).toThrow(TypeError);
  });

  test.each([
    ['no object', string()],
    ['an array', array(string())],
    ['a union of scalars', union(int(), string())],
    ['nothing', undefined],
    ['a function', (): undefined => undefined],
    ['a plain object', {}],
  ])('parseText() throws on a schema that is %s', (_name, schema) => {
    expect(() => Reflect.apply(parseText, undefined, [schema, {}])).toThrow(TypeError);
  });

  test('parseText() is typed by the schema', () => {
    const result = parseText(object({ a: int() }), {});
    if (result.ok) expectTypeOf(result.value).toEqualTypeOf<{ a: number }>();
    expect(result.ok).toBe(false);
  });
});
