import { describe, expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { Refusal } from '../../src/core/refusal.ts';
import { type OutputOf, type StandardSchema, validateStandard } from '../../src/core/standard-schema.ts';
import {
  array,
  boolean,
  file,
  fromText,
  int,
  lazy,
  map,
  object,
  optional,
  parseText,
  readForm,
  record,
  refine,
  type Schema,
  string,
  type TextSchema,
  union,
  variant,
} from '../../src/schema/index.ts';
import { polluting, withPollution } from './pollution.ts';

const page = object({ q: string(), limit: optional(int({ max: 100 })), tag: optional(array(string())) });
const fromPage = fromText(page);

function read(value: unknown, schema: StandardSchema = fromPage): unknown {
  return schema['~standard'].validate(value);
}

/** What a parser of queries makes that knows no prototypes. */
function bare(entries: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.assign(Object.create(null), entries);
}

const NOT_TEXT = { issues: [{ code: 'not_text', path: [], message: 'must be text' }] };

describe('fromText()', () => {
  const value = { q: 'pen', limit: 7, tag: ['a'] };

  test.each([
    { name: 'URLSearchParams', source: new URLSearchParams('tag=a&limit=7&q=pen') },
    { name: 'Headers', source: new Headers({ Q: 'pen', LIMIT: '7', tag: 'a', cookie: 'x' }) },
    { name: 'pairs', source: [['q', 'pen'], ['limit', '7'], ['tag', 'a']] },
    { name: 'a Map', source: new Map([['q', 'pen'], ['limit', '7'], ['tag', 'a']]) },
    { name: 'a plain object', source: { q: 'pen', limit: '7', tag: 'a' } },
    { name: 'an object without a prototype', source: bare({ q: 'pen', limit: '7', tag: 'a' }) },
    {
      name: 'an object with an empty prototype',
      source: Object.assign(Object.create(bare({})), value, { limit: '7' }),
    },
    { name: 'lists of one', source: bare({ q: ['pen'], limit: ['7'], tag: ['a'] }) },
    { name: 'what is undefined', source: bare({ q: 'pen', limit: '7', tag: ['a', undefined], other: undefined }) },
  ])('fromText() reads $name', ({ source }) => {
    expect(read(source)).toStrictEqual({ value });
  });

  test('fromText() answers what parseText() answers', () => {
    for (const query of ['q=a', 'q=a&limit=1&tag=x&tag=y', 'q=a&q=b', 'limit=101', 'q=a&limit=1e1', 'q=a&x=1', '']) {
      const expected = parseText(page, new URLSearchParams(query));
      const answer = expected.ok ? { value: expected.value } : { issues: expected.issues };
      const lists: Record<string, string[]> = Object.create(null);
      for (const [name, item] of new URLSearchParams(query)) (lists[name] ??= []).push(item);
      expect([read(new URLSearchParams(query)), read(lists)]).toStrictEqual([answer, answer]);
    }
  });

  test('fromText() reads lists for arrays alone', () => {
    expect(read({ q: 'a', tag: ['x', 'y'] })).toEqual({ value: { q: 'a', tag: ['x', 'y'] } });
    expect(read({ q: ['a', 'b'] })).toMatchObject({ issues: [{ code: 'repeated', path: ['q'] }] });
    expect(read({ q: [] })).toMatchObject({ issues: [{ code: 'required', path: ['q'] }] });
  });

  test('fromText() is a Standard Schema, frozen, with the schema under its mark', () => {
    expectTypeOf(fromPage).toEqualTypeOf<TextSchema<{ q: string; limit?: number; tag?: string[] }>>();
    expectTypeOf<OutputOf<typeof fromPage>>().toEqualTypeOf<{ q: string; limit?: number; tag?: string[] }>();
    expect(Object.isFrozen(fromPage) && Object.isFrozen(fromPage['~standard'])).toBe(true);
    expect([Object.keys(fromPage), fromPage['~text']]).toEqual([['~standard', '~text'], page]);
  });

  test('fromText() has its issues kept where a refusal is made of them', () => {
    expect(validateStandard(fromPage, { q: 'a', limit: '9' }, 'query_invalid')).toEqual({ q: 'a', limit: 9 });
    try {
      validateStandard(fromPage, { limit: 's3cret' }, 'query_invalid');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal);
      expect(error).toMatchObject({
        code: 'query_invalid',
        issues: [{ code: 'required', path: ['q'] }, { code: 'not_integer', path: ['limit'] }],
      });
      expect(JSON.stringify(error)).not.toContain('s3cret');
    }
  });

  test('fromText() reads through refine, map, variant, union and lazy', () => {
    const even = refine(object({ n: int() }), ({ n }) => n % 2 === 0, 'odd');
    expect(read({ n: '3' }, fromText(even))).toMatchObject({ issues: [{ code: 'odd' }] });
    expect(read({ n: '4' }, fromText(map(even, ({ n }) => n / 2)))).toEqual({ value: 2 });
    const either = union(object({ id: int() }), object({ name: string() }));
    expect(read({ name: '1' }, fromText(lazy(() => either)))).toEqual({ value: { name: '1' } });
    const by = variant('by', { id: object({ id: int() }), on: object({ on: boolean() }) });
    expect(read({ by: 'on', on: 'true' }, fromText(by))).toEqual({ value: { by: 'on', on: true } });
  });

  test('fromText() gives the same through parseText() and readForm(), issues and all', async () => {
    expect(await parseText(fromPage, { q: 'a', limit: '9' })).toEqual({ ok: true, value: { q: 'a', limit: 9 } });
    expect(await parseText(fromPage, new URLSearchParams('q=a&q=b'))).toMatchObject({ issues: [{ code: 'repeated' }] });
    const form = new FormData();
    form.set('title', 'me');
    form.set('face', new File(['x'], 'me.png'));
    const request = (): Request => new Request('https://api.test/', { method: 'POST', body: form });
    const value = await readForm(request(), fromText(object({ title: string(), face: file() })));
    expect([value.title, value.face.name]).toEqual(['me', 'me.png']);
    await expect(readForm(request(), fromPage)).rejects.toMatchObject({
      issues: [{ code: 'required', path: ['q'] }, { code: 'unknown_key', path: [] }],
    });
  });
});

