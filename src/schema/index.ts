/**
 * Bounded validation of untrusted values: unknown keys refused, nothing coerced, issues that never repeat input.
 *
 * @module
 */
export { parse } from './parse.ts';
export { check } from './check.ts';
export type { Infer, Kind, ObjectKind, ParseResult, Presence, Reader, Run, Schema, Shape } from './schema.ts';
export { string, type StringOptions } from './string.ts';
export { int, number, type NumberOptions } from './number.ts';
export { boolean } from './boolean.ts';
export { type Literal, oneOf } from './one-of.ts';
export { type Flat, object, type ObjectOptions, type ObjectOutput, type ObjectSchema } from './object.ts';
export { array, type ArrayOptions } from './array.ts';
export { type DefaultSchema, optional, type OptionalSchema } from './optional.ts';
export { email } from './email.ts';
export { uuid } from './uuid.ts';
export { url, type UrlOptions } from './url.ts';
export { ip, type IpOptions } from './ip.ts';
export { date } from './date.ts';
export { datetime } from './datetime.ts';
export { duration } from './duration.ts';
export { hostname } from './hostname.ts';
export { base64url, type Base64UrlOptions } from './base64url.ts';
export { nullable } from './nullable.ts';
export { tuple, type TupleOutput } from './tuple.ts';
export { record, type RecordOptions } from './record.ts';
export { union } from './union.ts';
export { variant, type VariantCases, type VariantOutput } from './variant.ts';
export { lazy, type LazyOptions } from './lazy.ts';
export { unknown, type UnknownOptions } from './unknown.ts';
export { refine } from './refine.ts';
export { map } from './map.ts';
export { brand, type Branded } from './brand.ts';
export { extend, type Extended, intersect, omit, partial, type Partially, pick } from './compose.ts';
export { formatPointer, type IssueMessages, translateIssues } from './issue-text.ts';
export {
  type JsonSchemaOptions,
  type JsonSchemaTarget,
  type SchemaWithJson,
  toJsonSchema,
  withJsonSchema,
} from './json-schema.ts';
export type { JsonSchemaObject } from './json-writers.ts';
export { parseText, type TextOptions, type TextSource } from './text.ts';
export { fromText, type TextSchema } from './from-text.ts';
export { type JsonBodyLimits, readJson } from './json-body.ts';
export { readForm } from './form-body.ts';
export { createFormReader, type FormReader } from './form-reader.ts';
export type { FormLimits } from './form.ts';
export { file, type FileOptions } from './file.ts';
export { bytes, type BytesOptions } from './bytes.ts';
export type { TextItem } from './text-value.ts';
export type { Bounds } from './bounds.ts';
