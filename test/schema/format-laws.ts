import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/schema/parse.ts';
import type { Schema } from '../../src/schema/schema.ts';

/** What is known of a format, apart from its schema. */
export interface FormatLaws {
  /** The function that makes it. */
  readonly name: string;
  /** Made without options. */
  readonly schema: Schema<string>;
  /** Its name in the kind, which JSON Schema is written from. Default: the function's. */
  readonly format?: string;
  /** The greatest length. */
  readonly max: number;
  readonly good: readonly string[];
  readonly bad: readonly string[];
  /** Texts that have the form. */
  readonly valid: fc.Arbitrary<string>;
  /** Whether a text within the greatest length has the form, found in another way than the schema finds it. */
  readonly oracle: (text: string) => boolean;
}

/** Characters that have no place in any format: invisible, spaces, line ends, halves, and what folds or normalises into ASCII. */
export const HOSTILE: readonly string[] = [
  ...['\0', '\t', '\n', '\v', '\r', '\r\n', ' ', '\x7f', '\x85', '\xa0'],
  ...['\u200b', '\u200e', '\u202e', '\u2028', '\u2060', '\ufeff', '\ufffd'],
  ...['\ud800', '\udc00', '\u{1f600}', '\\', '"', '<'],
  // U+212A and U+017F become k and s in a regular expression with the flags i and u; the others in NFKC.
  ...[
    '\u212a',
    '\u017f',
    '\u0131',
    '\uff11',
    '\u0661',
    '\uff21',
    '\uff0d',
    '\u2212',
    '\u2010',
    '\u3002',
    '\uff0e',
    '\uff1a',
  ],
];

/** Labels as registries take them. */
export const LABELS: fc.Arbitrary<string> = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,8}[a-zA-Z0-9])?$/)
  // An A-label must decode, which a random one does not.
  .filter((label) => !label.startsWith('xn--'));

/** Host names of one label or more, the last of which is no number. */
export const HOSTNAMES: fc.Arbitrary<string> = fc
  .tuple(fc.array(LABELS, { maxLength: 4 }), fc.constantFrom('com', 'Example', 'co-op', 'x1', 'zz'))
  .map(([labels, last]) => [...labels, last].join('.'));

/** A text that is one edit, or a few, away from what has the form. */
export function mutated(valid: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const letter = fc.oneof(
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
    fc.constantFrom(...'-.:@/?#%_=+[]0129TtZzPMWx', ...HOSTILE),
  );
  const edit = fc.record({ at: fc.nat(), drop: fc.nat(2), insert: fc.array(letter, { maxLength: 2 }) });
  return fc.tuple(valid, fc.array(edit, { minLength: 1, maxLength: 2 })).map(([text, edits]) =>
    edits.reduce((changed, { at, drop, insert }) => {
      const from = at % (changed.length + 1);
      return changed.slice(0, from) + insert.join('') + changed.slice(from + drop);
    }, text)
  );
}

/** The tests that every format must pass. */
export function testFormat({ name, schema, format = name, max, good, bad, valid, oracle }: FormatLaws): void {
  const code = `not_${name}`;
  const passes = (text: string): boolean => parse(schema, text).ok;

  describe(`${name}()`, () => {
    test.each(good)(`${name}() lets %j through as it is`, (text) => {
      expect(parse(schema, text)).toEqual({ ok: true, value: text });
    });

    test.each(bad)(`${name}() refuses %j`, (text) => {
      expect(parse(schema, text)).toMatchObject({
        ok: false,
        issues: [{ code: text.length > max ? 'too_long' : code, path: [] }],
      });
    });

    test.each([
      ['number', 1],
      ['null', null],
      ['undefined', undefined],
      ['list of one good text', [good[0]]],
      ['object with toString', { toString: () => good[0] }],
      // Hostile list 10.
      ['boxed string', Object(good[0])],
    ])(`${name}() refuses a %s`, (_what, value) => {
      expect(parse(schema, value)).toMatchObject({ ok: false, issues: [{ code: 'not_string', path: [] }] });
    });

    // Hostile list 27 to 29: the whole text has the form, to its last character.
    test(`${name}() refuses every good text with a hostile character anywhere`, () => {
      for (const text of good) {
        for (const letter of HOSTILE) {
          for (let at = 0; at <= text.length; at++) {
            const inserted = text.slice(0, at) + letter + text.slice(at);
            const replaced = text.slice(0, at) + letter + text.slice(at + 1);
            if (passes(inserted) || passes(replaced)) expect.fail(`${JSON.stringify(inserted)} passes`);
          }
        }
      }
    });

    // Hostile list 24 and 31: whatever it would be, a long text is not looked at.
    test(`${name}() says too_long of a text above its default maximum, whatever the text`, () => {
      for (const text of ['a'.repeat(max + 1), '\ud800'.repeat(max + 1), (good[0] ?? '').repeat(100_000)]) {
        if (text.length > max) {
          expect(parse(schema, text)).toMatchObject({ issues: [{ code: 'too_long', params: { max } }] });
        }
      }
      expect(parse(schema, '\ud800'.repeat(max))).toMatchObject({ issues: [{ code }] });
    });

    test(`${name}() says what it is as data`, () => {
      expect(schema['~kind']).toEqual({ type: 'string', min: 0, max, format });
    });

    // Hostile list 48.
    test(`${name}() never repeats the text in an issue`, () => {
      expect(JSON.stringify(parse(schema, 'hunter2@@'))).not.toContain('hunter2');
    });

    test(`${name}() lets through whatever is made by its grammar`, () => {
      fc.assert(fc.property(valid, (text) => {
        expect(parse(schema, text)).toEqual({ ok: true, value: text });
      }));
    });

    test(`${name}() judges changed texts as another reading of its grammar does`, () => {
      fc.assert(
        fc.property(mutated(fc.oneof(valid, fc.constantFrom(...good, ...bad))), (text) => {
          if (text.length <= max) expect(passes(text), JSON.stringify(text)).toBe(oracle(text));
        }),
        { numRuns: 1000 },
      );
    });

    test(`${name}() never throws on a string`, () => {
      fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (text) => {
        expect(passes(text), JSON.stringify(text)).toBe(text.length <= max && oracle(text));
      }));
    });
  });
}
