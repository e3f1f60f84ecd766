import type { Step, StepOutcome } from '../store/step.ts';

/** What {@linkcode gcra} is passed. Microseconds as whole numbers: sums stay exact up to 2^53. */
export interface GcraArgs {
  /** The emission interval: how long one unit of cost takes to be paid back, in microseconds. */
  readonly intervalUs: number;
  /** The burst tolerance: the most debt that may stand, in microseconds. */
  readonly toleranceUs: number;
  /** Units to take. 0 asks without taking. */
  readonly cost: number;
}

/** What {@linkcode gcra} tells: the debt that stood before, in microseconds. Everything else follows from it. */
export type GcraResult = number;

/**
 * The generic cell rate algorithm, which is a token bucket kept as one number: the theoretical arrival time in microseconds.
 *
 * Envelope: between any two admitted requests, at most burst + elapsed / interval units. A refusal writes nothing.
 *
 * @see ITU-T I.371 (GCRA, virtual scheduling)
 */
export const gcra: Step<number, GcraArgs, GcraResult> = Object.freeze({
  name: 'gcra',
  kind: 'debt',
  apply(state: number | undefined, args: GcraArgs, nowMs: number): StepOutcome<number, GcraResult> {
    const nowUs = Math.floor(nowMs * 1000);
    // A clock that went back finds more debt than there was and denies; it never admits more.
    const debtUs = Math.max(0, (state ?? 0) - nowUs);
    const afterUs = debtUs + args.cost * args.intervalUs;
    return {
      ok: afterUs <= args.toleranceUs,
      state: nowUs + afterUs,
      ttlMs: Math.max(1, Math.ceil(afterUs / 1000)),
      result: debtUs,
    };
  },
});
