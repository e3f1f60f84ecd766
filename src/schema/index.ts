/**
 * Bounded validation of untrusted values: unknown keys refused, nothing coerced, issues that never repeat input.
 *
 * @module
 */
export { type Infer, parse, type ParseResult, type Schema } from './schema.ts';
export { string, type StringOptions } from './string.ts';
export { int, number, type NumberOptions } from './number.ts';
export { boolean } from './boolean.ts';
export { type Literal, oneOf } from './one-of.ts';
export { object, type ObjectOutput, type Shape } from './object.ts';
export { array, type ArrayOptions } from './array.ts';
export { optional, type OptionalSchema } from './optional.ts';
export type { Bounds } from './bounds.ts';
