import { describe, expect, test } from 'vitest';
import type { StandardSchema } from '../../src/core/standard-schema.ts';
import {
  array,
  boolean,
  int,
  object,
  optional,
  parseText,
  type Schema,
  string,
  type TextSource,
} from '../../src/schema/index.ts';

const page = object({ q: string(), limit: optional(int()) });

describe('parseText() sources', () => {
  const form = new FormData();
  form.set('q', 'pen');
  form.set('limit', '7');
  const sources: readonly { readonly name: string; readonly source: TextSource }[] = [
    { name: 'URLSearchParams', source: new URLSearchParams('limit=7&q=pen') },
    { name: 'Headers', source: new Headers({ Q: 'pen', LIMIT: '7' }) },
    { name: 'FormData', source: form },
    { name: 'a plain object', source: { q: 'pen', limit: '7' } },
    { name: 'an object without a prototype', source: Object.assign(Object.create(null), { q: 'pen', limit: '7' }) },
    { name: 'pairs', source: [['q', 'pen'], ['limit', '7']] },
    { name: 'a Map', source: new Map([['q', 'pen'], ['limit', '7']]) },
  ];

  test.each(sources)('parseText() reads $name', ({ source }) => {
    expect(parseText(page, source)).toStrictEqual({ ok: true, value: { q: 'pen', limit: 7 } });
  });

  test('parseText() takes undefined in a plain object for missing, and ignores what is inherited', () => {
    const inherits: Record<string, string> = Object.create({ limit: '1' });
    inherits['q'] = 'x';
    expect(parseText(page, { q: 'x', limit: undefined })).toEqual({ ok: true, value: { q: 'x' } });
    expect(parseText(page, inherits)).toEqual({ ok: true, value: { q: 'x' } });
  });

  // Hostile list 43: a router has decoded already, and twice is once too often.
  test.each(['%2F', '%2e%2e', 'a+b', '%', '%00'])('parseText() decodes nothing in a plain object: %j', (text) => {
    expect(parseText(page, { q: text })).toEqual({ ok: true, value: { q: text } });
  });

  // Hostile list 4 and 5.
  test('parseText() takes nothing from a polluted prototype', () => {
    const lent = { value: 'x', enumerable: true, configurable: true, writable: true };
    Object.defineProperties(Object.prototype, { q: lent, inner: lent });
    try {
      const results = [
        parseText(page, {}).ok,
        parseText(page, new URLSearchParams()).ok,
        parseText(page, { q: 'a' }).ok,
      ];
      expect(results).toEqual([false, false, true]);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'q');
      Reflect.deleteProperty(Object.prototype, 'inner');
    }
  });

  // A parser of queries that makes objects of brackets, and another framework's numbers.
  test.each([[{ q: 1 }], [{ q: ['x'] }], [{ q: { $ne: '' } }], [{ q: null }], [{ q: 'x', limit: 5 }]])(
    'parseText() refuses what is no text: %j',
    (source) => {
      expect(Reflect.apply(parseText, undefined, [page, source])).toEqual({
        ok: false,
        issues: [{ code: 'not_text', path: [], message: 'must be text' }],
      });
    },
  );

  test.each([[undefined], [null], ['q=pen'], [5]])('parseText() throws on the source %j', (source) => {
    expect(() => Reflect.apply(parseText, undefined, [page, source])).toThrow(TypeError);
  });
});

describe('parseText() names', () => {
  // Hostile list 42: qs made objects of them, with prototypes to pollute.
  test.each(['__proto__', 'constructor', 'toString', 'a[b]', 'a[]', 'a.b', 'q[0]', 'Q', '', ' q'])(
    'parseText() takes %j for a name like any other',
    (name) => {
      const source = (): TextSource => new URLSearchParams([['q', 'x'], [name, 'y']]);
      expect(parseText(page, source())).toMatchObject({ ok: false, issues: [{ code: 'unknown_key', path: [] }] });
      const strip = object({ q: string() }, { unknown: 'strip' });
      expect(parseText(strip, source())).toStrictEqual({ ok: true, value: { q: 'x' } });
      expect(Reflect.get({}, 'y')).toBe(undefined);
    },
  );

  test.each(['constructor', 'toString', 'a[b]', 'a.b'])('parseText() reads a declared %j as it is', (name) => {
    const schema = object({ [name]: int() });
    expect(parseText(schema, new URLSearchParams())).toMatchObject({ issues: [{ code: 'required', path: [name] }] });
    expect(Object.entries(parseText(schema, new URLSearchParams([[name, '1']])))[1]).toEqual(['value', { [name]: 1 }]);
  });

  // Hostile list 48.
  test('parseText() issues never repeat input, nor the names of unknown parameters', () => {
    const result = parseText(page, new URLSearchParams('q=a&q=b&limit=s3cret&s3cret=1'));
    expect(result).toMatchObject({ ok: false, issues: [{ code: 'repeated', path: ['q'] }] });
    const next = parseText(page, new URLSearchParams('limit=s3cret&s3cret=1'));
    expect(next).toMatchObject({ issues: { length: 3 } });
    expect(JSON.stringify([result, next])).not.toContain('s3cret');
  });

  test('parseText() lists at most 8 issues', () => {
    const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
    const schema = object(Object.fromEntries(names.map((name): [string, Schema<unknown>] => [name, int()])));
    const once = names.map((name): [string, string] => [name, 'x']);
    expect(parseText(schema, once)).toMatchObject({ issues: { length: 8 } });
    expect(parseText(schema, [...once, ...once])).toMatchObject({ issues: { length: 8 } });
  });
});

