import { createFormat } from './format.ts';
import type { Schema } from './schema.ts';

const LENGTH = 10;
const SHAPE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const NOT_DATE = { code: 'not_date', message: 'must be a date, as YYYY-MM-DD' };

/**
 * A day of the calendar: `YYYY-MM-DD`, from the year 0000 to 9999.
 *
 * The day must exist, leap years counted as the Gregorian calendar does at any time. Nothing of a time of day, no sign, no week and no ordinal date, which ISO 8601 has besides. The text
 * stays as it is, and two of them compare as their days do; no time zone is meant, and no `Date` is made of it.
 *
 * @returns the schema; its issue is `not_date`
 * @see RFC 3339 sections 5.6 (full-date) and 5.7, appendix C
 *
 * @example
 * ```ts
 * import { date, parse } from 'sallyport/schema';
 *
 * console.log(parse(date(), '2024-02-29').ok, parse(date(), '2023-02-29').ok); // true false
 * ```
 */
export function date(): Schema<string> {
  return createFormat({ format: 'date', max: LENGTH }, NOT_DATE, isDate);
}

/** Whether a text is a day that exists, for the formats that hold one. */
export function isDate(text: string): boolean {
  // It is tempting to ask `Date`. However `new Date('2023-02-29')` is the first of March in some engines.
  return SHAPE.test(text) && Number(text.slice(8)) <= daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
