/** More empty chunks than this in a row are no body that ends. */
const MAX_EMPTY_CHUNKS = 1024;

/** A response whose body has been looked at, and can still be sent. */
export interface ReadResponse {
  /** To be sent in the place of the one that was read. */
  readonly response: Response;
  /** The whole body, null where there is none; undefined where it is too long, or was not there in time. */
  readonly body: Uint8Array<ArrayBuffer> | null | undefined;
}

/** Bounds of {@linkcode readResponseBody}. */
export interface ResponseBodyBounds {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

type Reader = ReadableStreamDefaultReader<unknown>;
type Result = ReadableStreamReadResult<unknown>;

/**
 * Reads the body of a response once, as far as it is short and there in time. A longer or slower one is passed on as a stream, with what was
 * read in front. It rejects with what the body fails with.
 */
export async function readResponseBody(response: Response, bounds: ResponseBodyBounds): Promise<ReadResponse> {
  if (response.body === null) return { response, body: null };
  // A body that was read to its end looks like an empty one.
  if (response.bodyUsed) throw new TypeError('The body of a response was already read.');
  const reader = response.body.getReader();
  const { bytes, ended, next } = await readBytes(reader, bounds);
  if (ended) return { response: new Response(bytes, response), body: bytes };
  return { response: new Response(resume(reader, bytes, next), response), body: undefined };
}

interface Reading {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether that is all. */
  readonly ended: boolean;
  /** What is behind it, and was asked for: too much, or not there yet. */
  readonly next: Promise<Result> | undefined;
}

async function readBytes(reader: Reader, { maxBytes, timeoutMs }: ResponseBodyBounds): Promise<Reading> {
  let [bytes, size, empty] = [new Uint8Array(0), 0, 0];
  let interrupt = (): void => undefined;
  // One for the whole body: one for each chunk would let a byte a second go on for ever. It finds somebody waiting: between two chunks no timer runs.
  const timer = setTimeout(() => interrupt(), timeoutMs);
  try {
    for (;;) {
      const next = reader.read();
      const result = await new Promise<Result | undefined>((resolve, reject) => {
        interrupt = () => resolve(undefined);
        next.then(resolve, reject);
      });
      if (result?.done === true) return { bytes: bytes.subarray(0, size), ended: true, next: undefined };
      const chunk = result && toBytes(result.value);
      if (chunk === undefined || size + chunk.length > maxBytes || (chunk.length === 0 && ++empty > MAX_EMPTY_CHUNKS)) {
        return { bytes: bytes.subarray(0, size), ended: false, next };
      }
      // Copied at once: a list of one-byte chunks is a hundred times the size of what they carry.
      bytes = withRoom(bytes, size + chunk.length);
      bytes.set(chunk, size);
      size += chunk.length;
    }
  } catch (error) {
    // Nobody will read on, and nobody waits for the source to hear of it.
    reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The stream as if nobody had read of it. */
function resume(reader: Reader, bytes: Uint8Array, asked: Promise<Result> | undefined): ReadableStream {
  let next = asked;
  return new ReadableStream({
    start(controller): void {
      if (bytes.length > 0) controller.enqueue(bytes);
    },
    async pull(controller): Promise<void> {
      const pending = next ?? reader.read();
      next = undefined;
      const { done, value } = await pending;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

function toBytes(chunk: unknown): Uint8Array {
  if (!ArrayBuffer.isView(chunk)) throw new TypeError('The body of a response is made of something else than bytes.');
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** Doubles, so that many small chunks are copied a constant number of times; the first allocation is exact. */
function withRoom(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  if (size <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.max(size, bytes.length * 2));
  larger.set(bytes);
  return larger;
}
