import type { Step, StepOutcome } from './step.ts';

/** What {@linkcode claim} is passed. */
export interface ClaimArgs {
  /** What to remember, if we are first. */
  readonly value: string;
  /** How long the claim stands, in milliseconds. */
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
 * winner's value.
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
    const claimed = state === undefined;
    const value = claimed ? args.value : state;
    return { ok: claimed, state: value, ttlMs: Math.max(1, Math.ceil(args.ttlMs)), result: { claimed, value } };
  },
});
