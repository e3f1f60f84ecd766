import { refuse } from './issue.ts';
import { createSchema, type Schema } from './schema.ts';

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
  return createSchema((value, issues) => typeof value === 'boolean' ? value : refuse(issues, 'not_boolean'));
}
