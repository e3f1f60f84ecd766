import { describe, expect, it } from 'vitest';
import { readBody } from '../../src/net/body.ts';
import { bytes, codeOf, endless, requestWith, streamOf } from './bodies.ts';

// A body that does not end, does not come, or fails: within bounds of bytes and time the answer is a refusal, and the source is let go.
describe('readBody', () => {
  it('readBody() stops an endless body at the limit and cancels its source', async () => {
    const { stream, cancelled } = endless(() => bytes(100));
    expect(await codeOf(requestWith({}, stream), { maxBytes: 1000 })).toBe('body_too_large');
    expect(cancelled()).toBe(true);
  });

  it('readBody() gives up on a body that never comes, and cancels its source', async () => {
    let cancelled = false;
    const stream = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    expect(await codeOf(requestWith({}, stream), { timeoutMs: 20 })).toBe('body_timeout');
    expect(cancelled).toBe(true);
  });

  // One byte at a time keeps a deadline per chunk alive for ever.
  it('readBody() gives up on a body that trickles', async () => {
    const { stream, cancelled } = endless(() => bytes(1), 5);
    expect(await codeOf(requestWith({}, stream), { timeoutMs: 60 })).toBe('body_timeout');
    expect(cancelled()).toBe(true);
  });

  // Empty chunks never reach a limit of bytes; ready at once, they never let a timer run.
  it('readBody() gives up on an endless row of empty chunks', async () => {
    const { stream, cancelled } = endless(() => new Uint8Array(0));
    expect(await codeOf(requestWith({}, stream), { timeoutMs: 5000 })).toBe('body_unreadable');
    expect(cancelled()).toBe(true);
  });

  it('readBody() gives up when the signal aborts, and cancels the source', async () => {
    const { stream, cancelled } = endless(() => bytes(1), 1);
    const controller = new AbortController();
    const pending = codeOf(requestWith({}, stream), { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('gone')), 10);
    expect(await pending).toBe('body_unreadable');
    expect(cancelled()).toBe(true);
  });

  it('readBody() gives up at once when the signal has aborted before', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    expect(await codeOf(requestWith({}, streamOf(bytes(1))), { signal })).toBe('body_unreadable');
  });

  // Nobody listens to the signal before a body has taken its time.
  it.each([0, 1, 150])('readBody() gives up when the signal aborts after %d ms', async (afterMs) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('gone')), afterMs);
    let cancelled = false;
    const never = new ReadableStream({ cancel: () => void (cancelled = true) });
    const pending = codeOf(requestWith({}, never), { signal: controller.signal, timeoutMs: 1000 });
    expect(await pending).toBe('body_unreadable');
    expect(cancelled).toBe(true);
  });

  it.each([1, 50, 100, 120])(
    'readBody() gives up after %d ms, whether it listens to the signal by then or not',
    async (timeoutMs) => {
      const never = new ReadableStream({});
      expect(await codeOf(requestWith({}, never), { timeoutMs })).toBe('body_timeout');
    },
  );

  it("readBody() gives up when the request's own signal aborts", async () => {
    const controller = new AbortController();
    const request = { ...requestWith({}, endless(() => bytes(1), 1).stream), signal: controller.signal } as Request;
    const pending = codeOf(request);
    controller.abort();
    expect(await pending).toBe('body_unreadable');
  });

  it('readBody() refuses a body whose source fails, with the failure as cause', async () => {
    const failure = new Error('connection reset');
    const stream = new ReadableStream({
      pull() {
        throw failure;
      },
    });
    await expect(readBody(requestWith({}, stream))).rejects.toMatchObject({ code: 'body_unreadable', cause: failure });
  });

  it('readBody() does not wait for a source whose cancellation hangs or fails', async () => {
    for (const cancel of [() => new Promise<void>(() => undefined), () => Promise.reject(new Error('no'))]) {
      const stream = new ReadableStream({ pull: (controller) => controller.enqueue(bytes(10)), cancel });
      expect(await codeOf(requestWith({}, stream), { maxBytes: 5 })).toBe('body_too_large');
    }
  });

  it('readBody() takes its listener off the signal', async () => {
    let listening = 0;
    let listened = 0;
    const counted = {
      aborted: false,
      addEventListener: (): number => (listened++, listening++),
      removeEventListener: (): number => listening--,
    } as unknown as AbortSignal;
    await readBody(requestWith({}, streamOf(bytes(1))), { signal: counted });
    await codeOf(requestWith({}, streamOf(bytes(2))), { signal: counted, maxBytes: 1 });
    expect(listening).toBe(0);
    // A slow one: by then somebody has listened.
    await codeOf(requestWith({}, new ReadableStream({})), { signal: counted, timeoutMs: 150 });
    expect([listening, listened]).toEqual([0, 1]);
  });
});
