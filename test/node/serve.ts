import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { type FetchHandler, type NodeHandlerOptions, toNodeHandler } from '../../src/node/handler.ts';

const QUIET: NodeHandlerOptions = { onError: () => undefined };
const servers: (Server | Http2Server)[] = [];

/** Serves a handler; returns its origin. */
export function serve(handler: FetchHandler, options: NodeHandlerOptions = QUIET): Promise<string> {
  return listen(createServer(toNodeHandler(handler, options)));
}

/** Serves a handler over HTTP/2 without TLS; returns its origin. */
export function serveHttp2(handler: FetchHandler): Promise<string> {
  const listener = toNodeHandler(handler, QUIET);
  // The compatibility API has the shape of node:http's, though not its types.
  return listen(createHttp2Server((message, target) => listener(message as never, target as never)));
}

/** Ends every server. */
export async function closeServers(): Promise<void> {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

/** Sends raw bytes and returns everything that comes back until the server closes or falls silent. */
export async function sendRaw(origin: string, text: string, waitMs = 300): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('data', (chunk) => received += chunk.toString('latin1'));
  socket.on('error', () => undefined);
  socket.write(text);
  await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, waitMs))]);
  socket.destroy();
  return received;
}

async function listen(server: Server | Http2Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address with a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
