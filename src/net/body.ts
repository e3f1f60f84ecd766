import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { parseMediaType } from './media-type.ts';

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
const MAX_EMPTY_CHUNKS = 1024;

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
  const header = request.headers.get('content-type') ?? '';
  // Two lines reach us joined by a comma, which a lax parser swallows into the first one's last parameter.
  if (header.includes(',')) return new Refusal('media_type_unsupported');
  const type = parseMediaType(header);
  if (type?.essence !== 'application/json') return new Refusal('media_type_unsupported');
  const charset = type.parameters.get('charset');
  return charset === undefined || charset.toLowerCase() === 'utf-8' ? undefined : new Refusal('media_type_unsupported');
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
  if (request.bodyUsed || request.body?.locked) throw new TypeError('Cannot read body: it was already read.');
  const refusal = checkContentLength(request, maxBytes);
  if (refusal !== undefined) throw refusal;
  if (request.body === null) return new Uint8Array(0);
  const deadline = startDeadline(timeoutMs, signal);
  const reader = request.body.getReader();
  try {
    return await readAll(reader, maxBytes, deadline);
  } catch (error) {
    // Nobody waits for the cancellation: the refusal must not hang on a source that does.
    reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    deadline.clear();
  }
}

interface Deadline {
  /** Settles as the promise does, or rejects when time is up, whichever is first. */
  readonly limit: <T>(pending: Promise<T>) => Promise<T>;
  readonly clear: () => void;
}

/**
 * One deadline for the whole body: a deadline per chunk would let a byte a second go on for ever.
 *
 * It is tempting to race every chunk against one promise. However, that promise would hold on to every race until it settles.
 */
function startDeadline(timeoutMs: number, signal: AbortSignal): Deadline {
  let reason: Refusal | undefined;
  let interrupt = (_reason: Refusal): void => undefined;
  const stop = (refusal: Refusal): void => {
    reason ??= refusal;
    interrupt(reason);
  };
  const onAbort = (): void => stop(new Refusal('body_unreadable', { cause: signal.reason }));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => stop(new Refusal('body_timeout')), timeoutMs);
  return {
    limit<T>(pending: Promise<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        interrupt = reject;
        if (reason !== undefined) reject(reason);
        pending.then(resolve, reject);
      });
    },
    clear(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

async function readAll(
  reader: ReadableStreamDefaultReader<unknown>,
  maxBytes: number,
  deadline: Deadline,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(0);
  let size = 0;
  let empty = 0;
  for (;;) {
    const { done, value } = await deadline.limit(read(reader));
    if (done) return size === bytes.length ? bytes : bytes.slice(0, size);
    const chunk = toBytes(value);
    // An endless row of empty chunks never meets maxBytes, and one that is ready at once never lets the timer run.
    if (chunk.length === 0 && ++empty > MAX_EMPTY_CHUNKS) throw new Refusal('body_unreadable');
    if (size + chunk.length > maxBytes) throw new Refusal('body_too_large');
    // Copied at once: a list of one-byte chunks is a hundred times the size of what they carry.
    bytes = withRoom(bytes, size + chunk.length, maxBytes);
    bytes.set(chunk, size);
    size += chunk.length;
  }
}

async function read(reader: ReadableStreamDefaultReader<unknown>): Promise<ReadableStreamReadResult<unknown>> {
  try {
    return await reader.read();
  } catch (cause) {
    throw new Refusal('body_unreadable', { cause });
  }
}

/** A stream made by other middleware can carry text or anything else, whose length counts no bytes. */
function toBytes(chunk: unknown): Uint8Array {
  if (!ArrayBuffer.isView(chunk)) throw new Refusal('body_unreadable');
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** Doubles, so that many small chunks are copied a constant number of times; the first allocation is exact. */
function withRoom(bytes: Uint8Array<ArrayBuffer>, size: number, maxBytes: number): Uint8Array<ArrayBuffer> {
  if (size <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.max(size, Math.min(maxBytes, bytes.length * 2)));
  larger.set(bytes);
  return larger;
}

function isDigits(text: string): boolean {
  if (text.length === 0) return false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
