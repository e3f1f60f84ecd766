import { type Clock, systemClock } from '../core/clock.ts';
import { functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import type { Store } from '../store/store.ts';
import type { DenyCache } from './deny-cache.ts';
import type { Limit } from './limit.ts';
import { compilePlans, type LimitPlans } from './plan.ts';
import { isStore, readStandIn, type StandIn, type StoreFailureMode } from './stand-in.ts';

/** Options of {@linkcode createLimiter}. */
export interface LimiterOptions {
  /** Where counts are kept: `memoryStore()`, `redisStore(…)`, or any store. */
  readonly store: Store;
  /**
   * 1 to 16 limits, decided at once: all admit, or nothing is counted. Or a function that names the limits of a key, its plan: return the same list for
   * the same plan, which is then compiled once.
   */
  readonly limits: LimitPlans;
  /**
   * What happens when the store cannot decide: `closed` refuses with store_unavailable; `open` admits; with `{ local: memoryStore(), instances: 4 }` each process
   * admits a fourth of each limit; a store that answers at once is asked for the whole of it. Default: `closed`.
   */
  readonly whenStoreFails?: StoreFailureMode;
  /** After how many milliseconds a store that has not answered counts as failed, and is left alone for a second. Default: 1,000. */
  readonly timeoutMs?: number;
  /** Remembers denials, from `createDenyCache`; one for each limiter. Default: the store is asked every time. */
  readonly localDenyCache?: DenyCache;
  /**
   * Whether `block` is used: each decision then looks at one value more. Blocks hold for all limiters of these limits' names that say so; limits that are a
   * function have no names, and need one here: blocks outlast a change of the plan. Default: false.
   */
  readonly blockable?: boolean | string;
  /** How many calls of `wait` may stand in line in this process, 0 to 2^20. Default: 1,000. */
  readonly maxWaiting?: number;
  /** Is told why the store failed; what it throws is ignored. Default: nobody. */
  readonly onStoreError?: (error: unknown) => void;
  /** Tells the time in milliseconds for what is decided in this process. Default: the platform's clock. */
  readonly clock?: Clock;
}

/** The options of a limiter, checked. */
export interface LimiterSettings {
  readonly store: Store;
  readonly limitsOf: (key: string) => readonly Limit[];
  readonly mode: 'closed' | 'open' | StandIn;
  readonly timeoutMs: number;
  readonly denials: DenyCache | undefined;
  readonly onStoreError: ((error: unknown) => void) | undefined;
  readonly clock: Clock;
}

const ACTION = 'create limiter';
const MAX_TIMER_MS = 2 ** 31 - 1;
const KNOWN_OPTIONS = [
  'store',
  'limits',
  'whenStoreFails',
  'timeoutMs',
  'localDenyCache',
  'blockable',
  'maxWaiting',
  'onStoreError',
  'clock',
] as const satisfies readonly (keyof LimiterOptions)[];

/**
 * Checks what every limiter is told, and compiles its limits.
 *
 * @throws {TypeError} for an unknown option, a missing store, no limits, or two limits of one name
 * @throws {RangeError} for a number out of bounds
 */
export function readLimiterSettings(options: LimiterOptions): LimiterSettings {
  refuseUnknownOptions(ACTION, options, KNOWN_OPTIONS);
  const defaults = defaultSettings(options.store, options.limits);
  const { whenStoreFails = 'closed', timeoutMs = defaults.timeoutMs, localDenyCache: denials } = options;
  const { onStoreError, clock = defaults.clock } = options;
  const mode = readStandIn(ACTION, whenStoreFails);
  // Now, and not in the outage: an algorithm may refuse a share. Plans have none before they are asked.
  if (typeof mode === 'object' && typeof options.limits !== 'function') mode.shareOf(defaults.limitsOf(''));
  numberOption(ACTION, 'timeoutMs', timeoutMs, { min: 1, max: MAX_TIMER_MS });
  if (denials !== undefined && typeof denials?.find !== 'function') {
    throw new TypeError(`Cannot ${ACTION}: localDenyCache must come from createDenyCache.`);
  }
  if (onStoreError !== undefined) functionOption(ACTION, 'onStoreError', onStoreError);
  functionOption(ACTION, 'clock', clock);
  return { ...defaults, mode, timeoutMs, denials, onStoreError, clock };
}

/**
 * The settings of a limiter that is told its store and its limits alone.
 *
 * @throws {TypeError} for what is no store, no limits, or two limits of one name
 * @throws {RangeError} for a number out of bounds
 */
export function defaultSettings(store: Store, limits: LimitPlans): LimiterSettings {
  if (!isStore(store)) throw new TypeError(`Cannot ${ACTION}: store must be a store, such as memoryStore().`);
  return {
    store,
    limitsOf: compilePlans(limits),
    mode: 'closed',
    timeoutMs: 1000,
    denials: undefined,
    onStoreError: undefined,
    clock: systemClock,
  };
}
