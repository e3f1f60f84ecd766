import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { isQuotableAscii } from '../encoding/ascii.ts';
import type { GcraArgs } from './gcra.ts';

/** One limit: `limit` units per `windowSeconds`, of which at most `burst` at once. */
export interface LimitOptions {
  /** Shown to clients in `RateLimit-Policy`. Limits of one name and the same numbers share their counts on one store. Printable ASCII, 1 to 64. */
  readonly name: string;
  /** Units paid back evenly over each window. 1 to 2^31, and at most 1,000,000 a second. */
  readonly limit: number;
  /** The window in seconds. 0.001 to 315,360,000 (ten years). */
  readonly windowSeconds: number;
  /** The most units at once. Default: `limit`. */
  readonly burst?: number;
}

/** A limit, checked and turned into whole microseconds. */
export interface Limit {
  /** As given. */
  readonly name: string;
  /** As given. */
  readonly limit: number;
  /** As given. */
  readonly windowSeconds: number;
  /** As given, or the limit. */
  readonly burst: number;
  /** The emission interval, rounded up: never more than the limit. */
  readonly intervalUs: number;
  /** The burst tolerance. */
  readonly toleranceUs: number;
  /** Names the rule in the store: the same name with other numbers is another rule. */
  readonly space: string;
  /** What the step is passed for a cost of 1, which is nearly every request's. */
  readonly unit: GcraArgs;
}

const ACTION = 'create limiter';
const MAX_NAME_LENGTH = 64;
const TEN_YEARS_SECONDS = 315_360_000;

/**
 * Checks a limit and computes what is the same for every request.
 *
 * @throws {TypeError} for an unknown option or an unusable name
 * @throws {RangeError} for a number out of bounds
 */
export function compileLimit(options: LimitOptions): Limit {
  refuseUnknownOptions(ACTION, options, ['name', 'limit', 'windowSeconds', 'burst']);
  const { name, limit, windowSeconds, burst = limit } = options;
  if (!isName(name)) {
    throw new TypeError(
      `Cannot ${ACTION}: name must be 1 to ${MAX_NAME_LENGTH} printable ASCII characters without quotes or backslashes.`,
    );
  }
  numberOption(ACTION, 'limit', limit, { min: 1, max: 2 ** 31, integer: true });
  numberOption(ACTION, 'windowSeconds', windowSeconds, { above: 0, max: TEN_YEARS_SECONDS });
  numberOption(ACTION, 'windowSeconds', windowSeconds, { min: 0.001 });
  numberOption(ACTION, 'burst', burst, { min: 1, max: 2 ** 31, integer: true });
  const windowUs = Math.round(windowSeconds * 1_000_000);
  if (limit > windowUs) throw new RangeError(`Cannot ${ACTION}: limit must be at most 1,000,000 a second.`);
  const intervalUs = Math.ceil(windowUs / limit);
  const toleranceUs = intervalUs * burst;
  // The arrival time (now + tolerance, in microseconds) must stay an exact integer for the next century.
  if (toleranceUs > 2 ** 52) {
    throw new RangeError(`Cannot ${ACTION}: burst is more than this window can pay back in a century.`);
  }
  return Object.freeze({
    name,
    limit,
    windowSeconds,
    burst,
    intervalUs,
    toleranceUs,
    space: `${name}\n${limit}\n${windowSeconds}\n${burst}`,
    unit: Object.freeze({ intervalUs, toleranceUs, cost: 1 }),
  });
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && name.length > 0 && name.length <= MAX_NAME_LENGTH && isQuotableAscii(name);
}
