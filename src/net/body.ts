import type { MaybePromise } from '../core/clock.ts';
import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { parseExactMediaType } from './exact-media-type.ts';
import type { MediaType } from './media-type.ts';
import { readStream, type StreamBounds } from './stream.ts';

/** Bounds of {@linkcode readBody}. */
export interface BodyOptions {
  /** The most bytes to take, after the platform has removed any transfer coding. Default: 65,536. */
  readonly maxBytes?: number;
  /** How long the whole body may take, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number;
  /** Gives up when it aborts. Default: the request's own. */
  readonly signal?: AbortSignal;
}

/** The default of `maxBytes`. */
export const DEFAULT_MAX_BODY_BYTES = 65_536;
/** The default of `timeoutMs`. */
export const DEFAULT_BODY_TIMEOUT_MS = 10_000;
const MAX_LENGTH_DIGITS = 15;

/**
 * Checks what the headers alone say about a body, before a byte of it is read.
 *
 * @param request the request
 * @param maxBytes the most bytes that would be taken
 * @returns a refusal (content_length_invalid, body_too_large, content_encoding_unsupported), or undefined
 * @throws {RangeError} when maxBytes is no whole number: NaN would let everything pass
 * @see RFC 9110 sections 8.4 and 8.6
 *
 * @example
 * ```ts
 * import { checkContentLength } from 'sallyport/net';
 *
 * const request = new Request('https://api.test', { method: 'POST', body: 'x', headers: { 'content-length': '1e9' } });
 * console.log(checkContentLength(request, 1024)?.code); // content_length_invalid
 * ```
 */
export function checkContentLength(request: Request, maxBytes: number): Refusal | undefined {
  numberOption('check content length', 'maxBytes', maxBytes, { min: 0, integer: true });
  const length = request.headers.get('content-length');
  if (length !== null) {
    // Digits alone: Number() would take "1e9", "0x10" and " 5", and NaN passes every comparison.
    if (length.length > MAX_LENGTH_DIGITS || !isDigits(length)) return new Refusal('content_length_invalid');
    if (Number(length) > maxBytes) return new Refusal('body_too_large');
  }
  // A compressed body is a small request that becomes a large one; the coding "identity" is no coding.
  const coding = request.headers.get('content-encoding');
  return coding === null || coding.toLowerCase() === 'identity'
    ? undefined
    : new Refusal('content_encoding_unsupported');
}

/**
 * Checks that the headers announce JSON in UTF-8: `application/json`, in any case, with no other charset.
 *
 * @param request the request
 * @returns a refusal (media_type_unsupported), or undefined
 * @see RFC 8259 section 8.1
 *
 * @example
 * ```ts
 * import { checkJsonType } from 'sallyport/net';
 *
 * console.log(checkJsonType(new Request('https://api.test', { method: 'POST', body: '{}' }))?.code); // media_type_unsupported
 * ```
 */
export function checkJsonType(request: Request): Refusal | undefined {
  return readContentType(request)?.essence === 'application/json' ? undefined : new Refusal('media_type_unsupported');
}

/**
 * Reads the one media type that the headers announce.
 *
 * @param request the request
 * @returns the media type; undefined where there is none, or several, or one that another parser might read otherwise (a parameter given
 * twice, a mistake that browsers overlook), or a charset that is not UTF-8
 */
export function readContentType(request: Request): MediaType | undefined {
  const type = parseExactMediaType(request.headers.get('content-type') ?? '');
  const charset = type?.parameters.get('charset');
  return charset !== undefined && charset.toLowerCase() !== 'utf-8' ? undefined : type;
}

/**
 * Reads a body once, never taking more than `maxBytes`, never longer than `timeoutMs`, whatever the headers claim.
 *
 * It decides on no type and parses nothing: see {@linkcode checkJsonType} and `parseJson`.
 *
 * @param request a request whose body nobody has read
 * @param options bounds and a signal
 * @returns the bytes; none for a request without a body
 * @throws {Refusal} body_too_large, body_timeout, body_unreadable, content_length_invalid, content_encoding_unsupported
 * @throws {TypeError} when the body was already read: a defect in the server, not in the request
 *
 * @example
 * ```ts
 * import { readBody } from 'sallyport/net';
 *
 * const request = new Request('https://api.test', { method: 'POST', body: 'hello' });
 * console.log((await readBody(request, { maxBytes: 1024 })).length); // 5
 * ```
 */
export async function readBody(request: Request, options: BodyOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  refuseUnknownOptions('read body', options, ['maxBytes', 'timeoutMs', 'signal']);
  const { maxBytes = DEFAULT_MAX_BODY_BYTES, timeoutMs = DEFAULT_BODY_TIMEOUT_MS, signal = request.signal } = options;
  numberOption('read body', 'maxBytes', maxBytes, { min: 0, integer: true });
  numberOption('read body', 'timeoutMs', timeoutMs, { above: 0, max: 2_147_483_647 });
  requireUnread(request);
  const refusal = checkContentLength(request, maxBytes);
  if (refusal !== undefined) throw refusal;
  return request.body === null ? new Uint8Array(0) : await readStream(request.body, { maxBytes, timeoutMs, signal });
}

/**
 * As {@linkcode readBody}, for who has checked the bounds, and the headers, before: that is a tenth of the work.
 *
 * @throws {Refusal} body_too_large, body_timeout, body_unreadable, through the promise
 * @throws {TypeError} when the body was already read
 */
export function readCheckedBody(request: Request, bounds: StreamBounds): MaybePromise<Uint8Array<ArrayBuffer>> {
  // First: what Node does to answer whether a body was read takes longer than the rest, and of none there is nothing to read.
  if (request.body === null) return new Uint8Array(0);
  requireUnread(request);
  return readStream(request.body, bounds);
}

function requireUnread({ body, bodyUsed }: Request): void {
  if (bodyUsed || body?.locked) throw new TypeError('Cannot read body: it was already read.');
}

function isDigits(text: string): boolean {
  if (text.length === 0) return false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
