import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import type { Decision, LimitState } from './decision.ts';
import type { Limit } from './limit.ts';

/** Remembers who was denied what, and until when; made by {@linkcode createDenyCache}. */
export interface DenyCache {
  /** For the limiter: the denial that still holds, with the times that are left; `remaining` is as it was then. */
  readonly find: (limits: readonly Limit[], key: string, cost: number, nowMs: number) => Decision | undefined;
  /** For the limiter: remembers a denial, in the place of the one before, with when it was asked for and when it came. */
  readonly add: (question: DeniedQuestion, decision: Decision, askedMs: number, answeredMs: number) => void;
  /** For the limiter: forgets what a key was denied. */
  readonly forget: (key: string) => void;
}

/** What was denied. */
export interface DeniedQuestion {
  /** The limits, by identity. */
  readonly limits: readonly Limit[];
  /** Whose budget. */
  readonly key: string;
  /** How many units. */
  readonly cost: number;
}

interface Denial {
  readonly limits: readonly Limit[];
  readonly cost: number;
  readonly decision: Decision;
  readonly atMs: number;
  readonly untilMs: number;
}

/** Longer keys are asked for every time: what is remembered must be of a known size. */
const MAX_KEY_LENGTH = 256;
/** What others give back to a key in the meantime is not seen before. */
const MAX_MS = 10_000;

/** Options of {@linkcode createDenyCache}. */
export interface DenyCacheOptions {
  /** For how many keys a denial is remembered, 1 to 2^20. Default: 10,000. */
  readonly maxKeys?: number;
}

const ACTION = 'create deny cache';

/**
 * Makes a memory of denials for one limiter, so that a flood of clients that were denied asks no store: until the wait is over, but for at most 10
 * seconds, it would answer the same.
 *
 * A denial is one of its cost alone: where ten are too many, one may be admitted. The last of a key is remembered. What is forgotten costs a question to
 * the store, and nothing else. What `refund` and `reset` of another process give back is seen when the denial has lapsed.
 *
 * @param options its size
 * @returns a cache for the option `localDenyCache` of a limiter
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} when maxKeys is no whole number from 1 to 2^20
 *
 * @example
 * ```ts
 * import { createDenyCache, createLimiter } from 'sallyport/limiter';
 * import { memoryStore } from 'sallyport/store';
 *
 * const limits = [{ name: 'a', limit: 1, windowSeconds: 60 }];
 * createLimiter({ store: memoryStore(), limits, localDenyCache: createDenyCache({ maxKeys: 50_000 }) });
 * ```
 */
export function createDenyCache(options: DenyCacheOptions = {}): DenyCache {
  refuseUnknownOptions(ACTION, options, ['maxKeys']);
  const { maxKeys = 10_000 } = options;
  numberOption(ACTION, 'maxKeys', maxKeys, { min: 1, max: 2 ** 20, integer: true });
  const denials = new Map<string, Denial>();
  // One for many: a new one walks over what was deleted in front. One for all time would hold every table that the map has outgrown.
  let oldest = denials.keys();
  let addsLeft = maxKeys;

  function find(limits: readonly Limit[], key: string, cost: number, nowMs: number): Decision | undefined {
    const denial = denials.get(nameOf(key));
    // A clock that went back would make a denial last longer than it was said to.
    // Written so that a NaN from a broken clock remembers nothing.
    if (denial?.limits !== limits || denial.cost !== cost || !(nowMs >= denial.atMs && nowMs < denial.untilMs)) {
      return undefined;
    }
    return age(denial.decision, (nowMs - denial.atMs) / 1000);
  }

  function add({ limits, key, cost }: DeniedQuestion, decision: Decision, askedMs: number, answeredMs: number): void {
    const name = nameOf(key);
    denials.delete(name);
    // Rounded down, to a clock's own millisecond, and from the question: never a moment longer than the store would deny.
    const forMs = Math.min(MAX_MS, Math.floor(decision.retryAfterSeconds * 1000));
    if (key.length > MAX_KEY_LENGTH || !(forMs > 0)) return;
    if (--addsLeft <= 0) {
      oldest = denials.keys();
      addsLeft = maxKeys;
    }
    if (denials.size >= maxKeys) forgetOldest();
    denials.set(name, { limits, cost, decision, atMs: answeredMs, untilMs: askedMs + forMs });
  }

  /** All that is remembered is in front of the iterator: what it has passed was deleted. */
  function forgetOldest(): void {
    const { value } = oldest.next();
    if (value !== undefined) denials.delete(value);
  }

  return Object.freeze({ find, add, forget: (key: string) => void denials.delete(nameOf(key)) });
}

/** Keeps keys from being array indexes, whose hash is weak. */
export function nameOf(key: string): string {
  return `:${key}`;
}

/** The same denial some seconds later. */
function age(decision: Decision, seconds: number): Decision {
  const later = (left: number): number => Math.max(0, left - seconds);
  const limits = decision.limits.map((state): LimitState => ({
    ...state,
    resetSeconds: later(state.resetSeconds),
    retryAfterSeconds: later(state.retryAfterSeconds),
  }));
  return { ...decision, limits, retryAfterSeconds: later(decision.retryAfterSeconds) };
}
