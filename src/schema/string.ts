import { refuseUnknownKeys } from '../core/option.ts';
import { type Bounds, readBounds } from './bounds.ts';
import { createLeaf } from './create-schema.ts';
import type { Schema } from './schema.ts';

/** Options of {@linkcode string}. */
export interface StringOptions extends Bounds {
  /** The least length, in UTF-16 code units. Default: 0. */
  readonly min?: number;
  /** The greatest length, in UTF-16 code units. Default: 10,000. */
  readonly max?: number;
  /**
   * What the text must match, from its first character to its last, in time that grows with its length alone: you answer for that, and `max` for how long it takes.
   * Without the flags g, y and m. Default: anything.
   */
  readonly pattern?: RegExp;
}

const NOT_STRING = { code: 'not_string', message: 'must be a string' };
const NOT_WELL_FORMED = { code: 'not_well_formed', message: 'must not have lone surrogates' };
const NO_MATCH = { code: 'no_match', message: 'must match its pattern' };
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
 * @throws {TypeError} on an unknown option, or a pattern with a flag that makes it remember
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
  // Before it is taken apart: a RegExp in place of options has no key of its own.
  refuseUnknownKeys('create string', options, ['min', 'max', 'pattern']);
  const { pattern, ...bounds } = options;
  const { min, max } = readBounds('create string', bounds, DEFAULTS);
  const matches = Object.hasOwn(options, 'pattern') && pattern !== undefined ? compilePattern(pattern) : undefined;
  const tooShort = { code: 'too_short', message: `must have at least ${min} characters`, params: { min } };
  const tooLong = { code: 'too_long', message: `must have at most ${max} characters`, params: { max } };
  // Whatever its flags: `object` tells by the kind whether there is more to a text than its length.
  const rule = matches === undefined ? {} : { pattern: matches.source, flags: matches.flags };
  const kind = { type: 'string', min, max, ...rule } as const;
  return createLeaf(kind, (value) => {
    if (typeof value !== 'string') return NOT_STRING;
    if (value.length < min) return tooShort;
    if (value.length > max) return tooLong;
    if (!value.isWellFormed()) return NOT_WELL_FORMED;
    return matches === undefined || matches.test(value) ? undefined : NO_MATCH;
  });
}

/** A copy that matches whole texts alone, and keeps no place between them. */
function compilePattern(pattern: RegExp): RegExp {
  // `$` of the flag m ends a line, and a `lastIndex` would make the answer depend on the text before.
  if (!(pattern instanceof RegExp) || /[gym]/.test(pattern.flags)) {
    throw new TypeError('Cannot create string: pattern must be a RegExp without the flags g, y and m.');
  }
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags);
}
