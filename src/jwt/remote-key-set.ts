import { systemClock } from '../core/clock.ts';
import { functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { createFlights, type Landed } from './flights.ts';
import { fetchJwks } from './jwks.ts';
import type { JwksKeys } from './jwks-keys.ts';
import { readSource, REMOTE_OPTIONS, type RemoteKeySetOptions } from './jwks-source.ts';
import type { JwtKey } from './key.ts';
import { indexKeys, type KeySet, type LocalKeySet } from './key-set.ts';
import { createUnknownKeys } from './unknown-keys.ts';

/** A set whose keys live on a key server. */
export interface RemoteKeySet extends KeySet {
  /**
   * Fetches the keys now unless they are fresh, whatever the cooldown, so that no request waits for them: await it before you listen.
   *
   * @throws {Refusal} key_set_unavailable
   */
  readonly preload: () => Promise<void>;
  /** Always there: see {@linkcode KeySet}. */
  readonly generation: () => number | undefined;
  /**
   * Forgets all keys at once, also those on their way; the next token fetches, whatever the cooldown. For when a key must no longer be
   * believed. Do not tie it to what clients do: whoever can make you call it can make you fetch.
   */
  readonly invalidate: () => void;
}

/** What the last fetch brought. */
interface Loaded {
  readonly keys: JwksKeys;
  readonly index: LocalKeySet;
  readonly freshMs: number;
  readonly generation: number;
}

const ACTION = 'create remote key set';

/**
 * Makes a set of keys that is fetched from a JWKS URL: once, then again when the keys are no longer fresh or a token names an unknown
 * `kid`, never sooner than the cooldown, whatever tokens come. Keys just past freshness serve on for a cooldown while one refresh runs
 * behind; after longer without a token, the next waits. Redirects are refused.
 *
 * While the server fails, the old keys serve on until `maxStaleSeconds`; what they do not decide, and after that every token, is refused with
 * 503. Keys that a fetch no longer lists are gone at once. The URL comes from your configuration: never build it from a token.
 *
 * @param url an `https:` URL without credentials
 * @param options freshness, bounds, and what fetches
 * @returns a frozen set; its `find` throws the Refusal key_set_unavailable when there is no key to decide with
 * @throws {TypeError} when the URL is not https, or an option is unknown or of the wrong kind
 * @throws {RangeError} when a number is out of bounds, or keys would end before the cooldown does
 * @see RFC 7517 section 5
 *
 * @example
 * ```ts
 * import { createJwtVerifier, createRemoteKeySet } from 'sallyport/jwt';
 *
 * const keys = createRemoteKeySet('https://id.test/.well-known/jwks.json');
 * createJwtVerifier({ issuer: 'https://id.test', audience: 'https://api.test', type: 'at+jwt', algorithms: ['ES256'], keys });
 * ```
 */
export function createRemoteKeySet(url: string | URL, options: RemoteKeySetOptions = {}): RemoteKeySet {
  refuseUnknownOptions(ACTION, options, REMOTE_OPTIONS);
  const { freshSeconds = 600, maxStaleSeconds = 3600, cooldownSeconds = 30, clock = systemClock } = options;
  const { waitUntil } = options;
  const source = readSource(ACTION, url, options);
  const freshMs = 1000 * numberOption(ACTION, 'freshSeconds', freshSeconds, { above: 0 });
  const staleMs = 1000 * numberOption(ACTION, 'maxStaleSeconds', maxStaleSeconds, { min: 0 });
  const cooldownMs = 1000 * numberOption(ACTION, 'cooldownSeconds', cooldownSeconds, { min: 1 });
  functionOption(ACTION, 'clock', clock);
  if (waitUntil !== undefined) functionOption(ACTION, 'waitUntil', waitUntil);
  if (freshMs + staleMs < cooldownMs) {
    // No fetch would be allowed yet, and every token refused, however well the key server does.
    throw new RangeError(`Cannot ${ACTION}: freshSeconds and maxStaleSeconds together must reach cooldownSeconds.`);
  }

  const unknown = createUnknownKeys(cooldownMs);
  const flights = createFlights<Loaded>({ load, timeoutMs: source.timeoutMs, cooldownMs, clock, waitUntil });
  let generations = 0;

  async function load(previous: Loaded | undefined): Promise<Loaded> {
    const { keys, maxAgeSeconds = Infinity } = await fetchJwks(source, previous?.keys ?? new Map());
    const hasAll = previous !== undefined && [...previous.keys.keys()].every((identity) => keys.has(identity));
    return {
      keys,
      index: indexKeys([...keys.values()]),
      freshMs: Math.min(freshMs, Math.max(cooldownMs, 1000 * maxAgeSeconds)),
      generation: hasAll ? previous.generation : ++generations,
    };
  }

  function isFresh(landed: Landed<Loaded>, now: number): boolean {
    return now - landed.at < landed.value.freshMs;
  }

  /**
   * Whether the keys serve on although they are not fresh: for a cooldown, in which they are fetched again, and longer only while that
   * fails. Keys that are old because nobody asked could have been withdrawn long ago.
   */
  function servesOn(landed: Landed<Loaded>, now: number): boolean {
    const pastMs = now - landed.at - landed.value.freshMs;
    return pastMs < (flights.failure() === undefined ? Math.min(cooldownMs, staleMs) : staleMs);
  }

  /** The keys that need not be waited for; if they are no longer fresh, a refresh begins behind. */
  function readAtOnce(now: number): Loaded | undefined {
    const landed = flights.landed();
    if (landed === undefined) return undefined;
    if (!isFresh(landed, now)) {
      if (!servesOn(landed, now)) return undefined;
      const status = flights.status(now);
      // The platform ends what outlives a request, or the machine slept: another behind could be lost as well. So one request waits.
      if (status === 'lost') return undefined;
      if (status === 'idle') flights.startBehind(now);
    }
    return landed.value;
  }

  function find(algorithm: string, keyId: string | undefined): readonly JwtKey[] | Promise<readonly JwtKey[]> {
    const now = flights.readClock();
    const found = readAtOnce(now)?.index.find(algorithm, keyId);
    if (found !== undefined) {
      if (found.length > 0) return found;
      if (unknown.has(algorithm, keyId, now)) return found;
      // Unknown ids cost nobody a fetch before the cooldown ends: who sprays them must not turn us against the key server.
      if (flights.status(now) === 'cooling') return foundNone(found, flights.failure());
    }
    return findAfterFetch(algorithm, keyId);
  }

  async function findAfterFetch(algorithm: string, keyId: string | undefined): Promise<readonly JwtKey[]> {
    let cause: unknown;
    try {
      await flights.next(false);
    } catch (error) {
      cause = error;
    }
    const now = flights.readClock();
    const landed = flights.landed();
    // What has just landed is used, however long that took: nothing is newer.
    if (landed === undefined || (cause !== undefined && !isFresh(landed, now) && !servesOn(landed, now))) {
      throw unavailable(cause);
    }
    const found = landed.value.index.find(algorithm, keyId);
    if (found.length > 0) return found;
    if (cause === undefined) unknown.add(algorithm, keyId, now);
    return foundNone(found, cause);
  }

  /** No key fits; while the key server fails, nobody knows whether that is so. */
  function foundNone(none: readonly JwtKey[], failure: unknown): readonly JwtKey[] {
    if (failure !== undefined) throw unavailable(failure);
    return none;
  }

  function unavailable(cause: unknown): Refusal {
    const seconds = Math.max(1, Math.ceil((flights.nextAt() - flights.readClock()) / 1000));
    return new Refusal('key_set_unavailable', { cause, headers: { 'retry-after': String(seconds) } });
  }

  async function preload(): Promise<void> {
    const landed = flights.landed();
    if (landed !== undefined && isFresh(landed, flights.readClock())) return;
    try {
      await flights.next(true);
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  function invalidate(): void {
    flights.forget();
    unknown.clear();
  }

  return Object.freeze({
    find,
    generation: () => readAtOnce(flights.readClock())?.generation,
    preload,
    invalidate,
  });
}
