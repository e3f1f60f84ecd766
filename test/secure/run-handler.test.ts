import { describe, expect, test, vi } from 'vitest';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { codeOf, get, ok, open, ORIGIN, quiet } from './fixtures.ts';

/** A promise, and what settles it. */
function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve = (_value: T): void => undefined;
  const promise = new Promise<T>((settle) => resolve = settle);
  return { promise, resolve };
}
const turn = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 5));
const SHORT = { handlerMs: 10 };

describe('createRunner(): what a handler returns', () => {
  const made: readonly (readonly [string, () => unknown])[] = [
    ['nothing', () => undefined],
    ['a promise of nothing', () => Promise.resolve()],
    ['an object', () => ({ status: 200, body: 'secret' })],
    ['a network error', () => Response.error()],
    ['a thenable of a text', () => ({ then: (settle: (value: unknown) => void) => settle('secret') })],
    ['a promise that rejects', () => Promise.reject(new Error('secret'))],
    ['a Response that was read', async () => {
      const response = new Response('secret');
      await response.text();
      return response;
    }],
  ];
  test.each(made)('is an error where it is %s', async (_what, handler) => {
    for (const timeouts of [{}, { handlerMs: 1000 }]) {
      const onError = vi.fn();
      const response = await secure({ ...open, onError, timeouts }, handler as () => Response)(get());
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('secret');
      expect(onError.mock.calls.map(([error]) => String(error))).toEqual([
        expect.stringMatching(/^TypeError: The handler returned|^Error: secret$/),
      ]);
    }
  });

  test('is what leaves, now or later', async () => {
    const thenable = { then: (settle: (value: Response) => void) => settle(ok()) };
    for (const handler of [ok, async () => await Promise.resolve(ok()), () => thenable]) {
      for (const timeouts of [{}, { handlerMs: 1000 }]) {
        expect((await secure({ ...open, timeouts }, handler as () => Response)(get())).status).toBe(200);
      }
    }
  });
});

describe('createRunner(): a handler that takes too long', () => {
  test('is answered for with 503, and told by its signal', async () => {
    const onError = vi.fn();
    let signal: AbortSignal | undefined;
    const response = await secure({ ...open, timeouts: SHORT, onError }, async (_request, context) => {
      signal = context.signal;
      return await new Promise<Response>(() => undefined);
    })(get());
    expect([response.status, await codeOf(response)]).toEqual([503, 'deadline_exceeded']);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect([signal?.aborted, isRefusal(signal?.reason)]).toEqual([true, true]);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  test('is told nothing where it is in time, and is not stopped by what it forgot', async () => {
    let signal: AbortSignal | undefined;
    const handler = secure({ ...open, timeouts: SHORT }, (_request, context) => {
      signal = context.signal;
      return ok();
    });
    expect((await handler(get())).status).toBe(200);
    await turn();
    await turn();
    await turn();
    expect(signal?.aborted).toBe(false);
  });

  test('has its late response thrown away, so that what feeds it stops', async () => {
    const cancelled = vi.fn();
    const late = deferred<Response>();
    const handler = secure({ ...open, ...quiet, timeouts: SHORT }, () => late.promise);
    expect((await handler(get())).status).toBe(503);
    late.resolve(new Response(new ReadableStream({ cancel: cancelled })));
    await turn();
    expect(cancelled).toHaveBeenCalledTimes(1);
  });

  // Nobody waits for it any more: unhandled it would end the process, and unreported nobody would find it.
  test('has its late error reported, and not that it has heard the signal', async () => {
    const onError = vi.fn();
    const late = deferred<void>();
    const failing = secure({ ...open, onError, timeouts: SHORT }, async () => {
      await late.promise;
      throw new Error('broken');
    });
    const hearing = secure(
      { ...open, onError, timeouts: SHORT },
      (_request, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    expect([(await failing(get())).status, (await hearing(get())).status]).toEqual([503, 503]);
    late.resolve();
    await turn();
    expect(onError.mock.calls.map(([error]) => String(error.message))).toEqual([
      'The handler took too long.',
      'The handler took too long.',
      'broken',
    ]);
    expect(onError.mock.calls[2]?.[1]).toMatchObject({ status: undefined });
  });

  test('is one of many: each has its own signal', async () => {
    const handler = secure({ ...open, ...quiet, timeouts: SHORT }, async ({ url }, { signal }) => {
      if (url.endsWith('/slow')) await new Promise(() => undefined);
      await Promise.resolve();
      return Response.json(signal.aborted);
    });
    const [slow, fast] = await Promise.all([handler(get('/slow')), handler(get('/fast'))]);
    expect([slow?.status, await fast?.json()]).toEqual([503, false]);
  });

  // The first has done its work: a retry must find its answer, and not do it again.
  test('is remembered where a retry would ask', async () => {
    const late = deferred<Response>();
    const work = vi.fn(() => late.promise);
    const idempotency = createIdempotency({ store: memoryStore() });
    const handler = secure(
      { methods: ['POST'], auth: 'public', id: 'orders', idempotency, timeouts: SHORT, ...quiet },
      work,
    );
    const send = (): Promise<Response> =>
      handler(new Request(ORIGIN, { method: 'POST', headers: { 'idempotency-key': '"k1"' } }), {
        peerAddress: '192.0.2.1',
      });
    expect((await send()).status).toBe(503);
    expect(await codeOf(await send())).toBe('idempotency_conflict');
    late.resolve(Response.json({ order: 1 }, { status: 201 }));
    await turn();
    const retry = await send();
    expect([retry.status, await retry.json(), work.mock.calls.length]).toEqual([201, { order: 1 }, 1]);
  });

  test.each([0, -1, NaN, Infinity, '10', 2 ** 31, null])('has no time of %o', (handlerMs) => {
    expect(() => secure({ ...open, timeouts: { handlerMs } } as never, ok)).toThrow(/^Cannot secure: handlerMs/);
  });
});

describe('createRunner(): a client that has gone', () => {
  // Hostile list 57.
  test.each([[{}], [{ handlerMs: 1000 }]])('is told to the handler, with timeouts %j', async (timeouts) => {
    const gone = new AbortController();
    const request = new Request(ORIGIN, { signal: gone.signal });
    const handler = secure({ ...open, timeouts }, (_request, { signal }) => {
      gone.abort();
      return Response.json(signal.aborted);
    });
    expect(await (await handler(request)).json()).toBe(true);
  });

  test('had gone before', async () => {
    const request = new Request(ORIGIN, { signal: AbortSignal.abort() });
    const handler = secure({ ...open, timeouts: SHORT }, (_request, { signal }) => Response.json(signal.aborted));
    expect(await (await handler(request)).json()).toBe(true);
  });
});
