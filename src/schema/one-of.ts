import { refuse } from './issue.ts';
import { createSchema } from './create-schema.ts';
import type { Schema } from './schema.ts';

const NOT_ALLOWED = { code: 'not_allowed', message: 'must be one of the allowed values' };

/** What {@linkcode oneOf} can list. */
export type Literal = string | number | boolean;

/**
 * One of a list of literals, compared by identity: `'1'` is not `1`.
 *
 * @param literals at least one string, finite number or boolean, none twice
 * @returns the schema
 * @throws {TypeError} when the list is empty, names something twice or holds anything else
 *
 * @example
 * ```ts
 * import { oneOf, parse } from 'sallyport/schema';
 *
 * console.log(parse(oneOf('open', 'closed'), 'open').ok, parse(oneOf('open', 'closed'), 'toString').ok); // true false
 * ```
 */
export function oneOf<const Literals extends readonly Literal[]>(...literals: Literals): Schema<Literals[number]> {
  // A Set, never an object: `'toString' in table` is true of every object.
  const allowed = new Set<unknown>(literals);
  if (allowed.size === 0 || allowed.size < literals.length || !literals.every(isLiteral)) {
    throw new TypeError('Cannot create oneOf: name one or more strings, finite numbers or booleans, none twice.');
  }
  return createSchema({ type: 'literals', literals: Object.freeze([...literals]) }, (value, issues) => {
    if (!allowed.has(value)) return refuse(issues, NOT_ALLOWED);
    // A Set takes -0 for 0; the 0 that was listed is what comes out.
    return value === 0 ? 0 : value;
  });
}

function isLiteral(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
