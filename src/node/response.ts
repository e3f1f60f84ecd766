import type { ServerResponse } from 'node:http';

/**
 * Sends a standard Response through node:http, as fast as the client takes it.
 *
 * @param response the Response; its body is read to its end, or cancelled when the client goes
 * @param target where node:http sends from
 */
export async function sendResponse(response: Response, target: ServerResponse): Promise<void> {
  if (target.destroyed) {
    await response.body?.cancel();
    return;
  }
  for (const [name, value] of response.headers) {
    // Cookies must not be joined: a comma is part of their dates.
    if (name !== 'set-cookie') target.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) target.setHeader('set-cookie', cookies);
  target.statusCode = response.status;
  if (response.body === null) {
    target.end();
    return;
  }
  await pump(response.body.getReader(), target);
}

async function pump(reader: ReadableStreamDefaultReader<Uint8Array>, target: ServerResponse): Promise<void> {
  const onClose = (): void => {
    // Rejects on a source that fails to cancel; the connection is gone either way.
    reader.cancel(new Error('The client closed the connection.')).catch(() => undefined);
  };
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
