import { type Clock, type MaybePromise, systemClock } from '../core/clock.ts';
import { functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import type { Store } from '../store/store.ts';
import type { Decision } from './decision.ts';
import type { DenyCache } from './deny-cache.ts';
import { createOutageGuard, type StoreFailureMode } from './outage.ts';
import { compilePlans, type LimitPlans } from './plan.ts';
import type { Question } from './question.ts';

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
   * What happens when the store cannot decide: `closed` refuses with store_unavailable; `open` admits; a store that answers at once, such as
   * `memoryStore()`, is asked instead, so that each process admits the limits. Default: `closed`.
   */
  readonly whenStoreFails?: StoreFailureMode;
  /** After how many milliseconds a store that has not answered counts as failed, and is left alone for a second. Default: 1,000. */
  readonly timeoutMs?: number;
  /** Remembers denials, from `createDenyCache`; one for each limiter. Default: the store is asked every time. */
  readonly localDenyCache?: DenyCache;
  /** Is told why the store failed; what it throws is ignored. Default: nobody. */
  readonly onStoreError?: (error: unknown) => void;
  /** Tells the time in milliseconds for what is decided in this process. Default: the platform's clock. */
  readonly clock?: Clock;
}

/** Options of {@linkcode Limiter.consume}. */
export interface ConsumeOptions {
  /** Units to take, a whole number of 0 or more; 0 asks without taking. Default: 1. */
  readonly cost?: number;
}

/** Decides whether a key may go on. */
export interface Limiter {
  /**
   * Takes units from every limit, or, when one of them has too few, from none.
   *
   * @param key whose budget: any text of any length
   * @param options the cost
   * @returns the decision; synchronously when the store is
   * @throws {Refusal} store_unavailable when the store cannot decide
   * @throws {TypeError} when key is no string
   * @throws {RangeError} when cost is no whole number of 0 or more
   */
  readonly consume: (key: string, options?: ConsumeOptions) => MaybePromise<Decision>;
  /**
   * Tells whether so many units would be admitted now, and takes none. By the time that you act on it, they may be gone: to take them, `consume`.
   *
   * @param key whose budget
   * @param options the cost
   * @returns the decision as it would be
   * @throws {Refusal} store_unavailable when the store cannot decide
   * @throws {TypeError} when key is no string
   * @throws {RangeError} when cost is no whole number of 0 or more
   */
  readonly peek: (key: string, options?: ConsumeOptions) => MaybePromise<Decision>;
}

const ACTION = 'create limiter';
const MAX_TIMER_MS = 2 ** 31 - 1;
const KNOWN_OPTIONS = [
  'store',
  'limits',
  'whenStoreFails',
  'timeoutMs',
  'localDenyCache',
  'onStoreError',
  'clock',
] as const satisfies readonly (keyof LimiterOptions)[];
/**
 * Creates a limiter over one store, for limits of one algorithm or several, all of them decided in one call to the store.
 *
 * A refused request costs nothing anywhere. How exactly a limit holds says its algorithm: with `gcra`, the default, a key gets at most
 * `burst + limit * s / windowSeconds` units in any span of `s` seconds. It does not choose the key: see `clientKey` and `principalKey`.
 *
 * @param options the store and the limits
 * @returns a limiter
 * @throws {TypeError} for an unknown option, a missing store, no limits, or two limits of one name
 * @throws {RangeError} for a number out of bounds
 * @see ITU-T I.371 (GCRA)
 *
 * @example
 * ```ts
 * import { createLimiter } from 'sallyport/limiter';
 * import { memoryStore } from 'sallyport/store';
 *
 * const limiter = createLimiter({
 *   store: memoryStore(),
 *   limits: [{ name: 'burst', limit: 2, windowSeconds: 1 }, { name: 'day', limit: 1000, windowSeconds: 86_400 }],
 * });
 * const decision = await limiter.consume('user-1');
 * console.log(decision.allowed, decision.limits[0]?.remaining); // true 1
 * ```
 */
export function createLimiter(options: LimiterOptions): Limiter {
  refuseUnknownOptions(ACTION, options, KNOWN_OPTIONS);
  const { store, whenStoreFails: mode = 'closed', timeoutMs = 1000, localDenyCache: denials, onStoreError } = options;
  const { clock = systemClock } = options;
  if (!isStore(store)) throw new TypeError(`Cannot ${ACTION}: store must be a store, such as memoryStore().`);
  if (mode !== 'closed' && mode !== 'open' && !isStore(mode)) {
    throw new TypeError(`Cannot ${ACTION}: whenStoreFails must be closed, open or a store.`);
  }
  numberOption(ACTION, 'timeoutMs', timeoutMs, { min: 1, max: MAX_TIMER_MS });
  if (denials !== undefined && typeof denials?.find !== 'function') {
    throw new TypeError(`Cannot ${ACTION}: localDenyCache must come from createDenyCache.`);
  }
  if (onStoreError !== undefined) functionOption(ACTION, 'onStoreError', onStoreError);
  functionOption(ACTION, 'clock', clock);
  const limitsOf = compilePlans(options.limits);
  const guard = createOutageGuard({ store, mode, timeoutMs, onStoreError, clock });

  function consume(key: string, options?: ConsumeOptions): MaybePromise<Decision> {
    const question = ask(key, options, false);
    if (denials === undefined) return guard(question);
    const { limits, cost } = question;
    // Before the answer: the store counts from when it decided.
    const askedMs = clock();
    const denied = denials.find(limits, key, cost, askedMs);
    if (denied !== undefined) return denied;
    const remember = (decision: Decision): Decision => {
      if (decision.reason === 'limited') denials.add(limits, key, cost, askedMs, decision);
      return decision;
    };
    const decision = guard(question);
    return decision instanceof Promise ? decision.then(remember) : remember(decision);
  }

  function ask(key: string, options: ConsumeOptions | undefined, isPeek: boolean): Question {
    // Keys of other kinds would meet: a number and the next, or whatever has no text of its own.
    if (typeof key !== 'string') throw new TypeError('Cannot consume: key must be a string.');
    // An own property: `cost` on a polluted Object.prototype would otherwise make every request free.
    const cost = options !== undefined && Object.hasOwn(options, 'cost') ? options.cost ?? 1 : 1;
    if (cost !== 1) numberOption('consume', 'cost', cost, { min: 0, integer: true });
    return { limits: limitsOf(key), key, cost, isPeek };
  }

  function peek(key: string, options?: ConsumeOptions): MaybePromise<Decision> {
    return guard(ask(key, options, true));
  }

  return Object.freeze({ consume, peek });
}

function isStore(store: unknown): store is Store {
  return typeof store === 'object' && store !== null && typeof Reflect.get(store, 'run') === 'function';
}
