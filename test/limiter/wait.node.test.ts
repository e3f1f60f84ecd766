// Not portable: Bun's `vi` does not advance timers asynchronously.
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDenyCache } from '../../src/limiter/deny-cache.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { openWaitDesk } from './wait-desk.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('Limiter.wait()', () => {
  test('answers at once while there are units, and sets no timer', async () => {
    const { limiter } = openWaitDesk();
    const decision = limiter.wait('k');
    expect(vi.getTimerCount()).toBe(0);
    expect(await decision).toMatchObject({ allowed: true, reason: 'ok', limits: [{ remaining: 0 }] });
  });

  test('waits until exactly then', async () => {
    const { log, wait } = openWaitDesk();
    await wait('one');
    void wait('two');
    await vi.advanceTimersByTimeAsync(999);
    expect(log).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(log).toMatchObject([{ name: 'one' }, { name: 'two', atMs: 1000, end: true }]);
  });

  test('admits in the order of arrival, whatever each costs', async () => {
    const { log, wait } = openWaitDesk({ limits: [{ name: 'a', limit: 4, windowSeconds: 4 }] });
    for (const cost of [4, 3, 1, 4, 0, 2]) void wait(`cost ${cost}`, { cost, maxWaitMs: 60_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(log).toEqual([
      { name: 'cost 4', atMs: 0, end: true },
      { name: 'cost 3', atMs: 3000, end: true },
      { name: 'cost 1', atMs: 4000, end: true },
      { name: 'cost 4', atMs: 8000, end: true },
      { name: 'cost 0', atMs: 8000, end: true },
      { name: 'cost 2', atMs: 10_000, end: true },
    ]);
  });

  test('admits in order, and never more than burst + elapsed / interval, whoever comes, goes or has no patience', async () => {
    const call = fc.record({
      cost: fc.integer({ min: 0, max: 4 }),
      afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1500 })),
      maxWaitMs: fc.constantFrom(0, 1, 700, 5000, 2 ** 31 - 1),
      abortMs: fc.oneof(fc.constant(undefined), fc.constantFrom(0, 1, 800, 3000)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 25 }), fc.boolean(), async (calls, isLate) => {
        const inner = memoryStore();
        const store: Store = isLate ? { run: (groups) => Promise.resolve(inner.run(groups)) } : inner;
        const { log, wait } = openWaitDesk({
          store,
          limits: [{ name: 'a', limit: 3, windowSeconds: 3 }],
          maxWaiting: 8,
        });
        for (const [index, { cost, afterMs, maxWaitMs, abortMs }] of calls.entries()) {
          await vi.advanceTimersByTimeAsync(afterMs);
          const leaving = new AbortController();
          if (abortMs !== undefined) setTimeout(() => leaving.abort('gone'), abortMs);
          void wait(String(index), { cost, maxWaitMs, signal: leaving.signal });
        }
        await vi.advanceTimersByTimeAsync(1_000_000);
        expect(log).toHaveLength(calls.length);
        const admitted = log.filter(({ end }) => end === true);
        for (const [index, first] of admitted.entries()) {
          let units = 0;
          for (const { name, atMs } of admitted.slice(index)) {
            units += calls[Number(name)]?.cost ?? 0;
            expect(units).toBeLessThanOrEqual(3 + (atMs - first.atMs) / 1000);
          }
        }
        // Those alone who have all the time there is: others may ask once out of their turn, when theirs is over.
        const patient = admitted.map(({ name }) => Number(name)).filter((index) => {
          return calls[index]?.maxWaitMs === 2 ** 31 - 1 && calls.length <= 8;
        });
        expect(patient).toEqual([...patient].sort((one, other) => one - other));
      }),
      { numRuns: 60 },
    );
  });

  test('denies at once what it would have to wait too long for, and sets no timer', async () => {
    const { limiter } = openWaitDesk();
    await limiter.wait('k');
    const denied = limiter.wait('k', { maxWaitMs: 999 });
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(await denied).toMatchObject({ allowed: false, reason: 'limited', retryAfterSeconds: 1 });
    const admitted = limiter.wait('k', { maxWaitMs: 1000 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(await admitted).toMatchObject({ allowed: true });
  });

  test('waits for at most 10 seconds where it is not told otherwise', async () => {
    const { limiter } = openWaitDesk({ limits: [{ name: 'a', limit: 2, windowSeconds: 20.002 }] });
    await limiter.wait('k', { cost: 2 });
    expect(await limiter.wait('k')).toMatchObject({ allowed: false, retryAfterSeconds: 10.001 });
    vi.advanceTimersByTime(1);
    const admitted = limiter.wait('k');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await admitted).toMatchObject({ allowed: true });
  });

  test('denies at once what can never be, as first in line', async () => {
    const { limiter } = openWaitDesk();
    const decision = limiter.wait('k', { cost: 2 });
    expect(vi.getTimerCount()).toBe(0);
    expect(await decision).toMatchObject({ allowed: false, retryAfterSeconds: Infinity });
  });

  test('is consume() for who cannot wait, also beside a line', async () => {
    const { limiter, wait, log } = openWaitDesk({ limits: [{ name: 'a', limit: 2, windowSeconds: 2 }] });
    await wait('one');
    void wait('two, who sleeps', { cost: 2 });
    const timers = vi.getTimerCount();
    const decisions = [limiter.wait('k', { maxWaitMs: 0 }), limiter.wait('k', { maxWaitMs: 0 })];
    expect(vi.getTimerCount()).toBe(timers);
    expect(await Promise.all(decisions)).toMatchObject([{ allowed: true }, { allowed: false, retryAfterSeconds: 1 }]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(log.at(-1)).toEqual({ name: 'two, who sleeps', atMs: 2000, end: true });
  });

  test('denies when the time is over in line, and the line goes on', async () => {
    const { limiter, wait, log } = openWaitDesk();
    for (const name of ['one', 'two']) void wait(name);
    void wait('has no patience', { maxWaitMs: 500 });
    void wait('three');
    await vi.advanceTimersByTimeAsync(500);
    expect(log).toEqual([{ name: 'one', atMs: 0, end: true }, { name: 'has no patience', atMs: 500, end: false }]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(log.slice(2)).toEqual([{ name: 'two', atMs: 1000, end: true }, { name: 'three', atMs: 2000, end: true }]);
    expect(limiter.consume('k')).toMatchObject({ allowed: false });
  });

  test('keeps a line for each key', async () => {
    const { wait, log } = openWaitDesk();
    const keys = ['__proto__', 'constructor', '', '0', '12', '4294967295', 'k'.repeat(2 ** 20), '\ud800', '\udfff'];
    for (let round = 0; round < 2; round++) for (const key of keys) void wait(`${round}`, {}, key);
    await vi.advanceTimersByTimeAsync(999);
    expect(log).toEqual(keys.map(() => ({ name: '0', atMs: 0, end: true })));
    await vi.advanceTimersByTimeAsync(1);
    expect(log.slice(keys.length)).toEqual(keys.map(() => ({ name: '1', atMs: 1000, end: true })));
  });

  test('waits for the end of a block, where that is near enough', async () => {
    const { limiter, wait, log } = openWaitDesk();
    await limiter.block('k', 5);
    expect(await limiter.wait('k', { maxWaitMs: 4999 })).toMatchObject({ reason: 'blocked', retryAfterSeconds: 5 });
    void wait('one', { maxWaitMs: 5000 });
    void wait('two', { maxWaitMs: 6000 });
    await vi.advanceTimersByTimeAsync(6000);
    expect(log).toEqual([{ name: 'one', atMs: 5000, end: true }, { name: 'two', atMs: 6000, end: true }]);
  });

  test('is admitted at the same time with a local deny cache', async () => {
    const { wait, log } = openWaitDesk({ localDenyCache: createDenyCache() });
    for (const name of ['one', 'two', 'three']) void wait(name);
    await vi.advanceTimersByTimeAsync(2000);
    expect(log.map(({ atMs, end }) => [atMs, end])).toEqual([[0, true], [1000, true], [2000, true]]);
  });

  test('waits on when another takes what it has waited for, and no longer than it may', async () => {
    const { limiter, wait, log } = openWaitDesk();
    await wait('one');
    for (const atMs of [1000, 2000]) setTimeout(() => void limiter.consume('k'), atMs);
    void wait('two', { maxWaitMs: 2500 });
    void wait('three', { maxWaitMs: 3000 });
    await vi.advanceTimersByTimeAsync(3000);
    expect(log.slice(1)).toEqual([{ name: 'two', atMs: 2000, end: false }, { name: 'three', atMs: 3000, end: true }]);
  });

  test('answers as consume() does when too many wait, and takes no place', async () => {
    const { limiter, wait, log } = openWaitDesk({ maxWaiting: 2 });
    await limiter.consume('k');
    for (const name of ['one', 'two']) void wait(name);
    expect(await limiter.wait('k')).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
    expect(await limiter.wait('another key')).toMatchObject({ allowed: true });
    await vi.advanceTimersByTimeAsync(1000);
    void wait('three');
    await vi.advanceTimersByTimeAsync(2000);
    expect(log.map(({ name, atMs }) => [name, atMs])).toEqual([['one', 1000], ['two', 2000], ['three', 3000]]);
  });

  test.each([-1, 0.5, NaN, 2 ** 20 + 1])('is not for %d who wait', (maxWaiting) => {
    expect(() => openWaitDesk({ maxWaiting })).toThrow(RangeError);
  });

  test('never waits where nobody may', async () => {
    const { limiter } = openWaitDesk({ maxWaiting: 0 });
    expect([await limiter.wait('k'), await limiter.wait('k')]).toMatchObject([{ allowed: true }, { allowed: false }]);
  });
});
