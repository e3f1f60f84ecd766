import { Refusal } from '../core/refusal.ts';
import { parseJson } from '../encoding/json.ts';

/** What databases hold under a key at the most, of which Deno KV has the least; who writes more is refused alone. */
const MAX_LENGTH = 60_000;

/** What stands under a key: a state, and when it is over. */
export interface Remembered {
  readonly state: unknown;
  /** In milliseconds since the Unix epoch. The time to live of many stores only says when they may tidy up. */
  readonly expiresMs: number;
}

/**
 * Writes a state down as JSON.
 *
 * @returns text that {@linkcode decodeEntry} reads as the same state
 * @throws {TypeError} for a state that JSON would change (NaN, a Date, a Map): what is read back must be what was decided
 * @throws {Refusal} store_unavailable for text that could not be read back: too long, too deep, half a surrogate pair
 */
export function encodeEntry({ state, expiresMs }: Remembered): string {
  const text = JSON.stringify([expiresMs, state]);
  if (text.length > MAX_LENGTH) {
    throw new Refusal('store_unavailable', { cause: new Error('A step made a state that is too large for a store.') });
  }
  if (!isSame(readText(text), [expiresMs, state])) throw new TypeError('A step made a state that JSON cannot hold.');
  return text;
}

/**
 * Reads what stands under a key.
 *
 * @throws {Refusal} store_unavailable for what this library did not write: nobody can decide with that
 */
export function decodeEntry(text: string): Remembered {
  const value = readText(text);
  const [expiresMs, state, ...rest]: readonly unknown[] = Array.isArray(value) ? value : [];
  if (typeof expiresMs !== 'number' || !Number.isSafeInteger(expiresMs) || state === undefined || rest.length > 0) {
    throw new Refusal('store_unavailable', { cause: new Error('What stands under a key is no entry.') });
  }
  return { state, expiresMs };
}

function readText(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new Refusal('store_unavailable', { cause });
  }
}

/** Follows what was parsed, whose depth is bounded. */
function isSame(parsed: unknown, given: unknown): boolean {
  if (typeof parsed !== 'object' || parsed === null) return parsed === given;
  if (typeof given !== 'object' || given === null || Array.isArray(parsed) !== Array.isArray(given)) return false;
  const prototype: unknown = Object.getPrototypeOf(given);
  if (!Array.isArray(given) && prototype !== null && prototype !== Object.prototype) return false;
  const keys = Object.keys(given);
  return keys.length === Object.keys(parsed).length &&
    keys.every((key) => isSame(Reflect.get(parsed, key), Reflect.get(given, key)));
}
