import { requireSchema } from './create-schema.ts';
import { object, type ObjectSchema } from './object.ts';
import { optional, type OptionalSchema } from './optional.ts';
import type { Infer, Schema, Shape } from './schema.ts';

/** The shape of two objects in one, where the second one's keys stand in for the first one's. */
export type Extended<S extends Shape, More extends Shape> = {
  [K in keyof S | keyof More]: K extends keyof More ? More[K]
    : K extends keyof S ? S[K]
    : never;
};

/** A shape whose keys may all be missing. */
export type Partially<S extends Shape> = {
  [K in keyof S]: S[K]['~presence'] extends 'optional' | 'default' ? S[K] : OptionalSchema<Infer<S[K]>>;
};

/**
 * Adds keys to an object, or replaces the schemas of some. What is done with undeclared keys stays as it is.
 *
 * @param schema the object
 * @param more the schemas of the keys
 * @returns the new object
 * @throws {TypeError} for what is no object schema, or a shape that `object` would not take
 *
 * @example
 * ```ts
 * import { extend, int, object, parse, string } from 'sallyport/schema';
 *
 * const named = object({ name: string() });
 * console.log(parse(extend(named, { age: int() }), { name: 'Ada', age: 36 }).ok); // true
 * ```
 */
export function extend<S extends Shape, const More extends Shape>(
  schema: ObjectSchema<S>,
  more: More,
): ObjectSchema<Extended<S, More>> {
  // Through `object`, which tells a shape that is none.
  return remake(schema, { ...shapeOf(schema), ...object(more)['~kind'].shape }) as ObjectSchema<Extended<S, More>>;
}

/**
 * An object with the keys of two. Undeclared keys are left out where both would leave them out, and refused otherwise.
 *
 * @param one an object
 * @param other an object that declares none of the same keys
 * @returns the new object
 * @throws {TypeError} for what is no object schema, or a key that both declare
 *
 * @example
 * ```ts
 * import { int, intersect, object, parse, string } from 'sallyport/schema';
 *
 * console.log(parse(intersect(object({ a: int() }), object({ b: string() })), { a: 1, b: '' }).ok); // true
 * ```
 */
export function intersect<A extends Shape, B extends Shape>(
  one: ObjectSchema<A>,
  other: ObjectSchema<B>,
): ObjectSchema<Extended<A, B>> {
  const [first, second] = [shapeOf(one), shapeOf(other)];
  if (Object.keys(second).some((key) => Object.hasOwn(first, key))) {
    throw new TypeError('Cannot intersect objects: both declare one key.');
  }
  const strip = one['~kind'].strip && other['~kind'].strip;
  return object({ ...first, ...second }, { unknown: strip ? 'strip' : 'reject' }) as ObjectSchema<Extended<A, B>>;
}

/**
 * Keeps some keys of an object.
 *
 * @param schema the object
 * @param keys the keys to keep
 * @returns the new object
 * @throws {TypeError} for what is no object schema, or a key that it does not declare
 *
 * @example
 * ```ts
 * import { int, object, parse, pick, string } from 'sallyport/schema';
 *
 * console.log(parse(pick(object({ id: int(), name: string() }), 'name'), { name: 'Ada' }).ok); // true
 * ```
 */
export function pick<S extends Shape, const Keys extends readonly (keyof S & string)[]>(
  schema: ObjectSchema<S>,
  ...keys: Keys
): ObjectSchema<Pick<S, Keys[number]>> {
  return select('pick', schema, keys, true) as ObjectSchema<Pick<S, Keys[number]>>;
}

/**
 * Leaves out some keys of an object: what a client may not set.
 *
 * @param schema the object
 * @param keys the keys to leave out
 * @returns the new object
 * @throws {TypeError} for what is no object schema, or a key that it does not declare
 *
 * @example
 * ```ts
 * import { int, object, omit, parse, string } from 'sallyport/schema';
 *
 * console.log(parse(omit(object({ id: int(), name: string() }), 'id'), { name: 'Ada' }).ok); // true
 * ```
 */
export function omit<S extends Shape, const Keys extends readonly (keyof S & string)[]>(
  schema: ObjectSchema<S>,
  ...keys: Keys
): ObjectSchema<Omit<S, Keys[number]>> {
  return select('omit', schema, keys, false) as ObjectSchema<Omit<S, Keys[number]>>;
}

/**
 * Lets every key of an object be missing: what a PATCH may send. Keys with a default keep it.
 *
 * @param schema the object
 * @returns the new object
 * @throws {TypeError} for what is no object schema
 *
 * @example
 * ```ts
 * import { int, object, parse, partial } from 'sallyport/schema';
 *
 * console.log(parse(partial(object({ a: int() })), {}).ok); // true
 * ```
 */
export function partial<S extends Shape>(schema: ObjectSchema<S>): ObjectSchema<Partially<S>> {
  const entries = Object.entries(shapeOf(schema)).map(([key, part]): [string, Schema<unknown>] => {
    return [key, part['~presence'] === 'required' ? optional(part) : part];
  });
  return remake(schema, Object.fromEntries(entries)) as ObjectSchema<Partially<S>>;
}

function select(
  action: string,
  schema: ObjectSchema<Shape>,
  keys: readonly string[],
  kept: boolean,
): ObjectSchema<Shape> {
  const shape = shapeOf(schema);
  // A typo would otherwise leave a key in that was to go.
  if (keys.some((key) => !Object.hasOwn(shape, key))) {
    throw new TypeError(`Cannot ${action} keys: the object declares them not all.`);
  }
  return remake(schema, Object.fromEntries(Object.entries(shape).filter(([key]) => keys.includes(key) === kept)));
}

function remake(schema: ObjectSchema<Shape>, shape: Shape): ObjectSchema<Shape> {
  return object(shape, { unknown: schema['~kind'].strip ? 'strip' : 'reject' });
}

function shapeOf(schema: ObjectSchema<Shape>): Shape {
  requireSchema('compose objects', schema);
  if (schema['~kind'].type !== 'object') {
    throw new TypeError('Cannot compose objects: a refined or mapped object is none any more.');
  }
  return schema['~kind'].shape;
}
