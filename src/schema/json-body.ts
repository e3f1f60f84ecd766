import { booleanOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { isStandardSchema, type StandardSchema, validateStandard } from '../core/standard-schema.ts';
import { type JsonValue, parseJson } from '../encoding/json.ts';
import { decodeUtf8 } from '../encoding/utf8.ts';
import { type BodyOptions, DEFAULT_MAX_BODY_BYTES, readBody, readContentType } from '../net/body.ts';

/** Bounds of {@linkcode readJson}. */
export interface JsonBodyLimits extends BodyOptions {
  /** The deepest nesting of objects and arrays. Default: 32. */
  readonly maxDepth?: number;
  /** The most members of all objects together. Default: 20,000, which no body of the default size holds. */
  readonly maxKeys?: number;
  /** Whether `application/anything+json` is taken as well. Default: false. */
  readonly allowSuffix?: boolean;
}

const KNOWN = ['maxBytes', 'timeoutMs', 'signal', 'maxDepth', 'maxKeys', 'allowSuffix'];
/** Of `"a":0,`: no text of fewer bytes holds a member. */
const LEAST_MEMBER_BYTES = 6;

/**
 * Reads a request's body once as JSON and validates it: media type, then bytes as they come, UTF-8, depth and keys, and the schema last.
 *
 * An empty body is no JSON, and refused. It does not look at the method, nor at who sends: that is `secure()`. What a foreign schema throws, or an answer of
 * it that is neither a value nor issues, is passed on: nothing but its `value` alone is ever taken for valid.
 *
 * @param request a request whose body nobody has read
 * @param schema ours, or any Standard Schema
 * @param limits bounds
 * @returns the schema's output
 * @throws {Refusal} media_type_unsupported, content_encoding_unsupported, content_length_invalid, body_too_large, body_timeout, body_unreadable,
 * utf8_malformed, json_malformed, json_too_large, json_too_deep, json_duplicate_key, json_forbidden_key, body_invalid (with issues)
 * @throws {TypeError} for what is no schema, an unknown limit, a body that was read before, or a schema that breaks its contract
 * @throws {RangeError} for a limit out of its bounds
 * @see RFC 8259, RFC 9110 section 8.3
 *
 * @example
 * ```ts
 * import { int, object, readJson } from 'sallyport/schema';
 *
 * const headers = { 'content-type': 'application/json' };
 * const request = new Request('https://api.test', { method: 'POST', body: '{"quantity":2}', headers });
 * console.log(await readJson(request, object({ quantity: int() }), { maxBytes: 1024 })); // { quantity: 2 }
 * ```
 */
export async function readJson<Output>(
  request: Request,
  schema: StandardSchema<unknown, Output>,
  limits: JsonBodyLimits = {},
): Promise<Output> {
  if (!isStandardSchema(schema)) throw new TypeError('Cannot read JSON: the schema must be a Standard Schema.');
  refuseUnknownOptions('read JSON', limits, KNOWN);
  const { maxDepth = 32, maxKeys = 20_000, allowSuffix = false, ...body } = limits;
  const { maxBytes = DEFAULT_MAX_BODY_BYTES } = body;
  numberOption('read JSON', 'maxKeys', maxKeys, { min: 0, integer: true });
  requireJsonType(request, booleanOption('read JSON', 'allowSuffix', allowSuffix));
  const text = decodeUtf8(await readBody(request, body));
  if (text === undefined) throw new Refusal('utf8_malformed');
  const value = parseJson(text, { maxDepth, maxLength: maxBytes });
  if (text.length > maxKeys * LEAST_MEMBER_BYTES && hasMoreKeys(value, maxKeys)) throw new Refusal('json_too_large');
  return await validateStandard(schema, value, 'body_invalid');
}

function requireJsonType(request: Request, allowSuffix: boolean): void {
  const essence = readContentType(request)?.essence ?? '';
  if (essence === 'application/json') return;
  if (allowSuffix && essence.startsWith('application/') && /[^/]\+json$/.test(essence)) return;
  throw new Refusal('media_type_unsupported');
}

/** Iterative, since it comes before every schema's own bound of depth. */
function hasMoreKeys(root: JsonValue, max: number): boolean {
  let count = 0;
  const pending: unknown[] = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const items: readonly unknown[] = Object.values(value);
    if (!Array.isArray(value)) count += items.length;
    if (count > max) return true;
    for (const item of items) if (typeof item === 'object' && item !== null) pending.push(item);
  }
  return false;
}
