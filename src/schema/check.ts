import { INVALID } from './issue.ts';
import type { Schema } from './schema.ts';

/**
 * Tells whether a value is one of a schema's outputs already, without making anything: for what your own program has made.
 *
 * It does not take away what a `strip` object would leave out, and a rule around one sees that, too. A default or a `map` makes something else of a value, so that a key which is missing for a
 * default is none, and nothing is one of a mapped schema. Of a union, one branch that leaves the value as it is will do, though
 * `parse` might take an earlier one, fill in its default or map it, and a rule around the union then refuse that. For untrusted input see `parse`.
 *
 * @param schema what the value should be
 * @param value the value
 * @returns whether it is
 *
 * @example
 * ```ts
 * import { check, int, object } from 'sallyport/schema';
 *
 * console.log(check(object({ quantity: int() }), { quantity: 2 })); // true
 * ```
 */
export function check<Output>(schema: Schema<Output>, value: unknown): value is Output {
  return schema['~read'](value, undefined, { bare: true, depth: 0, work: 0 }) !== INVALID;
}
