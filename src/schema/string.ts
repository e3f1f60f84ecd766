import { type Bounds, readBounds } from './bounds.ts';
import { refuse } from './issue.ts';
import { createSchema, type Schema } from './schema.ts';

/** Options of {@linkcode string}. */
export interface StringOptions extends Bounds {
  /** The least length, in UTF-16 code units. Default: 0. */
  readonly min?: number;
  /** The greatest length, in UTF-16 code units. Default: 10,000. */
  readonly max?: number;
}

const DEFAULTS = { min: 0, max: 10_000, whole: true } as const;

/**
 * A string of bounded length.
 *
 * Length is `text.length`: UTF-16 code units, so that checking it costs nothing however long the text. Lone surrogates are refused: they
 * turn into U+FFFD when stored, and two different texts become one. It does not trim, normalise or refuse control characters, and an
 * invisible character counts as one.
 *
 * @param options bounds on the length
 * @returns the schema
 * @throws {TypeError} on an unknown option
 * @throws {RangeError} when a bound is not a whole number, or min is above max
 *
 * @example
 * ```ts
 * import { parse, string } from 'sallyport/schema';
 *
 * console.log(parse(string({ min: 1, max: 80 }), 'pen').ok); // true
 * ```
 */
export function string(options: StringOptions = {}): Schema<string> {
  const { min, max } = readBounds('create string', options, DEFAULTS);
  return createSchema((value, issues) => {
    if (typeof value !== 'string') return refuse(issues, 'not_string');
    if (value.length < min) return refuse(issues, 'too_short', min);
    if (value.length > max) return refuse(issues, 'too_long', max);
    return value.isWellFormed() ? value : refuse(issues, 'not_well_formed');
  });
}
