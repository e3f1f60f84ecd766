import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import {
  array,
  boolean,
  int,
  nullable,
  number,
  object,
  oneOf,
  optional,
  parse,
  parseText,
  string,
  tuple,
  union,
  unknown,
} from '../../src/schema/index.ts';

const schema = object({
  n: number(),
  i: optional(int()),
  b: boolean(),
  s: string(),
  l: oneOf(1, true, 'x'),
  t: array(int()),
});

/** Decimals whose shortest text has no exponent: what JSON writes so, text writes so. */
const decimal = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
  .filter((value) => !String(value).includes('e')).map((value) => value + 0);
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => value.isWellFormed());
const value = fc.record({
  n: decimal,
  i: fc.maxSafeInteger(),
  b: fc.boolean(),
  s: text,
  l: fc.constantFrom(1, true, 'x'),
  t: fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 20 }),
}, { requiredKeys: ['n', 'b', 's', 'l', 't'] });

function pairsOf(input: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(input).flatMap(([name, item]) =>
    (Array.isArray(item) ? item : [item]).map((one): [string, string] => [name, String(one)])
  );
}

describe('parseText() properties', () => {
  test('parseText() gives back what was written canonically, as parse() does', () => {
    fc.assert(fc.property(value, (input) => {
      const result = parseText(schema, new URLSearchParams(pairsOf(input)));
      expect(result).toEqual({ ok: true, value: input });
      expect(parse(schema, input)).toEqual(result);
    }));
  });

  test('parseText() answers the same whatever the order of parameters with different names', () => {
    const noise = fc.array(fc.tuple(fc.constantFrom('n', 'i', 'b', 'l', 'zz', '__proto__'), text), { maxLength: 6 });
    fc.assert(fc.property(value, noise, fc.func(fc.integer()), (input, more, rank) => {
      const pairs = [...pairsOf(input), ...more];
      const moved = [...pairs].sort((a, b) => rank(a[0]) - rank(b[0]));
      expect(parseText(schema, moved)).toEqual(parseText(schema, pairs));
    }));
  });

  test('parseText() reads a number from nothing but its grammar, and then exactly', () => {
    // Digits and signs in all orders meet the grammar often and miss it by one character as often.
    const junk = fc.oneof(
      fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '-', '+', 'e', ' ', '_', 'x'), maxLength: 12 }),
      fc.string({ unit: 'binary' }),
      fc.bigInt().map(String),
      decimal.map(String),
    );
    fc.assert(
      fc.property(junk, (input) => {
        const result = parseText(object({ n: number() }), [['n', input]]);
        const wellFormed = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(input) && Math.abs(Number(input)) <= 2 ** 53 - 1;
        expect(result.ok).toBe(wellFormed);
        if (result.ok) expect(result.value.n).toBe(Number(input) + 0);
        const whole = parseText(object({ n: int() }), [['n', input]]);
        if (whole.ok) expect(String(whole.value.n)).toBe(input === '-0' ? '0' : input);
      }),
      { numRuns: 500 },
    );
  });

  test('parseText() coerces no junk', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (input) => {
      const result = parseText(object({ b: boolean(), l: oneOf(1, true, 'x') }), [['b', input], ['l', input]]);
      expect(result.ok).toBe(input === 'true');
    }));
  });

  test('parseText() never throws on text, answers 1 to 8 issues, and lets only declared keys out', () => {
    const name = fc.oneof(fc.constantFrom('n', 'i', 'b', 's', 'l', 't', 'u', '__proto__', 'a[b]'), fc.string());
    const input = fc.oneof(fc.constantFrom('1', 'true', '-0', '', 'null'), fc.string({ unit: 'binary' }));
    const loose = object({
      n: optional(union(int(), boolean(), array(string()))),
      i: optional(nullable(int())),
      t: optional(tuple(int(), string())),
      u: optional(unknown()),
    }, { unknown: 'strip' });
    fc.assert(fc.property(fc.array(fc.tuple(name, input), { maxLength: 12 }), (pairs) => {
      for (const result of [parseText(schema, pairs), parseText(loose, pairs)]) {
        if (result.ok) {
          expect(['n', 'i', 'b', 's', 'l', 't', 'u']).toEqual(expect.arrayContaining(Object.keys(result.value)));
        } else expect(result.issues.length > 0 && result.issues.length <= 8).toBe(true);
      }
      expect(parseText(schema, new URLSearchParams(pairs)).ok).toBe(parseText(schema, pairs).ok);
    }));
  });
});
