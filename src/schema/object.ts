import type { Issue } from '../core/refusal.ts';
import { INVALID, type Invalid, locate, refuse } from './issue.ts';
import { createSchema, type Infer, requireSchema, type Schema } from './schema.ts';

/** The schema of every key that an object may have. */
export type Shape = Readonly<Record<string, Schema<unknown>>>;

/** The type of the objects that a shape lets through: keys with an optional schema may be missing. */
export type ObjectOutput<S extends Shape> =
  & { -readonly [K in keyof S as S[K]['~optional'] extends true ? never : K]: Infer<S[K]> }
  & { -readonly [K in keyof S as S[K]['~optional'] extends true ? K : never]?: Exclude<Infer<S[K]>, undefined> } extends
  infer Output ? { [K in keyof Output]: Output[K] } : never;

/** A shape, compiled: keys and schemas side by side. */
interface Fields {
  readonly keys: readonly string[];
  readonly schemas: readonly Schema<unknown>[];
  readonly indexes: ReadonlyMap<string, number>;
  readonly required: number;
}

/**
 * An object with declared keys and no others: what a client adds (`isAdmin`, `__proto__`) refuses the whole value.
 *
 * Plain objects alone are let through, by their own enumerable string keys; what a prototype lends does not count. A key whose value is
 * `undefined` is a missing key. The output is a new plain object.
 *
 * @param shape the schema of every key
 * @returns the schema
 * @throws {TypeError} when the shape is not a plain object, names `__proto__` or a symbol, or holds anything but schemas
 * @see OWASP API3:2023 Broken Object Property Level Authorization
 *
 * @example
 * ```ts
 * import { int, object, parse, string } from 'sallyport/schema';
 *
 * const order = object({ sku: string({ max: 40 }), quantity: int({ min: 1 }) });
 * console.log(parse(order, { sku: 'pen', quantity: 2 }).ok, parse(order, { sku: 'pen', quantity: 2, price: 0 }).ok); // true false
 * ```
 */
export function object<S extends Shape>(shape: S): Schema<ObjectOutput<S>> {
  const fields = compileShape(shape);
  // What is built key by key from the shape is what the shape's type says; the compiler cannot see through the loop.
  return createSchema((value, issues) => readObject(fields, value, issues) as ObjectOutput<S> | Invalid);
}

function compileShape(shape: Shape): Fields {
  // `{ __proto__: schema }` is no key but a prototype: a rule that looks written and is not there.
  if (!isPlainObject(shape) || Reflect.ownKeys(shape).some((key) => typeof key !== 'string' || key === '__proto__')) {
    throw new TypeError(
      'Cannot create object: the shape must be a plain object with string keys, none of them __proto__.',
    );
  }
  const indexes = new Map<string, number>();
  const schemas: Schema<unknown>[] = [];
  for (const [key, schema] of Object.entries(shape)) {
    requireSchema(`create object with ${key}`, schema);
    indexes.set(key, schemas.length);
    schemas.push(schema);
  }
  const required = schemas.filter((schema) => !schema['~optional']).length;
  return { keys: [...indexes.keys()], schemas, indexes, required };
}

/**
 * Measured on 10 fields among 16 other shapes: for-in with a guess at the next key and plain stores takes 200 ns, Object.keys 270 ns, cloning a
 * template 300 ns, asking for each declared key 410 ns.
 */
function readObject(fields: Fields, value: unknown, issues: Issue[] | undefined): Record<string, unknown> | Invalid {
  if (!isPlainObject(value)) return refuse(issues, 'not_object');
  const polluted = isPrototypePolluted();
  const output: Record<string, unknown> = {};
  let guess = 0;
  let seen = 0;
  let valid = true;
  let found = issues?.length ?? 0;
  for (const key in value) {
    if (polluted && !Object.hasOwn(value, key)) continue;
    // Clients mostly send keys in one order, often the declared one: the guess saves the lookup.
    const index = fields.keys[guess] === key ? guess : fields.indexes.get(key);
    const schema = index === undefined ? undefined : fields.schemas[index];
    if (index === undefined || schema === undefined) {
      if (issues === undefined) return INVALID;
      valid = false;
      continue;
    }
    guess = index + 1;
    const item = value[key];
    if (item === undefined) continue;
    const result = schema['~read'](item, issues);
    if (!schema['~optional']) seen++;
    if (result !== INVALID) {
      output[key] = result;
    } else if (locate(issues, found, key)) {
      found = issues?.length ?? 0;
      valid = false;
    } else {
      return INVALID;
    }
  }
  if (valid && seen === fields.required) return output;
  if (issues !== undefined) reportKeys(fields, value, issues);
  return INVALID;
}

/** Only after a failure: which declared keys are missing, and whether there are others. */
function reportKeys(fields: Fields, value: Record<string, unknown>, issues: Issue[]): void {
  for (const [index, key] of fields.keys.entries()) {
    const missing = !Object.hasOwn(value, key) || value[key] === undefined;
    if (missing && fields.schemas[index]?.['~optional'] === false) refuse(issues, 'required', undefined, key);
  }
  // The name of an unknown key is input: the issue points at the object.
  if (Object.keys(value).some((key) => !fields.indexes.has(key))) refuse(issues, 'unknown_key');
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** for-in walks the prototype as well, and what somebody put on Object.prototype must neither satisfy a key nor count as one. */
function isPrototypePolluted(): boolean {
  for (const _key in Object.prototype) return true;
  return false;
}
