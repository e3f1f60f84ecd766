import { encodeBase64Url } from '../encoding/base64url.ts';
import { type JsonValue, parseJson } from '../encoding/json.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';

/** A JSON object that nothing else refers to yet. */
export type FreshJsonObject = Record<string, JsonValue>;

/** What is copied: for messages, the action and the name of the value. */
export interface CopyContext {
  readonly action: string;
  readonly name: string;
}

const MAX_DEPTH = 32;

/**
 * Copies a plain JSON object, reading each member once. It is tempting to hand the caller's object to JSON.stringify as it is. However it
 * lets `toJSON` replace what was checked, turns NaN into null, and drops what it cannot spell: each signs what nobody wrote.
 */
export function copyJsonObject(
  value: unknown,
  context: CopyContext,
  path: string = context.name,
  depth = 0,
): FreshJsonObject {
  const { action, name } = context;
  if (!isPlainObject(value)) throw new TypeError(`Cannot ${action}: ${path} must be plain JSON data.`);
  if (depth === MAX_DEPTH) throw new TypeError(`Cannot ${action}: ${name} are nested deeper than ${MAX_DEPTH}.`);
  // Without a prototype there is no `toJSON` to inherit, and `__proto__` is a name like any other.
  const copy: FreshJsonObject = Object.create(null);
  for (const key of Object.keys(value)) {
    if (!key.isWellFormed()) throw new TypeError(`Cannot ${action}: a key of ${path} holds half a surrogate pair.`);
    copy[key] = copyJson(value[key], context, `${path}.${key}`, depth + 1);
  }
  return copy;
}

/** Encodes a JSON object as a segment of a token. */
export function encodeSegment(members: Readonly<FreshJsonObject>, { action, name }: CopyContext): string {
  // A list and a literal inherit: whoever put a `toJSON` on all of them would else have the last word on what is signed.
  const text = JSON.stringify(members, 'toJSON' in [] ? readMember : undefined);
  try {
    // What our own verifier would refuse (`__proto__`, too deep, too long) is not signed in the first place.
    parseJson(text);
  } catch (cause) {
    throw new TypeError(`Cannot ${action}: ${name} hold a key, a depth or a length that no verifier here would take.`, {
      cause,
    });
  }
  return encodeBase64Url(encodeUtf8(text));
}

function copyJson(value: unknown, context: CopyContext, path: string, depth: number): JsonValue {
  if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
    return value;
  }
  if (typeof value === 'string' && value.isWellFormed()) return value;
  if (Array.isArray(value)) {
    const { action, name } = context;
    if (depth === MAX_DEPTH) throw new TypeError(`Cannot ${action}: ${name} are nested deeper than ${MAX_DEPTH}.`);
    // By index, as JSON reads a list, and not by its iterator, which may be anybody's and never end.
    return Array.from(
      { length: value.length },
      (_, index) => copyJson(value[index], context, `${path}[${index}]`, depth + 1),
    );
  }
  return copyJsonObject(value, context, path, depth);
}

/** Gives JSON.stringify a member as it is, whatever a `toJSON` made of it. */
function readMember(this: object, name: string): unknown {
  return Reflect.get(this, name);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An Object.prototype, also that of another realm, is the one that inherits from nothing.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
