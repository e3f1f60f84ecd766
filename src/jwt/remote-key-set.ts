import { systemClock } from '../core/clock.ts';
import { functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { fetchJwks, type Jwks } from './jwks.ts';
import { readSource, REMOTE_OPTIONS, type RemoteKeySetOptions } from './jwks-source.ts';
import type { JwtKey } from './key.ts';
import { indexKeys, type KeySet, type LocalKeySet } from './key-set.ts';
import { createUnknownKeys } from './unknown-keys.ts';

/** A set whose keys live on a key server. */
export interface RemoteKeySet extends KeySet {
  /**
   * Fetches the keys now unless they are fresh, so that no request waits for them: await it before you listen.
   *
   * @throws {Refusal} key_set_unavailable
   */
  readonly preload: () => Promise<void>;
  /** Always there: see {@linkcode KeySet}. */
  readonly generation: () => number | undefined;
  /**
   * Forgets all keys at once, also those on their way; the next token fetches, whatever the cooldown. For when a key must no longer be
   * believed: whoever can make you call it can make you fetch.
   */
  readonly invalidate: () => void;
}

/** A fetch under way. Nobody waits for it but who started it. */
interface Flight {
  overdueAt: number;
  error?: unknown;
}

/** What the last fetch brought. */
interface Loaded extends Jwks {
  readonly index: LocalKeySet;
  readonly freshMs: number;
  fetchedAt: number;
}

const ACTION = 'create remote key set';
/** How often one who waits for another's fetch looks whether it has landed. */
const LOOK_AGAIN_MS = 10;
/** For how many cooldowns an id that a fetch did not bring costs no other fetch. */
const UNKNOWN_COOLDOWNS = 4;

/**
 * Makes a set of keys that is fetched from a JWKS URL: once, then again when the keys are no longer fresh or a token names an unknown
 * `kid`, and never sooner than the cooldown, whatever tokens come. Who needs keys that are not here waits; everybody else is answered with the
 * keys in hand, and one refresh runs behind. Redirects are refused.
 *
 * While the server fails, the old keys serve on until `maxStaleSeconds`; after that every token is refused with 503. Keys that a successful
 * fetch no longer lists are gone at once. The URL comes from your configuration: never build it from a token.
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

  const unknown = createUnknownKeys(UNKNOWN_COOLDOWNS * cooldownMs);
  let current: Loaded | undefined;
  let generation = 0;
  let flight: Flight | undefined;
  let failure: unknown;
  let nextFetchAt = -Infinity;
  let latest = -Infinity;

  /**
   * A clock that was a year ahead would otherwise, once it is set right, keep keys fresh and every fetch forbidden for that year. So
   * nothing is dated later than now, and nothing waits longer than from now on.
   */
  function readClock(): number {
    const now = clock();
    if (now < latest) {
      nextFetchAt = Math.min(nextFetchAt, now + cooldownMs);
      if (current !== undefined) current.fetchedAt = Math.min(current.fetchedAt, now);
      if (flight !== undefined) flight.overdueAt = Math.min(flight.overdueAt, now + source.timeoutMs);
    }
    latest = now;
    return now;
  }

  /** The keys in hand, while they may be believed; if they are no longer fresh, a refresh begins that nobody waits for. */
  function readUsable(now: number): Loaded | undefined {
    if (current === undefined) return undefined;
    const age = now - current.fetchedAt;
    if (age < current.freshMs) return current;
    if (!(age < current.freshMs + staleMs)) return undefined;
    if (mayFetch(now)) refreshBehind(now);
    return current;
  }

  function isFresh(now: number): boolean {
    return current !== undefined && now - current.fetchedAt < current.freshMs;
  }

  /** No fetch is under way that may still land, and the cooldown is over. One that is lost is not waited for. */
  function mayFetch(now: number): boolean {
    return now >= (flight === undefined ? nextFetchAt : flight.overdueAt);
  }

  function find(algorithm: string, keyId: string | undefined): readonly JwtKey[] | Promise<readonly JwtKey[]> {
    const now = readClock();
    const found = readUsable(now)?.index.find(algorithm, keyId);
    if (found !== undefined) {
      if (found.length > 0 || unknown.has(algorithm, keyId, now)) return found;
      // Unknown ids cost nobody a fetch before the cooldown ends: who sprays them must not turn us against the key server.
      if (flight === undefined && now < nextFetchAt) return found;
    }
    return findAfterFetch(algorithm, keyId);
  }

  async function findAfterFetch(algorithm: string, keyId: string | undefined): Promise<readonly JwtKey[]> {
    let cause: unknown;
    try {
      await (flight === undefined && readClock() < nextFetchAt ? Promise.reject(failure) : fetchOnce());
    } catch (error) {
      cause = error;
    }
    const now = readClock();
    const found = readUsable(now)?.index.find(algorithm, keyId);
    if (found === undefined) throw unavailable(cause);
    if (found.length === 0 && cause === undefined) unknown.add(algorithm, keyId, now);
    return found;
  }

  function unavailable(cause: unknown): Refusal {
    const seconds = Math.max(1, Math.ceil((nextFetchAt - readClock()) / 1000));
    return new Refusal('key_set_unavailable', { cause, headers: { 'retry-after': String(seconds) } });
  }

  /**
   * Fetches, or waits for the fetch that somebody else has under way. It is tempting to await the other's promise. However on workerd a promise
   * belongs to its request, and never settles once that is over. So who waits looks again now and then, under timers of its own, and a fetch
   * that should have ended long ago is taken for lost.
   */
  async function fetchOnce(): Promise<void> {
    const now = readClock();
    const joined = flight;
    if (joined === undefined || now >= joined.overdueAt) return await fly(now);
    for (let waitedMs = 0; flight === joined; waitedMs += LOOK_AGAIN_MS) {
      if (waitedMs > source.timeoutMs) throw new Error("Another request's fetch of the keys did not end in time.");
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    if (joined.error !== undefined) throw joined.error;
    // Invalidated meanwhile, or lost.
    if (!isFresh(readClock())) await fetchOnce();
  }

  async function fly(now: number): Promise<void> {
    const mine: Flight = { overdueAt: now + source.timeoutMs };
    nextFetchAt = now + cooldownMs;
    flight = mine;
    try {
      const fetched = await fetchJwks(source, current?.identities);
      if (flight === mine) return land(fetched);
    } catch (error) {
      // Whatever a fetch rejects with, who waits must see that it did.
      mine.error = error ?? new Error('The fetch of the keys failed.');
      if (flight === mine) {
        flight = undefined;
        failure = error;
      }
      throw error;
    }
    // Invalidated or given up on its way: what it brings is older than that decision.
    if (!isFresh(readClock())) await fetchOnce();
  }

  function land(fetched: Jwks): void {
    const { keys, maxAgeSeconds = Infinity } = fetched;
    if (current?.keys.some((key) => !keys.includes(key))) generation++;
    flight = undefined;
    current = {
      ...fetched,
      index: indexKeys(keys),
      fetchedAt: readClock(),
      freshMs: Math.min(freshMs, Math.max(cooldownMs, 1000 * maxAgeSeconds)),
    };
  }

  function refreshBehind(now: number): void {
    // What fails behind is kept as the cause of a refusal to come, should the keys run out before another fetch succeeds.
    const work = fly(now).catch(() => undefined);
    try {
      waitUntil?.(work);
    } catch {
      // The refresh runs all the same.
    }
  }

  async function preload(): Promise<void> {
    if (isFresh(readClock())) return;
    try {
      await fetchOnce();
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  function invalidate(): void {
    current = undefined;
    flight = undefined;
    nextFetchAt = -Infinity;
    unknown.clear();
    generation++;
  }

  return Object.freeze({
    find,
    generation: () => readUsable(readClock()) === undefined ? undefined : generation,
    preload,
    invalidate,
  });
}
