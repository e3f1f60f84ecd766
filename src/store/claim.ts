import { numberOption } from '../core/option.ts';
import type { Step, StepOutcome } from './step.ts';

const TEN_YEARS_MS = 315_360_000_000;

/** What {@linkcode claim} is passed. */
export interface ClaimArgs {
  /** What to remember, if we are first. */
  readonly value: string;
  /** How long the claim stands, in milliseconds: above 0, at most ten years. */
  readonly ttlMs: number;
}

/** What {@linkcode claim} tells. */
export interface ClaimResult {
  /** Whether we were first. */
  readonly claimed: boolean;
  /** The value that stands: ours, or that of the one who was first. */
  readonly value: string;
}

/**
 * The step of replay protection and idempotency: the first writer of a key wins until the claim lapses, and everyone after learns the
 * winner's value. It throws a RangeError for a time to live that is no number above 0.
 *
 * @example
 * ```ts
 * import { claim, memoryStore } from 'sallyport/store';
 *
 * const store = memoryStore();
 * const call = { step: claim, space: 'jti', key: 'token-1', args: { value: 'used', ttlMs: 60_000 } };
 * console.log(await store.run([[call], [call]])); // ok, then not ok
 * ```
 */
export const claim: Step<string, ClaimArgs, ClaimResult> = Object.freeze({
  name: 'claim',
  kind: 'value',
  apply(state: string | undefined, args: ClaimArgs): StepOutcome<string, ClaimResult> {
    // NaN would never lapse, and 0 never stand: both silently, and both for replay protection.
    const ttlMs = numberOption('claim', 'ttlMs', args.ttlMs, { above: 0, max: TEN_YEARS_MS });
    if (typeof args.value !== 'string') throw new TypeError('Cannot claim: value must be a string.');
    const claimed = state === undefined;
    const value = claimed ? args.value : state;
    return { ok: claimed, state: value, ttlMs: Math.ceil(ttlMs), result: { claimed, value } };
  },
});
