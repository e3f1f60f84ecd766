import { type Cursor, readBareItem, readKey, skipOne } from './structured-field-bare.ts';
import type { BareItem, Dictionary, InnerList, Item, ItemParameters, List } from './structured-field.ts';

const MAX_LENGTH = 65_536;
// What RFC 9651 section 3 asks every parser to take, so nobody may count on more.
const MAX_MEMBERS = 1024;
const MAX_INNER = 256;
const TAB = 0x09;
const SPACE = 0x20;
const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;

/**
 * Parses a structured field that is an Item.
 *
 * Two header lines of one name reach us joined by a comma, which no Item holds outside quotes, so they are refused.
 *
 * @param text the field value
 * @returns the item, or undefined when the text is none or is longer than 65,536 characters
 * @see RFC 9651 section 4.2.3
 *
 * @example
 * ```ts
 * import { parseItem } from 'sallyport/net';
 *
 * console.log(parseItem('text/html;q=0.5')?.parameters?.get('q')?.value); // 0.5
 * ```
 */
export function parseItem(text: string): Item | undefined {
  const cursor = open(text);
  const item = cursor && readItem(cursor);
  if (cursor === undefined || item === undefined) return undefined;
  skipSpace(cursor);
  return cursor.at === text.length ? item : undefined;
}

/**
 * Parses a structured field that is a List. One mistake anywhere makes the whole field none: there is no half of a list to act on.
 *
 * @param text the field value; several header lines joined by commas
 * @returns the members, none for an empty text; undefined when the text is no list, is longer than 65,536 characters, or has more than 1,024
 * members or 256 in an inner list
 * @see RFC 9651 section 4.2.1
 *
 * @example
 * ```ts
 * import { parseList } from 'sallyport/net';
 *
 * console.log(parseList('sugar, tea;hot')?.length, parseList('sugar,')); // 2 undefined
 * ```
 */
export function parseList(text: string): List | undefined {
  const members: (Item | InnerList)[] = [];
  const whole = readMembers(text, (cursor) => {
    const member = readMember(cursor);
    if (member === undefined) return false;
    members.push(member);
    return members.length <= MAX_MEMBERS;
  });
  return whole ? members : undefined;
}

/**
 * Parses a structured field that is a Dictionary. The last of a repeated key counts, in the place of the first.
 *
 * @param text the field value; several header lines joined by commas
 * @returns the members by key, none for an empty text; undefined as for {@linkcode parseList}
 * @see RFC 9651 section 4.2.2
 *
 * @example
 * ```ts
 * import { parseDictionary } from 'sallyport/net';
 *
 * console.log(parseDictionary('u=1, i')?.get('i')); // { type: "boolean", value: true, parameters: Map(0) {} }
 * ```
 */
export function parseDictionary(text: string): Dictionary | undefined {
  const members = new Map<string, Item | InnerList>();
  const whole = readMembers(text, (cursor) => {
    const key = readKey(cursor);
    if (key === undefined) return false;
    const member = skipOne(cursor, EQUALS)
      ? readMember(cursor)
      : withParameters(cursor, { type: 'boolean', value: true });
    if (member === undefined) return false;
    members.set(key, member);
    return members.size <= MAX_MEMBERS;
  });
  return whole ? members : undefined;
}

/** Reads members up to the end of the text, telling whether all of them were well-formed. */
function readMembers(text: string, readOne: (cursor: Cursor) => boolean): boolean {
  const cursor = open(text);
  if (cursor === undefined) return false;
  if (cursor.at === text.length) return true;
  while (readOne(cursor)) {
    skipSpaceAndTab(cursor);
    if (cursor.at === text.length) return true;
    if (!skipOne(cursor, COMMA)) return false;
    // Behind a comma there must be a member, which is where the next round looks for one.
    skipSpaceAndTab(cursor);
  }
  return false;
}

function open(text: string): Cursor | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const cursor = { text, at: 0 };
  skipSpace(cursor);
  return cursor;
}

function readMember(cursor: Cursor): Item | InnerList | undefined {
  return skipOne(cursor, OPEN) ? readInnerList(cursor) : readItem(cursor);
}

/** Reads on behind the opening parenthesis. An inner list holds items alone, so nothing here recurses. */
function readInnerList(cursor: Cursor): InnerList | undefined {
  const items: Item[] = [];
  skipSpace(cursor);
  while (!skipOne(cursor, CLOSE)) {
    const item = readItem(cursor);
    if (item === undefined || items.push(item) > MAX_INNER) return undefined;
    const next = cursor.text.charCodeAt(cursor.at);
    if (next !== SPACE && next !== CLOSE) return undefined;
    skipSpace(cursor);
  }
  const parameters = readParameters(cursor);
  return parameters && { type: 'innerList', items, parameters };
}

function readItem(cursor: Cursor): Item | undefined {
  const bare = readBareItem(cursor);
  return bare && withParameters(cursor, bare);
}

function withParameters(cursor: Cursor, bare: BareItem): Item | undefined {
  const parameters = readParameters(cursor);
  // Spreading the bare item takes longer than everything else together. The cast: its type and its value still belong together.
  return parameters && { type: bare.type, value: bare.value, parameters } as Item;
}

function readParameters(cursor: Cursor): ItemParameters | undefined {
  const parameters = new Map<string, BareItem>();
  while (skipOne(cursor, SEMICOLON)) {
    skipSpace(cursor);
    const key = readKey(cursor);
    if (key === undefined) return undefined;
    const value = skipOne(cursor, EQUALS) ? readBareItem(cursor) : { type: 'boolean' as const, value: true };
    if (value === undefined) return undefined;
    // Setting a key again changes its value and leaves its place, as section 4.2.3.2 asks for.
    parameters.set(key, value);
    if (parameters.size > MAX_INNER) return undefined;
  }
  return parameters;
}

function skipSpace(cursor: Cursor): void {
  while (skipOne(cursor, SPACE));
}

function skipSpaceAndTab(cursor: Cursor): void {
  while (skipOne(cursor, SPACE) || skipOne(cursor, TAB));
}
