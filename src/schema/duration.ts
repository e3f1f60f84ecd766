import { createFormat } from './format.ts';
import type { Schema } from './schema.ts';

const MAX_LENGTH = 64;
// The grammar of the RFC, line for line. Each number ends at a letter, so that a text is read at most three times, whatever it holds.
const DURATION =
  /^P(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?|T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))$/;
const NOT_DURATION = { code: 'not_duration', message: 'must be a duration, such as P1DT12H or PT30M' };

/**
 * A length of time in the words of the calendar: `P3Y6M4DT12H30M5S`, `PT5M`, `P2W`; at most 64 characters.
 *
 * Upper-case letters, whole numbers, units from the largest to the smallest without a gap (`P1Y1D` and `PT1H1S` are none), weeks by themselves. No sign, no fraction.
 * It does not bound how long: a number may have any digits that fit, and a month has no length until it is added to a date. Where seconds are meant take `int`.
 *
 * @returns the schema; its issue is `not_duration`
 * @see RFC 3339 appendix A (duration), JSON Schema 2020-12 Validation section 7.3.1
 *
 * @example
 * ```ts
 * import { duration, parse } from 'sallyport/schema';
 *
 * console.log(parse(duration(), 'PT30M').ok, parse(duration(), '30 minutes').ok); // true false
 * ```
 */
export function duration(): Schema<string> {
  return createFormat({ format: 'duration', max: MAX_LENGTH }, NOT_DURATION, (text) => DURATION.test(text));
}
