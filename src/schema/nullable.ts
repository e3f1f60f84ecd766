import { createSchema, requireSchema } from './create-schema.ts';
import type { OptionalSchema } from './optional.ts';
import type { Schema } from './schema.ts';

/**
 * Lets a value be `null`. It lets no key be missing: that is `optional`.
 *
 * @param schema what the value must be otherwise
 * @returns the schema
 * @throws {TypeError} when it is given no schema
 *
 * @example
 * ```ts
 * import { nullable, parse, string } from 'sallyport/schema';
 *
 * console.log(parse(nullable(string()), null).ok); // true
 * ```
 */
export function nullable<Output>(schema: OptionalSchema<Output>): OptionalSchema<Output | null>;
/** Of a schema whose key must be there, or has a default. */
export function nullable<Output>(schema: Schema<Output>): Schema<Output | null>;
export function nullable<Output>(schema: Schema<Output>): Schema<Output | null> {
  requireSchema('create nullable', schema);
  const read = schema['~read'];
  return createSchema(
    { type: 'nullable', inner: schema },
    (value, issues, run) => value === null ? null : read(value, issues, run),
    schema['~presence'],
  );
}
