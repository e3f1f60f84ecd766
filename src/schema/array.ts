import type { Issue } from '../core/refusal.ts';
import { type Bounds, readBounds } from './bounds.ts';
import { INVALID, locate, refuse } from './issue.ts';
import { charge } from './charge.ts';
import { createSchema, requireSchema } from './create-schema.ts';
import type { Run, Schema } from './schema.ts';

/** Options of {@linkcode array}. */
export interface ArrayOptions extends Bounds {
  /** The least number of items. Default: 0. */
  readonly min?: number;
  /** The greatest number of items. Default: 1,000. */
  readonly max?: number;
}

const NOT_ARRAY = { code: 'not_array', message: 'must be an array' };
const DEFAULTS = { min: 0, max: 1000, whole: true } as const;

/**
 * An array of bounded length whose items all have one schema. The number of items is checked before any of them.
 *
 * @param item the schema of every item
 * @param options bounds on the number of items
 * @returns the schema
 * @throws {TypeError} when the item is no schema, or on an unknown option
 * @throws {RangeError} when a bound is not a whole number, or min is above max
 *
 * @example
 * ```ts
 * import { array, int, parse } from 'sallyport/schema';
 *
 * console.log(parse(array(int(), { max: 3 }), [1, 2]).ok); // true
 * ```
 */
export function array<Output>(item: Schema<Output>, options: ArrayOptions = {}): Schema<Output[]> {
  requireSchema('create array', item);
  const { min, max } = readBounds('create array', options, DEFAULTS);
  const tooFew = { code: 'too_few', message: `must have at least ${min} items`, params: { min } };
  const tooMany = { code: 'too_many', message: `must have at most ${max} items`, params: { max } };
  return createSchema({ type: 'array', item, min, max }, (value, issues, run) => {
    if (!Array.isArray(value)) return refuse(issues, NOT_ARRAY);
    // Read once: a Proxy could answer differently the second time.
    const { length } = value;
    if (length < min) return refuse(issues, tooFew);
    if (length > max) return refuse(issues, tooMany);
    return readItems(item, value, length, issues, run);
  });
}

function readItems(
  item: Schema<unknown>,
  input: readonly unknown[],
  length: number,
  issues: Issue[] | undefined,
  run: Run | undefined,
): unknown {
  charge(run, length);
  const output: unknown[] | undefined = run?.bare === true ? undefined : [];
  let valid = true;
  let found = issues?.length ?? 0;
  for (let index = 0; index < length; index++) {
    const result = item['~read'](input[index], issues, run);
    if (result === INVALID) {
      if (!locate(issues, found, index)) return INVALID;
      found = issues?.length ?? 0;
      valid = false;
    } else {
      output?.push(result);
    }
  }
  return valid ? output ?? input : INVALID;
}
