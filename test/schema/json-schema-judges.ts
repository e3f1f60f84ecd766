import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { JsonSchemaObject, JsonSchemaTarget } from '../../src/schema/index.ts';

/** Strict: what it does not know, or finds doubtful, it throws for. Without `ownProperties` it finds a `toString` in every object. */
const options = { strict: true, ownProperties: true } as const;

/** Another validator's reading of a schema. It throws when the schema is none, by the dialect's own meta-schema. */
export function judge(schema: JsonSchemaObject, target: JsonSchemaTarget): ValidateFunction {
  // Ajv reads `nullable` as OpenAPI 3.0 means it; what else that dialect forbids is told by `breaksOpenApi`.
  const ajv = target === 'draft-2020-12' ? new Ajv2020(options) : new Ajv(options);
  formats.default(ajv);
  // No keyword of a schema, but where those stand that an OpenAPI document has in common.
  if (target === 'openapi-3.0') ajv.addKeyword('components');
  return ajv.compile(schema);
}

/** The keywords of OpenAPI 3.0.3, Schema Object, that are written. */
const OPENAPI_KEYWORDS: ReadonlySet<string> = new Set([
  'type',
  'nullable',
  'enum',
  'format',
  'default',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'items',
  'minItems',
  'maxItems',
  'properties',
  'required',
  'additionalProperties',
  'minProperties',
  'maxProperties',
  'anyOf',
  'oneOf',
  '$ref',
]);
const OPENAPI_TYPES: readonly unknown[] = ['string', 'number', 'integer', 'boolean', 'array', 'object'];

/** What a schema has that OpenAPI 3.0.3 forbids: keywords of later dialects, lists of types, arrays without items. */
export function breaksOpenApi(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return ['is no object'];
  const found: string[] = [];
  const read = (key: string): unknown => Object.hasOwn(schema, key) ? Reflect.get(schema, key) : undefined;
  const { components, ...others } = Object(schema);
  if (components !== undefined) return [others, ...Object.values(Object(components).schemas)].flatMap(breaksOpenApi);
  for (const key of Object.keys(schema)) if (!OPENAPI_KEYWORDS.has(key)) found.push(`has ${key}`);
  const [type, items, required] = [read('type'), read('items'), read('required')];
  if (type !== undefined && !OPENAPI_TYPES.includes(type)) found.push(`has the type ${JSON.stringify(type)}`);
  if (type === 'array' && items === undefined) found.push('is an array without items');
  if (Array.isArray(items)) found.push('has a list of items');
  if (read('nullable') !== undefined && type === undefined) found.push('is nullable without a type');
  if (Array.isArray(required) && required.length === 0) found.push('requires nothing');
  const parts: unknown[] = items === undefined ? [] : [items];
  parts.push(...Object.values(Object(read('properties'))));
  for (const key of ['anyOf', 'oneOf']) {
    const list = read(key);
    if (Array.isArray(list) && list.length === 0) found.push(`has an empty ${key}`);
    if (Array.isArray(list)) parts.push(...list);
  }
  const more = read('additionalProperties');
  if (more !== undefined && typeof more !== 'boolean') parts.push(more);
  return [...found, ...parts.flatMap(breaksOpenApi)];
}
