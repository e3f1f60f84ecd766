import type { Limit } from './limit.ts';

/** What a limiter decided. A denial is an answer, not an error. */
export interface Decision {
  /** Whether the request may go on. */
  readonly allowed: boolean;
  /**
   * Why: `ok`, `limited`, or `blocked`, whatever the limits say; where the store could not decide, `degraded` when this process has counted in its
   * stead, `unavailable` when nobody has.
   */
  readonly reason: 'ok' | 'limited' | 'blocked' | 'degraded' | 'unavailable';
  /** Each limit as it stands after this decision, in the order given; none when nobody has counted. */
  readonly limits: readonly LimitState[];
  /** In how many seconds the same request would be admitted, if nobody else came: 0 when allowed, Infinity when never. Exact. */
  readonly retryAfterSeconds: number;
}

/** One limit as it stands. */
export interface LimitState {
  /** The limit's name. */
  readonly name: string;
  /** Units per window. */
  readonly limit: number;
  /** The window in seconds. */
  readonly windowSeconds: number;
  /** Units that could be taken at once, now. */
  readonly remaining: number;
  /** In how many seconds the whole burst is there again. */
  readonly resetSeconds: number;
  /** In how many seconds this limit would admit the same cost: 0 when it would now. */
  readonly retryAfterSeconds: number;
}

/** Builds the decision from what the store answered first, a result for each limit; undefined where that makes no sense: never allow on it. */
export function decide(
  limits: readonly Limit[],
  results: readonly unknown[],
  cost: number,
  allowed: boolean,
): Decision | undefined {
  // Made at its length: an array that is pushed to reserves room for 17, which takes as long as the decision.
  const states = new Array<LimitState>(limits.length);
  let retryAfterSeconds = 0;
  for (let index = 0; index < limits.length; index++) {
    const limit = limits[index];
    const state = limit === undefined ? undefined : stateOf(limit, results[index], cost, allowed);
    if (state === undefined) return undefined;
    states[index] = state;
    retryAfterSeconds = Math.max(retryAfterSeconds, state.retryAfterSeconds);
  }
  return { allowed, reason: allowed ? 'ok' : 'limited', limits: states, retryAfterSeconds };
}

function stateOf(limit: Limit, result: unknown, cost: number, allowed: boolean): LimitState | undefined {
  const { name, windowSeconds, algorithm, unit } = limit;
  const reading = algorithm.describe(result, cost === 1 ? unit : { ...unit, cost }, allowed);
  return reading && {
    name,
    limit: limit.limit,
    windowSeconds,
    remaining: reading.remaining,
    resetSeconds: reading.resetUs / 1_000_000,
    retryAfterSeconds: reading.waitUs / 1_000_000,
  };
}
