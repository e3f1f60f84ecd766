import { createSchema, requireSchema } from './create-schema.ts';
import { refuse } from './issue.ts';
import { object, type ObjectSchema } from './object.ts';
import { oneOf } from './one-of.ts';
import { isPlainObject } from './plain-object.ts';
import type { Infer, Schema, Shape } from './schema.ts';

/** The objects that {@linkcode variant} tells apart, each under the value of the key that does. */
export type VariantCases = Readonly<Record<string, ObjectSchema<Shape>>>;

/** The type of the objects that {@linkcode variant} lets through. */
export type VariantOutput<Key extends string, Cases extends VariantCases> = {
  [Name in keyof Cases & string]: { [K in Key]: Name } & Infer<Cases[Name]> extends infer Output
    ? { [K in keyof Output]: Output[K] }
    : never;
}[keyof Cases & string];

const NOT_OBJECT = { code: 'not_object', message: 'must be an object' };
const REQUIRED = { code: 'required', message: 'is required' };
const NOT_ALLOWED = { code: 'not_allowed', message: 'must be one of the allowed values' };

/**
 * Objects of several shapes, told apart by the value of one key: a discriminated union. One look finds the shape, and the issues are those of that shape alone.
 *
 * @param key the key, an own property of the value
 * @param cases the shape under each of its values, without the key itself
 * @returns the schema
 * @throws {TypeError} for no cases, what is no object schema, or one that declares the key itself
 *
 * @example
 * ```ts
 * import { int, object, parse, string, variant } from 'sallyport/schema';
 *
 * const payment = variant('by', { card: object({ number: string({ max: 19 }) }), cash: object({ given: int() }) });
 * console.log(parse(payment, { by: 'cash', given: 5 }).ok); // true
 * ```
 */
export function variant<const Key extends string, Cases extends VariantCases>(
  key: Key,
  cases: Cases,
): Schema<VariantOutput<Key, Cases>> {
  const schemas = new Map<unknown, Schema<unknown>>();
  if (typeof key !== 'string' || key === '__proto__' || !isPlainObject(cases)) {
    throw new TypeError('Cannot create variant: name a key, and a plain object of cases.');
  }
  for (const [name, schema] of Object.entries(cases)) {
    requireSchema(`create variant with ${name}`, schema);
    const { type, shape, strip } = schema['~kind'];
    if (type !== 'object' || Object.hasOwn(shape, key)) {
      throw new TypeError(
        `Cannot create variant with ${name}: it must be an object schema that does not declare the key.`,
      );
    }
    schemas.set(name, object({ [key]: oneOf(name), ...shape }, { unknown: strip ? 'strip' : 'reject' }));
  }
  if (schemas.size === 0) throw new TypeError('Cannot create variant: name one or more cases.');
  return createSchema({ type: 'variant', cases: Object.freeze([...schemas.values()]) }, (value, issues, run) => {
    if (!isPlainObject(value)) return refuse(issues, NOT_OBJECT);
    // Own properties alone, and a Map: neither a prototype nor the name of one of its members may choose.
    const name = Object.hasOwn(value, key) ? value[key] : undefined;
    if (name === undefined) return refuse(issues, REQUIRED, key);
    const schema = schemas.get(name);
    return schema === undefined ? refuse(issues, NOT_ALLOWED, key) : schema['~read'](value, issues, run);
  });
}
