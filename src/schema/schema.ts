import type { Issue } from '../core/refusal.ts';
import { OWN_VENDOR, type StandardSchema } from '../core/standard-schema.ts';
import { INVALID, type Invalid, refuse } from './issue.ts';

/** A compiled, frozen description of a value. It is a Standard Schema, so that every tool that takes one takes it. */
export interface Schema<Output> extends StandardSchema<unknown, Output> {
  /** Whether a key with this schema may be missing from an object. */
  readonly '~optional': boolean;
  /** For schemas that hold this one: the value, or a mark that it is not valid; lists the issues only when given a list. */
  readonly '~read': (value: unknown, issues?: Issue[]) => unknown;
}

/** The type of the values that a schema lets through. */
export type Infer<S extends Schema<unknown>> = NonNullable<S['~standard']['types']>['output'];

/** What {@linkcode parse} answers. */
export type ParseResult<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * Reads an untrusted value through a schema.
 *
 * What comes out is made anew and holds only what the schema declares; the input is neither changed nor kept. Nothing is coerced.
 * Never throws on data: JSON of any shape and depth is answered. A getter or Proxy in a hand-made value runs the caller's own code: on
 * success each property was read once, and what such code throws is passed on.
 *
 * @param schema what the value should be
 * @param value what came
 * @returns the value, or at most 8 issues, which name places and rules and never repeat input
 *
 * @example
 * ```ts
 * import { int, object, parse } from 'sallyport/schema';
 *
 * const result = parse(object({ quantity: int({ min: 1 }) }), { quantity: 0 });
 * console.log(result.ok ? result.value : result.issues); // [{ code: 'too_small', path: ['quantity'], … }]
 * ```
 */
export function parse<Output>(schema: Schema<Output>, value: unknown): ParseResult<Output> {
  const result = schema['~read'](value);
  // A reader answers its Output or INVALID; it is typed `unknown` so that the mark stays private to this room.
  if (result !== INVALID) return { ok: true, value: result as Output };
  const issues: Issue[] = [];
  schema['~read'](value, issues);
  // Only a value that runs code can fail first and then pass; the first answer stands.
  if (issues.length === 0) refuse(issues, 'unstable');
  return { ok: false, issues };
}

/**
 * Makes a schema of a reader.
 *
 * One function serves both passes, so that success and issues cannot disagree. Every schema has the same hidden class: the calls in
 * `object` and `array` stay fast however many schemas a program has.
 *
 * @param read answers the value, or refuses it
 * @returns the schema, frozen
 */
export function createSchema<Output>(
  read: (value: unknown, issues?: Issue[]) => Output | Invalid,
): Schema<Output> {
  const schema: Schema<Output> = Object.freeze({
    '~standard': Object.freeze(
      {
        version: 1,
        vendor: OWN_VENDOR,
        validate: (value: unknown) => {
          const result = parse(schema, value);
          return result.ok ? { value: result.value } : { issues: result.issues };
        },
      } as const,
    ),
    '~optional': false,
    '~read': read,
  });
  return schema;
}

/**
 * Refuses to build on anything but a schema of this room.
 *
 * @param action what was to be done, for the message
 * @param value what stands where a schema should
 * @throws {TypeError} when it is none
 */
export function requireSchema(action: string, value: unknown): asserts value is Schema<unknown> {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '~read')) {
    throw new TypeError(`Cannot ${action}: every part must be a schema of this package, such as string().`);
  }
}
