import { type Bounds, readBounds } from './bounds.ts';
import { refuse, type Rule } from './issue.ts';
import { createSchema } from './create-schema.ts';
import type { Schema } from './schema.ts';

/** Options of {@linkcode number} and {@linkcode int}. */
export interface NumberOptions extends Bounds {
  /** The least value. Default: the least there is. */
  readonly min?: number;
  /** The greatest value. Default: the greatest there is. */
  readonly max?: number;
}

const DOUBLE = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE, whole: false } as const;
const SAFE = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, whole: true } as const;
const NOT_NUMBER = { code: 'not_number', message: 'must be a finite number' };
const NOT_INTEGER = { code: 'not_integer', message: 'must be a safe integer' };

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
  return createNumber(false, NOT_NUMBER, readBounds('create number', options, DOUBLE));
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
  return createNumber(true, NOT_INTEGER, readBounds('create int', options, SAFE));
}

function createNumber(integer: boolean, notOne: Rule, { min, max }: Required<Bounds>): Schema<number> {
  const isOne = integer ? Number.isSafeInteger : Number.isFinite;
  const tooSmall = { code: 'too_small', message: `must be at least ${min}`, params: { min } };
  const tooLarge = { code: 'too_large', message: `must be at most ${max}`, params: { max } };
  return createSchema({ type: 'number', integer, min, max }, (value, issues) => {
    if (typeof value !== 'number' || !isOne(value)) return refuse(issues, notOne);
    if (value < min) return refuse(issues, tooSmall);
    if (value > max) return refuse(issues, tooLarge);
    // -0 + 0 is 0: a sign that equality does not see must not travel on.
    return value + 0;
  });
}
