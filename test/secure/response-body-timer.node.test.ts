import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readResponseBody } from '../../src/secure/response-body.ts';

const BOUNDS = { maxBytes: 10, timeoutMs: 60_000 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([
  ['short', () => new Response('a')],
  ['long', () => new Response('a'.repeat(11))],
  ['failing', () => new Response(new ReadableStream({ pull: () => Promise.reject(new Error('broken')) }))],
])('readResponseBody() leaves no timer behind after a %s body', async (_what, make) => {
  await readResponseBody(make(), BOUNDS).catch(() => undefined);
  expect(vi.getTimerCount()).toBe(0);
});

// A chunk for each timer would let a byte a second go on for ever.
test('readResponseBody() waits for the whole body as long as it may take, and not for each chunk', async () => {
  const source = new ReadableStream({
    async pull(controller): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, 25_000));
      controller.enqueue(new Uint8Array(1));
    },
  }, { highWaterMark: 0 });
  const reading = readResponseBody(new Response(source), BOUNDS);
  await vi.advanceTimersByTimeAsync(60_000);
  const { response, body } = await reading;
  expect(body).toBeUndefined();
  const chunks = response.body?.getReader();
  // What came in time, and then each as it comes.
  for (const length of [2, 1, 1]) {
    const next = chunks?.read();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(await next).toEqual({ done: false, value: new Uint8Array(length) });
  }
});
