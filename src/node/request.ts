import type { IncomingMessage } from 'node:http';
import { hasTwoPaths } from '../core/request-target.ts';

// node:http drops what comes after its 1,000th header without a word: the last one, which a proxy wrote, might be among it.
const MAX_RAW_HEADERS = 2000;

/**
 * Makes the standard Request of a node:http message.
 *
 * @param message what node:http received
 * @param signal aborts when the client is gone
 * @param target the request target, where a framework has rewritten `message.url`
 * @returns the Request, or undefined when the message has no one clear URL or a header the platform refuses
 */
export function toRequest(
  message: IncomingMessage,
  signal: AbortSignal,
  target: string = message.url ?? '',
): Request | undefined {
  try {
    const headers = readHeaders(message);
    const url = readUrl(message, headers, target);
    if (url === undefined || message.rawHeaders.length >= MAX_RAW_HEADERS) return undefined;
    const method = message.method ?? 'GET';
    if (method === 'GET' || method === 'HEAD' || !hasBody(message, headers)) {
      return new Request(url, { method, headers, signal });
    }
    // `duplex` is not yet in every platform's types, and compulsory for a stream.
    const init: RequestInit & { duplex: 'half' } = { method, headers, signal, body: toStream(message), duplex: 'half' };
    return new Request(url, init);
  } catch {
    // Forbidden methods (TRACE) and header values that fetch refuses throw TypeErrors.
    return undefined;
  }
}

/** From the raw list: `message.headers` silently keeps the first of two `Authorization` headers. */
function readHeaders(message: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    const name = message.rawHeaders[index] ?? '';
    // HTTP/2 pseudo-headers are the request line.
    if (!name.startsWith(':')) headers.append(name, message.rawHeaders[index + 1] ?? '');
  }
  return headers;
}

function readUrl(message: IncomingMessage, headers: Headers, target: string): string | undefined {
  const scheme = 'encrypted' in message.socket && message.socket.encrypted === true ? 'https' : 'http';
  const authority = message.headers[':authority'];
  const named = headers.get('host');
  // RFC 9113 section 8.3.1: HTTP/2 may send both, and they must agree.
  if (typeof authority === 'string' && named !== null && named.toLowerCase() !== authority.toLowerCase()) {
    return undefined;
  }
  const host = named ?? (typeof authority === 'string' ? authority : 'localhost');
  // Concatenated, never resolved: `new URL('//evil.test', base)` would leave the host.
  if (!isHost(host)) return undefined;
  // Express and Fastify have routed by the path as it is written: `/x/../admin` must not become `/admin` behind what guards that.
  if (hasTwoPaths(target)) return undefined;
  if (target.startsWith('/')) return `${scheme}://${host}${target}`;
  // Absolute form: its authority and Host must agree (RFC 9112 section 3.2.2), or two hops would serve two hosts. So must its scheme and
  // the socket, or a client could write itself an https.
  if (!target.startsWith('http://') && !target.startsWith('https://')) return undefined;
  const url = new URL(target);
  return url.origin === new URL(`${scheme}://${host}`).origin && url.username === '' && url.password === ''
    ? target
    : undefined;
}

/** Characters of a name, an address and a port: no userinfo, path, query or list can hide among them. */
function isHost(host: string): boolean {
  if (host.length === 0 || host.length > 255) return false;
  for (let index = 0; index < host.length; index++) {
    const code = host.charCodeAt(index);
    const alphanumeric = (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122);
    if (!alphanumeric && !'.-_:[]'.includes(host.charAt(index))) return false;
  }
  return true;
}

function hasBody(message: IncomingMessage, headers: Headers): boolean {
  if (message.httpVersionMajor === 2) {
    // HTTP/2 frames a body by itself and need not announce it in a header.
    const stream: unknown = Reflect.get(message, 'stream');
    return typeof stream === 'object' && stream !== null && Reflect.get(stream, 'endAfterHeaders') === false;
  }
  const length = headers.get('content-length');
  return headers.has('transfer-encoding') || (length !== null && length !== '0');
}

/** Reads nothing before somebody asks (high water mark 0): a refused upload stays unread. */
function toStream(message: IncomingMessage): ReadableStream<Uint8Array> {
  let stop: (() => void) | undefined;

  function start(controller: ReadableStreamDefaultController<Uint8Array>): () => void {
    let ended = false;
    const onData = (chunk: Uint8Array): void => {
      message.pause();
      controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    };
    const onEnd = (): void => {
      // HTTP/2 ends an upload that the client took back as well: what came of it must not look whole.
      if (message.aborted) return;
      ended = true;
      controller.close();
    };
    // It is tempting to ask `message.complete`. However, what has arrived but was not read is dropped with the connection.
    const onClose = (): void => {
      if (!ended) controller.error(new Error('The client closed the connection.'));
    };
    message.on('data', onData);
    message.once('end', onEnd);
    message.once('error', (error) => controller.error(error));
    message.once('close', onClose);
    // Its events are over, and none would ever end the stream.
    if (message.destroyed) onClose();
    return () => {
      message.off('data', onData);
      message.off('end', onEnd);
      message.pause();
    };
  }

  return new ReadableStream<Uint8Array>({
    pull(controller): void {
      stop ??= start(controller);
      message.resume();
    },
    cancel(): void {
      stop?.();
    },
  }, { highWaterMark: 0 });
}
