import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toNodeHandler } from '../../src/node/handler.ts';
import { areInstalled } from './install.ts';

const IN_CI = process.env['CI'] !== undefined && process.env['CI'] !== '';

/** Each starts what `examples/frameworks` has for it, on a free port. */
const FRAMEWORKS: readonly (readonly [name: string, start: () => Promise<Server>])[] = [
  ['express', async () => createServer((await import('../../examples/frameworks/express.ts')).createApp())],
  ['fastify', async () => {
    const app = (await import('../../examples/frameworks/fastify.ts')).createApp();
    await app.ready();
    return app.server;
  }],
  // It listens by itself.
  ['hono', async () => (await import('../../examples/frameworks/hono.ts')).start(0) as Server],
  [
    'itty-router',
    async () => createServer(toNodeHandler((await import('../../examples/frameworks/itty.ts')).createApp())),
  ],
];

if (!areInstalled() && !IN_CI) {
  console.warn('SKIPPED: test/frameworks needs the frameworks: npx tsx test/frameworks/install.ts');
}

// In CI what is not installed is a failure, and not a reason to skip.
describe.skipIf(!areInstalled() && !IN_CI).each(FRAMEWORKS)('%s', (_name, start) => {
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    server = await start();
    if (!server.listening) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    // A server that listens on TCP has an address with a port.
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${origin}/notes`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

  test('hands the body, the whole path and the peer to the handler', async () => {
    const response = await post('{"text":"milk"}');
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ id: 1, path: '/notes', client: '127.0.0.1' });
  });

  test('finds a parameter of the path', async () => {
    await post('{"text":"bread"}');
    expect(await (await fetch(`${origin}/notes/1`)).json()).toEqual({ text: 'milk' });
    expect((await fetch(`${origin}/notes/99`)).status).toBe(404);
  });

  test.each([['abc', 400], ['0', 400], ['1e0', 400], ['1%00', 400], ['1', 200]])(
    'judges the parameter %s by the policy',
    async (id, status) => {
      expect((await fetch(`${origin}/notes/${id}`)).status).toBe(status);
    },
  );

  // A digit that needed no escape: a router that compares what is written has guarded another path.
  test('is not confused by an escape that says nothing', async () => {
    expect((await fetch(`${origin}/notes/%31`)).status).toBe(400);
  });

  test.each([
    ['an unknown key', '{"text":"x","admin":true}', {}, 400],
    ['another media type', '{"text":"x"}', { 'content-type': 'text/plain' }, 415],
    ['a prototype', '{"text":"x","__proto__":{}}', {}, 400],
    ['too much', JSON.stringify({ text: 'x'.repeat(100_000) }), {}, 413],
  ])('refuses %s, with a problem and every header', async (_what, body, headers, status) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('ratelimit')).toContain('"client"');
    expect(response.headers.get('x-powered-by')).toBeNull();
  });

  test('refuses a path and a method that nothing serves', async () => {
    const missing = await fetch(`${origin}/nothing`);
    expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    const put = await fetch(`${origin}/nothing`, { method: 'OPTIONS' });
    expect([404, 405]).toContain(put.status);
  });

  test('counts one client as one, whatever it says of itself', async () => {
    const left = async (headers: Record<string, string>): Promise<string> => {
      const response = await fetch(`${origin}/notes`, { headers });
      return /r=([0-9]+)/.exec(response.headers.get('ratelimit') ?? '')?.[1] ?? 'none';
    };
    const first = Number(await left({ 'x-forwarded-for': '1.1.1.1' }));
    expect(Number(await left({ 'x-forwarded-for': '2.2.2.2', forwarded: 'for=3.3.3.3' }))).toBe(first - 1);
  });
});
