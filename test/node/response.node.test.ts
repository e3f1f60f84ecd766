import { afterEach, describe, expect, test } from 'vitest';
import { closeServers, sendRaw, serve } from './serve.ts';

afterEach(closeServers);

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';

describe('sendResponse()', () => {
  // A fetched Response passed on with the length of its compressed form: what is beyond it is the next response for a proxy in front.
  test.each(['5', '50'])('sends nothing under a Content-Length of %s that is not its own', async (length) => {
    const reported: unknown[] = [];
    const origin = await serve(() => new Response('hello HTTP/1.1 200 OK', { headers: { 'content-length': length } }), {
      onError: (error) => reported.push(error),
    });
    expect([await sendRaw(origin, GET), reported.length]).toEqual(['', 1]);
  });

  // RFC 9112 section 6.1: a message with both is how requests and responses are smuggled.
  test('leaves framing and connection to the server', async () => {
    const headers = { 'transfer-encoding': 'chunked', 'content-length': '5', connection: 'upgrade', upgrade: 'h2c' };
    const raw = (await sendRaw(await serve(() => new Response('hello', { headers })), GET)).toLowerCase();
    expect(raw).toContain('content-length: 5');
    expect(raw).not.toMatch(/transfer-encoding|upgrade/);
  });

  test('answers HEAD at once and cancels a body that nobody will read', async () => {
    let cancelled = false;
    const origin = await serve(() =>
      new Response(
        new ReadableStream({
          async pull(controller): Promise<void> {
            await new Promise((resolve) => setTimeout(resolve, 1));
            controller.enqueue(new Uint8Array(1024));
          },
          cancel: () => void (cancelled = true),
        }),
      )
    );
    expect(await sendRaw(origin, 'HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
    expect(cancelled).toBe(true);
  });
});
