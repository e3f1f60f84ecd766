import type { BareItem } from './structured-field.ts';

/** A text and how far it has been read. */
export interface Cursor {
  readonly text: string;
  at: number;
}

const DIGIT = 1;
const KEY_START = 2;
const KEY = 4;
const TOKEN_START = 8;
const TOKEN = 16;
const PLAIN = 32;
/** What each ASCII character may be part of. */
const CLASSES: Uint8Array = /* @__PURE__ */ createClasses();
const MAX_INTEGER_DIGITS = 15;
const MAX_WHOLE_DIGITS = 12;
const MAX_PLACES = 3;

/** Reads the key of a parameter or a member. */
export function readKey(cursor: Cursor): string | undefined {
  return readWord(cursor, KEY_START, KEY);
}

/** Reads a value without parameters: its first character tells its type (RFC 9651 section 4.2.3.1). */
export function readBareItem(cursor: Cursor): BareItem | undefined {
  switch (cursor.text.charCodeAt(cursor.at)) {
    case 0x22: // "
      return readString(cursor);
    case 0x3f: // ?
      return readBoolean(cursor);
    case 0x3a: // :
      return readBytes(cursor);
    case 0x40: // @
      return readDate(cursor);
    case 0x25: // %
      return readDisplayString(cursor);
    default: {
      const value = readWord(cursor, TOKEN_START, TOKEN);
      return value === undefined ? readNumber(cursor) : { type: 'token', value };
    }
  }
}

/** Steps over one character if it is the next. */
export function skipOne(cursor: Cursor, code: number): boolean {
  if (cursor.text.charCodeAt(cursor.at) !== code) return false;
  cursor.at++;
  return true;
}

function readWord(cursor: Cursor, first: number, rest: number): string | undefined {
  const start = cursor.at;
  if (!isOf(first, cursor.text.charCodeAt(start))) return undefined;
  skipAll(cursor, rest);
  return cursor.text.slice(start, cursor.at);
}

function readNumber(cursor: Cursor): BareItem | undefined {
  const start = cursor.at;
  skipOne(cursor, 0x2d); // -
  const whole = skipAll(cursor, DIGIT);
  const decimal = whole > 0 && skipOne(cursor, 0x2e); // .
  const places = decimal ? skipAll(cursor, DIGIT) : 0;
  // Adding zero makes -0, which RFC 9651 does not tell from 0, plain.
  const value = Number(cursor.text.slice(start, cursor.at)) + 0;
  if (!decimal) return whole === 0 || whole > MAX_INTEGER_DIGITS ? undefined : { type: 'integer', value };
  return whole > MAX_WHOLE_DIGITS || places === 0 || places > MAX_PLACES ? undefined : { type: 'decimal', value };
}

function readDate(cursor: Cursor): BareItem | undefined {
  cursor.at++;
  const number = readNumber(cursor);
  return number?.type === 'integer' ? { type: 'date', value: number.value } : undefined;
}

function readBoolean(cursor: Cursor): BareItem | undefined {
  cursor.at++;
  if (skipOne(cursor, 0x31)) return { type: 'boolean', value: true };
  return skipOne(cursor, 0x30) ? { type: 'boolean', value: false } : undefined;
}

function readString(cursor: Cursor): BareItem | undefined {
  const { text } = cursor;
  let value = '';
  cursor.at++;
  for (;;) {
    const start = cursor.at;
    skipAll(cursor, PLAIN);
    value += text.slice(start, cursor.at);
    if (skipOne(cursor, 0x22)) return { type: 'string', value };
    if (!skipOne(cursor, 0x5c)) return undefined;
    const escaped = text.charAt(cursor.at++);
    if (escaped !== '"' && escaped !== '\\') return undefined;
    value += escaped;
  }
}

function readDisplayString(cursor: Cursor): BareItem | undefined {
  const { text, at } = cursor;
  const end = text.indexOf('"', at + 2);
  const escaped = text.slice(at + 2, end);
  if (end < 0 || text.charCodeAt(at + 1) !== 0x22 || !/^(?:[\x20-\x24\x26-\x7e]|%[0-9a-f]{2})*$/.test(escaped)) {
    return undefined;
  }
  cursor.at = end + 1;
  try {
    // It refuses what is not well-formed UTF-8: overlong forms, surrogates, halves.
    return { type: 'displayString', value: decodeURIComponent(escaped) };
  } catch {
    return undefined;
  }
}

function readBytes(cursor: Cursor): BareItem | undefined {
  const end = cursor.text.indexOf(':', cursor.at + 1);
  const text = cursor.text.slice(cursor.at + 1, end);
  // It is white space that must not reach the platform's decoder, which skips it.
  if (end < 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  cursor.at = end + 1;
  try {
    // Text without padding and with trailing bits is taken, as section 4.2.7 asks for.
    const binary = atob(text);
    const value = new Uint8Array(binary.length);
    for (let index = 0; index < binary.length; index++) value[index] = binary.charCodeAt(index);
    return { type: 'bytes', value };
  } catch {
    return undefined;
  }
}

/** Steps over all characters of a class, telling how many. */
function skipAll(cursor: Cursor, characters: number): number {
  const { text, at } = cursor;
  let index = at;
  while (isOf(characters, text.charCodeAt(index))) index++;
  cursor.at = index;
  return index - at;
}

/** Behind the end the code is NaN, which no comparison lets through to the table. */
function isOf(characters: number, code: number): boolean {
  return code < 128 && ((CLASSES[code] ?? 0) & characters) !== 0;
}

function createClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  const rows = [
    [DIGIT, /[0-9]/],
    [KEY_START, /[a-z*]/],
    [KEY, /[a-z0-9_.*-]/],
    [TOKEN_START, /[A-Za-z*]/],
    [TOKEN, /[!#$%&'*+.^_`|~:/0-9A-Za-z-]/],
    [PLAIN, /[\x20\x21\x23-\x5b\x5d-\x7e]/],
  ] as const;
  for (let code = 0; code < classes.length; code++) {
    const character = String.fromCharCode(code);
    classes[code] = rows.reduce((bits, [bit, pattern]) => pattern.test(character) ? bits | bit : bits, 0);
  }
  return classes;
}
