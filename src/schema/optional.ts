import { INVALID } from './issue.ts';
import { createSchema, requireSchema } from './create-schema.ts';
import type { Schema } from './schema.ts';

/** A schema whose key may be missing from an object. */
export interface OptionalSchema<Output> extends Schema<Output | undefined> {
  /** Marks the key as one that may be missing. */
  readonly '~presence': 'optional';
}

/** A schema whose key may be missing from what comes in, and never from what comes out. */
export interface DefaultSchema<Output> extends Schema<Output> {
  /** Marks the key as one that a default stands in for. */
  readonly '~presence': 'default';
}

/**
 * Lets a key be missing from an object, for which a default may stand in. `null` is not missing.
 *
 * A default is read like what a client sends. So what a `map` makes can mostly be none, whatever its type says: write `map(optional(date(), '2024-02-29'), make)`, with the default within.
 *
 * @param schema what the value must be when it is there
 * @param fallback what comes out for a missing key, through the schema, so that each output has its own. Default: the key is missing
 * @returns the schema
 * @throws {TypeError} when it is given no schema, or a default that the schema refuses
 *
 * @example
 * ```ts
 * import { int, object, optional, parse, string } from 'sallyport/schema';
 *
 * const page = object({ query: optional(string()), size: optional(int({ max: 100 }), 20) });
 * console.log(parse(page, {})); // { ok: true, value: { size: 20 } }
 * ```
 */
export function optional<Output>(schema: Schema<Output>): OptionalSchema<Output>;
/** With a default, which the schema must let through: each output gets its own. */
export function optional<Output>(schema: Schema<Output>, fallback: NoInfer<Output>): DefaultSchema<Output>;
export function optional<Output>(
  schema: Schema<Output>,
  ...rest: [fallback?: Output]
): OptionalSchema<Output> | DefaultSchema<Output> {
  requireSchema('create optional', schema);
  const read = schema['~read'];
  const [given] = rest;
  const hasDefault = given !== undefined;
  if (hasDefault && read(given) === INVALID) {
    throw new TypeError('Cannot create optional: the schema refuses the default, which it reads as if it were sent.');
  }
  // What is changed afterwards must not become a default that nobody has checked.
  const fallback = structuredClone(given);
  const kind = { type: 'optional', inner: schema, ...(hasDefault ? { fallback } : {}) } as const;
  const made = createSchema(kind, (value, issues, run) => {
    if (value !== undefined) return read(value, issues, run);
    return hasDefault ? run?.bare === true ? INVALID : read(fallback, undefined, run) : undefined;
  }, hasDefault ? 'default' : 'optional');
  // A reader answers its Output or INVALID, and the presence is what was just written; see `parse`.
  return made as OptionalSchema<Output> | DefaultSchema<Output>;
}
