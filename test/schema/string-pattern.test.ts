import { describe, expect, test } from 'vitest';
import { array, check, object, optional, parse, record, string } from '../../src/schema/index.ts';
import { findings } from './findings.ts';

const slug = string({ pattern: /[a-z]+(-[a-z]+)*/, max: 20 });

describe('string() pattern', () => {
  test('string() lets through what its pattern matches', () => {
    expect(parse(slug, 'blue-pen')).toEqual({ ok: true, value: 'blue-pen' });
  });

  test('string() refuses what its pattern does not match, and tells no pattern', () => {
    expect(parse(slug, 'Blue pen')).toEqual({
      ok: false,
      issues: [{ code: 'no_match', path: [], message: 'must match its pattern' }],
    });
  });

  // Hostile list 27: a match somewhere is no match, and `$` must be the end of the text, not of a line.
  test.each(['pen\n', '\npen', 'pen\nx y', ' pen', 'pen ', 'x pen', 'pen<script>', ''])(
    'string() matches the whole of %j',
    (text) => {
      expect(findings(slug, text)).toEqual([['no_match']]);
    },
  );

  // `^a|b$` is `^a` or `b$`.
  test('string() matches the whole text in each alternative', () => {
    const schema = string({ pattern: /cat|dog/ });
    expect(['cat', 'dog', 'catx', 'xdog'].map((text) => parse(schema, text).ok)).toEqual([true, true, false, false]);
  });

  test('string() takes a pattern that says itself where it begins and ends', () => {
    const schema = string({ pattern: /^cat$/ });
    expect([parse(schema, 'cat').ok, parse(schema, 'cats').ok]).toEqual([true, false]);
  });

  // Hostile list 25: with a `lastIndex` the answer would alternate.
  test.each(['g', 'y', 'm', 'gi', 'gu'])('string() throws on a pattern with the flags %s', (flags) => {
    expect(() => string({ pattern: new RegExp('a', flags) })).toThrow(TypeError);
  });

  test('string() keeps no state between texts', () => {
    const pattern = /a+/;
    const schema = string({ pattern });
    pattern.lastIndex = 3;
    expect(Array.from({ length: 4 }, () => parse(schema, 'aaa').ok)).toEqual([true, true, true, true]);
    expect(pattern.lastIndex).toBe(3);
  });

  // An object tells simple texts without asking their schema: a pattern, of whatever flags, is not simple.
  test.each(['', 'i', 's', 'u', 'v', 'd', 'is'])('string() holds a pattern with the flags "%s" in every structure', (
    flags,
  ) => {
    const schema = string({ pattern: new RegExp('[a-z]+', flags) });
    expect(findings(schema, '123')).toEqual([['no_match']]);
    expect(findings(object({ a: schema }), { a: '123' })).toEqual([['no_match', 'a']]);
    expect(findings(object({ a: optional(schema) }), { a: '123' })).toEqual([['no_match', 'a']]);
    expect(findings(array(schema), ['123'])).toEqual([['no_match', 0]]);
    expect(findings(record(schema), { a: '123' })).toEqual([['no_match', '*']]);
    expect(check(object({ a: schema }), { a: '123' })).toBe(false);
    expect(parse(object({ a: schema }), { a: 'abc' }).ok).toBe(true);
  });

  test('string() keeps the flag i', () => {
    expect(parse(string({ pattern: /[a-z]+/i }), 'PEN').ok).toBe(true);
  });

  // The length is told first: what the pattern costs is bounded by `max`.
  test('string() asks the pattern about no text out of bounds', () => {
    expect(findings(slug, '!'.repeat(21))).toEqual([['too_long']]);
    expect(findings(string({ pattern: /./u }), '\ud800')).toEqual([['not_well_formed']]);
  });

  // A RegExp of its own making may answer anything.
  test('string() uses a copy of the pattern, which nobody else can change', () => {
    const pattern = /a/;
    Object.defineProperty(pattern, 'test', { value: () => true });
    Object.defineProperty(pattern, 'exec', { value: () => ['x'] });
    expect(parse(string({ pattern }), 'x').ok).toBe(false);
  });

  // Hostile list 26: what comes as data is a text, and no pattern.
  test.each([['a text', 'a+'], ['an object', { source: 'a', flags: '' }], ['null', null]])(
    'string() throws on %s for a pattern',
    (_name, pattern) => {
      expect(() => Reflect.apply(string, undefined, [{ pattern }])).toThrow(TypeError);
    },
  );

  // A pattern in place of the options would be one that nobody asks.
  test.each([['a pattern', /^a$/], ['a Map', new Map()], ['a list', []], [
    'inherited options',
    Object.create({ max: 1 }),
  ]])(
    'string() throws on %s for its options',
    (_name, options) => {
      expect(() => Reflect.apply(string, undefined, [options])).toThrow(TypeError);
    },
  );
});
