import { Refusal } from '../core/refusal.ts';

const MAX_EMPTY_CHUNKS = 1024;
// Most bodies are there by then, and a listener takes a quarter of the time of reading one.
const LISTEN_AFTER_MS = 100;

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
export function readStream(stream: ReadableStream, bounds: StreamBounds): Promise<Uint8Array<ArrayBuffer>> {
  // One promise for the whole body: racing every chunk against one would hold on to every race, or cost a promise each.
  return new Promise((resolve, reject) => {
    const reader: ReadableStreamDefaultReader<unknown> = stream.getReader();
    const giveUp = (reason: unknown): void => {
      clear();
      reject(reason);
      // Nobody waits for the cancellation: the refusal must not hang on a source that does. And it comes a turn later: what undici has begun to make of a
      // FormData it enqueues even so, and into a stream that is cancelled by then that is an unhandled rejection (Node 24 and 26).
      setTimeout(() => void reader.cancel().catch(() => undefined));
    };
    const clear = startDeadline(bounds, giveUp);
    readAll(reader, bounds).then((bytes) => {
      clear();
      resolve(bytes);
    }, giveUp);
  });
}

/**
 * One deadline for the whole body: a deadline per chunk would let a byte a second go on for ever.
 *
 * @returns what takes it away, as often as it is called
 */
function startDeadline({ timeoutMs, signal }: StreamBounds, giveUp: (reason: Refusal) => void): () => void {
  const onAbort = (): void => giveUp(unreadable(signal.reason));
  const onLate = (): void => giveUp(new Refusal('body_timeout'));
  const isShort = timeoutMs <= LISTEN_AFTER_MS;
  let isListening = false;
  let timer = setTimeout(isShort ? onLate : listen, isShort ? timeoutMs : LISTEN_AFTER_MS);

  function listen(): void {
    if (signal.aborted) return onAbort();
    isListening = true;
    signal.addEventListener('abort', onAbort, { once: true });
    timer = setTimeout(onLate, timeoutMs - LISTEN_AFTER_MS);
  }

  return (): void => {
    clearTimeout(timer);
    if (!isListening) return;
    isListening = false;
    signal.removeEventListener('abort', onAbort);
  };
}

async function readAll(
  reader: ReadableStreamDefaultReader<unknown>,
  { maxBytes, signal }: StreamBounds,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(0);
  let size = 0;
  let empty = 0;
  for (;;) {
    if (signal.aborted) throw unreadable(signal.reason);
    let result: ReadableStreamReadResult<unknown>;
    try {
      result = await reader.read();
    } catch (cause) {
      throw unreadable(cause);
    }
    if (result.done) return size === bytes.length ? bytes : bytes.slice(0, size);
    const chunk = toBytes(result.value);
    // An endless row of empty chunks never meets maxBytes, and one that is ready at once never lets the timer run.
    if (chunk.length === 0 && ++empty > MAX_EMPTY_CHUNKS) throw new Refusal('body_unreadable');
    if (size + chunk.length > maxBytes) throw new Refusal('body_too_large');
    // Copied at once: a list of one-byte chunks is a hundred times the size of what they carry.
    bytes = withRoom(bytes, size + chunk.length, maxBytes);
    bytes.set(chunk, size);
    size += chunk.length;
  }
}

function unreadable(cause: unknown): Refusal {
  return new Refusal('body_unreadable', { cause });
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
