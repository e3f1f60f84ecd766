import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { isStandardSchema, type StandardSchema } from '../core/standard-schema.ts';
import { decodeUtf8 } from '../encoding/utf8.ts';
import { type BodyOptions, readBody, readContentType } from '../net/body.ts';
import { type FormCounts, isBoundary, parseMultipart } from './multipart.ts';
import { malformedForm } from './part-head.ts';
import { hasRepeated } from './repeated-parameter.ts';
import { parseText } from './text.ts';
import type { TextItem } from './text-value.ts';

/** Bounds of {@linkcode readForm}. */
export interface FormLimits extends BodyOptions {
  /** The most fields that are no files. Default: 100. */
  readonly maxFields?: number;
  /** The most files. Default: 10. */
  readonly maxFiles?: number;
}

const KNOWN = ['maxBytes', 'timeoutMs', 'signal', 'maxFields', 'maxFiles'];

type Pairs = Iterable<readonly [string, TextItem]>;

/**
 * Reads a request's body once as a form, `application/x-www-form-urlencoded` or `multipart/form-data`, and its fields as `parseText` does, files by `file()`.
 *
 * Bytes are counted as they come, fields and files before any is made, all in memory: it is no streaming upload. Bad UTF-8, bad percent-escapes, an empty body
 * and a multipart that two parsers could read in two ways are refused. Forms cross origins without a preflight: guard them against CSRF
 * (`sallyport/cross-origin`). A file field in which nobody chose a file is a missing one.
 *
 * @param request a request whose body nobody has read
 * @param schema an object's schema of this package; or a foreign Standard Schema, which gets strings and files, a list where a name came repeatedly
 * @param limits bounds
 * @returns the schema's output
 * @throws {Refusal} media_type_unsupported, content_encoding_unsupported, content_length_invalid, body_too_large, body_timeout, body_unreadable,
 * utf8_malformed, body_invalid (with issues)
 * @throws {TypeError} for what is no schema, an unknown limit, a body that was read before, or a schema that breaks its contract
 * @throws {RangeError} for a limit out of its bounds
 * @see RFC 7578, WHATWG URL section 5
 *
 * @example
 * ```ts
 * import { int, object, readForm, string } from 'sallyport/schema';
 *
 * const request = new Request('https://api.test', { method: 'POST', body: new URLSearchParams({ sku: 'pen', quantity: '2' }) });
 * console.log(await readForm(request, object({ sku: string(), quantity: int() }))); // { sku: 'pen', quantity: 2 }
 * ```
 */
export async function readForm<Output>(
  request: Request,
  schema: StandardSchema<unknown, Output>,
  limits: FormLimits = {},
): Promise<Output> {
  if (!isStandardSchema(schema)) throw new TypeError('Cannot read form: the schema must be a Standard Schema.');
  refuseUnknownOptions('read form', limits, KNOWN);
  const { maxFields = 100, maxFiles = 10, ...body } = limits;
  numberOption('read form', 'maxFields', maxFields, { min: 0, integer: true });
  numberOption('read form', 'maxFiles', maxFiles, { min: 0, integer: true });
  const read = chooseReader(request);
  const bytes = await readBody(request, body);
  if (bytes.length === 0) throw malformedForm();
  const pairs = read(bytes, { maxFields, maxFiles });
  const result = await parseText(schema, pairs, { maxParameters: maxFields + maxFiles });
  if (!result.ok) throw new Refusal('body_invalid', { issues: result.issues });
  return result.value;
}

function chooseReader(request: Request): (bytes: Uint8Array<ArrayBuffer>, counts: FormCounts) => Pairs {
  const header = request.headers.get('content-type') ?? '';
  const type = ['boundary', 'charset'].some((name) => hasRepeated(header, name)) ? undefined : readContentType(request);
  if (type?.essence === 'application/x-www-form-urlencoded') return parseUrlEncoded;
  const boundary = type?.parameters.get('boundary');
  if (type?.essence !== 'multipart/form-data' || !isBoundary(boundary)) throw new Refusal('media_type_unsupported');
  return (bytes, counts) => parseMultipart(bytes, boundary, counts);
}

function parseUrlEncoded(bytes: Uint8Array, { maxFields }: FormCounts): Pairs {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new Refusal('utf8_malformed');
  let fields = 1;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) fields++;
  if (fields > maxFields) throw new Refusal('body_too_large');
  // URLSearchParams lets "%", "%zz" and "%ff" pass, as they are or as U+FFFD.
  if (!isPercentEncoded(text)) throw malformedForm();
  // It also takes a "?" at the start for the one of a URL; an empty field before it is none.
  return new URLSearchParams(`&${text}`);
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
