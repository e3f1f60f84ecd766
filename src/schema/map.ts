import { createSchema, requireSchema } from './create-schema.ts';
import { INVALID } from './issue.ts';
import type { Schema } from './schema.ts';

/**
 * Makes something else of a value that the schema has let through: a Date of a text, a class of an object.
 *
 * One way, and once for a value that comes out (`parseText` asks a `refine` around it within a `union` twice); other parts of the value may still be refused after that. What it throws is passed on: it is no refusal, so let the schema refuse whatever the function
 * cannot take. `check` finds nothing to be one of a mapped schema already.
 * The key of an optional schema may still be missing: the function is given `undefined`, and what it makes stands in the output.
 *
 * @param schema what the value must be
 * @param make makes the output, at once
 * @returns the schema
 * @throws {TypeError} when it is given no schema, or no function
 *
 * @example
 * ```ts
 * import { map, parse, string } from 'sallyport/schema';
 *
 * const tag = map(string({ max: 20 }), (text) => text.toLowerCase());
 * console.log(parse(tag, 'Pen')); // { ok: true, value: 'pen' }
 * ```
 */
export function map<Input, Output>(schema: Schema<Input>, make: (value: Input) => Output): Schema<Output> {
  requireSchema('create map', schema);
  if (typeof make !== 'function') throw new TypeError('Cannot create map: make must be a function.');
  return createSchema({ type: 'mapped', inner: schema }, (value, issues, run) => {
    if (run?.bare === true) return INVALID;
    const result = schema['~read'](value, issues, run);
    // On the pass that lists issues the output is nobody's. A reader answers its Output or INVALID; see `parse`.
    return result === INVALID || issues !== undefined ? result : make(result as Input);
    // A missing key is `undefined` to the function too: what it makes of it is what its type says.
  }, schema['~presence'] === 'required' ? 'required' : 'default');
}
