import { refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import type { StandardSchema } from '../core/standard-schema.ts';
import { checkContentLength } from '../net/body.ts';
import { chooseParser, FORM_BOUNDS, formBounds, type FormLimits, readFormBody } from './form.ts';

/** Reads forms of one kind. */
export interface FormReader<out Output = unknown> {
  /** Refuses by the headers alone, before a byte is read: what `read` would refuse by them as well. */
  readonly check: (request: Request) => Refusal | undefined;
  /** Reads the body once, as `readForm` does. */
  readonly read: (request: Request) => Promise<Output>;
}

/**
 * Makes a reader of forms for `secure()`, or for a pipeline of your own that refuses by the headers before it knows who sends. It reads as `readForm` does,
 * and every option is checked now.
 *
 * `check` believes no header: the bytes that come are counted by `read`, which gives up when the request's own signal aborts. Forms cross origins without a
 * preflight: guard them against CSRF (`sallyport/cross-origin`).
 *
 * @param schema an object's schema of this package, a lazy one of which is made at once; or a foreign Standard Schema
 * @param limits bounds, without a signal: that of one request would end all
 * @returns the reader, frozen; `check` answers media_type_unsupported, content_length_invalid, body_too_large, content_encoding_unsupported; `read` throws as
 * `readForm`
 * @throws {TypeError} for a schema that is none, or of ours not one of objects, or an unknown limit
 * @throws {RangeError} for a limit out of its bounds
 * @see RFC 7578, WHATWG URL section 5
 *
 * @example
 * ```ts
 * import { createFormReader, int, object, string } from 'sallyport/schema';
 *
 * const form = createFormReader(object({ sku: string(), quantity: int() }), { maxBytes: 1024 });
 * const request = new Request('https://api.test', { method: 'POST', body: new URLSearchParams({ sku: 'pen', quantity: '2' }) });
 * console.log(form.check(request) ?? await form.read(request)); // { sku: 'pen', quantity: 2 }
 * ```
 */
export function createFormReader<Output>(
  schema: StandardSchema<unknown, Output>,
  limits: Omit<FormLimits, 'signal'> = {},
): FormReader<Output> {
  refuseUnknownOptions('create form reader', limits, FORM_BOUNDS);
  const bounds = formBounds('create form reader', schema, limits);
  return Object.freeze({
    check: (request: Request) =>
      chooseParser(request) === undefined
        ? new Refusal('media_type_unsupported')
        : checkContentLength(request, bounds.maxBytes),
    read: (request: Request) => readFormBody(request, schema, bounds),
  });
}
