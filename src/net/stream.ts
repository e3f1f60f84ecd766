import { Refusal } from '../core/refusal.ts';

const MAX_EMPTY_CHUNKS = 1024;

/** Bounds of {@linkcode readStream}. */
export interface StreamBounds {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Reads a stream to its end, whoever made it and whatever it holds, within bounds of bytes and time.
 *
 * @throws {Refusal} body_too_large, body_timeout, body_unreadable
 */
export async function readStream(stream: ReadableStream, bounds: StreamBounds): Promise<Uint8Array<ArrayBuffer>> {
  const deadline = startDeadline(bounds.timeoutMs, bounds.signal);
  const reader = stream.getReader();
  try {
    return await readAll(reader, bounds.maxBytes, deadline);
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
