import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createJwtVerifier,
  createRemoteKeySet,
  exportPublicJwk,
  generateJwtKeyPair,
  type JwtKeyPair,
  type RemoteKeySetOptions,
} from '../../src/jwt/index.ts';
import { CLAIMS, expectations, forge, HEADER, NOW_SECONDS, outcome } from './forge.ts';

interface KeyServer {
  readonly url: string;
  readonly count: () => number;
  readonly answer: (next: RequestListener) => void;
  readonly closed: () => number;
}

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(first: RequestListener): Promise<KeyServer> {
  let count = 0;
  let closed = 0;
  let current = first;
  const server = createServer((request, response) => {
    count++;
    response.on('close', () => closed++);
    current(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/jwks`,
    count: () => count,
    answer: (next) => void (current = next),
    closed: () => closed,
  };
}

async function document(...pairs: readonly JwtKeyPair[]): Promise<string> {
  return JSON.stringify({ keys: await Promise.all(pairs.map((pair) => exportPublicJwk(pair.publicKey))) });
}

function send(text: string, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_request, response) => void response.writeHead(200, headers).end(text);
}

/** Answers with so many bytes of white space, as fast as they are taken; tells how many were. */
function flood(response: ServerResponse, size: number): () => number {
  let sent = 0;
  const block = Buffer.alloc(64 * 1024, ' ');
  response.writeHead(200, { 'content-type': 'application/json' });
  const pump = (): void => {
    while (sent < size && !response.destroyed) {
      sent += block.length;
      if (!response.write(block)) return void response.once('drain', pump);
    }
    response.end();
  };
  pump();
  return () => sent;
}

async function open(first: RequestListener, options: RemoteKeySetOptions = {}) {
  const server = await listen(first);
  let now = NOW_SECONDS * 1000;
  const keys = createRemoteKeySet(server.url, { dangerouslyAllowHttpLoopback: true, clock: () => now, ...options });
  const verify = createJwtVerifier({ ...expectations(), keys, clock: () => NOW_SECONDS * 1000 });
  return { ...server, keys, verify, pass: (seconds: number): void => void (now += 1000 * seconds) };
}

describe('createRemoteKeySet() over HTTP', () => {
  test('fetches once for a hundred tokens at once, and once more after a rotation', async () => {
    const one = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const two = await generateJwtKeyPair('ES256', { keyId: 'two' });
    const { verify, count, answer, pass } = await open(send(await document(one)));
    const token = await forge(one.privateKey);
    const judged = await Promise.all(Array.from({ length: 100 }, () => outcome(() => verify(token))));
    expect(new Set(judged)).toEqual(new Set(['accepted']));
    expect(count()).toBe(1);

    answer(send(await document(two)));
    pass(30);
    const rotated = await forge(two.privateKey, CLAIMS, { ...HEADER, kid: 'two' });
    expect(await outcome(() => verify(rotated))).toBe('accepted');
    expect(await outcome(() => verify(token))).toBe('jwt_key_not_found');
    expect(count()).toBe(2);
  });

  test('reads a compressed body', async () => {
    const pair = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const body = gzipSync(await document(pair));
    const { verify } = await open((_request, response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end(body)
    );
    expect(await outcome(async () => verify(await forge(pair.privateKey)))).toBe('accepted');
  });

  test('serves from old keys through an outage, asks once per cooldown, and recovers', async () => {
    const pair = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const up = send(await document(pair));
    const { verify, count, answer, pass } = await open(up, {
      freshSeconds: 60,
      maxStaleSeconds: 60,
      cooldownSeconds: 10,
    });
    const token = await forge(pair.privateKey);
    expect(await outcome(() => verify(token))).toBe('accepted');
    answer((request) => request.socket.destroy());
    pass(60);
    for (let index = 0; index < 20; index++) expect(await outcome(() => verify(token))).toBe('accepted');
    expect(count()).toBe(2);
    pass(60);
    expect(await outcome(() => verify(token))).toBe('key_set_unavailable');
    answer(up);
    pass(10);
    expect(await outcome(() => verify(token))).toBe('accepted');
    expect(count()).toBe(4);
  });

  test('refuses when nothing listens', async () => {
    const { verify } = await open(send(''));
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    const { privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    expect(await outcome(async () => verify(await forge(privateKey)))).toBe('key_set_unavailable');
  });

  // A redirect is how a key server that was taken over reaches into our network.
  test.each([301, 302, 303, 307, 308])('does not follow a %i', async (status) => {
    const pair = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const target = await listen(send(await document(pair)));
    const { verify, count } = await open((_request, response) =>
      void response.writeHead(status, { location: target.url }).end()
    );
    expect(await outcome(async () => verify(await forge(pair.privateKey)))).toBe('key_set_unavailable');
    expect([count(), target.count()]).toEqual([1, 0]);
  });

  test.each([
    ['HTML', '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' }],
    ['nothing', '', {}],
    ['half a document', '{"keys":[', {}],
  ])('refuses %s, and does not ask again at once', async (_what, body, headers) => {
    const { privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const { verify, count } = await open(send(body, headers));
    const token = await forge(privateKey);
    for (const _time of [1, 2]) expect(await outcome(() => verify(token))).toBe('key_set_unavailable');
    expect(count()).toBe(1);
  });

  // Hostile item 30: a key server that was taken over, or a proxy before it, must not cost the keys that were good until now.
  test.each<[string, RequestListener]>([
    ['a redirect', (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
    ['HTML', send('<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' })],
    ['100 MB', (_request, response) => void flood(response, 100 * 1024 * 1024)],
  ])('keeps old keys when the server answers with %s, and does not ask again at once', async (_what, listener) => {
    const pair = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const { verify, count, answer, pass } = await open(send(await document(pair)), { freshSeconds: 60 });
    const token = await forge(pair.privateKey);
    expect(await outcome(() => verify(token))).toBe('accepted');
    answer(listener);
    pass(60);
    for (const _time of [1, 2, 3]) expect(await outcome(() => verify(token))).toBe('accepted');
    while (count() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await outcome(() => verify(token))).toBe('accepted');
    expect(count()).toBe(2);
  });

  test.each([
    ['100 MB', 100 * 1024 * 1024],
    ['a body that never ends', Infinity],
  ])('hangs up on %s', async (_what, size) => {
    let sent = (): number => 0;
    const { privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const { verify, closed, count } = await open((_request, response) => void (sent = flood(response, size)));
    const token = await forge(privateKey);
    for (const _time of [1, 2]) expect(await outcome(() => verify(token))).toBe('key_set_unavailable');
    while (closed() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // What the sockets' buffers hold on the way, and not a hundredth of the body in our memory.
    expect(sent()).toBeLessThan(20 * 1024 * 1024);
    expect(count()).toBe(1);
  });

  test('refuses a small body that unpacks to a large one', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, ' '));
    const { privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const { verify } = await open((_request, response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    );
    expect(await outcome(async () => verify(await forge(privateKey)))).toBe('key_set_unavailable');
  });

  test.each<[string, RequestListener]>([
    ['never answers', (): void => undefined],
    ['answers a byte at a time', (_request, response): void => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    }],
  ])('gives up on a server that %s, and hangs up', async (_what, listener) => {
    const { privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const { verify, closed, count } = await open(listener, { timeoutMs: 100 });
    const token = await forge(privateKey);
    // That it ends at all is the test: no such answer ever does by itself.
    for (const _time of [1, 2]) expect(await outcome(() => verify(token))).toBe('key_set_unavailable');
    while (closed() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(count()).toBe(1);
  });
});
