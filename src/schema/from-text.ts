import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { OWN_VENDOR, type StandardSchema } from '../core/standard-schema.ts';
import { requireSchema } from './create-schema.ts';
import type { Schema } from './schema.ts';
import { DEFAULT_MAX_PARAMETERS, readOwn, type TextOptions } from './text.ts';
import { requireObjects } from './text-object.ts';

type Pair = readonly [name: string, value: unknown];

/** What every reader of text refuses. */
const NO_TEXT: Pair = ['', null];

/** What {@linkcode fromText} makes. */
export interface TextSchema<out Output> extends StandardSchema<unknown, Output> {
  /** The schema that the text is read through. */
  readonly '~text': Schema<Output>;
}

/**
 * Makes of an object's schema one that reads text, for whoever takes a Standard Schema and knows nothing of text: `query` and `params` of `secure()`.
 *
 * It reads as `parseText` does, and besides its sources a plain object whose values are strings or lists of strings. Anything else is one issue,
 * `not_text`, and never an error. It is no schema to build others of.
 *
 * @param schema a schema of this package that is one of an object, also within refine, map, union or lazy, which is made at once
 * @param options how many parameters
 * @returns the schema, frozen
 * @throws {TypeError} for any other schema, or an unknown option
 * @throws {RangeError} when maxParameters is no whole number
 *
 * @example
 * ```ts
 * import { fromText, int, object } from 'sallyport/schema';
 *
 * const page = fromText(object({ limit: int({ max: 100 }) }));
 * console.log(page['~standard'].validate({ limit: '20' })); // { value: { limit: 20 } }
 * ```
 */
export function fromText<Output>(schema: Schema<Output>, options: TextOptions = {}): TextSchema<Output> {
  requireSchema('create schema from text', schema);
  requireObjects('create schema from text', schema);
  refuseUnknownOptions('create schema from text', options, ['maxParameters']);
  const { maxParameters: most = DEFAULT_MAX_PARAMETERS } = options;
  const max = numberOption('create schema from text', 'maxParameters', most, { min: 0, integer: true });
  const validate: TextSchema<Output>['~standard']['validate'] = (value) => {
    const result = readOwn(schema, value instanceof Headers ? value : pairsOf(value), max);
    return result.ok ? { value: result.value } : { issues: result.issues };
  };
  return Object.freeze({
    '~standard': Object.freeze({ version: 1, vendor: OWN_VENDOR, validate } as const),
    '~text': schema,
  });
}

/** One name and one value at a time; what is none stands there as something that is refused. */
function* pairsOf(value: unknown): Generator<Pair> {
  if (isIterable(value)) {
    for (const pair of value) yield isPair(pair) ? pair : NO_TEXT;
  } else if (isRecord(value)) {
    // Three times as fast as Object.entries where there is no prototype.
    for (const name of Object.keys(value)) {
      const given = value[name];
      if (!Array.isArray(given)) yield [name, given];
      else for (const item of given) yield [name, item];
    }
  } else yield NO_TEXT;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, Symbol.iterator) === 'function';
}

function isPair(value: unknown): value is Pair {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
}

/** A plain object of any realm, or one of a router's: without a prototype, or with an empty one of its own. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
