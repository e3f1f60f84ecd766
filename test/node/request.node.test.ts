import { once } from 'node:events';
import { connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { closeServers, sendRaw, serve, serveHttp2 } from './serve.ts';

afterEach(closeServers);

/** Sends one HTTP/2 request; returns its status and body. */
async function sendHttp2(
  origin: string,
  headers: OutgoingHttpHeaders,
  body?: string,
): Promise<readonly [number, string]> {
  const session = connectHttp2(origin);
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [head] = await once(stream, 'response');
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  session.close();
  return [head[':status'], text];
}

describe('toRequest()', () => {
  // `message.headers` of node:http keeps the first of two Authorization headers and drops the other without a word.
  test('joins two Authorization headers, so that a check can see both', async () => {
    const origin = await serve((request) => new Response(request.headers.get('authorization')));
    const raw = await sendRaw(
      origin,
      'GET / HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\nConnection: close\r\n\r\n',
    );
    expect(raw).toContain('Bearer a, Bearer b');
  });

  test('keeps a path that begins with two slashes a path', async () => {
    const origin = await serve((request) => new Response(request.url));
    expect(await sendRaw(origin, 'GET //evil.test/x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')).toContain(
      'http://a.test//evil.test/x',
    );
  });

  test.each(['/a/...', '/.well-known/a', '/a..b/.c', '/..%2fa', '/a?b=/../c\\d'])(
    'keeps %s as it is',
    async (target) => {
      const origin = await serve((request) => new Response(request.url));
      expect(await sendRaw(origin, `GET ${target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`)).toContain(
        `http://a.test${target}`,
      );
    },
  );

  test('takes an absolute target whose authority is the Host', async () => {
    const origin = await serve((request) => new Response(request.url));
    expect(await sendRaw(origin, 'GET http://a.test/x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n'))
      .toContain('http://a.test/x');
  });

  const MALFORMED: readonly (readonly [string, string])[] = [
    // RFC 9112 section 3.2.2: a proxy would have believed the target, a server the Host.
    ['an absolute target of another host', 'GET http://evil.test/ HTTP/1.1\r\nHost: a.test'],
    ['userinfo in Host', 'GET / HTTP/1.1\r\nHost: user@a.test'],
    // Nothing but the socket tells the scheme: a policy that demands https would believe the request line.
    ['an absolute target of another scheme', 'GET https://a.test/ HTTP/1.1\r\nHost: a.test'],
    ['a path in Host', 'GET / HTTP/1.1\r\nHost: a.test/x'],
    ['a query in Host', 'GET / HTTP/1.1\r\nHost: a.test?x'],
    ['a list in Host', 'GET / HTTP/1.1\r\nHost: a.test,b.test'],
    ['an empty Host', 'GET / HTTP/1.1\r\nHost: '],
    ['a port that is no port', 'GET / HTTP/1.1\r\nHost: a.test:99999'],
    ['the asterisk form', 'OPTIONS * HTTP/1.1\r\nHost: a.test'],
    // A proxy or a framework guards `/admin` by the target as it is written; the platform's URL parser makes `/admin` of each of these.
    ['a dot segment', 'GET /x/../admin HTTP/1.1\r\nHost: a.test'],
    ['an escaped dot segment', 'GET /x/.%2E/admin HTTP/1.1\r\nHost: a.test'],
    ['a dot segment before a query', 'GET /x/..?y HTTP/1.1\r\nHost: a.test'],
    ['a segment of one dot', 'GET /./admin HTTP/1.1\r\nHost: a.test'],
    ['a dot segment in an absolute target', 'GET http://a.test/x/%2e%2e/admin HTTP/1.1\r\nHost: a.test'],
    ['a backslash, which the parser takes for a slash', 'GET /x\\..\\admin HTTP/1.1\r\nHost: a.test'],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a.test'],
  ];
  test.each(MALFORMED)('answers 400 to %s, and does not call the handler', async (_what, head) => {
    let called = false;
    const origin = await serve(() => {
      called = true;
      return new Response(null);
    });
    const raw = await sendRaw(origin, `${head}\r\nConnection: close\r\n\r\n`);
    expect(raw).toMatch(/^HTTP\/1\.1 400 /);
    // No policy is there to add them.
    for (const name of ['content-security-policy', 'x-content-type-options', 'x-frame-options', 'x-request-id']) {
      expect(raw.toLowerCase()).toContain(`\r\n${name}: `);
    }
    expect(raw).toContain('"code":"request_malformed","requestId":"');
    expect(called).toBe(false);
  });

  // Node 20 drops what follows the thousandth header without a word, a proxy's own X-Forwarded-For among it; newer ones answer 431.
  test('refuses more headers than node:http keeps, and does not call the handler', async () => {
    let called = false;
    const origin = await serve(() => {
      called = true;
      return new Response(null);
    });
    const head = `GET / HTTP/1.1\r\nHost: a.test${'\r\na:'.repeat(1500)}\r\nx-last: 1`;
    expect(await sendRaw(origin, `${head}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 4(?:00|31) /);
    expect(called).toBe(false);
  });

  test('fails a body that the client sent whole and left before it was read: nothing else would ever end it', async () => {
    let outcome = (_error: unknown): void => undefined;
    const failed = new Promise<unknown>((resolve) => outcome = resolve);
    const origin = await serve(async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await request.text().then(outcome, outcome);
      return new Response(null);
    });
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello');
    setTimeout(() => socket.destroy(), 30);
    expect(await failed).toBeInstanceOf(Error);
  });

  describe('of HTTP/2', () => {
    test('takes host and path from the pseudo-headers', async () => {
      const origin = await serveHttp2((request) => new Response(request.url));
      expect(await sendHttp2(origin, { ':path': '/a?b' })).toEqual([200, `${origin}/a?b`]);
    });

    // RFC 9113 section 8.1.1: frames tell where a body ends, and Content-Length may be left out.
    test('passes a body that no header announces', async () => {
      const origin = await serveHttp2(async (request) => new Response(await request.text()));
      expect(await sendHttp2(origin, { ':method': 'POST' }, 'hello')).toEqual([200, 'hello']);
    });

    // RFC 9113 section 8.3.1.
    test('answers 400 when :authority and Host name two hosts', async () => {
      const origin = await serveHttp2((request) => new Response(request.url));
      expect((await sendHttp2(origin, { ':authority': 'a.test', host: 'evil.test' }))[0]).toBe(400);
    });

    test('fails the body of an upload that the client takes back: half of it must not look whole', async () => {
      let outcome = (_result: unknown): void => undefined;
      const failed = new Promise<unknown>((resolve) => outcome = resolve);
      const origin = await serveHttp2(async (request) => {
        await request.text().then(outcome, outcome);
        return new Response(null);
      });
      const session = connectHttp2(origin);
      const stream = session.request({ ':method': 'POST', 'content-length': '100' }, { endStream: false });
      stream.on('error', () => undefined);
      stream.write('half');
      setTimeout(() => stream.close(8), 50);
      expect(await failed).toBeInstanceOf(Error);
      session.destroy();
    });
  });
});
