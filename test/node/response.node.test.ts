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

  // RFC 6265 section 3: a comma is part of a cookie's date, so that joined they are one that is none.
  test('sends each cookie on a line of its own', async () => {
    const raw = await sendRaw(
      await serve(() => new Response('x', { headers: [['set-cookie', 'a=1'], ['x-a', 'b'], ['set-cookie', 'b=2']] })),
      GET,
    );
    expect(raw.toLowerCase().match(/set-cookie: [^\r]*|x-a: b/g)?.sort()).toEqual([
      'set-cookie: a=1',
      'set-cookie: b=2',
      'x-a: b',
    ]);
  });

  test('says the reason of its own status, also where the first response could not be sent', async () => {
    const headers = { 'x-note': 'caf\u00e9' };
    const raw = await sendRaw(await serve(() => new Response('x', { status: 201, headers })), GET);
    expect(raw).toMatch(/^HTTP\/1\.1 201 Created\r\n/);
    let made = 0;
    const bad = new Response('x', { status: 201 });
    Object.defineProperty(bad, 'headers', { value: new Map([['x-note', 'a\nb']]) });
    const origin = await serve(() => (made++, bad), { onError: () => undefined });
    expect(await sendRaw(origin, GET)).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n/);
    expect(made).toBe(1);
  });
});
