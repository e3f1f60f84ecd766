import { charge, VISIT } from './charge.ts';
import { createSchema } from './create-schema.ts';
import { refuse, type Rule } from './issue.ts';
import type { Schema } from './schema.ts';

/** What a format is, as data. */
export interface Format {
  /** Its name, by which JSON Schema is written. */
  readonly format: string;
  /** The least length, in UTF-16 code units. Default: 0, since what is too short for the format breaks the format. */
  readonly min?: number;
  /** The greatest length, in UTF-16 code units: what makes every scan a short one. */
  readonly max: number;
}

const NOT_STRING: Rule = { code: 'not_string', message: 'must be a string' };

/**
 * Makes the schema of a format.
 *
 * @param format its name and lengths
 * @param broken what is said of a text that has another form
 * @param holds whether a text has it; sees none that is too long, and must refuse whatever is not ASCII: that is how lone surrogates stay out
 */
export function createFormat(
  { format, min = 0, max }: Format,
  broken: Rule,
  holds: (text: string) => boolean,
): Schema<string> {
  const tooShort = { code: 'too_short', message: `must have at least ${min} characters`, params: { min } };
  const tooLong = { code: 'too_long', message: `must have at most ${max} characters`, params: { max } };
  return createSchema({ type: 'string', min, max, format }, (value, issues, run) => {
    if (typeof value !== 'string') return refuse(issues, NOT_STRING);
    if (value.length < min) return refuse(issues, tooShort);
    // Before any scan: the length is what an attacker chooses.
    if (value.length > max) return refuse(issues, tooLong);
    // However short: to read an address or a URL takes as long as a visit.
    charge(run, VISIT + value.length, 1);
    return holds(value) ? value : refuse(issues, broken);
  });
}
