import { hexOf, holdable } from './escape.ts';

/**
 * Writes text of any origin as a CSS string, quotes included: the value of `content`, or of an attribute in a selector.
 *
 * Whatever is no ASCII letter or digit is escaped with six hexadecimal digits, so neither the string nor a `style` element can be
 * ended. Not for `url(…)`, which fetches, nor for whole values, selectors or rules. NUL and lone surrogates become U+FFFD.
 * In a `style` attribute, whose quotes these would end, it passes through {@linkcode escapeAttribute} too.
 *
 * @param text any text
 * @returns a string between double quotes, in ASCII
 * @see CSS Syntax Level 3 section 4.3.7 (escapes)
 *
 * @example
 * ```ts
 * import { escapeCssString } from 'sallyport/html';
 *
 * console.log(`<style>q::before { content: ${escapeCssString('"}')} }</style>`); // content: "\000022\00007d"
 * ```
 */
export function escapeCssString(text: string): string {
  return `"${escapeCss(text, /[^A-Za-z0-9]/gu, '')}"`;
}

/**
 * Writes text of any origin as one CSS identifier: the name of a class, id, animation or grid area.
 *
 * It can still be a word that means something where it stands (`inherit`), and no text is no identifier.
 *
 * @param text any text; NUL and lone surrogates become U+FFFD
 * @returns an identifier in ASCII
 * @see CSS Syntax Level 3 section 4.3.11 (consuming an identifier)
 *
 * @example
 * ```ts
 * import { escapeCssIdent } from 'sallyport/html';
 *
 * console.log(`<style>.${escapeCssIdent('1st')} { color: red }</style>`); // .\000031 st { color: red }
 * ```
 */
export function escapeCssIdent(text: string): string {
  // The space belongs to the escape. Without one of its own it would take the next that follows, which may be a combinator.
  return escapeCss(text, /^[0-9]|[^A-Za-z0-9]/gu, ' ');
}

function escapeCss(text: string, pattern: RegExp, end: string): string {
  return holdable(text).replace(pattern, (one) => `\\${hexOf(one, 6)}${end}`);
}
