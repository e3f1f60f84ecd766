import type { Limit } from './limit.ts';

/** What a limiter decided. A denial is an answer, not an error. */
export interface Decision {
  /** Whether the request may go on. */
  readonly allowed: boolean;
  /** Why: `ok`, or `limited`. */
  readonly reason: 'ok' | 'limited';
  /** Each limit as it stands after this decision, in the order given. */
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

/** Builds the decision from the debts that stood before the request. */
export function decide(limits: readonly Limit[], debtsUs: readonly number[], cost: number, allowed: boolean): Decision {
  // `map`, because an array that is pushed to reserves room for 17, which takes as long as the decision.
  const states = limits.map((limit, index) => stateOf(limit, debtsUs[index] ?? 0, cost, allowed));
  let retryAfterSeconds = 0;
  for (const state of states) retryAfterSeconds = Math.max(retryAfterSeconds, state.retryAfterSeconds);
  return { allowed, reason: allowed ? 'ok' : 'limited', limits: states, retryAfterSeconds };
}

function stateOf(limit: Limit, debtUs: number, cost: number, allowed: boolean): LimitState {
  const costUs = cost * limit.intervalUs;
  const afterUs = allowed ? debtUs + costUs : debtUs;
  const waitUs = allowed ? 0 : Math.max(0, debtUs + costUs - limit.toleranceUs);
  return {
    name: limit.name,
    limit: limit.limit,
    windowSeconds: limit.windowSeconds,
    // After a clock went back the debt may exceed the tolerance.
    remaining: Math.max(0, Math.floor((limit.toleranceUs - afterUs) / limit.intervalUs)),
    resetSeconds: afterUs / 1_000_000,
    retryAfterSeconds: costUs > limit.toleranceUs ? Infinity : waitUs / 1_000_000,
  };
}
