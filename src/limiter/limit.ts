import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { isQuotableAscii } from '../encoding/ascii.ts';
import type { Cost, LimitAlgorithm } from './algorithm.ts';
import { gcra } from './gcra.ts';

/** One limit: `limit` units per `windowSeconds`. */
export interface LimitOptions {
  /** Shown to clients in `RateLimit-Policy`. Limits of one name and the same numbers share their counts on one store. Printable ASCII, 1 to 64. */
  readonly name: string;
  /** Units per window. 1 to 2^31; with `gcra` at most 1,000,000 a second. */
  readonly limit: number;
  /** The window in seconds. 0.001 to 315,360,000 (ten years). */
  readonly windowSeconds: number;
  /** How they are counted: `gcra`, `fixedWindow`, `slidingWindow`, `slidingLog`, `strictWindow`, or your own. Default: `gcra`. */
  readonly algorithm?: LimitAlgorithm;
  /** The most units at once; of `gcra` alone. Default: `limit`. */
  readonly burst?: number;
}

/** A limit, checked and turned into what its algorithm counts with. */
export interface Limit {
  /** As given. */
  readonly name: string;
  /** As given. */
  readonly limit: number;
  /** As given. */
  readonly windowSeconds: number;
  /** As given, if it was. */
  readonly burst?: number;
  /** As given, or `gcra`. */
  readonly algorithm: LimitAlgorithm;
  /** Names the rule in the store: the same name with other numbers is another rule. */
  readonly space: string;
  /** What the step is passed for a cost of 1, which is nearly every request's. */
  readonly unit: Cost;
  /** Whose budget it takes from, whoever asks: of a route, that of all its callers. Default: the key that is asked for. */
  readonly sharedKey?: string;
}

const ACTION = 'create limiter';
const MAX_NAME_LENGTH = 64;
/** Ten years. */
export const MAX_WINDOW_SECONDS = 315_360_000;

/**
 * Checks a limit and computes what is the same for every request.
 *
 * @throws {TypeError} for an unknown option or an unusable name
 * @throws {RangeError} for a number out of bounds
 */
export function compileLimit(options: LimitOptions): Limit {
  refuseUnknownOptions(ACTION, options, ['name', 'limit', 'windowSeconds', 'algorithm', 'burst']);
  const { name, limit, windowSeconds, algorithm = gcra, burst } = options;
  if (!isName(name)) {
    throw new TypeError(
      `Cannot ${ACTION}: name must be 1 to ${MAX_NAME_LENGTH} printable ASCII characters without quotes or backslashes.`,
    );
  }
  numberOption(ACTION, 'limit', limit, { min: 1, max: 2 ** 31, integer: true });
  numberOption(ACTION, 'windowSeconds', windowSeconds, { above: 0, max: MAX_WINDOW_SECONDS });
  numberOption(ACTION, 'windowSeconds', windowSeconds, { min: 0.001 });
  if (burst !== undefined) numberOption(ACTION, 'burst', burst, { min: 1, max: 2 ** 31, integer: true });
  if (!isAlgorithm(algorithm)) throw new TypeError(`Cannot ${ACTION}: algorithm must be an algorithm, such as gcra.`);
  const unit = algorithm.compile({ limit, windowUs: Math.round(windowSeconds * 1_000_000), burst });
  return Object.freeze({
    name,
    limit,
    windowSeconds,
    ...(burst === undefined ? {} : { burst }),
    algorithm,
    // What the step counts with is the rule, and not how somebody wrote it down.
    space: `${name}\n${algorithm.step.name}\n${JSON.stringify(unit)}`,
    unit,
  });
}

function isAlgorithm(algorithm: LimitAlgorithm): boolean {
  return typeof algorithm === 'object' && algorithm !== null && typeof algorithm.step?.apply === 'function' &&
    typeof algorithm.step.name === 'string' && typeof algorithm.compile === 'function' &&
    typeof algorithm.describe === 'function';
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && name.length > 0 && name.length <= MAX_NAME_LENGTH && isQuotableAscii(name);
}
