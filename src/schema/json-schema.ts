import { refuseUnknownOptions } from '../core/option.ts';
import type { StandardJsonSchema } from '../core/standard-schema.ts';
import { requireSchema } from './create-schema.ts';
import { type JsonSchemaObject, type JsonWriter, WRITERS } from './json-writers.ts';
import type { Schema } from './schema.ts';

/** The dialects of JSON Schema that are written. */
export type JsonSchemaTarget = 'draft-2020-12' | 'draft-07' | 'openapi-3.0';

/** Options of {@linkcode toJsonSchema}. */
export interface JsonSchemaOptions {
  /** The dialect. Default: `draft-2020-12`. */
  readonly target?: JsonSchemaTarget;
  /** Of what goes in, or of what comes out: a key with a default may be missing from the one, and not from the other. Default: `input`. */
  readonly side?: 'input' | 'output';
  /** What schemas that hold themselves are called, before a number: letters, digits, `.`, `_` and `-`. Name them apart in one document. Default: `schema`. */
  readonly name?: string;
}

/** A schema whose `~standard` has a JSON Schema, for tools that ask for it there. */
export type SchemaWithJson<Output> = Schema<Output> & {
  readonly '~standard': { readonly jsonSchema: StandardJsonSchema };
};

const DIALECTS: ReadonlyMap<string, JsonSchemaObject> = /* @__PURE__ */ new Map([
  ['draft-2020-12', { '$schema': 'https://json-schema.org/draft/2020-12/schema' }],
  ['draft-07', { '$schema': 'http://json-schema.org/draft-07/schema#' }],
  ['openapi-3.0', {}],
]);

/** How deep schemas that are new may stand in each other: a factory that makes another each time would overflow the stack. */
const MAX_DEPTH = 256;

/** Where schemas stand that are referred to. */
const PLACES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['draft-07', 'definitions'],
  ['openapi-3.0', 'components/schemas'],
]);

/**
 * Writes a schema as JSON Schema, for documentation and for clients. It lets through whatever the schema does, and a little more where JSON Schema cannot say it; less in one case,
 * the least length of a text beyond the BMP. See the table in the README.
 *
 * What a `map` makes is written as anything on the side of the output. Schemas that hold themselves (`lazy`) stand under `$defs`, or `definitions`;
 * for OpenAPI 3.0 under `components.schemas`, for you to move to your document's own: references are to there.
 *
 * @param schema a schema of this package
 * @param options the dialect, and the side
 * @returns a new object, which holds nothing of the schema's own
 * @throws {TypeError} for what is no schema, an unknown option, dialect or side, a name that is none, or a `lazy` without an end
 * @see JSON Schema 2020-12; OpenAPI 3.0.3, Schema Object and Components Object
 *
 * @example
 * ```ts
 * import { int, object, toJsonSchema } from 'sallyport/schema';
 *
 * console.log(toJsonSchema(object({ quantity: int({ min: 1 }) }), { target: 'openapi-3.0' }));
 * ```
 */
export function toJsonSchema(schema: Schema<unknown>, options: JsonSchemaOptions = {}): JsonSchemaObject {
  requireSchema('write JSON Schema', schema);
  refuseUnknownOptions('write JSON Schema', options, ['target', 'side', 'name']);
  const { target = 'draft-2020-12', side = 'input', name: prefix = 'schema' } = options;
  const dialect = DIALECTS.get(target);
  if (dialect === undefined || (side !== 'input' && side !== 'output')) {
    throw new TypeError('Cannot write JSON Schema: the dialect or the side is not known.');
  }
  // A part of a URI, and a key of the Components Object.
  if (typeof prefix !== 'string' || !/^[\w.-]+$/.test(prefix)) {
    throw new TypeError('Cannot write JSON Schema: name must be letters, digits, ".", "_" and "-".');
  }
  const place = PLACES.get(target) ?? '$defs';
  const names = new Map<Schema<unknown>, string>();
  const definitions: JsonSchemaObject = {};
  let depth = 0;
  const writer: JsonWriter = {
    target,
    side,
    // The row of a kind takes that kind; the compiler cannot see that both have one name.
    write: (part) => WRITERS[part['~kind'].type](part['~kind'] as never, writer),
    refer(part): JsonSchemaObject {
      let name = names.get(part);
      if (name === undefined) {
        // Before it is written: it may refer to itself.
        names.set(part, name = `${prefix}${names.size + 1}`);
        if (++depth > MAX_DEPTH) throw new TypeError('Cannot write JSON Schema: a lazy schema has no end.');
        definitions[name] = writer.write(part);
        depth--;
      }
      return { '$ref': `#/${place}/${name}` };
    },
  };
  const written = writer.write(schema);
  if (names.size === 0) return { ...dialect, ...written };
  const [first = '', second] = place.split('/');
  return { ...dialect, ...written, [first]: second === undefined ? definitions : { [second]: definitions } };
}

/**
 * Gives a schema what tools look for that read JSON Schema off any Standard Schema: `~standard.jsonSchema`. It is not there by itself, because every form in every browser
 * would carry what writes it.
 *
 * @param schema a schema of this package
 * @returns a schema that reads the same
 * @throws {TypeError} for what is no schema
 * @see https://standardschema.dev/json-schema
 *
 * @example
 * ```ts
 * import { int, object, withJsonSchema } from 'sallyport/schema';
 *
 * const order = withJsonSchema(object({ quantity: int() }));
 * console.log(order['~standard'].jsonSchema.input({ target: 'draft-07' }));
 * ```
 */
export function withJsonSchema<Output>(schema: Schema<Output>): SchemaWithJson<Output> {
  requireSchema('write JSON Schema', schema);
  const write = (side: 'input' | 'output') => ({ target }: { readonly target: string }): JsonSchemaObject => {
    // Anything may be asked for here, also nothing; what is not known throws there.
    return toJsonSchema(schema, { target: `${target}` as JsonSchemaTarget, side });
  };
  const jsonSchema = Object.freeze({ input: write('input'), output: write('output') });
  return Object.freeze({ ...schema, '~standard': Object.freeze({ ...schema['~standard'], jsonSchema }) });
}
