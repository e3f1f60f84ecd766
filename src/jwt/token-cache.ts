import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import type { JsonValue } from '../encoding/json.ts';
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts';
import type { TokenTimes } from './claims.ts';

/** A token that was proved, as a cache keeps it. Only the verifier that made it believes it. */
export interface CachedToken {
  /** Who proved it. */
  readonly owner: object;
  /** The generation of the key set that it was proved with. */
  readonly generation: number;
  /** Its times, which are checked again on every hit. */
  readonly times: TokenTimes;
  /** The claim `cnf`, to which the token is bound, frozen. */
  readonly confirmation: JsonValue | undefined;
  /** What the verifier answers, frozen. */
  readonly verified: object;
}

/** Remembers tokens that were proved; made by {@linkcode createTokenCache}. */
export interface TokenCache {
  /** For the verifier: what is remembered of exactly this token. */
  readonly get: (token: string) => CachedToken | undefined;
  /** For the verifier: remembers a token that was proved. */
  readonly set: (token: string, entry: CachedToken) => void;
  /** Forgets everything at once. */
  readonly clear: () => void;
  /** How many tokens are remembered. */
  readonly entries: number;
  /** How many bytes they take, by a cautious estimate. */
  readonly bytes: number;
}

/** Bounds of {@linkcode createTokenCache}. */
export interface TokenCacheOptions {
  /** The most tokens, 1 to 16,777,216. Default: 10,000. */
  readonly maxEntries?: number;
  /** The most bytes for all of them, by a cautious estimate. Default: 33,554,432. */
  readonly maxBytes?: number;
}

interface Slot {
  readonly token: string;
  readonly entry: CachedToken;
  readonly bytes: number;
  /** Whether it was asked for since the hand last passed. */
  visited: boolean;
}

const ACTION = 'create token cache';
/** The largest Map that V8 allows. */
const MAX_ENTRIES = 16_777_216;
/** What a remembered token takes besides its text and its values, and what one value takes; measured by `npm run bench -- jwt`. */
const BYTES_PER_ENTRY = 512;
const BYTES_PER_VALUE = 64;
/**
 * By how many of its last characters a token is looked for, 72 bits of its signature; only the whole token is a hit. A string that has just
 * come in has no hash yet, and making one of 400 characters takes three times as long as all the rest. V8 copies a part up to this length.
 */
const TAIL_LENGTH = 12;

/**
 * Makes a memory for a verifier, so that a token that comes again costs no cryptography. It holds tokens that were proved in full and
 * nothing else, so that a flood of bad ones neither fills it nor drives anything out. What was asked for least recently goes first.
 *
 * On every hit the verifier checks the token's times, its binding, its revocation and the generation of its keys once more. A memory that is
 * passed to several verifiers is shared in size alone: none believes what another has proved.
 *
 * @param options the bounds
 * @returns a frozen cache for the option `cache` of a verifier
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for a bound that is no whole number or out of range
 * @see RFC 8725 section 2
 *
 * @example
 * ```ts
 * import { createJwtVerifier, createRemoteKeySet, createTokenCache } from 'sallyport/jwt';
 *
 * const keys = createRemoteKeySet('https://id.test/jwks.json');
 * const cache = createTokenCache({ maxEntries: 50_000 });
 * createJwtVerifier({ issuer: 'https://id.test', audience: 'api', type: 'at+jwt', algorithms: ['ES256'], keys, cache });
 * ```
 */
export function createTokenCache(options: TokenCacheOptions = {}): TokenCache {
  refuseUnknownOptions(ACTION, options, ['maxEntries', 'maxBytes']);
  const { maxEntries = 10_000, maxBytes = 33_554_432 } = options;
  numberOption(ACTION, 'maxEntries', maxEntries, { min: 1, max: MAX_ENTRIES, integer: true });
  numberOption(ACTION, 'maxBytes', maxBytes, { min: 1, integer: true });
  const slots = new Map<string, Slot>();
  // SIEVE (NSDI 2024): a hand that walks from the oldest to the newest, spares who was asked for since, and drops who was not. A hit
  // writes one flag and moves nothing. The iterator stays where it is while the map changes under it.
  let hand = slots.keys();
  let bytes = 0;

  function get(token: string): CachedToken | undefined {
    const slot = slots.get(token.slice(-TAIL_LENGTH));
    if (slot?.token !== token) return undefined;
    slot.visited = true;
    return slot.entry;
  }

  function set(token: string, entry: CachedToken): void {
    const weight = weigh(token, entry);
    // A copy: the text as it came may be a slice that keeps a whole request's headers alive.
    const copy = decodeUtf8(encodeUtf8(token)) ?? token;
    const tail = copy.slice(-TAIL_LENGTH);
    remove(tail);
    if (weight > maxBytes) return;
    while (slots.size >= maxEntries || bytes + weight > maxBytes) evict();
    slots.set(tail, { token: copy, entry, bytes: weight, visited: false });
    bytes += weight;
  }

  function remove(tail: string): void {
    const slot = slots.get(tail);
    if (slot !== undefined && slots.delete(tail)) bytes -= slot.bytes;
  }

  function evict(): void {
    for (;;) {
      const { value: tail, done } = hand.next();
      const slot = done ? undefined : slots.get(tail);
      if (done || slot === undefined) hand = slots.keys();
      else if (slot.visited) slot.visited = false;
      else return remove(tail);
    }
  }

  function clear(): void {
    slots.clear();
    bytes = 0;
  }

  return Object.freeze({
    get,
    set,
    clear,
    get entries(): number {
      return slots.size;
    },
    get bytes(): number {
      return bytes;
    },
  });
}

/** Estimates what a token keeps alive: its text, and everything that was read from it. */
function weigh(token: string, { confirmation, verified }: CachedToken): number {
  let bytes = BYTES_PER_ENTRY + token.length;
  const seen = new Set<object>();
  const pending: unknown[] = [confirmation ?? null, verified];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === 'string') bytes += 2 * value.length;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const [key, child] of Object.entries(value)) {
      bytes += BYTES_PER_VALUE + key.length;
      if (child !== undefined) pending.push(child);
    }
  }
  return bytes;
}
