import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/limiter/decision.ts';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import type { LimitOptions } from '../../src/limiter/limit.ts';
import { createDenyCache } from '../../src/limiter/deny-cache.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';

interface Desk {
  readonly consume: (key: string, cost?: number) => Decision;
  readonly calls: () => number;
  readonly advance: (ms: number) => void;
}

function openDesk(maxKeys: number, ...limits: readonly LimitOptions[]): Desk {
  let now = 1_700_000_000_000;
  let calls = 0;
  const clock = (): number => now;
  const inner = memoryStore({ clock });
  const store: Store = {
    run(groups) {
      calls++;
      return inner.run(groups);
    },
  };
  const cache = maxKeys === 0 ? {} : { localDenyCache: createDenyCache({ maxKeys }) };
  const limiter = createLimiter({ store, limits, clock, ...cache });
  return {
    consume(key, cost = 1) {
      const decision = limiter.consume(key, { cost });
      if (decision instanceof Promise) throw new Error('A synchronous store must give a synchronous decision.');
      return decision;
    },
    calls: () => calls,
    advance: (ms) => void (now += ms),
  };
}

const NOW_MS = 1_700_000_000_000;
const DENIED: Decision = { allowed: false, reason: 'limited', limits: [], retryAfterSeconds: 1 };
const TWO_A_SECOND = { name: 'a', limit: 2, windowSeconds: 1 };

describe('createLimiter() with localDenyCache', () => {
  test('asks no store for who was denied, until the wait is over', () => {
    const { consume, calls, advance } = openDesk(100, TWO_A_SECOND);
    for (let n = 0; n < 3; n++) consume('k');
    expect(calls()).toBe(3);
    for (let n = 0; n < 1000; n++) expect(consume('k')).toMatchObject({ allowed: false, reason: 'limited' });
    advance(499);
    expect(consume('k').allowed).toBe(false);
    expect(calls()).toBe(3);
    advance(1);
    expect(consume('k').allowed).toBe(true);
    expect(calls()).toBe(4);
  });

  test('says how long it still is', () => {
    const { consume, advance } = openDesk(100, TWO_A_SECOND);
    for (let n = 0; n < 3; n++) consume('k');
    advance(200);
    expect(consume('k')).toMatchObject({
      retryAfterSeconds: 0.3,
      limits: [{ name: 'a', remaining: 0, resetSeconds: 0.8, retryAfterSeconds: 0.3 }],
    });
  });

  // What is too much for ten is not too much for one.
  test('keeps costs apart, and keys', () => {
    const { consume, calls } = openDesk(100, { name: 'a', limit: 10, windowSeconds: 1 });
    consume('k', 9);
    expect([consume('k', 5).allowed, consume('k', 1).allowed, consume('other', 5).allowed]).toEqual([
      false,
      true,
      true,
    ]);
    expect(consume('k', 5).allowed).toBe(false);
    expect(calls()).toBe(4);
  });

  test('remembers no denial for longer than 10 seconds, and none without an end for less', () => {
    const { consume, calls, advance } = openDesk(100, {
      name: 'a',
      limit: 1,
      windowSeconds: 3600,
      algorithm: fixedWindow,
    });
    for (const cost of [1, 2]) {
      const key = `k${cost}`;
      consume(key);
      consume(key, cost);
      advance(9999);
      const before = calls();
      consume(key, cost);
      expect(calls()).toBe(before);
      advance(1);
      consume(key, cost);
      expect(calls()).toBe(before + 1);
    }
  });

  test('forgets the oldest when it is full, and remembers no key of more than 256 characters', () => {
    const { consume, calls } = openDesk(2, { name: 'a', limit: 1, windowSeconds: 60 });
    for (const key of ['a', 'b', 'c', 'k'.repeat(257)]) for (let n = 0; n < 2; n++) consume(key);
    const before = calls();
    for (const key of ['b', 'c']) consume(key);
    expect(calls()).toBe(before);
    for (const key of ['a', 'k'.repeat(257)]) consume(key);
    expect(calls()).toBe(before + 2);
  });

  test('asks again when the clock went back', () => {
    const { consume, calls, advance } = openDesk(100, TWO_A_SECOND);
    for (let n = 0; n < 3; n++) consume('k');
    advance(-1);
    consume('k');
    expect(calls()).toBe(4);
  });

  test('remembers nothing of its own accord', () => {
    const { consume, calls } = openDesk(0, TWO_A_SECOND);
    for (let n = 0; n < 5; n++) consume('k');
    expect(calls()).toBe(5);
  });

  // The store counts from when it decided, and not from when its answer came.
  test('counts from when the store was asked', async () => {
    let now = 1_700_000_000_000;
    const clock = (): number => now;
    const inner = memoryStore({ clock });
    const store: Store = {
      async run(groups) {
        const answer = await inner.run(groups);
        now += 400;
        return answer;
      },
    };
    const limits = [{ name: 'a', limit: 1, windowSeconds: 1 }];
    const limiter = createLimiter({ store, limits, localDenyCache: createDenyCache(), clock });
    await limiter.consume('k');
    expect((await limiter.consume('k')).retryAfterSeconds).toBe(0.6);
    now = 1_700_000_001_000;
    expect((await limiter.consume('k')).allowed).toBe(true);
  });

  test.each([[NaN, NaN], [NaN, NOW_MS], [NOW_MS, NaN]])(
    'remembers nothing under a clock that tells no time: asked at %d, answered at %d',
    (askedMs, answeredMs) => {
      const cache = createDenyCache();
      const question = { limits: [], key: 'k', cost: 1 };
      const find = (): Decision | undefined => cache.find(question.limits, 'k', 1, NOW_MS);
      cache.add(question, DENIED, NOW_MS, NOW_MS);
      expect(find()).toEqual(DENIED);
      cache.add(question, DENIED, askedMs, answeredMs);
      expect(find()).toBe(undefined);
    },
  );

  test.each([0, -1, 1.5, NaN, 2 ** 21])('is not for %d keys', (maxKeys) => {
    expect(() => createDenyCache({ maxKeys })).toThrow(RangeError);
  });

  test.each([10, new Map(), {}, null])('is nothing but what createDenyCache() makes: %j', (localDenyCache) => {
    const options = { store: memoryStore(), limits: [TWO_A_SECOND], localDenyCache };
    expect(() => Reflect.apply(createLimiter, undefined, [options])).toThrow(TypeError);
  });
});
