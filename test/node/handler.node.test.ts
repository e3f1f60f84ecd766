import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { toNodeHandler } from '../../src/node/handler.ts';
import { closeServers, sendRaw, serve } from './serve.ts';

afterEach(closeServers);

describe('toNodeHandler()', () => {
  test('passes method, URL, headers and body', async () => {
    const origin = await serve(async (request) =>
      Response.json([
        request.method,
        new URL(request.url).pathname,
        request.headers.get('x-test'),
        await request.text(),
      ])
    );
    const response = await fetch(`${origin}/a%20b?c`, { method: 'PUT', headers: { 'x-test': 'yes' }, body: 'hello' });
    expect(await response.json()).toEqual(['PUT', '/a%20b', 'yes', 'hello']);
  });

  test('passes the address of the socket, whatever the headers claim', async () => {
    const origin = await serve((_request, info) => Response.json(info.remoteAddr));
    const response = await fetch(origin, { headers: { 'x-forwarded-for': '6.6.6.6' } });
    expect(await response.json()).toMatchObject({ transport: 'tcp', hostname: '127.0.0.1' });
  });

  test('sends status, headers and every cookie', async () => {
    const origin = await serve(() => {
      const response = new Response(null, { status: 201, headers: { 'x-answer': '42' } });
      response.headers.append('set-cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT');
      response.headers.append('set-cookie', 'b=2');
      return response;
    });
    const response = await fetch(origin);
    expect([response.status, response.headers.get('x-answer')]).toEqual([201, '42']);
    expect(response.headers.getSetCookie()).toEqual(['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2']);
  });

  test('streams a response while it is being made', async () => {
    let release = (): void => undefined;
    const origin = await serve(() =>
      new Response(
        new ReadableStream({
          start(controller): void {
            controller.enqueue(new TextEncoder().encode('first'));
            release = () => controller.close();
          },
        }),
      )
    );
    const response = await fetch(origin);
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first');
    release();
    expect((await reader?.read())?.done).toBe(true);
  });

  test('streams a request while it is being sent', async () => {
    let arrived = (_text: string): void => undefined;
    const first = new Promise<string>((resolve) => arrived = resolve);
    const origin = await serve(async (request) => {
      const reader = request.body?.getReader();
      arrived(new TextDecoder().decode((await reader?.read())?.value));
      while (!(await reader?.read())?.done);
      return new Response('done');
    });
    const sending = httpRequest(origin, { method: 'POST' });
    sending.write('first');
    expect(await first).toBe('first');
    sending.end('last');
    const [response] = await once(sending, 'response');
    expect(response.statusCode).toBe(200);
    response.resume();
  });

  test('holds a large response back while the client does not read', async () => {
    let made = 0;
    const origin = await serve(() =>
      new Response(
        new ReadableStream({
          pull(controller): void {
            made += 65_536;
            controller.enqueue(new Uint8Array(65_536));
          },
        }),
      )
    );
    const sending = httpRequest(origin);
    sending.end();
    const [response] = await once(sending, 'response');
    response.pause();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = made;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(made).toBe(before);
    response.destroy();
  });

  test('aborts the signal and cancels the response body when the client goes', async () => {
    const seen: string[] = [];
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => finish = resolve);
    const origin = await serve((request) => {
      request.signal.addEventListener('abort', () => seen.push('abort'));
      return new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(1)),
          cancel(): void {
            seen.push('cancel');
            finish();
          },
        }),
      );
    });
    const aborter = new AbortController();
    const response = await fetch(origin, { signal: aborter.signal });
    await response.body?.getReader().read();
    aborter.abort();
    await finished;
    expect(seen.sort()).toEqual(['abort', 'cancel']);
  });

  test('fails the request body when the client goes in the middle of it', async () => {
    let outcome = (_error: unknown): void => undefined;
    const failed = new Promise<unknown>((resolve) => outcome = resolve);
    const origin = await serve(async (request) => {
      await request.text().catch(outcome);
      return new Response(null);
    });
    const sending = httpRequest(origin, { method: 'POST', headers: { 'content-length': '100' } });
    sending.on('error', () => undefined);
    sending.write('half');
    await new Promise((resolve) => setTimeout(resolve, 50));
    sending.destroy();
    expect(await failed).toBeInstanceOf(Error);
  });

  test('answers 500 without a word of the error when the handler throws, and reports it', async () => {
    const reported: unknown[] = [];
    const error = new Error('secret');
    const origin = await serve(() => {
      throw error;
    }, { onError: (caught) => reported.push(caught) });
    const response = await fetch(origin);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(reported).toEqual([error]);
  });

  // A Response that cannot be sent is a defect like a throw; a cut connection would tell the client, and the log of a proxy, nothing.
  const UNSENDABLE: readonly (readonly [string, () => Response])[] = [
    ['nothing', () => undefined as never],
    ['a network error', () => Response.error()],
    ['a control character in a header', () => new Response('x', { headers: { 'x-note': 'a\x01b' } })],
    ['a Response whose body is being read', () => {
      const response = new Response('x');
      response.body?.getReader();
      return response;
    }],
  ];
  test.each(UNSENDABLE)('answers 500 when the handler returns %s, and reports it', async (_what, handler) => {
    const reported: unknown[] = [];
    const response = await fetch(await serve(handler, { onError: (error) => reported.push(error) }));
    expect([response.status, response.headers.has('x-note'), reported.length]).toEqual([500, false, 1]);
    expect(await response.json()).toMatchObject({ code: 'internal_error' });
  });

  test('cuts the connection when a response body fails half-way: a short body must not look whole', async () => {
    const origin = await serve(() =>
      new Response(
        new ReadableStream({
          pull(controller): void {
            controller.enqueue(new TextEncoder().encode('half'));
            controller.error(new Error('broken'));
          },
        }, { highWaterMark: 0 }),
      )
    );
    const reading = (async () => await (await fetch(origin)).text())();
    await expect(reading).rejects.toThrow();
  });

  // A handler that ignores the body must neither hang nor make the server read an endless upload.
  test('answers without reading the body, and stops an upload that goes on', async () => {
    const origin = await serve(() => new Response('no', { status: 403 }));
    const sending = httpRequest(origin, { method: 'POST' });
    const closed = new Promise<void>((resolve) => sending.on('error', () => resolve()).on('close', () => resolve()));
    let sent = 0;
    const chunk = new Uint8Array(65_536);
    const push = (): void => {
      while (!sending.destroyed && sent < 1_000_000_000 && sending.write(chunk)) sent += chunk.length;
    };
    sending.on('drain', push);
    const answered = once(sending, 'response');
    push();
    const [response] = await answered;
    expect(response.statusCode).toBe(403);
    response.resume();
    await closed;
    expect(sent).toBeLessThan(50_000_000);
  });

  test('keeps a connection for the next request after a small body was ignored', async () => {
    const origin = await serve(() => new Response('no'));
    const raw = await sendRaw(
      origin,
      'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhiGET / HTTP/1.1\r\nHost: a.test\r\n\r\n',
    );
    expect(raw.split('HTTP/1.1 200').length - 1).toBe(2);
  });

  test.each([[undefined], ['text']])('throws for the handler %s', (handler) => {
    expect(() => toNodeHandler(handler as never)).toThrow(TypeError);
  });

  test('throws for an unknown option', () => {
    expect(() => toNodeHandler(() => new Response(null), { onErr: () => undefined } as never)).toThrow(TypeError);
  });
});