describe('fromText() creation', () => {
  const endless: Schema<unknown> = union(object({ a: int() }), lazy(() => endless));

  test.each([
    ['nothing', undefined],
    ['an object of none', { a: string() }],
    ['a foreign schema', z.object({ a: z.string() })],
    ['a schema of text', fromPage],
    ['a string', string()],
    ['a record', record(string())],
    ['a refined array', refine(array(string()), () => true, 'never')],
    // It is met by those alone whom the first branch refuses: too late.
    ['a union with a branch that is none', union(object({ a: int() }), string())],
    ['a lazy string', lazy(() => string())],
    ['a union within itself', endless],
  ])('fromText() throws on %s', (_name, schema) => {
    expect(() => Reflect.apply(fromText, undefined, [schema])).toThrow(TypeError);
  });

  test.each([
    [{ maxParameter: 5 }, TypeError],
    [Object.create({ maxParameters: 5 }), TypeError],
    [{ maxParameters: -1 }, RangeError],
    [{ maxParameters: NaN }, RangeError],
    [{ maxParameters: '5' }, RangeError],
    [{ maxParameters: null }, RangeError],
  ])('fromText() throws on the options %j', (options, error) => {
    expect(() => Reflect.apply(fromText, undefined, [page, options])).toThrow(error);
  });

  test('fromText() takes no parameter after maxParameters, whatever becomes of the options', () => {
    const options = { maxParameters: 2 };
    const schema = fromText(page, options);
    options.maxParameters = 1000;
    expect(read({ q: 'a', tag: ['x'] }, schema)).toEqual({ value: { q: 'a', tag: ['x'] } });
    expect(read({ q: 'a', tag: ['x', 'y'] }, schema)).toMatchObject({ issues: [{ code: 'too_many', path: [] }] });
    expect(read(new URLSearchParams('tag=a'.concat('&tag=a'.repeat(100))))).toMatchObject({
      issues: [{ code: 'too_many' }],
    });
  });

  test('fromText() takes nothing from a polluted prototype', () => {
    const [missing, made, inherited] = withPollution('q', polluting('x'), () => [
      read({}),
      read(bare({ limit: '1' })),
      withPollution('maxParameters', polluting(1e9), () => {
        try {
          return fromText(page);
        } catch (error) {
          return error;
        }
      }),
    ]);
    expect([missing, made]).toMatchObject([{ issues: [{ code: 'required' }] }, { issues: [{ code: 'required' }] }]);
    expect(inherited).toBeInstanceOf(TypeError);
  });
});

describe('fromText() of what is no text', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'q=pen'],
    ['a number', 5],
    ['a symbol', Symbol('q')],
    ['a function', () => 'q'],
    ['a date', new Date(0)],
    ['a promise', Promise.resolve({ q: 'pen' })],
    [
      'an instance',
      new (class {
        q = 'pen';
      })(),
    ],
    ['a boxed string', Object('q')],
    ['bytes', new Uint8Array([1])],
    ['a list of strings', ['q']],
    // Destructured, a string of two is a pair.
    ['a list of strings of two', ['qp']],
    ['a list of what is none', [null]],
    ['a hole', Array(1)],
    ['pairs of one', [['q']]],
    ['pairs of three', [['q', 'a', 'b']]],
    ['pairs of a list', [['q', ['a']]]],
    ['names that are none', [[1, 'a']]],
    ['an object for a value', { q: { $ne: '' } }],
    ['a number for a value', { q: 1 }],
    ['null for a value', { q: null }],
    ['true for a value', { q: true }],
    ['a list within a list', { q: [['a']] }],
    ['an object in a list', { q: ['a', {}] }],
    ['a number under a name that nobody declared', { q: 'a', other: 1 }],
  ])('fromText() answers %s with one issue', (_name, value) => {
    expect(read(value)).toEqual(NOT_TEXT);
  });
});
