import { formatDecimal, formatInteger } from './structured-field-number.ts';
import type { BareItem, Dictionary, InnerList, Item, ItemParameters, List } from './structured-field.ts';

/**
 * Writes a structured field that is an Item, in its one canonical form.
 *
 * @param item the value, with or without parameters
 * @returns the field value
 * @throws {TypeError} for what has no such form: a value of another type or out of range, a key that is not lower-case
 * @see RFC 9651 section 4.1.3
 *
 * @example
 * ```ts
 * import { serializeItem } from 'sallyport/net';
 *
 * console.log(serializeItem({ type: 'string', value: 'a "b"' })); // "a \"b\""
 * ```
 */
export function serializeItem(item: Item): string {
  return bareText(item) + parametersText(item.parameters);
}

/**
 * Writes a structured field that is a List, in its one canonical form.
 *
 * @param list its members
 * @returns the field value; empty for no members, and then the field must not be sent
 * @throws {TypeError} as {@linkcode serializeItem}
 * @see RFC 9651 section 4.1.1
 *
 * @example
 * ```ts
 * import { serializeList } from 'sallyport/net';
 *
 * console.log(serializeList([{ type: 'token', value: 'br' }, { type: 'token', value: 'gzip' }])); // br, gzip
 * ```
 */
export function serializeList(list: List): string {
  return Array.from(list, memberText).join(', ');
}

/**
 * Writes a structured field that is a Dictionary, in its one canonical form.
 *
 * @param dictionary its members by key
 * @returns the field value; empty for no members, and then the field must not be sent
 * @throws {TypeError} as {@linkcode serializeItem}
 * @see RFC 9651 section 4.1.2
 *
 * @example
 * ```ts
 * import { serializeDictionary } from 'sallyport/net';
 *
 * console.log(serializeDictionary(new Map([['max-age', { type: 'integer', value: 60 }]]))); // max-age=60
 * ```
 */
export function serializeDictionary(dictionary: Dictionary): string {
  const members: string[] = [];
  for (const [key, member] of dictionary) {
    const text = isTrue(member) ? parametersText(member.parameters) : `=${memberText(member)}`;
    members.push(keyText(key) + text);
  }
  return members.join(', ');
}

function memberText(member: Item | InnerList): string {
  return member.type === 'innerList'
    ? `(${Array.from(member.items, serializeItem).join(' ')})${parametersText(member.parameters)}`
    : serializeItem(member);
}

function parametersText(parameters: ItemParameters | undefined): string {
  if (parameters === undefined) return '';
  let text = '';
  for (const [key, value] of parameters) text += `;${keyText(key)}${isTrue(value) ? '' : `=${bareText(value)}`}`;
  return text;
}

/** Only `true` may be left out, and in its canonical form it is. */
function isTrue(member: BareItem | InnerList): boolean {
  return member.type === 'boolean' && member.value === true;
}

function keyText(key: unknown): string {
  return typeof key === 'string' && /^[a-z*][a-z0-9_.*-]*$/.test(key) ? key : refuse('a key');
}

function bareText(item: BareItem): string {
  switch (item.type) {
    case 'integer':
      return formatInteger(item.value) ?? refuse('an integer');
    case 'decimal':
      return formatDecimal(item.value) ?? refuse('a decimal');
    case 'date':
      return `@${formatInteger(item.value) ?? refuse('a date')}`;
    case 'string':
      return stringText(item.value);
    case 'token':
      return isText(item.value) && /^[A-Za-z*][!#$%&'*+.^_`|~:/0-9A-Za-z-]*$/.test(item.value)
        ? item.value
        : refuse('a token');
    case 'displayString':
      return displayText(item.value);
    case 'bytes':
      return `:${base64Text(item.value)}:`;
    case 'boolean':
      return typeof item.value === 'boolean' ? `?${item.value ? 1 : 0}` : refuse('a boolean');
    default:
      return refuse('a member');
  }
}

function stringText(value: unknown): string {
  return isText(value) && /^[\x20-\x7e]*$/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : refuse('a string');
}

function displayText(value: unknown): string {
  // A lone surrogate has no UTF-8, and is nothing that could be escaped.
  if (!isText(value) || /[\ud800-\udfff]/u.test(value)) return refuse('a display string');
  // All that matches is a character that this function escapes, so that lower-casing reaches nothing but hexadecimal digits.
  return `%"${value.replace(/[^\x20\x21\x23\x24\x26-\x7e]+/gu, (part) => encodeURIComponent(part).toLowerCase())}"`;
}

function base64Text(value: unknown): string {
  if (!(value instanceof Uint8Array)) return refuse('a byte sequence');
  let binary = '';
  for (const byte of value) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function refuse(what: string): never {
  throw new TypeError(`Cannot serialize structured field: ${what} is not of the form that RFC 9651 gives it.`);
}
