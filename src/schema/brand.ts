import { requireSchema } from './create-schema.ts';
import type { OptionalSchema } from './optional.ts';
import type { Schema } from './schema.ts';

/** A type that is its own: no other string, number or object is one. `null` and `undefined` stay what they are. */
export type Branded<Output, Name extends string> = Output extends null | undefined ? Output
  : Output & { readonly '~brand': Name };

/**
 * Gives the output a type of its own, so that the compiler keeps what was checked from what was not. Nothing happens when the program runs.
 *
 * @param schema the schema
 * @param _name the brand
 * @returns the same schema
 * @throws {TypeError} when it is given no schema
 *
 * @example
 * ```ts
 * import { brand, type Infer, string } from 'sallyport/schema';
 *
 * const sku = brand(string({ max: 40 }), 'Sku');
 * export type Sku = Infer<typeof sku>;
 * ```
 */
export function brand<Output, const Name extends string>(
  schema: OptionalSchema<Output>,
  _name: Name,
): OptionalSchema<Branded<Output, Name>>;
/** Of a schema whose key must be there, or has a default. */
export function brand<Output, const Name extends string>(
  schema: Schema<Output>,
  _name: Name,
): Schema<Branded<Output, Name>>;
export function brand<Output, const Name extends string>(
  schema: Schema<Output>,
  _name: Name,
): Schema<Branded<Output, Name>> {
  requireSchema('create brand', schema);
  // The brand is a type alone: every value of the schema is one.
  return schema as Schema<Branded<Output, Name>>;
}
