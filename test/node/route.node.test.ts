import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { toExpress } from '../../src/node/express.ts';
import { toFastify } from '../../src/node/fastify.ts';
import type { RouteInfo } from '../../src/node/route.ts';
import { closeServers, serve } from './serve.ts';

afterEach(closeServers);

type Route = (handler: (request: Request, info: RouteInfo) => Response, params: unknown) => (
  message: IncomingMessage,
  response: ServerResponse,
) => unknown;

/** The adapters behind routers that found what they are told to have found. */
const ADAPTERS: readonly (readonly [string, Route])[] = [
  ['toExpress()', (handler, params) => {
    const answer = toExpress(handler);
    return (message, response) => answer(Object.assign(message, { originalUrl: message.url ?? '', params }), response);
  }],
  ['toFastify()', (handler, params) => {
    const { onRequest } = toFastify(handler);
    return (raw, response) => onRequest({ raw, params }, { raw: response, hijack: () => undefined });
  }],
];

/** Serves one request; returns what the handler was passed beside it. */
async function infoFor(route: Route, params: unknown): Promise<RouteInfo> {
  const seen: RouteInfo[] = [];
  const listener = route((_request, info) => {
    seen.push(info);
    return new Response(null);
  }, params);
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address with a port.
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(response.status).toBe(200);
  server.closeAllConnections();
  server.close();
  const [info] = seen;
  if (info === undefined) throw new Error('The handler was not called.');
  return info;
}

describe.each(ADAPTERS)('%s', (_name, route) => {
  test('passes what the router found in the path, and the peer', async () => {
    const info = await infoFor(route, { id: '7', rest: ['a', 'b'] });
    expect(info.params).toEqual({ id: '7', rest: ['a', 'b'] });
    expect(Object.hasOwn(info, 'params')).toBe(true);
    expect(info.remoteAddr.hostname).toBe('127.0.0.1');
  });

  test('passes a frozen copy: who changes it changes nothing that others see', async () => {
    const params = { id: '7', rest: ['a'] };
    const info = await infoFor(route, params);
    expect([info.params, info.params['rest']].every(Object.isFrozen)).toBe(true);
    params.id = '8';
    params.rest.push('b');
    expect(info.params).toEqual({ id: '7', rest: ['a'] });
  });

  // A parameter that nobody gave must not be found on every object.
  test('passes parameters without a prototype', async () => {
    const params = JSON.parse('{"__proto__":"x","constructor":"y"}');
    const info = await infoFor(route, params);
    expect(Object.getPrototypeOf(info.params)).toBeNull();
    expect(Object.entries(info.params)).toEqual([['__proto__', 'x'], ['constructor', 'y']]);
    expect('toString' in info.params).toBe(false);
  });

  test.each([[undefined], [null], [{}], [Object.create({ id: 'inherited' })], [{ id: undefined }]])(
    'passes no parameters for %o',
    async (params) => {
      expect(Object.entries((await infoFor(route, params)).params)).toEqual([]);
    },
  );
});

describe.each(ADAPTERS)('%s in front of whose router something guards a path', (_name, route) => {
  const statusOf = async (path: string): Promise<number> => {
    const listener = route(() => new Response(null), {});
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A server that listens on TCP has an address with a port.
    const { status } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    server.closeAllConnections();
    server.close();
    return status;
  };

  // `app.use('/admin', guard)` compares what is written; a handler that decodes it would be behind a guard that was never asked.
  test.each(['/%61dmin', '/%41dmin', '/a/%62', '/a%2Db', '/a%2ejs', '/%5fx', '/%7Eada', '/%30', '/%7a', '/%5A'])(
    'refuses %s',
    async (path) => {
      expect(await statusOf(path)).toBe(400);
    },
  );

  test.each(['/a%20b', '/caf%C3%A9', '/a%2Fb', '/100%25', '/a%40b%3a', '/%5B%5d', '/%60%7B%7f', '/a?b=%61', '/%'])(
    'lets %s pass: it has no other spelling',
    async (path) => {
      expect(await statusOf(path)).toBe(200);
    },
  );
});

describe('toNodeHandler()', () => {
  test('lets /%61dmin pass: nobody has routed before', async () => {
    const origin = await serve((request) => new Response(new URL(request.url).pathname));
    expect(await (await fetch(`${origin}/%61dmin`)).text()).toBe('/%61dmin');
  });

  test('passes no parameters: nobody has routed', async () => {
    const origin = await serve((_request, info) => Response.json('params' in info));
    expect(await (await fetch(origin)).json()).toBe(false);
  });
});
