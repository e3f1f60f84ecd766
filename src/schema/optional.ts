import { createSchema, requireSchema, type Schema } from './schema.ts';
import type { Invalid } from './issue.ts';

/** A schema whose key may be missing from an object. */
export interface OptionalSchema<Output> extends Schema<Output | undefined> {
  /** Marks the key as one that may be missing. */
  readonly '~optional': true;
}

/**
 * Lets a key be missing from an object. `null` is not missing.
 *
 * @param schema what the value must be when it is there
 * @returns the schema
 * @throws {TypeError} when it is given no schema
 *
 * @example
 * ```ts
 * import { object, optional, parse, string } from 'sallyport/schema';
 *
 * console.log(parse(object({ note: optional(string()) }), {}).ok); // true
 * ```
 */
export function optional<Output>(schema: Schema<Output>): OptionalSchema<Output> {
  requireSchema('create optional', schema);
  const read = schema['~read'];
  // A reader answers its Output or INVALID; see `parse`.
  const base = createSchema((value, issues) =>
    value === undefined ? undefined : read(value, issues) as Output | Invalid
  );
  return Object.freeze({ ...base, '~optional': true });
}
