import type { IncomingMessage, ServerResponse } from 'node:http';
import { functionOption, refuseUnknownOptions } from '../core/option.ts';
import { toProblem } from '../core/problem.ts';
import { Refusal, type RefusalCode } from '../core/refusal.ts';
import { createRequestId, REQUEST_ID_HEADER } from '../core/request-id.ts';
import { hasEscapedUnreserved } from '../core/request-target.ts';
import { toRequest } from './request.ts';
import { sendResponse } from './response.ts';

/** What `toNodeHandler` passes as the second argument: the socket's peer, in the shape of Deno's info. */
export interface NodeInfo {
  /** The other end of the socket, which no header can forge. */
  readonly remoteAddr: {
    /** Always TCP. */
    readonly transport: 'tcp';
    /** The address, or an empty text when the socket is gone. */
    readonly hostname: string;
    /** The port, or 0. */
    readonly port: number;
  };
}

/** A fetch handler. */
export type FetchHandler = (request: Request, info: NodeInfo) => Response | Promise<Response>;

/** A listener of `http.createServer`, `https.createServer` or `http2.createSecureServer`. */
export type NodeHandler = (message: IncomingMessage, target: ServerResponse) => void;

/** What `onError` is told beside the error. */
export interface NodeErrorReport {
  /** The id that the client was told, or undefined when the response had already begun. */
  readonly requestId: string | undefined;
}

/** Options of {@linkcode toNodeHandler}. */
export interface NodeHandlerOptions {
  /** Is told what a handler throws or a body stream fails with; what it throws is ignored. Default: `console.error`. */
  readonly onError?: (error: unknown, report: NodeErrorReport) => unknown;
}

// A refused upload is read on this far and this long, so that the refusal arrives; then the connection is cut.
const MAX_DISCARDED_BYTES = 1_048_576;
const MAX_DISCARD_MS = 5_000;

/** Answers a message by a function, and knows the request target where a framework has rewritten the message's own. */
export type Listener = (
  message: IncomingMessage,
  target: ServerResponse,
  handle: (request: Request) => Response | Promise<Response>,
  requestTarget?: string,
) => void;

/**
 * Makes a listener for node:http of a fetch handler: bodies stream both ways, a client that goes aborts `request.signal`, and the
 * socket's address is passed as the peer.
 *
 * It protects nothing by itself: wrap the handler with `secure()`. A message with several hosts, a malformed one or no clear path is
 * answered with 400 (`request_malformed`) before the handler sees it; one of HTTP/1.0 without a host comes as for `localhost`. A handler that
 * throws or returns what cannot be sent is answered with 500 (`internal_error`).
 *
 * @param handler a fetch handler, such as one that `secure()` made
 * @param options where errors go
 * @returns a listener
 * @throws {TypeError} for an unknown option, or a handler that is no function
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { toNodeHandler } from 'sallyport/node';
 *
 * const server = createServer(toNodeHandler(() => new Response('hello')));
 * server.listen(0, '127.0.0.1', () => server.close());
 * ```
 */
export function toNodeHandler(handler: FetchHandler, options: NodeHandlerOptions = {}): NodeHandler {
  const listen = createListener('create node handler', handler, options);
  return (message, target): void => listen(message, target, (request) => handler(request, infoOf(message)));
}

/**
 * Makes what all faces of node:http share.
 *
 * @param isRouted whether a router of another make has found the handler, and perhaps let a guard pass
 * @throws {TypeError} for an unknown option, or a handler that is no function
 */
export function createListener(
  action: string,
  handler: (...args: never[]) => unknown,
  options: NodeHandlerOptions,
  isRouted = false,
): Listener {
  functionOption(action, 'handler', handler);
  refuseUnknownOptions(action, options, ['onError']);
  const { onError = reportToConsole } = options;
  functionOption(action, 'onError', onError);

  function report(error: unknown, requestId?: string): void {
    try {
      Promise.resolve(onError(error, { requestId })).catch(() => undefined);
    } catch {
      // A reporter that fails must not take the server down.
    }
  }

  async function answer(
    message: IncomingMessage,
    handle: (request: Request) => Response | Promise<Response>,
    signal: AbortSignal,
    requestTarget?: string,
  ): Promise<Response> {
    const request = toRequest(message, signal, requestTarget);
    // Express and middleware of Fastify compare a path as it is written: for what guards `/admin` there, `/%61dmin` is none of its business.
    if (request === undefined || (isRouted && hasEscapedUnreserved(request.url))) {
      return refuse('request_malformed', createRequestId());
    }
    // Left as it is, it would never end, and what gets validated would not be what was sent.
    if (request.body !== null && message.readableDidRead) {
      throw new TypeError('The body was read before: put the handler in front of every body parser.');
    }
    return await handle(request);
  }

  /** Sends the answer; an error before its first byte is answered with 500, one after it cuts the connection. */
  async function serve(
    target: ServerResponse,
    answered: Promise<Response>,
  ): Promise<void> {
    try {
      await sendResponse(await answered, target);
    } catch (error) {
      if (target.headersSent) return report(error);
      const requestId = createRequestId();
      report(error, requestId);
      for (const name of target.getHeaderNames()) target.removeHeader(name);
      await sendResponse(refuse('internal_error', requestId), target);
    }
  }

  return (message, target, handle, requestTarget): void => {
    const aborter = new AbortController();
    target.once('close', () => {
      if (!target.writableFinished) aborter.abort(new Error('The client closed the connection.'));
    });
    serve(target, answer(message, handle, aborter.signal, requestTarget))
      .catch((error) => report(error))
      .finally(() => {
        if (!target.writableEnded) target.destroy();
        if (!message.complete && !message.destroyed) discardRest(message);
      });
  };
}

/** What no handler saw is refused as `secure()` would: the same headers, a request id. */
function refuse(code: RefusalCode, requestId: string): Response {
  const response = toProblem(new Refusal(code), { requestId });
  response.headers.set(REQUEST_ID_HEADER, requestId);
  return response;
}

function reportToConsole(error: unknown, { requestId }: NodeErrorReport): void {
  console.error(
    `sallyport: a response failed${requestId === undefined ? '' : `, 500 for request ${requestId}`}`,
    error,
  );
}

/** What is passed beside every request. */
export function infoOf({ socket }: IncomingMessage): NodeInfo {
  return { remoteAddr: { transport: 'tcp', hostname: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 } };
}

/** Left alone, node:http would read an upload that nobody wants to its very end. */
function discardRest(message: IncomingMessage): void {
  let bytes = 0;
  const timer = setTimeout(() => message.destroy(), MAX_DISCARD_MS);
  message.once('close', () => clearTimeout(timer));
  message.once('end', () => clearTimeout(timer));
  message.on('error', () => undefined);
  message.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > MAX_DISCARDED_BYTES) message.destroy();
  });
  message.resume();
}
