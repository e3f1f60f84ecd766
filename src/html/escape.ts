/**
 * Makes text of any origin stand for itself in the content of an HTML element: `& < > " '` become numeric references.
 *
 * Not for the content of `script` or `style`, where references are not read ({@linkcode serializeJsonForScript},
 * {@linkcode escapeCssString}), and not for tag or attribute names. NUL and lone surrogates, which HTML cannot hold, become U+FFFD.
 * The first line feed in `pre` and `textarea` is not read: write one of your own before the text.
 *
 * @param text any text
 * @returns HTML that is read as the text
 * @see WHATWG HTML section 13.1.4 (character references)
 *
 * @example
 * ```ts
 * import { escapeHtml } from 'sallyport/html';
 *
 * console.log(`<p>${escapeHtml('1 < 2 & "so on"')}</p>`); // <p>1 &#60; 2 &#38; &#34;so on&#34;</p>
 * ```
 */
export function escapeHtml(text: string): string {
  return refer(text, /(?! )[\r- &<>"'\0\p{Cs}]/gu);
}

/**
 * Makes text of any origin stand for itself as the value of an HTML attribute, between quotes. As {@linkcode escapeHtml}, and
 * the backtick and `=` too, which old parsers take for the ends of something.
 *
 * The quotes are yours to write. Not for attributes that hold a language of their own: scripts (`onclick`), styles, and URLs, which
 * {@linkcode safeUrl} has to judge first.
 *
 * @param text any text
 * @returns what may stand between the quotes
 * @see WHATWG HTML section 13.1.2.3 (attributes)
 *
 * @example
 * ```ts
 * import { escapeAttribute } from 'sallyport/html';
 *
 * console.log(`<input value="${escapeAttribute('"><b>')}">`); // <input value="&#34;&#62;&#60;b&#62;">
 * ```
 */
export function escapeAttribute(text: string): string {
  return refer(text, /(?! )[\r- &<>"'`=\0\p{Cs}]/gu);
}

/**
 * Makes text of any origin stand for itself as one component of a URL: a name or value of a query, a fragment, a segment of a path.
 * As `encodeURIComponent`, and `! ' ( ) *` too; a lone surrogate becomes U+FFFD and does not throw.
 *
 * A path segment `.` or `..` walks up however it is encoded: refuse those two yourself.
 *
 * @param text any text
 * @returns ASCII letters, digits, `- _ . ~` and percent-encoded bytes
 * @see RFC 3986 section 2.1
 *
 * @example
 * ```ts
 * import { escapeUrlComponent } from 'sallyport/html';
 *
 * console.log(`/search?q=${escapeUrlComponent("it's (a&b)")}`); // /search?q=it%27s%20%28a%26b%29
 * ```
 */
export function escapeUrlComponent(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, percentEncode);
}

/** Percent-encodes one ASCII character. */
export function percentEncode(character: string): string {
  return `%${hexOf(character, 2).toUpperCase()}`;
}

/** The code point that a text begins with, in hexadecimal. */
export function hexOf(text: string, digits: number): string {
  return (text.codePointAt(0) ?? 0).toString(16).padStart(digits, '0');
}

/** Well-formed text without NUL: what is left of a text in languages that cannot hold those. */
export function holdable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/**
 * Numeric references are those that every parser knows. Of a carriage return that is written as it is they make a line feed, and of an
 * escape (U+001B) older browsers make ISO-2022-JP where no charset is declared: the quote that follows would be half a letter.
 */
function refer(text: string, pattern: RegExp): string {
  return text.replace(pattern, (one) => one > '~' || one < '\n' ? '\ufffd' : `&#${one.charCodeAt(0)};`);
}
