import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { endOfString, type JsonValue, readValidJson } from './json-reader.ts';

export type { JsonValue } from './json-reader.ts';

/** Bounds of {@linkcode parseJson}. */
export interface JsonLimits {
  /** The most UTF-16 code units of text. Default: 1,048,576. */
  readonly maxLength?: number;
  /** The deepest nesting of objects and arrays. Default: 32. */
  readonly maxDepth?: number;
}

const DEFAULTS = /* @__PURE__ */ Object.freeze({ maxLength: 1_048_576, maxDepth: 32 });

const QUOTE = 0x22;
const COLON = 0x3a;

/**
 * Parses JSON text that may be hostile, in linear time and without recursion.
 *
 * Refuses what `JSON.parse` takes and people get hurt by: text too long or nested too deep, a key that stands twice in one object
 * (two parsers, two meanings), the key `__proto__` and the pair `constructor.prototype`, numbers beyond the range of a double
 * (`1e400`), half a surrogate pair (every one of them becomes the same U+FFFD in UTF-8, so two names become one), a byte order
 * mark. It does not validate the shape: see `sallyport/schema`.
 *
 * @param text JSON text
 * @param limits bounds on length (UTF-16 units) and depth
 * @returns the value; its objects are plain
 * @throws {Refusal} json_too_large, json_too_deep, json_malformed, json_duplicate_key, json_forbidden_key
 * @throws {TypeError} for an unknown limit
 * @throws {RangeError} for a limit that is no whole number
 * @see RFC 8259, RFC 7493 section 2 (I-JSON)
 *
 * @example
 * ```ts
 * import { parseJson } from 'sallyport/encoding';
 *
 * console.log(parseJson('{"a":[1,2]}'));
 * ```
 */
export function parseJson(text: string, limits: JsonLimits = DEFAULTS): JsonValue {
  const { maxLength, maxDepth } = limits === DEFAULTS ? DEFAULTS : readLimits(limits);
  if (text.length > maxLength) throw new Refusal('json_too_large');
  // Without a backslash a string ends at the next quote, and no half of a surrogate pair is spelt but as it is.
  const isPlain = !text.includes('\\');
  const { members, escaped } = scan(text, maxDepth, isPlain);
  if (!text.isWellFormed()) throw new Refusal('json_malformed');
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    // No cause: the platform's message quotes the text.
    throw new Refusal('json_malformed');
  }
  if (escaped) value = readValidJson(text);
  // In valid JSON every member has exactly one colon outside of strings. JSON.parse drops a member only for a later one of the same
  // name, so fewer members in the value than colons in the text is a duplicate key, found without remembering any key.
  if (countKeys(value, isPlain) !== members) throw new Refusal('json_duplicate_key');
  return value;
}

function readLimits(limits: JsonLimits): Required<JsonLimits> {
  refuseUnknownOptions('parse JSON', limits, ['maxLength', 'maxDepth']);
  const { maxLength = DEFAULTS.maxLength, maxDepth = DEFAULTS.maxDepth } = limits;
  // NaN would pass every comparison that follows.
  numberOption('parse JSON', 'maxLength', maxLength, { min: 0, integer: true });
  numberOption('parse JSON', 'maxDepth', maxDepth, { min: 0, integer: true });
  return { maxLength, maxDepth };
}

interface Scan {
  /** How many members the text has, as far as it is valid. */
  readonly members: number;
  /** Whether a name is spelt with an escape, which not every JSON.parse reads right. */
  readonly escaped: boolean;
}

/** Looks over the text, checking depth before anything is parsed: JSON.parse itself recurses on some platforms. */
function scan(text: string, maxDepth: number, isPlain: boolean): Scan {
  let depth = 0;
  let members = 0;
  let escaped = false;
  let nameStart = 0;
  let nameEnd = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      nameStart = index;
      index = nameEnd = isPlain ? indexOfQuote(text, index + 1) : endOfString(text, index);
    } else if (code === COLON) {
      members++;
      escaped ||= !isPlain && text.slice(nameStart, nameEnd).includes('\\');
      // Or colon after colon would search the same long string again.
      nameStart = nameEnd;
    } else if ((code | 0x20) === 0x7b) { // [ or {
      if (++depth > maxDepth) throw new Refusal('json_too_deep');
    } else if ((code | 0x20) === 0x7d) { // ] or }
      depth--;
    }
  }
  return { members, escaped };
}

/** The platform's search is faster than a loop; where there is no quote, the text ends first. */
function indexOfQuote(text: string, from: number): number {
  const index = text.indexOf('"', from);
  return index < 0 ? text.length : index;
}

/** Counts the members of a parsed value and refuses names and leaves that hurt later; iterative, so depth costs no stack. */
function countKeys(root: JsonValue, isPlain: boolean): number {
  let members = 0;
  const pending: (object & JsonValue)[] = [];
  const visit = (value: JsonValue | undefined): void => {
    if (typeof value === 'object' && value !== null) pending.push(value);
    else if (typeof value === 'number' || !isPlain) refuseHurtfulLeaf(value);
  };
  visit(root);
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (isArray(value)) {
      for (const item of value) visit(item);
      continue;
    }
    const keys = Object.keys(value);
    members += keys.length;
    for (const key of keys) {
      const child = value[key];
      if (key === '__proto__' || (key === 'constructor' && holdsPrototype(child))) {
        throw new Refusal('json_forbidden_key');
      }
      if (!isPlain) refuseHurtfulLeaf(key);
      visit(child);
    }
  }
  return members;
}

function refuseHurtfulLeaf(value: JsonValue | undefined): void {
  const hurts = typeof value === 'number'
    ? !Number.isFinite(value)
    : typeof value === 'string' && !value.isWellFormed();
  if (hurts) throw new Refusal('json_malformed');
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function holdsPrototype(value: JsonValue | undefined): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}
