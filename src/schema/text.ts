import type { MaybePromise } from '../core/clock.ts';
import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import type { Issue } from '../core/refusal.ts';
import { isStandardSchema, OWN_VENDOR, readIssues, runStandard, type StandardSchema } from '../core/standard-schema.ts';
import { parse } from './parse.ts';
import { refuse, type Rule } from './issue.ts';
import type { ParseResult, Schema } from './schema.ts';
import { readParameters, requireObjects, tooMany } from './text-object.ts';
import { isNoFile, type TextItem, withoutNoFiles } from './text-value.ts';

/** Where text comes from: `URLSearchParams`, `Headers`, `FormData`, pairs, or a plain object such as a router's path parameters, decoded. */
export type TextSource =
  | Iterable<readonly [name: string, value: TextItem]>
  | Readonly<Record<string, string | undefined>>;

/** Options of {@linkcode parseText}. */
export interface TextOptions {
  /** The most parameters, repeated ones counted each time: more refuse them all before any is looked at. Default: 100. */
  readonly maxParameters?: number;
}

/** The default of `maxParameters`. */
export const DEFAULT_MAX_PARAMETERS = 100;
const DEFAULTS: Required<TextOptions> = /* @__PURE__ */ Object.freeze({ maxParameters: DEFAULT_MAX_PARAMETERS });
const NOT_TEXT = { code: 'not_text', message: 'must be text' };

/** A {@linkcode TextSource}, as far as the compiler could not see what is in it. */
type Source = Iterable<readonly [name: string, value: unknown]> | Readonly<Record<string, unknown>>;

/**
 * Reads text parameters through an object's schema. Numbers are decimals (`-?(0|[1-9]\d*)(\.\d+)?` within ±(2^53-1); no fraction where the schema says int),
 * booleans `true` or `false`, literals as `String()` writes them, arrays what comes repeatedly under one name; strings stay as they are. Nothing else is coerced.
 *
 * Several values where one belongs are refused. Names are literal: `a[b]`, `a.b` and `__proto__` are no paths. Other names are refused or left out as the object
 * says; of `Headers` the declared names alone are looked at, in any case, and an array's header is split at its commas. It decodes nothing: bad percent-escapes
 * are the router's and `URLSearchParams`' to refuse. A foreign Standard Schema gets strings, a list where a name came repeatedly, and coerces by itself.
 * For whoever takes a Standard Schema and knows nothing of text, see `fromText`.
 *
 * @param schema an object's schema, also within refine, map, lazy or union; or a foreign one, which may answer a promise
 * @param source the parameters
 * @param options how many
 * @returns the value, or at most 8 issues, which never repeat input
 * @throws {TypeError} for a schema of anything but objects, a source that is none, or an unknown option
 * @throws {RangeError} when maxParameters is no whole number
 *
 * @example
 * ```ts
 * import { int, object, optional, parseText, string } from 'sallyport/schema';
 *
 * const page = object({ q: string({ max: 80 }), limit: optional(int({ min: 1, max: 100 }), 20) });
 * console.log(parseText(page, new URLSearchParams('q=pen&limit=7'))); // { ok: true, value: { q: 'pen', limit: 7 } }
 * ```
 */
export function parseText<Output>(
  schema: Schema<Output>,
  source: TextSource,
  options?: TextOptions,
): ParseResult<Output>;
/** The same for any Standard Schema, which may answer a promise. */
export function parseText<Output>(
  schema: StandardSchema<unknown, Output>,
  source: TextSource,
  options?: TextOptions,
): MaybePromise<ParseResult<Output>>;
export function parseText<Output>(
  schema: Schema<Output> | StandardSchema<unknown, Output>,
  source: TextSource,
  options: TextOptions = DEFAULTS,
): MaybePromise<ParseResult<Output>> {
  if (options !== DEFAULTS) refuseUnknownOptions('parse text', options, ['maxParameters']);
  const { maxParameters: max = DEFAULT_MAX_PARAMETERS } = options;
  numberOption('parse text', 'maxParameters', max, { min: 0, integer: true });
  if (typeof source !== 'object' || source === null) {
    throw new TypeError('Cannot parse text: the source must be parameters, headers, a form, pairs or a plain object.');
  }
  if (isOurs(schema)) return readOwn(schema, source, max);
  if (!isStandardSchema(schema)) {
    throw new TypeError('Cannot parse text: the schema must be of this package, or a Standard Schema.');
  }
  const parameters = collect(source, max);
  return parameters instanceof Map ? readForeign(schema, parameters) : fail(parameters);
}

