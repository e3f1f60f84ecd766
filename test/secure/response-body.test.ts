import { describe, expect, test, vi } from 'vitest';
import { readResponseBody } from '../../src/secure/response-body.ts';

const BOUNDS = { maxBytes: 10, timeoutMs: 60_000 };

/** A response whose body comes in these chunks, and then as the last says. */
function chunked(
  chunks: readonly unknown[],
  end: 'closes' | 'hangs' | 'fails' = 'closes',
  cancel?: () => void,
): Response {
  const left = [...chunks];
  return new Response(
    new ReadableStream({
      pull(controller): Promise<void> | void {
        if (left.length > 0) return controller.enqueue(left.shift());
        if (end === 'hangs') return new Promise(() => undefined);
        if (end === 'fails') throw new Error('broken');
        controller.close();
      },
      ...(cancel === undefined ? {} : { cancel }),
    }, { highWaterMark: 0 }),
    { status: 201, statusText: 'Made', headers: [['set-cookie', 'a=1'], ['set-cookie', 'b=2'], ['x-a', 'b']] },
  );
}

const bytes = (length: number, from = 0): Uint8Array => Uint8Array.from({ length }, (_, index) => from + index);

describe('readResponseBody()', () => {
  test('reads a body of several chunks, empty ones among them, and makes the response again', async () => {
    const given = chunked([bytes(4), bytes(0), bytes(9, 1).subarray(3)]);
    const { response, body } = await readResponseBody(given, BOUNDS);
    expect(body).toEqual(bytes(10));
    expect([response.status, response.statusText]).toEqual([201, 'Made']);
    expect([...response.headers]).toEqual([...given.headers]);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes(10));
  });

  test('passes a response without a body through, and tells an empty body from none', async () => {
    const none = new Response(null, { status: 204 });
    expect(await readResponseBody(none, BOUNDS)).toEqual({ response: none, body: null });
    expect((await readResponseBody(new Response(''), BOUNDS)).body).toEqual(new Uint8Array(0));
  });

  test('reads no further than it must, and passes all of a longer body on', async () => {
    let pulls = 0;
    const source = new ReadableStream({
      pull(controller): void {
        if (++pulls > 100) return controller.close();
        controller.enqueue(bytes(4, pulls));
      },
    }, { highWaterMark: 0 });
    const { response, body } = await readResponseBody(new Response(source), BOUNDS);
    expect([body, pulls]).toEqual([undefined, 3]);
    const all = new Uint8Array(await response.arrayBuffer());
    expect([all.length, all[4], all[396]]).toEqual([400, 2, 100]);
  });

  test('passes a body that does not come in time on, chunk for chunk', async () => {
    let go = (): void => undefined;
    const source = new ReadableStream({
      async pull(controller): Promise<void> {
        await new Promise<void>((resolve) => void (go = resolve));
        controller.enqueue(bytes(1));
        controller.close();
      },
    });
    const { response, body } = await readResponseBody(new Response(source), { ...BOUNDS, timeoutMs: 1 });
    expect(body).toBeUndefined();
    go();
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes(1));
  });

  // Read ahead for nobody: without anyone who waits, it would end the process.
  test("does not let a failure that comes late be nobody's", async () => {
    let fail = (_error: Error): void => undefined;
    const source = new ReadableStream({ start: (controller) => void (fail = (error) => controller.error(error)) });
    const { response } = await readResponseBody(new Response(source), { ...BOUNDS, timeoutMs: 1 });
    fail(new Error('broken'));
    await new Promise((resolve) => setTimeout(resolve, 1));
    await expect(response.arrayBuffer()).rejects.toThrow();
  });

  test('reads ten thousand chunks of a byte', async () => {
    const given = chunked(Array.from({ length: 10_000 }, (_, index) => bytes(1, index)));
    const { response, body } = await readResponseBody(given, { ...BOUNDS, maxBytes: 10_000 });
    expect(body).toEqual(bytes(10_000));
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes(10_000));
  });

  // A row of empty chunks that are ready at once never lets the timer run.
  test('does not wait for the end of endless empty chunks', async () => {
    const source = new ReadableStream({ pull: (controller) => controller.enqueue(bytes(0)) }, { highWaterMark: 0 });
    const { response, body } = await readResponseBody(new Response(source), BOUNDS);
    expect(body).toBeUndefined();
    await response.body?.cancel();
  });

  test('tells the source when nobody wants the rest', async () => {
    const cancel = vi.fn();
    const { response } = await readResponseBody(chunked([bytes(11)], 'hangs', cancel), BOUNDS);
    await response.body?.cancel();
    expect(cancel).toHaveBeenCalledOnce();
  });

  test('passes a failure behind what was read on to whoever reads, and to nobody else', async () => {
    const { response } = await readResponseBody(chunked([bytes(11)], 'fails'), BOUNDS);
    await expect(response.arrayBuffer()).rejects.toThrow();
  });

  test.each([['text'], [1], [null]])('rejects a body made of %j, and tells the source', async (chunk) => {
    const cancel = vi.fn();
    await expect(readResponseBody(chunked([chunk], 'hangs', cancel), BOUNDS)).rejects.toThrow(TypeError);
    expect(cancel).toHaveBeenCalledOnce();
  });

  test('rejects a body that fails, is being read or was read', async () => {
    await expect(readResponseBody(chunked([bytes(1)], 'fails'), BOUNDS)).rejects.toThrow('broken');
    const locked = new Response('a');
    locked.body?.getReader();
    await expect(readResponseBody(locked, BOUNDS)).rejects.toThrow(TypeError);
    const used = new Response('a');
    await used.text();
    await expect(readResponseBody(used, BOUNDS)).rejects.toThrow(TypeError);
    // Read by hand to its end, and let go: it looks like an empty one.
    const left = new Response('a');
    const reader = left.body?.getReader();
    while ((await reader?.read())?.done === false);
    reader?.releaseLock();
    await expect(readResponseBody(left, BOUNDS)).rejects.toThrow('already read');
  });
});
