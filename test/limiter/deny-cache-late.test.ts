import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDenyCache } from '../../src/limiter/deny-cache.ts';
import { createLimiter, type Limiter } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';

const LIMITS = [{ name: 'a', limit: 1, windowSeconds: 3 }];

interface Desk {
  /** Remembers denials, of a store that takes its time. */
  readonly limiter: Limiter;
  /** Asks the same store, and is answered at once. */
  readonly truth: Limiter;
  readonly calls: () => number;
  readonly advance: (ms: number) => void;
}

/** A store that needs some milliseconds before it decides, and some until its answer is there. */
function openDesk(beforeMs: number, afterMs: number): Desk {
  let nowMs = 1_700_000_000_000;
  let calls = 0;
  const clock = (): number => nowMs;
  const inner = memoryStore({ clock });
  const store: Store = {
    async run(groups) {
      calls++;
      nowMs += beforeMs;
      const answer = await inner.run(groups);
      nowMs += afterMs;
      return answer;
    },
  };
  return {
    limiter: createLimiter({ store, limits: LIMITS, clock, localDenyCache: createDenyCache() }),
    truth: createLimiter({ store: inner, limits: LIMITS, clock }),
    calls: () => calls,
    advance: (ms) => void (nowMs += ms),
  };
}

describe('createLimiter() with localDenyCache, over a store that takes 600 ms', () => {
  test('tells times from the answer on, as whoever was answered counts them', async () => {
    const { limiter, truth, calls, advance } = openDesk(600, 0);
    await limiter.consume('k');
    const denied = await limiter.consume('k');
    expect(denied).toMatchObject({ allowed: false, retryAfterSeconds: 2.4, limits: [{ resetSeconds: 2.4 }] });
    expect(await limiter.consume('k')).toEqual(denied);
    advance(1000);
    const later = { allowed: false, retryAfterSeconds: 1.4, limits: [{ resetSeconds: 1.4 }] };
    expect(await limiter.consume('k')).toMatchObject(later);
    expect(await truth.peek('k')).toMatchObject(later);
    expect(calls()).toBe(2);
  });

  test.each([[0, 600], [300, 300], [600, 0]])(
    'denies no moment longer than the store does, which decides after %d ms and is heard %d ms later',
    async (beforeMs, afterMs) => {
      const whole = fc.integer({ min: 0, max: 3500 });
      await fc.assert(
        fc.asyncProperty(whole, whole, async (firstMs, secondMs) => {
          const { limiter, truth, calls, advance } = openDesk(beforeMs, afterMs);
          await limiter.consume('k');
          advance(firstMs);
          if ((await limiter.consume('k')).allowed) return;
          advance(secondMs);
          const [asked, standing] = [calls(), await truth.peek('k')];
          const remembered = await limiter.consume('k');
          if (calls() === asked) expect([remembered.allowed, standing.allowed]).toEqual([false, false]);
        }),
        { numRuns: 300 },
      );
    },
  );
});
