import { type Clock, systemClock } from '../core/clock.ts';
import { booleanOption, functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { algorithmOption, type JwtAlgorithm } from './algorithm.ts';
import { fetchJwks, type JwksFetch, type JwksSource, withDeadline } from './jwks.ts';
import type { JwtKey } from './key.ts';
import { indexKeys, type KeySet, type LocalKeySet } from './key-set.ts';

/** How {@linkcode createRemoteKeySet} fetches, and for how long it believes what it got. */
export interface RemoteKeySetOptions {
  /** How long fetched keys are used without asking again, in seconds. Default: 600. */
  readonly freshSeconds?: number;
  /** How much longer they are used while the key server fails, in seconds. Default: 3,600. */
  readonly maxStaleSeconds?: number;
  /** The least time from one fetch to the next, whether it failed or not, in seconds. Default: 30. */
  readonly cooldownSeconds?: number;
  /** How long a fetch may take, body and all, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
  /** The most bytes of a body, counted while it is read. Default: 131,072. */
  readonly maxBytes?: number;
  /** The most keys of a document; one with more is refused whole. Default: 64. */
  readonly maxKeys?: number;
  /** The algorithm of keys that name none. Default: such keys are skipped. */
  readonly defaultAlgorithm?: JwtAlgorithm;
  /** Whether `http:` is allowed for `localhost`, `127.0.0.1` and `[::1]`, where no one is on the wire. Default: false. */
  readonly dangerouslyAllowHttpLoopback?: boolean;
  /** What fetches. Default: the platform's `fetch`. */
  readonly fetch?: JwksFetch;
  /** Tells the time in milliseconds. Default: the platform's clock. */
  readonly clock?: Clock;
}

/** A set whose keys live on a key server. */
export interface RemoteKeySet extends KeySet {
  /**
   * Fetches the keys now unless they are fresh, so that no request waits for them: await it before you listen.
   *
   * @throws {Refusal} key_set_unavailable
   */
  readonly preload: () => Promise<void>;
  /** Forgets all keys at once, also those on their way; the next token fetches. For when a key must no longer be believed. */
  readonly invalidate: () => void;
}

interface Flight {
  readonly landed: Promise<void>;
  overdueAt: number;
}

const ACTION = 'create remote key set';
const KNOWN_OPTIONS = [
  'freshSeconds',
  'maxStaleSeconds',
  'cooldownSeconds',
  'timeoutMs',
  'maxBytes',
  'maxKeys',
  'defaultAlgorithm',
  'dangerouslyAllowHttpLoopback',
  'fetch',
  'clock',
] as const satisfies readonly (keyof RemoteKeySetOptions)[];
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const MAX_TIMER_MS = 2_147_483_647;

/**
 * Makes a set of keys that is fetched from a JWKS URL: once, then again when the keys are no longer fresh or a token names an unknown
 * `kid`, and never sooner than the cooldown, whatever tokens come. Requests that need a fetch share one. Redirects are refused.
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
  refuseUnknownOptions(ACTION, options, KNOWN_OPTIONS);
  const { freshSeconds = 600, maxStaleSeconds = 3600, cooldownSeconds = 30, clock = systemClock } = options;
  const source = readSource(url, options);
  const freshMs = 1000 * numberOption(ACTION, 'freshSeconds', freshSeconds, { above: 0 });
  const usableMs = freshMs + 1000 * numberOption(ACTION, 'maxStaleSeconds', maxStaleSeconds, { min: 0 });
  const cooldownMs = 1000 * numberOption(ACTION, 'cooldownSeconds', cooldownSeconds, { min: 1 });
  functionOption(ACTION, 'clock', clock);
  if (usableMs < cooldownMs) {
    // No fetch would be allowed yet, and every token refused, however well the key server does.
    throw new RangeError(`Cannot ${ACTION}: freshSeconds and maxStaleSeconds together must reach cooldownSeconds.`);
  }

  let current: { readonly keys: LocalKeySet; fetchedAt: number } | undefined;
  let flight: Flight | undefined;
  let failure: unknown;
  let nextFetchAt = -Infinity;

  /**
   * A clock that was a year ahead would otherwise, once it is set right, keep keys fresh and every fetch forbidden for that year. So
   * nothing is dated later than now, and nothing waits longer than from now on.
   */
  function readClock(): number {
    const now = clock();
    nextFetchAt = Math.min(nextFetchAt, now + cooldownMs);
    if (current !== undefined) current.fetchedAt = Math.min(current.fetchedAt, now);
    if (flight !== undefined) flight.overdueAt = Math.min(flight.overdueAt, now + source.timeoutMs);
    return now;
  }

  function isYounger(ageMs: number): boolean {
    const now = readClock();
    return current !== undefined && now - current.fetchedAt < ageMs;
  }

  function findUsable(algorithm: string, keyId: string | undefined): readonly JwtKey[] | undefined {
    return isYounger(usableMs) ? current?.keys.find(algorithm, keyId) : undefined;
  }

  function find(algorithm: string, keyId: string | undefined): readonly JwtKey[] | Promise<readonly JwtKey[]> {
    const found = findUsable(algorithm, keyId);
    if (found !== undefined) {
      if (found.length > 0 && isYounger(freshMs)) return found;
      // Unknown ids cost nobody a fetch before the cooldown ends: who sprays them must not turn us against the key server.
      if (flight === undefined && readClock() < nextFetchAt) return found;
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
    const found = findUsable(algorithm, keyId);
    if (found !== undefined) return found;
    throw unavailable(cause);
  }

  function unavailable(cause: unknown): Refusal {
    const now = readClock();
    const seconds = Math.max(1, Math.ceil((nextFetchAt - now) / 1000));
    return new Refusal('key_set_unavailable', { cause, headers: { 'retry-after': String(seconds) } });
  }

  /**
   * Joins the fetch under way or starts one. On workerd the one under way may belong to a request that is over, and then it never settles.
   * So each request waits under a timer of its own, and a fetch that should have ended long ago is taken for lost.
   */
  function fetchOnce(): Promise<void> {
    const startedAt = readClock();
    if (flight === undefined || startedAt >= flight.overdueAt) {
      nextFetchAt = startedAt + cooldownMs;
      const mine: Flight = {
        landed: fetchJwks(source).then((keys) => land(mine, keys), (error) => crash(mine, error)),
        overdueAt: startedAt + source.timeoutMs,
      };
      flight = mine;
    }
    return withDeadline(flight.landed, source.timeoutMs);
  }

  function land(mine: Flight, keys: readonly JwtKey[]): Promise<void> | undefined {
    // Invalidated or given up on its way: what it brings is older than that decision.
    if (flight !== mine) return isYounger(freshMs) ? undefined : fetchOnce();
    flight = undefined;
    current = { keys: indexKeys(keys), fetchedAt: clock() };
    return undefined;
  }

  function crash(mine: Flight, error: unknown): never {
    if (flight === mine) {
      flight = undefined;
      failure = error;
    }
    throw error;
  }

  async function preload(): Promise<void> {
    if (isYounger(freshMs)) return;
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
  }

  return Object.freeze({ find, preload, invalidate });
}

function readSource(url: string | URL, options: RemoteKeySetOptions): JwksSource {
  const { timeoutMs = 5000, maxBytes = 131_072, maxKeys = 64, defaultAlgorithm, fetch: fetcher = fetch } = options;
  return {
    url: readUrl(
      url,
      booleanOption(ACTION, 'dangerouslyAllowHttpLoopback', options.dangerouslyAllowHttpLoopback ?? false),
    ),
    fetch: functionOption(ACTION, 'fetch', fetcher),
    timeoutMs: numberOption(ACTION, 'timeoutMs', timeoutMs, { min: 1, max: MAX_TIMER_MS }),
    maxBytes: numberOption(ACTION, 'maxBytes', maxBytes, { min: 1, integer: true }),
    maxKeys: numberOption(ACTION, 'maxKeys', maxKeys, { min: 1, integer: true }),
    defaultAlgorithm: defaultAlgorithm === undefined ? undefined : algorithmOption(ACTION, defaultAlgorithm),
  };
}

function readUrl(url: string | URL, allowHttpLoopback: boolean): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) throw new TypeError(`Cannot ${ACTION}: the URL must be absolute.`);
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TypeError(`Cannot ${ACTION}: the URL must hold no credentials.`);
  }
  const isLoopback = parsed.protocol === 'http:' && LOOPBACK.includes(parsed.hostname);
  if (parsed.protocol !== 'https:' && !(allowHttpLoopback && isLoopback)) {
    throw new TypeError(`Cannot ${ACTION}: the URL must be https.`);
  }
  return parsed.href;
}
