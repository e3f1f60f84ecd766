import { type Bounds, readBounds } from './bounds.ts';
import { refuse } from './issue.ts';
import { createSchema, type Schema } from './schema.ts';

/** Options of {@linkcode number} and {@linkcode int}. */
export interface NumberOptions extends Bounds {
  /** The least value. Default: the least there is. */
  readonly min?: number;
  /** The greatest value. Default: the greatest there is. */
  readonly max?: number;
}

const DOUBLE = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE, whole: false } as const;
const SAFE = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, whole: true } as const;

/**
 * A finite number: never `NaN`, never the Infinity that JSON's `1e400` turns into. Negative zero becomes zero.
 *
 * @param options bounds on the value
 * @returns the schema
 * @throws {TypeError} on an unknown option
 * @throws {RangeError} when a bound is not a finite number, or min is above max
 *
 * @example
 * ```ts
 * import { number, parse } from 'sallyport/schema';
 *
 * console.log(parse(number({ min: 0 }), 0.5).ok, parse(number(), '0.5').ok); // true false
 * ```
 */
export function number(options: NumberOptions = {}): Schema<number> {
  const { min, max } = readBounds('create number', options, DOUBLE);
  return createSchema((value, issues) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return refuse(issues, 'not_number');
    if (value < min) return refuse(issues, 'too_small', min);
    if (value > max) return refuse(issues, 'too_large', max);
    // -0 + 0 is 0: a sign that equality does not see must not travel on.
    return value + 0;
  });
}

/**
 * A whole number that a double holds exactly, from -(2^53 - 1) to 2^53 - 1: a longer one in JSON text has been rounded already.
 * Negative zero becomes zero.
 *
 * @param options bounds on the value
 * @returns the schema
 * @throws {TypeError} on an unknown option
 * @throws {RangeError} when a bound is not a safe whole number, or min is above max
 *
 * @example
 * ```ts
 * import { int, parse } from 'sallyport/schema';
 *
 * console.log(parse(int({ min: 1, max: 100 }), 7).ok, parse(int(), 7.5).ok); // true false
 * ```
 */
export function int(options: NumberOptions = {}): Schema<number> {
  const { min, max } = readBounds('create int', options, SAFE);
  return createSchema((value, issues) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return refuse(issues, 'not_integer');
    if (value < min) return refuse(issues, 'too_small', min);
    if (value > max) return refuse(issues, 'too_large', max);
    return value + 0;
  });
}
