import { describe, expect, test, vi } from 'vitest';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { as, bearer, get, ok, open, quiet } from './fixtures.ts';
import { ear } from './watched.ts';

const tick = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

// Hostile list 57.
describe('secure(): a client that is gone', () => {
  // test/secure/run-handler.test.ts has what the handler is told.
  test.each(['authenticate', 'resource', 'authorize', 'handler'])(
    'in %s is answered and told of once',
    async (stage) => {
      for (const policy of [open, { ...open, timeouts: { handlerMs: 5000 } }]) {
        const { events, onEvent } = ear();
        const controller = new AbortController();
        const leave = async (at: string): Promise<void> => {
          if (at === stage) controller.abort();
          await tick();
        };
        const { auth } = bearer();
        const handler = secure({
          ...policy,
          onEvent,
          auth: { ...auth, authenticate: (request) => leave('authenticate').then(() => auth.authenticate(request)) },
          resource: () => leave('resource').then(() => ({})),
          authorize: () => leave('authorize').then(() => true),
        }, (_request, { signal }) => leave('handler').then(() => Response.json(signal.aborted)));
        const response = await handler(
          new Request('https://api.test/', { headers: as('reader'), signal: controller.signal }),
        );
        expect([response.status, await response.json()]).toEqual([200, true]);
        expect([response.headers.get('x-frame-options'), events.length]).toEqual(['DENY', 1]);
      }
    },
  );

  test('leaves a response that is finalised as any other, and its event', async () => {
    const { events, onEvent } = ear();
    const controller = new AbortController();
    const cancel = vi.fn();
    const handler = secure({ ...open, onEvent }, () => {
      controller.abort();
      return new Response(new ReadableStream({ cancel }));
    });
    const response = await handler(new Request('https://api.test/', { signal: controller.signal }));
    expect([response.status, response.headers.get('x-frame-options'), events.length]).toEqual([200, 'DENY', 1]);
    // Whoever sends it cancels it, as the adapters do.
    await response.body?.cancel();
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  // What is held for the time of a request is the idempotency key: a client that goes, and asks again, must not find it held.
  test.each([['without an end', open], ['with an end', { ...open, timeouts: { handlerMs: 5000 } }]] as const)(
    'does not hold its key, however the handler ended: %s',
    async (_what, policy) => {
      const idempotency = createIdempotency({ store: memoryStore() });
      let runs = 0;
      const handler = secure(
        { ...policy, ...quiet, id: 'p', methods: ['POST'], idempotency },
        async (request, { signal }) => {
          runs++;
          if (request.headers.has('x-fail')) {
            await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('gone'))));
          }
          return ok();
        },
      );
      const send = (headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Response> =>
        handler(
          new Request('https://api.test/', {
            method: 'POST',
            headers: { 'idempotency-key': 'k', ...headers },
            ...(signal && { signal }),
          }),
        );
      const controller = new AbortController();
      const first = send({ 'x-fail': '1' }, controller.signal);
      while (runs === 0) await tick();
      expect((await send({})).status).toBe(409);
      controller.abort();
      expect((await first).status).toBe(500);
      expect((await send({})).status).toBe(200);
      expect(runs).toBe(2);
    },
  );
});

// Hostile list 58.
describe('secure(): a response that streams', () => {
  test('has its headers and its event before its first byte, and fails for whoever reads it, once', async () => {
    const { events, onEvent } = ear();
    const onError = vi.fn();
    let fail = (): void => undefined;
    const handler = secure({ ...open, onEvent, onError }, () =>
      new Response(
        new ReadableStream({
          start(controller): void {
            fail = () => controller.error(new Error('half way'));
          },
        }),
      ));
    const response = await handler(get());
    expect([response.status, response.headers.get('x-content-type-options'), events.length]).toEqual([
      200,
      'nosniff',
      1,
    ]);
    fail();
    await expect(response.text()).rejects.toThrow('half way');
    await tick();
    // What is sent cannot be taken back: the adapter cuts the connection, and reports (test/node/handler.node.test.ts).
    expect([events.length, onError.mock.calls.length]).toEqual([1, 0]);
  });

  test('is cancelled where the client is', async () => {
    const cancel = vi.fn();
    const response = await secure(open, () => new Response(new ReadableStream({ cancel })))(get());
    await response.body?.cancel('gone');
    expect(cancel).toHaveBeenCalledWith('gone');
  });
});
