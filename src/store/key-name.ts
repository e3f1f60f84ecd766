import type { MaybePromise } from '../core/clock.ts';
import { sha256 } from '../crypto/digest.ts';
import { encodeBase64Url } from '../encoding/base64url.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import type { ScriptCall } from './redis-script.ts';

/** A place in a store. */
type Place = Pick<ScriptCall, 'space' | 'key'>;

/** Names places as they stand in a store that other programs can see. */
export interface KeyNames {
  /** Computes what takes time, if anything does, and answers how each of these places is named. */
  readonly prepare: (places: readonly Place[]) => MaybePromise<(place: Place) => string>;
}

const MAX_PLAIN_LENGTH = 64;
/** Rules are constants of a program; what passes them from requests must not grow this for ever. */
const MAX_SPACES = 1024;

/**
 * Makes names for stores outside of this process: `prefix:{key}:space`. What is long or not plain stands there as its SHA-256, so that every key is short, whatever an attacker sends.
 * The braces make a cluster keep all that is of one key on one server.
 */
export function createKeyNames(action: string, prefix: string): KeyNames {
  if (typeof prefix !== 'string' || !isPlain(prefix)) {
    throw new TypeError(`Cannot ${action}: prefix must be 1 to ${MAX_PLAIN_LENGTH} of A-Z a-z 0-9 . _ : -`);
  }
  let known = new Map<string, string>();

  function prepare(places: readonly Place[]): MaybePromise<(place: Place) => string> {
    if (!places.every(isReady)) return digest(places);
    // This map, and not whichever takes its place.
    const spaces = known;
    return ({ space, key }) => `${prefix}:{${key}}:${spaces.get(space)}`;
  }

  function isReady({ space, key }: Place): boolean {
    if (!isPlain(key)) return false;
    if (!known.has(space)) {
      if (!isPlain(space) || known.size >= MAX_SPACES) return false;
      known.set(space, space);
    }
    return true;
  }

  async function digest(places: readonly Place[]): Promise<(place: Place) => string> {
    const [keys, spaces] = [new Map<string, string>(), new Map<string, string>()];
    const [longKeys, newSpaces] = [new Set<string>(), new Set<string>()];
    for (const { space, key } of places) {
      if (!isPlain(key)) longKeys.add(key);
      const short = known.get(space) ?? (isPlain(space) ? space : undefined);
      if (short === undefined) newSpaces.add(space);
      else spaces.set(space, short);
    }
    // Together: one after another, each would wait for the platform's threads.
    await Promise.all([
      ...[...longKeys].map(async (key) => void keys.set(key, await digestOf(key))),
      ...[...newSpaces].map(async (space) => void spaces.set(space, await digestOf(space))),
    ]);
    if (known.size + spaces.size > MAX_SPACES) known = new Map();
    for (const [space, short] of spaces) known.set(space, short);
    return ({ space, key }) => `${prefix}:{${keys.get(key) ?? key}}:${spaces.get(space)}`;
  }

  return Object.freeze({ prepare });
}

/**
 * `#` is not plain: nobody writes a key that reads as the digest of another. UTF-8 has one character for all halves of surrogate pairs, and would
 * let two subjects meet; JSON spells them out.
 */
async function digestOf(text: string): Promise<string> {
  const [mark, spelt] = text.isWellFormed() ? ['#', text] : ['##', JSON.stringify(text)];
  return `${mark}${encodeBase64Url(await sha256(encodeUtf8(spelt)))}`;
}

function isPlain(text: string): boolean {
  return text.length <= MAX_PLAIN_LENGTH && /^[A-Za-z0-9._:-]+$/.test(text);
}
