import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as sendRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { afterEach, describe, expect, test } from 'vitest';
import { secure } from '../../src/index.ts';
import { toExpress, toFastify } from '../../src/node/index.ts';
import { object, string } from '../../src/schema/index.ts';
import { areInstalled } from './install.ts';

const IN_CI = process.env['CI'] !== undefined && process.env['CI'] !== '';
const servers: Server[] = [];

const echo = secure(
  { methods: ['POST'], auth: 'public', body: object({ text: string() }), onError: () => undefined },
  (_request, { body, url }) => Response.json({ ...body, path: url.pathname, query: url.search }),
);

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(listener: (message: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  // A server that listens on TCP has an address with a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const post = (url: string): Promise<Response> =>
  fetch(url, { method: 'POST', body: '{"text":"hi"}', headers: { 'content-type': 'application/json' } });

// In CI what is not installed is a failure, and not a reason to skip.
describe.skipIf(!areInstalled() && !IN_CI)('toExpress()', () => {
  const load = async () => (await import('../../examples/frameworks/express.ts')).express;

  test('answers 500 behind a body parser, and says why', async () => {
    const express = await load();
    const reasons: string[] = [];
    const app = express();
    app.use(express.json());
    app.post('/', toExpress(echo, { onError: (error) => reasons.push(String(error)) }));
    const response = await post(await listen(app));
    expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
    expect(reasons).toEqual(['TypeError: The body was read before: put the handler in front of every body parser.']);
  });

  test('gives the handler the whole path and the query, however deep its router is mounted', async () => {
    const express = await load();
    const inner = express.Router();
    inner.post('/c', toExpress(echo));
    const app = express().use('/a', express.Router().use('/b', inner));
    const response = await post(`${await listen(app)}/a/b/c?d=1`);
    expect(await response.json()).toEqual({ text: 'hi', path: '/a/b/c', query: '?d=1' });
  });

  // Express compares the target as it is written; the platform's URL parser would make `/admin` of it behind the guard.
  test('lets nobody past what guards a path in front of it', async () => {
    const express = await load();
    const app = express();
    app.use('/admin', (_request, response) => void response.status(401).end());
    const seen: string[] = [];
    app.use(toExpress((request) => {
      seen.push(new URL(request.url).pathname);
      return new Response(null);
    }));
    const { port } = new URL(await listen(app));
    const statusOf = async (path: string): Promise<number | undefined> => {
      const [response] = await once(sendRequest({ host: '127.0.0.1', port, path }).end(), 'response');
      response.resume();
      return response.statusCode;
    };
    expect(
      await Promise.all(
        ['/admin/x', '/a/../admin/x', '/a/%2e%2e/admin/x', '/a\\..\\admin/x', '/%61dmin/x', '/a/x'].map(statusOf),
      ),
    )
      .toEqual([401, 400, 400, 400, 400, 200]);
    expect(seen).toEqual(['/a/x']);
  });

  test('passes the parameters that its router has decoded, a wildcard as a list', async () => {
    const express = await load();
    const inner = express.Router({ mergeParams: true });
    inner.get('/files/*path', toExpress((_request, { params }) => Response.json(params)));
    const app = express().use('/:org', inner);
    const origin = await listen(app);
    expect(await (await fetch(`${origin}/a%20b/files/x/y`)).json()).toEqual({ org: 'a b', path: ['x', 'y'] });
    app.use(toExpress((_request, { params }) => Response.json(params)));
    expect(await (await fetch(`${origin}/`)).json()).toEqual({});
  });

  test('lets no header of the framework beside its own', async () => {
    const express = await load();
    const app = express();
    app.use((_request, response, next) => {
      response.setHeader('x-frame-options', 'ALLOWALL');
      next();
    });
    app.post('/', toExpress(echo));
    const { headers } = await post(await listen(app));
    expect([headers.get('x-frame-options'), headers.get('x-powered-by')]).toEqual(['DENY', null]);
  });
});

describe.skipIf(!areInstalled() && !IN_CI)('toFastify()', () => {
  const load = async () => (await import('../../examples/frameworks/fastify.ts')).fastify;

  test('answers before the body is parsed, and its own handler is never reached', async () => {
    const fastify = await load();
    const app = fastify();
    const parsed: string[] = [];
    app.addContentTypeParser('application/json', (_request, _payload, done) => {
      parsed.push('parsed');
      done(null, {});
    });
    app.route({ method: 'POST', url: '/x', ...toFastify(echo) });
    await app.ready();
    servers.push(app.server);
    await app.listen({ port: 0, host: '127.0.0.1' });
    const response = await post(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/x?y=1`);
    expect(await response.json()).toEqual({ text: 'hi', path: '/x', query: '?y=1' });
    expect(parsed).toEqual([]);
    expect(() => toFastify(echo).handler()).toThrow(TypeError);
  });

  test('passes the parameters that its router has decoded', async () => {
    const fastify = await load();
    const app = fastify();
    const route = toFastify((_request, { params }) => Response.json(params));
    app.route({ method: 'GET', url: '/:org/files/*', ...route });
    await app.listen({ port: 0, host: '127.0.0.1' });
    servers.push(app.server);
    const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    expect(await (await fetch(`${origin}/a%20b/files/x/y`)).json()).toEqual({ 'org': 'a b', '*': 'x/y' });
  });

  test('answers 500 behind a hook that read the body', async () => {
    const fastify = await load();
    const reasons: string[] = [];
    const app = fastify();
    app.addHook('onRequest', async ({ raw }) => {
      for await (const _chunk of raw);
    });
    app.route({ method: 'POST', url: '/', ...toFastify(echo, { onError: (error) => reasons.push(String(error)) }) });
    await app.listen({ port: 0, host: '127.0.0.1' });
    servers.push(app.server);
    const response = await post(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/`);
    expect(response.status).toBe(500);
    expect(reasons[0]).toContain('The body was read before');
  });
});

describe('route files of Next.js and SvelteKit', () => {
  const request = (path: string, init?: RequestInit): Request => new Request(`https://notes.test${path}`, init);
  const body = { method: 'POST', body: '{"text":"tea"}', headers: { 'content-type': 'application/json' } };

  test('Next.js: the exports are route handlers, and the files share their notes', async () => {
    const { GET, POST } = await import('../../examples/frameworks/next/app/notes/route.ts');
    const { GET: read } = await import('../../examples/frameworks/next/app/notes/[id]/route.ts');
    const context = { params: Promise.resolve({ id: '1' }) };
    expect((await POST(request('/notes', body), { params: Promise.resolve({}) })).status).toBe(201);
    expect(await (await read(request('/notes/1'), context)).json()).toEqual({ text: 'tea' });
    expect(await (await GET(request('/notes'), context)).json()).toEqual([{ text: 'tea' }]);
  });

  test('SvelteKit: the endpoints pass the request, its parameters and the peer on', async () => {
    const { POST } = await import('../../examples/frameworks/sveltekit/routes/notes/+server.ts');
    const { GET: read } = await import('../../examples/frameworks/sveltekit/routes/notes/[id]/+server.ts');
    const event = { params: {}, getClientAddress: () => '192.0.2.9' };
    const response = await POST({ ...event, request: request('/notes', body) });
    expect(await response.json()).toEqual({ id: 1, path: '/notes', client: '192.0.2.9' });
    const found = await read({ ...event, request: request('/notes/1'), params: { id: '1' } });
    expect(await found.json()).toEqual({ text: 'tea' });
  });

  // Node 20 and 22 have none; the same test runs on Node 24 and 26.
  test.skipIf(!('URLPattern' in globalThis))('URLPattern: a fetch handler that routes by pattern', async () => {
    const app = (await import('../../examples/frameworks/urlpattern.ts')).createApp();
    expect((await app(request('/notes', body), { peerAddress: '192.0.2.1' })).status).toBe(201);
    expect(await (await app(request('/notes/1'))).json()).toEqual({ text: 'tea' });
    expect((await app(request('/else'))).status).toBe(404);
  });
});
