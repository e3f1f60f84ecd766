import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { StandardSchema } from '../../src/core/standard-schema.ts';
import { array, fromText, int, object, optional, parseText, string } from '../../src/schema/index.ts';

const page = object({ a: string(), n: optional(int()), list: optional(array(string({ max: 5 }), { max: 3 })) });
const strict: StandardSchema = fromText(page);
const strip: StandardSchema = fromText(object({ a: string() }, { unknown: 'strip' }));

function read(value: unknown, schema: StandardSchema = strict): unknown {
  return schema['~standard'].validate(value);
}

/** As `secure()` passes a query: no prototype, and a list where a name came repeatedly. */
function queryOf(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const before = query[name];
    query[name] = before === undefined ? value : [...(typeof before === 'string' ? [before] : before), value];
  }
  return query;
}

describe('fromText() hostile queries', () => {
  // Hostile list (secure) 42: one server takes the first, the next the last.
  test.each([
    ['a=1&a=2', 'repeated a'],
    ['a=1&a=1', 'repeated a'],
    ['a=1&n=1&n=2', 'repeated n'],
    ['a[]=1', 'required a,unknown_key '],
    ['a=1&a[]=2', 'unknown_key '],
    ['a=1&a[0]=2', 'unknown_key '],
    ['a=1&a.b=2', 'unknown_key '],
    ['a=1&__proto__=x', 'unknown_key '],
    ['a=1&__proto__=x&__proto__=y', 'unknown_key '],
    ['a=1&__proto__[isAdmin]=1', 'unknown_key '],
    ['a=1&constructor=x', 'unknown_key '],
    ['a=1&hasOwnProperty=x', 'unknown_key '],
    ['a=1&A=2', 'unknown_key '],
    ['a=1&=', 'unknown_key '],
    ['a=1&list=1&list=2&list=3&list=4', 'too_many list'],
    ['a=1&list=123456', 'too_long list,0'],
  ])('fromText() refuses %s', (text, expected) => {
    for (const value of [queryOf(text), new URLSearchParams(text), [...new URLSearchParams(text)]]) {
      const issues: unknown = Reflect.get(Object(read(value)), 'issues');
      expect(Array.isArray(issues) && issues.map(({ code, path }) => `${code} ${path}`).join()).toBe(expected);
    }
    expect(Reflect.get({}, 'isAdmin')).toBe(undefined);
  });

  test('fromText() leaves __proto__ out where the object leaves other keys out, and where it is declared reads it', () => {
    const result = read(queryOf('a=1&__proto__=x'), strip);
    expect(result).toStrictEqual({ value: { a: '1' } });
    expect(Object.getPrototypeOf(Reflect.get(Object(result), 'value'))).toBe(Object.prototype);
    // What JSON.parse makes of it is a key of its own beside a prototype.
    expect(read(JSON.parse('{"a":"1","__proto__":"x"}'), strip)).toStrictEqual({ value: { a: '1' } });
    expect(read(JSON.parse('{"a":"1","__proto__":{"n":"5"}}'), strip)).toMatchObject({
      issues: [{ code: 'not_text' }],
    });
  });

  // Bounds come before work: of what is refused, no more is looked at than tells.
  test('fromText() looks at no parameter after the one too many', () => {
    let looked = 0;
    function* endless(): Generator<[string, string]> {
      for (;;) {
        looked++;
        yield ['list', 'x'];
      }
    }
    expect(read(endless())).toMatchObject({ issues: [{ code: 'too_many' }] });
    expect(looked).toBe(101);
    expect(read({ a: '1', list: Array.from({ length: 1_000_000 }, () => 'x') })).toMatchObject({
      issues: [{ code: 'too_many' }],
    });
  });

  test.each([
    ['a value', { a: 'x'.repeat(1_000_000) }, 'too_long'],
    ['a number', { a: '1', n: '9'.repeat(1_000_000) }, 'not_integer'],
    ['a name', { a: '1', ['x'.repeat(1_000_000)]: '' }, 'unknown_key'],
    ['100,000 names', Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`n${index}`, ''])), 'too_many'],
    ['a query', new URLSearchParams('&='.repeat(500_000)), 'too_many'],
  ])('fromText() answers a megabyte of %s with few words', (_name, value, code) => {
    const answer = read(value);
    expect(answer).toMatchObject({ issues: [{ code }] });
    expect(JSON.stringify(answer).length).toBeLessThan(300);
  });

  test('fromText() never throws, whatever the value, and answers as parseText() where that takes it', () => {
    const text = fc.oneof(fc.constantFrom('a', 'n', 'list', '__proto__', '1', ''), fc.string({ unit: 'binary' }));
    const lists = fc.dictionary(text, fc.oneof(text, fc.array(text, { maxLength: 4 })), { noNullPrototype: false });
    fc.assert(
      fc.property(fc.oneof(fc.anything({ withMap: true, withDate: true, withNullPrototype: true }), lists), (value) => {
        const answer = Object(read(value));
        expect('value' in answer || (answer.issues.length > 0 && answer.issues.length <= 8)).toBe(true);
      }),
    );
    fc.assert(fc.property(lists, (value) => {
      const pairs = Object.entries(value).flatMap(([name, given]): [string, string][] =>
        (typeof given === 'string' ? [given] : given).map((item) => [name, item])
      );
      const expected = parseText(page, pairs);
      expect(read(value)).toEqual(expected.ok ? { value: expected.value } : { issues: expected.issues });
    }));
  });
});