/** {@linkcode parseText} through a schema of ours, for a caller that has checked the options, and may have met anything for text. */
export function readOwn<Output>(schema: Schema<Output>, source: Headers | Source, max: number): ParseResult<Output> {
  const parameters = source instanceof Headers ? source : collect(source, max);
  if (!(parameters instanceof Headers || parameters instanceof Map)) return fail(parameters);
  const read = readParameters(schema, parameters, max);
  return isIssues(read) ? { ok: false, issues: read } : parse(schema, read);
}

/**
 * Refuses, before any text is there, a schema that none can be read through.
 *
 * @throws {TypeError} for a schema of ours that is not one of objects, and for what is no Standard Schema
 */
export function requireTextSchema(action: string, schema: unknown): void {
  if (!isStandardSchema(schema)) throw new TypeError(`Cannot ${action}: the schema must be a Standard Schema.`);
  if (isOurs(schema)) requireObjects(action, schema);
}

function isOurs<Output>(schema: Schema<Output> | StandardSchema<unknown, Output>): schema is Schema<Output> {
  return typeof schema === 'object' && schema !== null && Object.hasOwn(schema, '~kind');
}

function isIssues(read: Record<string, unknown> | readonly Issue[]): read is readonly Issue[] {
  return Array.isArray(read);
}

function fail(rule: Rule): ParseResult<never> {
  const issues: Issue[] = [];
  refuse(issues, rule);
  return { ok: false, issues };
}

/** Every value under its name, or the rule that they break together. */
function collect(source: Source, max: number): Map<string, TextItem[]> | Rule {
  const parameters = new Map<string, TextItem[]>();
  let count = 0;
  for (const [name, item] of isIterable(source) ? source : Object.entries(source)) {
    if (item === undefined) continue;
    // A parser of queries that makes objects of brackets stands before us.
    if (typeof item !== 'string' && !(item instanceof File)) return NOT_TEXT;
    if (++count > max) return tooMany(max);
    const items = parameters.get(name);
    if (items === undefined) parameters.set(name, [item]);
    else items.push(item);
  }
  for (const [name, items] of parameters) if (items.every(isNoFile)) parameters.delete(name);
  return parameters;
}

function isIterable(source: Source): source is Iterable<readonly [string, unknown]> {
  return typeof Reflect.get(source, Symbol.iterator) === 'function';
}

function readForeign<Output>(
  schema: StandardSchema<unknown, Output>,
  parameters: ReadonlyMap<string, readonly TextItem[]>,
): MaybePromise<ParseResult<Output>> {
  // Without a prototype: many validators take what an object inherits for what was sent, and `__proto__` is a name like any other.
  const values: Record<string, unknown> = Object.create(null);
  for (const [name, items] of parameters) values[name] = items.length === 1 ? items[0] : [...withoutNoFiles(items)];
  // One that `fromText` has made says what is wrong, and never with what came.
  const ours = schema['~standard'].vendor === OWN_VENDOR;
  const answer = runStandard(schema, values);
  const accept = (result: Awaited<typeof answer>): ParseResult<Output> =>
    result.issues === undefined
      ? { ok: true, value: result.value }
      : { ok: false, issues: readIssues(result.issues, ours) };
  return answer instanceof Promise ? answer.then(accept) : accept(answer);
}
