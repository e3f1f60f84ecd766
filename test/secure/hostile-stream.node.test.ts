// Not portable: a connection must be there to cut.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { secure } from '../../src/secure/secure.ts';
import { closeServers, serve } from '../node/serve.ts';
import { open } from './fixtures.ts';
import { ear } from './watched.ts';

afterEach(closeServers);

// Hostile list 58: the status is sent when a body fails, and cannot be taken back.
describe('secure() behind a socket: a response that streams', () => {
  test('has left with its headers when it fails: the connection is cut, and somebody is told, once', async () => {
    const { events, onEvent } = ear();
    const [onError, told] = [vi.fn(), vi.fn()];
    let fail = (): void => undefined;
    const handler = secure({ ...open, onEvent, onError }, () =>
      new Response(
        new ReadableStream({
          start(controller): void {
            controller.enqueue(new TextEncoder().encode('half'));
            fail = () => controller.error(new Error('broken'));
          },
        }),
      ));
    const response = await fetch(await serve(handler, { onError: told }));
    expect([response.status, response.headers.get('x-content-type-options')]).toEqual([200, 'nosniff']);
    const reading = response.text();
    fail();
    await expect(reading).rejects.toThrow();
    expect(events.map(({ outcome, status }) => [outcome, status])).toEqual([['allowed', 200]]);
    expect(onError).not.toHaveBeenCalled();
    expect(told.mock.calls).toEqual([[new Error('broken'), { requestId: undefined }]]);
  });

  // Hostile list 57: nobody reads it any more, and what feeds it must stop.
  test('is stopped at its source when the client goes', async () => {
    const gone = new AbortController();
    let stop = (_reason: unknown): void => undefined;
    const stopped = new Promise((resolve) => stop = resolve);
    const handler = secure({ ...open, timeouts: { handlerMs: 10_000 } }, (_request, { signal }) =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
          cancel: () => stop(signal.aborted),
        }),
      ));
    const response = await fetch(await serve(handler), { signal: gone.signal });
    await response.body?.getReader().read();
    gone.abort();
    // And whoever made it has heard it, too, although the handler's time was not over.
    expect(await stopped).toBe(true);
  });
});
