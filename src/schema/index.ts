/**
 * Bounded validation of untrusted values: unknown keys refused, nothing coerced, issues that never repeat input.
 *
 * @module
 */
export { parse } from './parse.ts';
export { check } from './check.ts';
export type { Infer, Kind, ObjectKind, ParseResult, Presence, Reader, Schema, Shape } from './schema.ts';
export { string, type StringOptions } from './string.ts';
export { int, number, type NumberOptions } from './number.ts';
export { boolean } from './boolean.ts';
export { type Literal, oneOf } from './one-of.ts';
export { object, type ObjectOptions, type ObjectOutput, type ObjectSchema } from './object.ts';
export { array, type ArrayOptions } from './array.ts';
export { type DefaultSchema, optional, type OptionalSchema } from './optional.ts';
export type { Bounds } from './bounds.ts';
