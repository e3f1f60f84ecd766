import type { Clock } from '../core/clock.ts';
import { booleanOption, functionOption, numberOption } from '../core/option.ts';
import { algorithmOption, algorithmRow, type JwtAlgorithm } from './algorithm.ts';
import type { JwksFetch, JwksSource } from './jwks.ts';

/** How `createRemoteKeySet` fetches, and for how long it believes what it got. */
export interface RemoteKeySetOptions {
  /** How long fetched keys are used without asking again, in seconds; `Cache-Control` may shorten it, to cooldownSeconds. Default: 600. */
  readonly freshSeconds?: number;
  /** How much longer they are used while the key server fails, in seconds; while it does not, for cooldownSeconds. Default: 3,600. */
  readonly maxStaleSeconds?: number;
  /** The least time from one fetch to the next, in seconds, whether it failed or not; one that the platform ended counts not. Default: 30. */
  readonly cooldownSeconds?: number;
  /** How long a fetch may take, body and all, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
  /** The most bytes of a body, counted while it is read. Default: 131,072. */
  readonly maxBytes?: number;
  /** The most keys of a document; one with more is refused whole. Default: 64. */
  readonly maxKeys?: number;
  /** The algorithm of keys that name none, if they are of its kind; no HS*. Default: such keys are skipped. */
  readonly defaultAlgorithm?: JwtAlgorithm;
  /** Whether `http:` is allowed for `localhost`, `127.0.0.1` and `[::1]`, where no one is on the wire. Default: false. */
  readonly dangerouslyAllowHttpLoopback?: boolean;
  /** Is handed every fetch, so that it may outlive the request that began it where the platform ends such work (Workers). Default: nothing. */
  readonly waitUntil?: (work: Promise<void>) => void;
  /** What fetches. Default: the platform's `fetch`. */
  readonly fetch?: JwksFetch;
  /** Tells the time in milliseconds. Default: the platform's clock. */
  readonly clock?: Clock;
}

/** Every key of {@linkcode RemoteKeySetOptions}. */
export const REMOTE_OPTIONS: readonly (keyof RemoteKeySetOptions)[] = [
  'freshSeconds',
  'maxStaleSeconds',
  'cooldownSeconds',
  'timeoutMs',
  'maxBytes',
  'maxKeys',
  'defaultAlgorithm',
  'dangerouslyAllowHttpLoopback',
  'waitUntil',
  'fetch',
  'clock',
];

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const MAX_TIMER_MS = 2_147_483_647;

/** Checks where keys come from and how much of it is taken. */
export function readSource(action: string, url: string | URL, options: RemoteKeySetOptions): JwksSource {
  const { timeoutMs = 5000, maxBytes = 131_072, maxKeys = 64, defaultAlgorithm, fetch: fetcher = fetch } = options;
  return {
    url: readUrl(
      action,
      url,
      booleanOption(action, 'dangerouslyAllowHttpLoopback', options.dangerouslyAllowHttpLoopback ?? false),
    ),
    fetch: functionOption(action, 'fetch', fetcher),
    timeoutMs: numberOption(action, 'timeoutMs', timeoutMs, { min: 1, max: MAX_TIMER_MS }),
    maxBytes: numberOption(action, 'maxBytes', maxBytes, { min: 1, integer: true }),
    maxKeys: numberOption(action, 'maxKeys', maxKeys, { min: 1, integer: true }),
    defaultAlgorithm: defaultAlgorithm === undefined ? undefined : publicAlgorithm(action, defaultAlgorithm),
  };
}

function publicAlgorithm(action: string, value: unknown): JwtAlgorithm {
  const algorithm = algorithmOption(action, value);
  if (algorithmRow(algorithm).keyType !== 'oct') return algorithm;
  throw new TypeError(`Cannot ${action}: defaultAlgorithm must be one of public keys; nobody publishes a secret.`);
}

function readUrl(action: string, url: string | URL, allowHttpLoopback: boolean): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) throw new TypeError(`Cannot ${action}: the URL must be absolute.`);
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TypeError(`Cannot ${action}: the URL must hold no credentials.`);
  }
  const isLoopback = parsed.protocol === 'http:' && LOOPBACK.includes(parsed.hostname);
  if (parsed.protocol !== 'https:' && !(allowHttpLoopback && isLoopback)) {
    throw new TypeError(`Cannot ${action}: the URL must be https.`);
  }
  return parsed.href;
}
