// Not portable: Bun's `vi` does not advance timers asynchronously.
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LimitOptions } from '../../src/limiter/limit.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { allowed, denied, EACH_SECOND, openScript, openWaitDesk } from './wait-desk.ts';

const GONE = new Error('The client is gone.');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('Limiter.wait() with a signal', () => {
  test('rejects with its reason before anything is asked', async () => {
    let calls = 0;
    const store: Store = { run: (groups) => (calls++, memoryStore().run(groups)) };
    const { limiter } = openWaitDesk({ store });
    await expect(limiter.wait('k', { signal: AbortSignal.abort(GONE) })).rejects.toBe(GONE);
    expect(calls).toBe(0);
  });

  test('rejects who sleeps as the first, takes nothing, and hands the turn on', async () => {
    const { limiter, wait, log } = openWaitDesk();
    const leaving = new AbortController();
    await wait('one');
    void wait('two', { signal: leaving.signal });
    void wait('three');
    await vi.advanceTimersByTimeAsync(400);
    leaving.abort(GONE);
    await vi.advanceTimersByTimeAsync(600);
    expect(log.slice(1)).toEqual([{ name: 'two', atMs: 400, end: GONE }, { name: 'three', atMs: 1000, end: true }]);
    expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
    expect(limiter.peek('k')).toMatchObject({ retryAfterSeconds: 1 });
  });

  test('rejects who stands in the middle, and the line goes on in order', async () => {
    const { wait, log } = openWaitDesk();
    const leaving = new AbortController();
    for (const name of ['one', 'two', 'three']) void wait(name);
    void wait('four', { signal: leaving.signal });
    for (const name of ['five', 'six']) void wait(name);
    await vi.advanceTimersByTimeAsync(500);
    leaving.abort(GONE);
    await vi.advanceTimersByTimeAsync(5000);
    expect(log.map(({ name, atMs }) => [name, atMs])).toEqual(
      [['one', 0], ['four', 500], ['two', 1000], ['three', 2000], ['five', 3000], ['six', 4000]],
    );
    expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
  });

  test('rejects all who have the same one at once, and serves who has none', async () => {
    const { wait, log } = openWaitDesk();
    const leaving = new AbortController();
    await wait('one');
    for (let n = 0; n < 9; n++) void wait('leaves', { signal: leaving.signal });
    void wait('stays');
    await vi.advanceTimersByTimeAsync(10);
    leaving.abort(GONE);
    await vi.advanceTimersByTimeAsync(990);
    expect(log.filter(({ end }) => end === GONE)).toHaveLength(9);
    expect(log.at(-1)).toEqual({ name: 'stays', atMs: 1000, end: true });
    expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
  });

  test('leaves no listener on one that never ends anything', async () => {
    const { wait, log } = openWaitDesk();
    const { signal } = new AbortController();
    for (const name of ['at once', 'after a sleep', 'after a line']) void wait(name, { signal });
    void wait('in vain', { signal, maxWaitMs: 100 });
    await vi.advanceTimersByTimeAsync(3000);
    expect(log.map(({ end }) => end)).toEqual([true, false, true, true]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  // The store has taken the units: whoever threw them away would be charged for nothing.
  test('ends nothing while the store is asked, when that admits', async () => {
    const inner = memoryStore();
    const store: Store = {
      run: (groups) => new Promise((resolve) => setTimeout(() => resolve(inner.run(groups)), 100)),
    };
    const { limiter, wait, log } = openWaitDesk({ store });
    const leaving = new AbortController();
    void wait('one', { signal: leaving.signal });
    await vi.advanceTimersByTimeAsync(50);
    leaving.abort(GONE);
    await vi.advanceTimersByTimeAsync(50);
    expect(log).toEqual([{ name: 'one', atMs: 100, end: true }]);
    expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
    const next = limiter.peek('k');
    await vi.advanceTimersByTimeAsync(100);
    expect(await next).toMatchObject({ allowed: false });
  });

  test('rejects when the store was asked meanwhile, and denies', async () => {
    const { wait: waitFor } = openScript([
      () => new Promise((resolve) => setTimeout(() => resolve(denied(1)), 100)),
      allowed,
    ], Date.now);
    const leaving = new AbortController();
    const ended = waitFor('k', { signal: leaving.signal }).catch((error: unknown) => error);
    const next = waitFor('k');
    await vi.advanceTimersByTimeAsync(50);
    leaving.abort(GONE);
    await vi.advanceTimersByTimeAsync(50);
    expect(await ended).toBe(GONE);
    expect(await next).toEqual(allowed());
  });

  test('answers the denial that comes while it ends, where there is nothing to wait for', async () => {
    const { wait: waitFor } = openScript([
      () => new Promise((resolve) => setTimeout(() => resolve(denied(Infinity)), 100)),
    ], Date.now);
    const leaving = new AbortController();
    const ended = waitFor('k', { signal: leaving.signal });
    leaving.abort(GONE);
    await vi.advanceTimersByTimeAsync(100);
    expect(await ended).toEqual(denied(Infinity));
  });

  // rate-limiter-flexible keeps a queue for every key that it has ever met.
  test('keeps nothing of 10,000 keys that were given up', async () => {
    const { limiter, wait, log } = openWaitDesk({ maxWaiting: 3 });
    for (let n = 0; n < 10_000; n++) {
      const leaving = new AbortController();
      const key = `k${n}`;
      await limiter.consume(key);
      const waits = [limiter.wait(key, { signal: leaving.signal }), limiter.wait(key, { signal: leaving.signal })];
      leaving.abort(GONE);
      expect((await Promise.allSettled(waits)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    }
    await limiter.consume('k');
    for (const name of ['one', 'two', 'three', 'too many']) void wait(name);
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toMatchObject([{ name: 'too many', end: false }]);
    await vi.advanceTimersByTimeAsync(3000);
    expect(log.slice(1).map(({ name, end }) => [name, end])).toEqual([['one', true], ['two', true], ['three', true]]);
  });
});

describe('Limiter.wait() when something fails', () => {
  test.each<[string, () => never | Promise<never>]>([
    ['rejects', () => Promise.reject(new Error('The connection is closed.'))],
    ['throws', () => {
      throw new Error('The connection is closed.');
    }],
    ['never answers', () => new Promise(() => undefined)],
  ])('rejects when the store %s, and serves the next in line', async (_what, fault) => {
    let faults = 0;
    const inner = memoryStore();
    const store: Store = { run: (groups) => faults++ === 1 ? fault() : inner.run(groups) };
    const { wait, log } = openWaitDesk({ store, timeoutMs: 100 });
    for (const name of ['one', 'two', 'three']) void wait(name);
    await vi.advanceTimersByTimeAsync(2000);
    expect(log.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
    expect(log.map(({ end }) => end)).toMatchObject([true, { code: 'store_unavailable' }, true]);
  });

  test('rejects with what a plan throws, and serves the next in line', async () => {
    let turns = 0;
    const limits = (): readonly LimitOptions[] => {
      if (turns++ === 1) throw GONE;
      return EACH_SECOND;
    };
    const { wait, log } = openWaitDesk({ limits, blockable: 'plans' });
    for (const name of ['one', 'two', 'three']) void wait(name);
    await vi.advanceTimersByTimeAsync(2000);
    expect(log.map(({ name, end }) => [name, end])).toEqual([['one', true], ['two', GONE], ['three', true]]);
  });

  test('waits for the store that stands in for another', async () => {
    const down: Store = { run: () => Promise.reject(new Error('The connection is closed.')) };
    const { wait, log } = openWaitDesk({ store: down, whenStoreFails: memoryStore() });
    for (const name of ['one', 'two']) void wait(name);
    await vi.advanceTimersByTimeAsync(1000);
    expect(log).toEqual([{ name: 'one', atMs: 0, end: true }, { name: 'two', atMs: 1000, end: true }]);
  });

  test('gives up when its time is over, though it is told each time to come again at once', async () => {
    const { wait: waitFor, asked } = openScript([() => denied(0)], Date.now);
    const decision = waitFor('k', { maxWaitMs: 50 });
    await vi.advanceTimersByTimeAsync(50);
    expect(await decision).toEqual(denied(0));
    expect(asked()).toBeLessThanOrEqual(51);
  });

  test('counts the time that the store takes', async () => {
    const slow = (): Promise<ReturnType<typeof denied>> =>
      new Promise((resolve) => setTimeout(() => resolve(denied(0.3)), 400));
    const { wait: waitFor, asked } = openScript([slow], Date.now);
    const decision = waitFor('k', { maxWaitMs: 1000 });
    await vi.advanceTimersByTimeAsync(1100);
    expect(await decision).toEqual(denied(0.3));
    expect(asked()).toBe(2);
  });
});
