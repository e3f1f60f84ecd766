import { isDate } from './date.ts';
import { createFormat } from './format.ts';
import type { Schema } from './schema.ts';

/** A date, `T`, a time with nine digits of a second, and an offset in numbers. */
const MAX_LENGTH = 35;
const DATE_LENGTH = 10;
const TIME = /^T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const NOT_DATETIME = { code: 'not_datetime', message: 'must be a date and time, as YYYY-MM-DDThh:mm:ssZ' };

/**
 * A moment: a date, a time of day and its offset from UTC, `2024-02-29T12:30:00Z`, so that `Date.parse` has a number for whatever is let through.
 *
 * Stricter than the RFC where it lets the specification choose: `T` and `Z` in upper case alone, no space between date and time, one to nine digits of a second. A leap second
 * (`23:59:60`) is refused: no `Date` can hold one, and clocks that are in use smear it. The offset is compulsory; `-00:00`, a known moment at an unknown place, is let
 * through. No `24:00`, and no name of a time zone. Two texts can be one moment: compare what `Date.parse` makes of them.
 *
 * @returns the schema; its issue is `not_datetime`
 * @see RFC 3339 sections 4.3, 5.6 (date-time) and 5.7
 *
 * @example
 * ```ts
 * import { datetime, parse } from 'sallyport/schema';
 *
 * console.log(parse(datetime(), '1985-04-12T23:20:50.52Z').ok, parse(datetime(), '1985-04-12').ok); // true false
 * ```
 */
export function datetime(): Schema<string> {
  return createFormat({ format: 'datetime', max: MAX_LENGTH }, NOT_DATETIME, (text) => {
    return isDate(text.slice(0, DATE_LENGTH)) && TIME.test(text.slice(DATE_LENGTH));
  });
}
