import type { Step, StepOutcome } from '../store/step.ts';
import { type Cost, isCount, type LimitAlgorithm, type LimitNumbers, type LimitReading } from './algorithm.ts';

/** What {@linkcode gcra} is passed. Microseconds as whole numbers: sums stay exact up to 2^53. */
export interface GcraArgs extends Cost {
  /** The emission interval: how long one unit of cost takes to be paid back, in microseconds. */
  readonly intervalUs: number;
  /** The burst tolerance: the most debt that may stand, in microseconds. */
  readonly toleranceUs: number;
}

/** What its step tells: the debt that stood before, in microseconds. Everything else follows from it. */
export type GcraResult = number;

const step: Step<number, GcraArgs, GcraResult> = /* @__PURE__ */ Object.freeze({
  name: 'gcra',
  kind: 'debt',
  apply(state: number | undefined, args: GcraArgs, nowUs: number): StepOutcome<number, GcraResult> {
    // A clock that went back finds more debt than there was and denies; it never admits more.
    const debtUs = Math.max(0, (state ?? 0) - nowUs);
    const afterUs = Math.max(0, debtUs + args.cost * args.intervalUs);
    return {
      ok: args.cost < 0 || afterUs <= args.toleranceUs,
      state: nowUs + afterUs,
      ttlMs: Math.max(1, Math.ceil(afterUs / 1000)),
      result: debtUs,
    };
  },
  twin: {
    // What follows from the arguments alone is computed once for all groups of a call.
    lua: `if not args.owed then
  args.owed = args[3] * args[1]
  args.most = args.owed < 0 and math.huge or tonumber(args[2])
end
local debt = state and integer(state) - now or 0
if debt < 0 then debt = 0 end
local after = debt + args.owed
if after > args.most then return false, false, ceil(after / 1000), debt end
if after < 0 then after = 0 end
return true, spell(now + after), after > 0 and ceil(after / 1000) or 1, debt`,
    encode: ({ intervalUs, toleranceUs, cost }: GcraArgs): readonly string[] => [
      String(intervalUs),
      String(toleranceUs),
      String(cost),
    ],
    decode: ([debtUs]: readonly unknown[]): GcraResult | undefined => isCount(debtUs) ? debtUs : undefined,
  },
});

/**
 * The generic cell rate algorithm, the default: a token bucket kept as one number, the theoretical arrival time in microseconds.
 *
 * Envelope: between any two admitted requests, at most burst + elapsed / interval units; so in any window of its length at most
 * burst + limit. The interval is rounded up to whole microseconds: of more than 10,000 units a second it may admit some per cent fewer. A memory store
 * takes 12 bytes a key, whatever the limit.
 *
 * @see ITU-T I.371 (GCRA, virtual scheduling)
 */
export const gcra: LimitAlgorithm<GcraArgs> = /* @__PURE__ */ Object.freeze({
  step,
  givesBack: true,
  compile({ limit, windowUs, burst = limit }: LimitNumbers): GcraArgs {
    if (limit > windowUs) throw new RangeError('Cannot create limiter: limit must be at most 1,000,000 a second.');
    // Rounded up: never more than the limit.
    const intervalUs = Math.ceil(windowUs / limit);
    const toleranceUs = intervalUs * burst;
    // The arrival time (now + tolerance, in microseconds) must stay an exact integer for the next century.
    if (toleranceUs > 2 ** 52) {
      throw new RangeError('Cannot create limiter: burst is more than this window can pay back in a century.');
    }
    return Object.freeze({ intervalUs, toleranceUs, cost: 1 });
  },
  describe(debtUs: unknown, { intervalUs, toleranceUs, cost }: GcraArgs, allowed: boolean): LimitReading | undefined {
    if (typeof debtUs !== 'number' || !(debtUs >= 0) || debtUs === Infinity) return undefined;
    const costUs = cost * intervalUs;
    const afterUs = allowed ? debtUs + costUs : debtUs;
    // In this order: after a clock went back the sum of debt and cost may be no exact integer.
    const waitUs = allowed ? 0 : Math.max(0, debtUs - (toleranceUs - costUs));
    return {
      // After a clock went back the debt may exceed the tolerance.
      remaining: Math.max(0, Math.floor((toleranceUs - afterUs) / intervalUs)),
      resetUs: afterUs,
      waitUs: costUs > toleranceUs ? Infinity : waitUs,
    };
  },
});
