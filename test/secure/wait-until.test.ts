import { describe, expect, test, vi } from 'vitest';
import { secure } from '../../src/secure/secure.ts';
import { get, ok, open } from './fixtures.ts';

const turn = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 2));

/** Answers at once, and leaves work behind. */
function leaving(work: () => unknown, onError: (error: unknown, report: object) => void): (
  ...platform: readonly unknown[]
) => Promise<Response> {
  const handler = secure({ ...open, onError }, (_request, { waitUntil }) => {
    waitUntil(work() as Promise<unknown>);
    return ok();
  });
  return async (...platform) => await handler(get(), ...platform);
}

describe('context.waitUntil', () => {
  test('hands work to what a Worker passes, as a method of it', async () => {
    const given: unknown[] = [];
    class Host {
      #works = given;
      waitUntil(work: unknown): void {
        this.#works.push(work);
      }
    }
    const response = await leaving(async () => await Promise.resolve('done'), vi.fn())(
      { peerAddress: '192.0.2.1' },
      new Host(),
    );
    expect(response.status).toBe(200);
    expect(given).toHaveLength(1);
    // A runtime waits for it and is told nothing else.
    expect(await given[0]).toBeUndefined();
  });

  test('hands it to one alone', async () => {
    const hosts = [{ waitUntil: vi.fn() }, { waitUntil: vi.fn() }];
    await leaving(() => Promise.resolve(), vi.fn())('env', null, ...hosts);
    expect(hosts.map(({ waitUntil }) => waitUntil.mock.calls.length)).toEqual([1, 0]);
  });

  // Hostile list 56: unhandled, a rejection ends a process.
  const FAILING: readonly (readonly [string, () => unknown])[] = [
    ['work that rejects', () => Promise.reject(new Error('broken'))],
    [
      'a thenable that rejects',
      () => ({ then: (_: unknown, fail: (reason: unknown) => void) => fail(new Error('broken')) }),
    ],
    ['a thenable whose then throws', () => ({
      get then(): never {
        throw new Error('broken');
      },
    })],
  ];
  test.each(FAILING)('tells onError of %s, with and without a runtime that waits', async (_what, work) => {
    for (const platform of [[], [{ waitUntil: () => undefined }]]) {
      const onError = vi.fn();
      expect((await leaving(work, onError)(...platform)).status).toBe(200);
      await turn();
      expect(onError).toHaveBeenCalledTimes(1);
      expect(onError).toHaveBeenCalledWith(new Error('broken'), expect.objectContaining({ status: undefined }));
    }
  });

  test.each([
    ['throws, because the response is out', {
      waitUntil: () => {
        throw new Error('too late');
      },
    }],
    ['is a getter that throws', {
      get waitUntil(): never {
        throw new Error('too late');
      },
    }],
    ['rejects', { waitUntil: () => Promise.reject(new Error('too late')) }],
  ])('tells onError where the runtime’s own %s', async (_what, host) => {
    const onError = vi.fn();
    let done = false;
    const response = await leaving(async () => void (done = await Promise.resolve(true)), onError)(host);
    await turn();
    expect([response.status, done, String(onError.mock.calls[0]?.[0].message)]).toEqual([200, true, 'too late']);
  });

  test('keeps nobody waiting for what never ends', async () => {
    expect((await leaving(() => new Promise(() => undefined), vi.fn())()).status).toBe(200);
  });

  test('passes over what is no promise, and over a property that is no function', async () => {
    const onError = vi.fn();
    expect((await leaving(() => 'work', onError)({ waitUntil: 'yes' })).status).toBe(200);
    await turn();
    expect(onError).not.toHaveBeenCalled();
  });
});
