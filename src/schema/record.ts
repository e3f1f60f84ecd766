import { type Bounds, readBounds } from './bounds.ts';
import { charge, chargeKeys } from './charge.ts';
import { createSchema, requireSchema } from './create-schema.ts';
import { INVALID, locate, refuse } from './issue.ts';
import { isPlainObject, putKey } from './plain-object.ts';
import type { Schema } from './schema.ts';

/** Options of {@linkcode record}. */
export interface RecordOptions extends Bounds {
  /** The least number of keys. Default: 0. */
  readonly min?: number;
  /** The greatest number of keys. Default: 100. */
  readonly max?: number;
}

const DEFAULTS = { min: 0, max: 100, whole: true } as const;
const MAX_KEY_LENGTH = 256;
const NOT_OBJECT = { code: 'not_object', message: 'must be an object' };
const KEY_NOT_ALLOWED = {
  code: 'key_not_allowed',
  message: 'must have well-formed keys of at most 256 characters, none of them __proto__',
};

/**
 * An object of unknown keys whose values all have one schema: labels, translations, counts by name. Where you know the keys, take `object`.
 *
 * The number of keys is checked before any of them, and `__proto__` is refused. Keys are input, which no issue repeats: in a path `*` stands for
 * one of them.
 *
 * @param value the schema of every value
 * @param options bounds on the number of keys
 * @returns the schema; its output is a new plain object
 * @throws {TypeError} when it is given no schema, or an unknown option
 * @throws {RangeError} when a bound is not a whole number, or min is above max
 *
 * @example
 * ```ts
 * import { parse, record, string } from 'sallyport/schema';
 *
 * console.log(parse(record(string({ max: 40 })), { en: 'pen', de: 'Stift' }).ok); // true
 * ```
 */
export function record<Output>(
  value: Schema<Output>,
  options: RecordOptions = {},
): Schema<Record<string, Output>> {
  requireSchema('create record', value);
  const { min, max } = readBounds('create record', options, DEFAULTS);
  const tooFew = { code: 'too_few_keys', message: `must have at least ${min} keys`, params: { min } };
  const tooMany = { code: 'too_many_keys', message: `must have at most ${max} keys`, params: { max } };
  return createSchema({ type: 'record', value, min, max }, (input, issues, run) => {
    if (!isPlainObject(input)) return refuse(issues, NOT_OBJECT);
    const keys = Object.keys(input);
    chargeKeys(run, input);
    if (keys.length < min) return refuse(issues, tooFew);
    if (keys.length > max) return refuse(issues, tooMany);
    charge(run, keys.length);
    const output: Record<string, unknown> = run?.bare === true ? input : {};
    let valid = true;
    for (const key of keys) {
      // The key is input, and not of the schema: no issue repeats one of any length.
      if (key === '__proto__' || key.length > MAX_KEY_LENGTH || !key.isWellFormed()) {
        return refuse(issues, KEY_NOT_ALLOWED);
      }
      const found = issues?.length ?? 0;
      const result = value['~read'](input[key], issues, run);
      if (result !== INVALID) {
        if (run?.bare !== true) putKey(output, key, result);
      } else if (locate(issues, found, '*')) {
        valid = false;
      } else {
        return INVALID;
      }
    }
    return valid ? output : INVALID;
  });
}
