import { hexOf } from './escape.ts';

/**
 * Writes text of any origin as a JavaScript string literal, quotes included, for the content of a `script` element or file.
 *
 * Whatever is no ASCII letter or digit is escaped, so neither the string nor the element can be ended. Not for the attributes that
 * hold scripts: a literal there passes through {@linkcode escapeAttribute} too. Not for templates or regular expressions.
 *
 * @param text any text, lone surrogates too
 * @returns a literal between double quotes, in ASCII
 * @see ECMA-262 section 12.9.4 (string literals)
 *
 * @example
 * ```ts
 * import { escapeJsString } from 'sallyport/html';
 *
 * console.log(`<script>greet(${escapeJsString('</script>')})</script>`); // <script>greet("\x3c\x2fscript\x3e")</script>
 * ```
 */
export function escapeJsString(text: string): string {
  return `"${text.replace(/[^A-Za-z0-9]/g, (unit) => unit < '\u0100' ? `\\x${hexOf(unit, 2)}` : unicodeEscape(unit))}"`;
}

/**
 * Writes a value as JSON that may stand in a `script` element, as an expression or as `application/json`: `< > &` and the line
 * separators are escaped within its strings, so nothing in it can end the script or open a comment.
 *
 * A value that JSON would drop or change is refused. A `toJSON` of yours is asked first, as for every JSON: a Date becomes its text,
 * and of an instance of a class its own fields are written, without private ones, getters of the class and keys that are symbols.
 * The result is not for attributes: use {@linkcode escapeAttribute} on it there.
 *
 * @param value null, booleans, finite numbers, strings, and arrays and plain objects of them
 * @returns JSON whose value is equal, as JSON and as JavaScript
 * @throws {TypeError} for undefined, functions, symbols, bigints, NaN, infinities, objects that call themselves something else (Map,
 * bytes, Request, Error), cycles, nesting that overflows the stack, and the key `__proto__`, which would set a prototype in JavaScript
 * @see ECMA-262 section 25.5.2 (JSON.stringify), WHATWG HTML section 4.12.1.3 (restrictions for contents of script elements)
 *
 * @example
 * ```ts
 * import { serializeJsonForScript } from 'sallyport/html';
 *
 * const json = serializeJsonForScript({ name: '</script>' });
 * console.log(`<script>const data = ${json};</script>`); // {"name":"\u003c/script\u003e"}
 * ```
 */
export function serializeJsonForScript(value: unknown): string {
  try {
    return JSON.stringify(value, refuseUnequal).replace(/[<>&\u2028\u2029]/g, unicodeEscape);
  } catch {
    // Without the cause: of a cycle the platform's own message quotes the keys, which can be anybody's.
    throw new TypeError('Cannot serialize JSON: the value holds a cycle or what JSON cannot say.');
  }
}

function refuseUnequal(key: string, value: unknown): unknown {
  if (key === '__proto__' || !isSayable(value)) throw new TypeError();
  return value;
}

/** Objects are told by what they say they are: a Map, a typed array or a Request would become `{}` or something unlike it. */
function isSayable(value: unknown): boolean {
  return Number.isFinite(value) ||
    /^\[object (?:Null|Boolean|String|Array|Object)\]$/.test(Object.prototype.toString.call(value));
}

function unicodeEscape(unit: string): string {
  return `\\u${hexOf(unit, 4)}`;
}
