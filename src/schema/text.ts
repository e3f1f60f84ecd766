import type { MaybePromise } from '../core/clock.ts';
import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { isStandardSchema, readIssues, runStandard, type StandardSchema } from '../core/standard-schema.ts';
import type { Issue } from '../core/refusal.ts';
import { parse } from './parse.ts';
import { refuse, type Rule } from './issue.ts';
import type { ParseResult, Schema } from './schema.ts';
import { readParameters, tooMany } from './text-object.ts';
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

const DEFAULTS: Required<TextOptions> = /* @__PURE__ */ Object.freeze({ maxParameters: 100 });
const NOT_TEXT = { code: 'not_text', message: 'must be text' };

/**
 * Reads text parameters through an object's schema. Numbers are decimals (`-?(0|[1-9]\d*)(\.\d+)?` within ±(2^53-1); no fraction where the schema says int),
 * booleans `true` or `false`, literals as `String()` writes them, arrays what comes repeatedly under one name; strings stay as they are. Nothing else is coerced.
 *
 * Several values where one belongs are refused. Names are literal: `a[b]`, `a.b` and `__proto__` are no paths. Other names are refused or left out as the object
 * says; of `Headers` the declared names alone are looked at, in any case, and an array's header is split at its commas. It decodes nothing: bad percent-escapes
 * are the router's and `URLSearchParams`' to refuse. A foreign Standard Schema gets strings, a list where a name came repeatedly, and coerces by itself.
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
  const { maxParameters: max = DEFAULTS.maxParameters } = options;
  numberOption('parse text', 'maxParameters', max, { min: 0, integer: true });
  if (typeof source !== 'object' || source === null) {
    throw new TypeError('Cannot parse text: the source must be parameters, headers, a form, pairs or a plain object.');
  }
  const ours = isOurs(schema);
  if (!ours && !isStandardSchema(schema)) {
    throw new TypeError('Cannot parse text: the schema must be of this package, or a Standard Schema.');
  }
  if (ours && source instanceof Headers) return finish(schema, readParameters(schema, source, max));
  const parameters = collect(source, max);
  if (!(parameters instanceof Map)) return fail(parameters);
  return ours ? finish(schema, readParameters(schema, parameters, max)) : readForeign(schema, parameters);
}

function isOurs<Output>(schema: Schema<Output> | StandardSchema<unknown, Output>): schema is Schema<Output> {
  return typeof schema === 'object' && schema !== null && Object.hasOwn(schema, '~kind');
}

function finish<Output>(schema: Schema<Output>, read: Record<string, unknown> | readonly Issue[]): ParseResult<Output> {
  return isIssues(read) ? { ok: false, issues: read } : parse(schema, read);
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
function collect(source: TextSource, max: number): Map<string, TextItem[]> | Rule {
  const parameters = new Map<string, TextItem[]>();
  let count = 0;
  for (const [name, item] of isIterable(source) ? source : Object.entries(source)) {
    if (item === undefined) continue;
    if (++count > max) return tooMany(max);
    // A parser of queries that makes objects of brackets stands before us.
    if (typeof item !== 'string' && !(item instanceof File)) return NOT_TEXT;
    const items = parameters.get(name);
    if (items === undefined) parameters.set(name, [item]);
    else items.push(item);
  }
  for (const [name, items] of parameters) if (items.every(isNoFile)) parameters.delete(name);
  return parameters;
}

function isIterable(source: TextSource): source is Iterable<readonly [string, TextItem]> {
  return typeof Reflect.get(source, Symbol.iterator) === 'function';
}

function readForeign<Output>(
  schema: StandardSchema<unknown, Output>,
  parameters: ReadonlyMap<string, readonly TextItem[]>,
): MaybePromise<ParseResult<Output>> {
  // Without a prototype: many validators take what an object inherits for what was sent, and `__proto__` is a name like any other.
  const values: Record<string, unknown> = Object.create(null);
  for (const [name, items] of parameters) values[name] = items.length === 1 ? items[0] : [...withoutNoFiles(items)];
  const answer = runStandard(schema, values);
  const accept = (result: Awaited<typeof answer>): ParseResult<Output> =>
    result.issues === undefined
      ? { ok: true, value: result.value }
      : { ok: false, issues: readIssues(result.issues, false) };
  return answer instanceof Promise ? answer.then(accept) : accept(answer);
}
