import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeCssIdent, escapeCssString } from '../../src/html/index.ts';
import { holdableText, HOSTILE_TEXTS } from '../vectors/hostile-texts.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_TEXTS));

/** CSS Syntax Level 3 section 4.3.7: up to six digits, and one white space after them. */
function unescape(css: string): string {
  return css.replace(/\\([0-9a-f]{1,6})\s?/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}

describe('escapeCssString()', () => {
  test('escapeCssString() is read as the text', () => {
    fc.assert(fc.property(anyText, (text) => {
      const css = escapeCssString(text);
      expect(css).toMatch(/^"(?:[A-Za-z0-9]|\\[0-9a-f]{6})*"$/);
      expect(unescape(css.slice(1, -1))).toBe(holdableText(text));
    }));
  });

  test('escapeCssString() writes six digits', () => {
    expect(escapeCssString('a"\n</🎉1')).toBe('"a\\000022\\00000a\\00003c\\00002f\\01f3891"');
  });
});

describe('escapeCssIdent()', () => {
  test('escapeCssIdent() is read as the text', () => {
    fc.assert(fc.property(anyText, (text) => {
      const css = escapeCssIdent(text);
      expect(css).toMatch(/^(?:(?:[A-Za-z]|\\[0-9a-f]{6} )(?:[A-Za-z0-9]|\\[0-9a-f]{6} )*)?$/);
      expect(unescape(css)).toBe(holdableText(text));
    }));
  });

  // An identifier cannot begin with a digit, nor be a hyphen alone.
  test.each([['1st', '\\000031 st'], ['-', '\\00002d '], ['a1', 'a1'], ['a b', 'a\\000020 b'], ['', '']])(
    'escapeCssIdent() writes %j as %j',
    (text, css) => {
      expect(escapeCssIdent(text)).toBe(css);
    },
  );
});
