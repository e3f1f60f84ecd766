import { charge } from './charge.ts';
import { createSchema, requireSchema } from './create-schema.ts';
import { INVALID, locate, refuse } from './issue.ts';
import type { Infer, Schema } from './schema.ts';

const NOT_ARRAY = { code: 'not_array', message: 'must be an array' };

/** The type of the arrays that {@linkcode tuple} lets through. */
export type TupleOutput<Items extends readonly Schema<unknown>[]> = {
  -readonly [K in keyof Items]: Infer<Items[K]>;
};

/**
 * An array of so many items, each with a schema of its own.
 *
 * @param items the schemas, in order
 * @returns the schema
 * @throws {TypeError} when one of them is no schema
 *
 * @example
 * ```ts
 * import { number, parse, tuple } from 'sallyport/schema';
 *
 * const point = tuple(number({ min: -90, max: 90 }), number({ min: -180, max: 180 }));
 * console.log(parse(point, [52.5, 13.4]).ok, parse(point, [52.5]).ok); // true false
 * ```
 */
export function tuple<const Items extends readonly Schema<unknown>[]>(...items: Items): Schema<TupleOutput<Items>> {
  for (const item of items) requireSchema('create tuple', item);
  const { length } = items;
  const wrongLength = { code: 'wrong_length', message: `must have ${length} items`, params: { length } };
  return createSchema({ type: 'tuple', items: Object.freeze(items) }, (value, issues, run) => {
    if (!Array.isArray(value)) return refuse(issues, NOT_ARRAY);
    if (value.length !== length) return refuse(issues, wrongLength);
    charge(run, length);
    const output: unknown[] = [];
    let valid = true;
    for (const [index, item] of items.entries()) {
      const found = issues?.length ?? 0;
      const result = item['~read'](value[index], issues, run);
      if (result !== INVALID) {
        if (run?.bare !== true) output.push(result);
      } else if (locate(issues, found, index)) {
        valid = false;
      } else {
        return INVALID;
      }
    }
    // What a predicate sees must be whole, though nothing was made.
    return valid ? run?.bare === true ? value : output : INVALID;
  });
}
