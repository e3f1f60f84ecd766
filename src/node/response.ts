import { type ServerResponse, STATUS_CODES } from 'node:http';

// The connection and its framing are the server's: `Transfer-Encoding` copied from another response beside a length is two messages.
const CONNECTION_HEADERS: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
];

/**
 * Sends a standard Response through node:http, as fast as the client takes it.
 *
 * @param response the Response; its body is read to its end, or cancelled when nobody can read it
 * @param target where node:http sends from
 * @throws {Error} when the Response cannot be sent; before its first byte unless `target.headersSent`
 */
export async function sendResponse(response: Response, target: ServerResponse): Promise<void> {
  if (target.destroyed) {
    await response.body?.cancel();
    return;
  }
  if (response.status === 0) throw new TypeError('The Response is a network error.');
  if (response.bodyUsed || response.body?.locked) throw new TypeError('The body of the Response was already read.');
  try {
    writeHead(response, target);
    // node:http would take a body for HEAD at once and drop it: an endless one without end.
    if (response.body === null || target.req.method === 'HEAD') {
      target.end();
      await response.body?.cancel();
      return;
    }
  } catch (error) {
    response.body?.cancel().catch(() => undefined);
    throw error;
  }
  await pump(response.body.getReader(), target);
}

function writeHead(response: Response, target: ServerResponse): void {
  // Bytes beyond a wrong Content-Length would be read as the next response of the connection.
  target.strictContentLength = true;
  const fields: string[] = [];
  for (const [name, value] of response.headers) {
    if (!CONNECTION_HEADERS.includes(name)) fields.push(name, value);
  }
  // In one list, which keeps cookies apart and takes a fourth of the time. What a framework has set must be replaced name by name, and
  // HTTP/2 knows no such list.
  if (target.req.httpVersionMajor < 2 && target.getHeaderNames().length === 0) {
    // Its reason is said each time: one that could not be sent has left its own behind.
    target.writeHead(response.status, STATUS_CODES[response.status] ?? 'unknown', fields);
    return;
  }
  for (let index = 0; index < fields.length; index += 2) {
    const [name, value] = [fields[index] ?? '', fields[index + 1] ?? ''];
    // Cookies must not be joined: a comma is part of their dates.
    if (name !== 'set-cookie') target.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) target.setHeader('set-cookie', cookies);
  target.statusCode = response.status;
}

async function pump(reader: ReadableStreamDefaultReader<Uint8Array>, target: ServerResponse): Promise<void> {
  const cancel = (reason: unknown): void => {
    // Rejects on a source that fails to cancel; the connection is gone either way.
    reader.cancel(reason).catch(() => undefined);
  };
  const onClose = (): void => cancel(new Error('The client closed the connection.'));
  target.once('close', onClose);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || target.destroyed) break;
      if (!target.write(value)) await drained(target);
    }
    target.end();
  } catch (error) {
    // The status is sent: cutting the connection is the only way left to say that this is not the whole.
    target.destroy();
    cancel(error);
    throw error;
  } finally {
    target.off('close', onClose);
  }
}

function drained(target: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      target.off('drain', done);
      target.off('close', done);
      resolve();
    };
    target.once('drain', done);
    target.once('close', done);
  });
}