describe('parseText() maxParameters', () => {
  const many = array(string(), { max: 1000 });

  test('parseText() refuses more than 100 parameters, whoever they are', () => {
    const params = (count: number): [string, string][] => Array.from({ length: count }, () => ['a', 'x']);
    expect(parseText(object({ a: many }), params(100)).ok).toBe(true);
    expect(parseText(object({ a: many }), params(101))).toEqual({
      ok: false,
      issues: [{ code: 'too_many', path: [], message: 'must be at most 100 parameters', params: { max: 100 } }],
    });
    expect(parseText(object({}, { unknown: 'strip' }), params(101)).ok).toBe(false);
    expect(parseText(object({ a: many }), params(101), { maxParameters: 101 }).ok).toBe(true);
  });

  // Hostile list 18: counted before they are kept.
  test('parseText() looks at no parameter after the one too many', () => {
    let looked = 0;
    function* endless(): Generator<[string, string]> {
      for (;;) {
        looked++;
        yield [`n${looked}`, 'x'];
      }
    }
    expect(parseText(object({}), endless()).ok).toBe(false);
    expect(looked).toBe(101);
  });

  test.each([NaN, -1, 1.5, Infinity, '5'])('parseText() throws on a maxParameters of %j', (maxParameters) => {
    expect(() => Reflect.apply(parseText, undefined, [page, {}, { maxParameters }])).toThrow(RangeError);
  });

  test('parseText() throws on an unknown option', () => {
    expect(() => Reflect.apply(parseText, undefined, [page, {}, { maxParameter: 5 }])).toThrow(TypeError);
  });
});

describe('parseText() Headers', () => {
  // Hostile list 44.
  test('parseText() looks at declared headers alone, in any case', () => {
    const schema = object({ 'X-Count': int(), 'x-flag': optional(boolean()) });
    const headers = new Headers({ 'x-count': '3', 'X-FLAG': 'true', 'user-agent': 'x', '__proto__x': 'y' });
    expect(parseText(schema, headers)).toStrictEqual({ ok: true, value: { 'X-Count': 3, 'x-flag': true } });
  });

  test('parseText() takes no scalar from lines that were joined', () => {
    const headers = new Headers([['x-count', '3'], ['x-count', '4']]);
    expect(parseText(object({ 'x-count': int() }), headers)).toMatchObject({ issues: [{ code: 'not_integer' }] });
    expect(parseText(object({ 'x-count': string({ max: 3 }) }), headers)).toMatchObject({
      issues: [{ code: 'too_long' }],
    });
  });

  test('parseText() splits a header that is an array, also one that came in several lines', () => {
    const headers = new Headers([['x-ids', '1,2'], ['x-ids', ' 3 ,, 4']]);
    expect(parseText(object({ 'x-ids': array(int()) }), headers)).toEqual({
      ok: true,
      value: { 'x-ids': [1, 2, 3, 4] },
    });
  });

  test('parseText() refuses a header of too many elements, and loses none behind empty ones', () => {
    const schema = object({ 'x-ids': array(string()) });
    for (const value of ['1,'.repeat(100) + '1', ','.repeat(150) + '1']) {
      expect(parseText(schema, new Headers({ 'x-ids': value }))).toMatchObject({ issues: [{ code: 'too_many' }] });
    }
  });
});

describe('parseText() foreign schemas', () => {
  const seen: StandardSchema = { '~standard': { version: 1, vendor: 'other', validate: (value) => ({ value }) } };

  test('parseText() gives a foreign schema strings as they came, and lists of repeated ones', async () => {
    const result = await parseText(seen, new URLSearchParams('n=1&t=a&t=b&__proto__=x'));
    expect(result.ok && Object.entries(Object(result.value))).toEqual([['n', '1'], ['t', ['a', 'b']], [
      '__proto__',
      'x',
    ]]);
    expect(result.ok && Object.getPrototypeOf(result.value)).toBe(null);
    expect(await parseText(seen, new Headers({ 'X-A': '1' }))).toMatchObject({ value: { 'x-a': '1' } });
  });

  test('parseText() answers a foreign schema synchronously where it can, and keeps its words', async () => {
    const refuses = (later: boolean): StandardSchema => {
      const answer = { issues: [{ message: 's3cret', path: [{ key: 'n' }] }] };
      return { '~standard': { version: 1, vendor: 'x', validate: () => later ? Promise.resolve(answer) : answer } };
    };
    const expected = { ok: false, issues: [{ code: 'invalid', path: ['n'], message: 'is not valid' }] };
    expect(parseText(refuses(false), {})).toEqual(expected);
    expect(await parseText(refuses(true), {})).toEqual(expected);
  });

  test('parseText() caps the parameters of a foreign schema as well', async () => {
    expect(await parseText(seen, { a: '1', b: '2' }, { maxParameters: 1 })).toMatchObject({ ok: false });
  });
});
