import type { Issue } from '../core/refusal.ts';
import { INVALID, refuse } from './issue.ts';
import type { ParseResult, Schema } from './schema.ts';

const UNSTABLE = { code: 'unstable', message: 'must not change while it is read' };

/**
 * Reads an untrusted value through a schema.
 *
 * What comes out is made anew and holds only what the schema declares; the input is neither changed nor kept. Nothing is coerced.
 * Never throws on data: JSON of any shape and depth is answered. A getter or Proxy in a hand-made value runs the caller's own code: on
 * success each property was read once (by `union`, once a branch), and what such code throws is passed on.
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
  const result = schema['~read'](value, undefined, { bare: false, depth: 0, work: 0 });
  // A reader answers its Output or INVALID; it is typed `unknown` so that the mark stays private to this room.
  if (result !== INVALID) return { ok: true, value: result as Output };
  const issues: Issue[] = [];
  schema['~read'](value, issues, { bare: false, depth: 0, work: 0 });
  // Only a value that runs code can fail first and then pass; the first answer stands.
  if (issues.length === 0) refuse(issues, UNSTABLE);
  return { ok: false, issues };
}
