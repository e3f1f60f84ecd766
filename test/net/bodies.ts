import { type BodyOptions, readBody } from '../../src/net/body.ts';

/** A stand-in with any headers: some platforms drop framing headers that are given to a new Request. */
export function requestWith(headers: Record<string, string>, body: ReadableStream<unknown> | null = null): Request {
  return { headers: new Headers(headers), body, bodyUsed: false, signal: new AbortController().signal } as Request;
}

export function streamOf(...chunks: readonly unknown[]): ReadableStream<unknown> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next < chunks.length) controller.enqueue(chunks[next++]);
      else controller.close();
    },
  });
}

/** A stream that never ends, and that tells whether it was cancelled. */
export function endless(
  chunk: () => unknown,
  everyMs?: number,
): { readonly stream: ReadableStream<unknown>; readonly cancelled: () => boolean } {
  let cancelled = false;
  const stream = new ReadableStream({
    async pull(controller) {
      if (everyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (!cancelled) controller.enqueue(chunk());
    },
    cancel() {
      cancelled = true;
    },
  });
  return { stream, cancelled: () => cancelled };
}

/** So many bytes, counting up. */
export function bytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).map((_, index) => index);
}

/** What reading a body comes to: the refusal's code, `accepted`, or what else was thrown. */
export async function codeOf(request: Request, options?: BodyOptions): Promise<unknown> {
  try {
    await readBody(request, options);
    return 'accepted';
  } catch (error) {
    // A source is let go one turn after the answer.
    await new Promise((resolve) => setTimeout(resolve));
    return Reflect.get(Object(error), 'code') ?? error;
  }
}
