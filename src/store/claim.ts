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
export const claim: Step<string, ClaimArgs, ClaimResult> = /* @__PURE__ */ Object.freeze({
  name: 'claim',
  kind: 'value',
  apply(state: string | undefined, { value, ttlMs }: ClaimArgs): StepOutcome<string, ClaimResult> {
    const lifeMs = checkValue('claim', value, ttlMs);
    const claimed = state === undefined;
    const standing = claimed ? value : state;
    return { ok: claimed, state: standing, ttlMs: lifeMs, result: { claimed, value: standing } };
  },
  twin: {
    lua: `return not state, args[1], integer(args[2]), { state and 0 or 1, state or args[1] }`,
    encode: ({ value, ttlMs }: ClaimArgs): readonly string[] => [value, String(checkValue('claim', value, ttlMs))],
    decode([claimed, value]: readonly unknown[]): ClaimResult | undefined {
      if ((claimed !== 0 && claimed !== 1) || typeof value !== 'string') return undefined;
      return { claimed: claimed === 1, value };
    },
  },
});

/** Returns how long a value stands, in whole milliseconds. NaN would never lapse, and 0 never stand: both silently, and both for replay protection. */
export function checkValue(action: string, value: unknown, ttlMs: unknown): number {
  if (typeof value !== 'string') throw new TypeError(`Cannot ${action}: value must be a string.`);
  // UTF-8 has one character for all halves of surrogate pairs: two values would be one on a server.
  if (!value.isWellFormed()) throw new TypeError(`Cannot ${action}: value holds half a surrogate pair.`);
  return Math.ceil(numberOption(action, 'ttlMs', ttlMs, { above: 0, max: TEN_YEARS_MS }));
}
