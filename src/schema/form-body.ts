import { refuseUnknownOptions } from '../core/option.ts';
import type { StandardSchema } from '../core/standard-schema.ts';
import { FORM_BOUNDS, formBounds, type FormLimits, readFormBody } from './form.ts';

/**
 * Reads a request's body once as a form, `application/x-www-form-urlencoded` or `multipart/form-data`, and its fields as `parseText` does, files by `file()`.
 *
 * Bytes are counted as they come, fields and files before any is made, all in memory: it is no streaming upload. Bad UTF-8, bad percent-escapes, an empty body
 * and a multipart that two parsers could read in two ways are refused. Forms cross origins without a preflight: guard them against CSRF
 * (`sallyport/cross-origin`). A file field in which nobody chose a file is a missing one. To refuse by the headers first, see `createFormReader`.
 *
 * @param request a request whose body nobody has read
 * @param schema an object's schema of this package; or a foreign Standard Schema, which gets strings and files, a list where a name came repeatedly
 * @param limits bounds
 * @returns the schema's output
 * @throws {Refusal} media_type_unsupported, content_encoding_unsupported, content_length_invalid, body_too_large, body_timeout, body_unreadable,
 * utf8_malformed, body_invalid (with issues), deadline_exceeded (a foreign schema that takes longer than a body may)
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
  refuseUnknownOptions('read form', limits, [...FORM_BOUNDS, 'signal']);
  return await readFormBody(request, schema, formBounds('read form', schema, limits), limits.signal);
}
