import type { Step } from '../store/step.ts';

/** The numbers of a limit, checked. */
export interface LimitNumbers {
  /** Units per window, a whole number from 1 to 2^31. */
  readonly limit: number;
  /** The window in microseconds, a whole number from 1,000 to ten years. */
  readonly windowUs: number;
  /** The most units at once, or undefined where the limit does not say. */
  readonly burst: number | undefined;
}

/** What every algorithm's step is passed, beside its own numbers. */
export interface Cost {
  /** Units to take. 0 asks without taking; less gives back what was taken, and is never refused. */
  readonly cost: number;
}

/** A limit as it stands after a decision. Times are microseconds from now. */
export interface LimitReading {
  /** Units that could be taken at once. */
  readonly remaining: number;
  /** Until everything is there again. */
  readonly resetUs: number;
  /** Until the same cost would be admitted, if nobody else came: 0 when it would now, Infinity when never. */
  readonly waitUs: number;
}

/**
 * A way of counting: a step, how a limit's numbers become its arguments, and what its results mean. `gcra` is the default; a limiter takes
 * anybody's.
 */
export interface LimitAlgorithm<Args extends Cost = Cost> {
  /** What the store runs. */
  readonly step: Step<unknown, Args, unknown>;
  /** Whether its step gives units back at a negative cost, and never more than were taken. Default: false. */
  readonly givesBack?: boolean;
  /**
   * Turns the numbers of a limit into what the step is passed for a cost of 1.
   *
   * @throws {RangeError} for numbers that it cannot count exactly
   * @throws {TypeError} for a burst, where it knows none
   */
  compile(numbers: LimitNumbers): Args;
  /** Reads what the step answered to a request that was admitted or not; undefined for what is no answer. */
  describe(result: unknown, args: Args, allowed: boolean): LimitReading | undefined;
}

/** The result of the steps that count within windows. */
export interface WindowResult {
  /** Units that counted before this request. */
  readonly used: number;
  /** Until this cost would be admitted, in microseconds: 0 when now, Infinity when never. */
  readonly waitUs: number;
  /** Until all of that is gone, in microseconds. */
  readonly resetUs: number;
  /** The same, if this request is admitted. */
  readonly resetAfterUs: number;
}

/** Reads a {@linkcode WindowResult}. */
export function describeWindow(
  result: unknown,
  { limit, cost }: Cost & { readonly limit: number },
  allowed: boolean,
): LimitReading | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const read = (name: keyof WindowResult): number => {
    const value: unknown = Reflect.get(result, name);
    return typeof value === 'number' && value >= 0 ? value : NaN;
  };
  const [used, waitUs, resetUs] = [read('used'), read('waitUs'), read(allowed ? 'resetAfterUs' : 'resetUs')];
  // What is no number, or is below zero, says nothing. Infinite is only a wait.
  if (Number.isNaN(used + waitUs + resetUs) || used === Infinity || resetUs === Infinity) return undefined;
  return { remaining: Math.max(0, limit - used - (allowed ? cost : 0)), resetUs, waitUs: allowed ? 0 : waitUs };
}

/** Writes for the wire what {@linkcode decodeWindow} reads: in Lua `{ used, wait, reset, reset after }`, with -1 for a wait without end. */
export function decodeWindow(reply: readonly unknown[]): WindowResult | undefined {
  const [used, wait, resetUs, resetAfterUs] = reply;
  if (!isCount(used) || !isCount(resetUs) || !isCount(resetAfterUs)) return undefined;
  if (wait !== -1 && !isCount(wait)) return undefined;
  return { used, waitUs: wait === -1 ? Infinity : wait, resetUs, resetAfterUs };
}

/** Refuses a burst where the algorithm knows none: it would be silently without effect. */
export function refuseBurst(name: string, { burst }: LimitNumbers): void {
  if (burst !== undefined) throw new TypeError(`Cannot create limiter: ${name} knows no burst.`);
}

/** Tells a whole number of 0 or more, which doubles hold exactly. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 0;
}
