import { describe, expect, it } from 'vitest';
import { readStream } from '../../src/net/stream.ts';

function streamOf(...chunks: readonly unknown[]): ReadableStream {
  return new ReadableStream({
    start(controller): void {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

const bounds = (): { maxBytes: number; timeoutMs: number; signal: AbortSignal } => ({
  maxBytes: 4,
  timeoutMs: 1000,
  signal: new AbortController().signal,
});

// What it withstands over HTTP is in body.test.ts and, for key servers, in jwt/remote-key-set.test.ts.
describe('readStream()', () => {
  it('joins chunks up to maxBytes', async () => {
    const bytes = await readStream(
      streamOf(new Uint8Array([1, 2]), new Uint8Array(0), new Uint8Array([3, 4])),
      bounds(),
    );
    expect(bytes).toStrictEqual(new Uint8Array([1, 2, 3, 4]));
  });

  it.each([
    ['body_too_large', streamOfLater(new Uint8Array(3), new Uint8Array(2))],
    ['body_unreadable', streamOfLater('text')],
    ['body_unreadable', streamOfLater(undefined)],
  ])('refuses with %s', async (code, make) => {
    await expect(readStream(make(), bounds())).rejects.toMatchObject({ code });
  });
});

/** Made in the test itself: some platforms allow no stream before. */
function streamOfLater(...chunks: readonly unknown[]): () => ReadableStream {
  return () => streamOf(...chunks);
}
