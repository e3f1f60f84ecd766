import { createLeaf } from './create-schema.ts';
import type { Schema } from './schema.ts';

const NOT_BOOLEAN = { code: 'not_boolean', message: 'must be true or false' };

/**
 * `true` or `false`, and nothing that is merely truthy.
 *
 * @returns the schema
 *
 * @example
 * ```ts
 * import { boolean, parse } from 'sallyport/schema';
 *
 * console.log(parse(boolean(), true).ok, parse(boolean(), 'true').ok); // true false
 * ```
 */
export function boolean(): Schema<boolean> {
  return createLeaf({ type: 'boolean' }, (value) => typeof value === 'boolean' ? undefined : NOT_BOOLEAN);
}
