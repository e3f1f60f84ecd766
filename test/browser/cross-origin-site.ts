import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '../../src/node/handler.ts';
import { toRequest } from '../../src/node/request.ts';

/** What of a request a browser decides about. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
}

/** One port of this machine. */
export interface Port {
  readonly port: number;
  /** What arrived there, in order; a test empties it. */
  readonly seen: Seen[];
  readonly close: () => void;
}

/** What answers on a port: a fetch handler, which for a WebSocket handshake answers 101 or a refusal. */
export type Answer = (request: Request) => Response | Promise<Response> | undefined;

const PAGE = '<!doctype html><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,">';

/** A page to run scripts in; what has to be in its head is said by the query. */
function page(url: URL): Response {
  const headers = new Headers({ 'content-type': 'text/html' });
  const policy = url.searchParams.get('referrer-policy');
  if (policy !== null) headers.set('referrer-policy', policy);
  return new Response(PAGE, { headers });
}

/**
 * Listens on a free port of this machine: `/page` is an empty page, everything else is the handler's, for which undefined is a handshake that
 * succeeds.
 */
export async function openPort(answer: Answer = () => new Response('ok')): Promise<Port> {
  const seen: Seen[] = [];
  const record = (request: Request): URL => {
    const url = new URL(request.url);
    seen.push({ method: request.method, path: url.pathname, headers: request.headers });
    return url;
  };
  const server = createServer(toNodeHandler(async (request) => {
    const url = record(request);
    return url.pathname === '/page' ? page(url) : await answer(request) ?? new Response(null, { status: 501 });
  }));
  server.on('upgrade', (message, socket) => {
    const request = toRequest(message, new AbortController().signal);
    if (request !== undefined) record(request);
    if (request === undefined || answer(request) !== undefined) {
      return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    }
    const key = `${message.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    // The browser closes it, and the end of the test does.
    socket.on('error', () => socket.destroy());
    server.once('close', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The cast: a server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return { port, seen, close: () => void server.close().closeAllConnections() };
}
