/** Tells the time in milliseconds since the Unix epoch. Tests and replays pass their own. */
export type Clock = () => number;

/** A value now, or a promise of it. What can stay synchronous does: an `await` on a hot path costs more than the work. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * The platform's clock, and the default of every `clock` option.
 *
 * @returns milliseconds since the Unix epoch; it can jump, also backwards
 *
 * @example
 * ```ts
 * import { systemClock } from 'sallyport/core';
 *
 * console.log(systemClock() > 0); // true
 * ```
 */
export function systemClock(): number {
  return Date.now();
}
