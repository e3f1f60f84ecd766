import { createSchema, requireSchema } from './create-schema.ts';
import { INVALID, refuse } from './issue.ts';
import type { OptionalSchema } from './optional.ts';
import type { Schema } from './schema.ts';

/**
 * Adds a rule of your own, which sees the value only when the schema has let it through.
 *
 * The predicate must be pure, at once, and linear in what it reads; a value that is refused may pass it twice. What it throws is yours, and passed on: it is no
 * refusal. It never makes anything of the value: that is `map`. Of a missing key it is asked nothing.
 *
 * @param schema what the value must be
 * @param predicate answers whether the rule is kept: `true`, and nothing else, is a yes
 * @param code the issue's code: lower-case, with underscores
 * @param message the issue's sentence, whose subject is the value. Default: `is not valid`
 * @returns the schema
 * @throws {TypeError} when it is given no schema, no function, a code that is none, or a default that the predicate refuses; while reading, when the predicate answers a promise
 *
 * @example
 * ```ts
 * import { int, object, parse, refine } from 'sallyport/schema';
 *
 * const span = refine(object({ from: int(), to: int() }), ({ from, to }) => from <= to, 'not_in_order');
 * console.log(parse(span, { from: 2, to: 1 }).ok); // false
 * ```
 */
export function refine<Output>(
  schema: OptionalSchema<Output>,
  predicate: (value: Output | undefined) => boolean,
  code: string,
  message?: string,
): OptionalSchema<Output>;
/** Of a schema whose key must be there, or has a default: which the predicate must let through as well. */
export function refine<Output>(
  schema: Schema<Output>,
  predicate: (value: Output) => boolean,
  code: string,
  message?: string,
): Schema<Output>;
export function refine<Output>(
  schema: Schema<Output>,
  predicate: (value: Output) => boolean,
  code: string,
  message: string = 'is not valid',
): Schema<Output> {
  requireSchema('create refine', schema);
  if (typeof predicate !== 'function' || typeof code !== 'string' || !/^[a-z][a-z0-9_]*$/.test(code)) {
    throw new TypeError(
      'Cannot create refine: name a function, and a code of lower-case letters, digits and underscores.',
    );
  }
  const rule = { code, message };
  const refined = createSchema<Output>({ type: 'refined', inner: schema }, (value, issues, run) => {
    const result = schema['~read'](value, undefined, run);
    if (result === INVALID) return issues === undefined ? INVALID : schema['~read'](value, issues, run);
    // A reader answers its Output or INVALID; see `parse`.
    const kept: unknown = predicate(result as Output);
    // A promise is truthy, and would be a yes to everything.
    if (typeof kept !== 'boolean') {
      throw new TypeError(`Cannot read refine ${code}: the predicate must answer true or false.`);
    }
    return kept ? result : refuse(issues, rule);
  }, schema['~presence']);
  if (refined['~presence'] === 'default' && refined['~read'](undefined) === INVALID) {
    throw new TypeError(`Cannot create refine ${code}: the predicate refuses the default.`);
  }
  return refined;
}
