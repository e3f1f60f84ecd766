import { describe, expect, test } from 'vitest';
import { createDenyCache } from '../../src/limiter/deny-cache.ts';
import { createLimiter, type Limiter } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Group } from '../../src/store/step.ts';
import type { Store, StoreAnswer } from '../../src/store/store.ts';

/** A call that waits for its answer. */
interface Letter {
  readonly deliver: () => void;
  readonly lose: () => void;
}

interface Desk {
  readonly limiter: Limiter;
  readonly calls: () => number;
  /** From now on answers wait here, in the order of the calls: the store decides at once, or only when one is delivered. */
  readonly hold: (when: 'decided' | 'undecided') => Letter[];
  readonly advance: (ms: number) => void;
}

function openDesk(): Desk {
  let nowMs = 1_700_000_000_000;
  let calls = 0;
  let letters: Letter[] | undefined;
  let isLate = false;
  const clock = (): number => nowMs;
  const inner = memoryStore({ clock });

  function decide(groups: readonly Group[]): StoreAnswer {
    const answer = inner.run(groups);
    if (answer instanceof Promise) throw new Error('The memory store answers at once.');
    return answer;
  }

  function post(groups: readonly Group[], into: Letter[]): Promise<StoreAnswer> {
    const early = isLate ? undefined : decide(groups);
    return new Promise((resolve, reject) => {
      into.push({
        deliver: () => resolve(early ?? decide(groups)),
        lose: () => reject(new Error('The connection is closed.')),
      });
    });
  }

  const store: Store = {
    run(groups: readonly Group[]) {
      calls++;
      return letters === undefined ? decide(groups) : post(groups, letters);
    },
  };
  const limits = [{ name: 'a', limit: 2, windowSeconds: 60 }];
  return {
    limiter: createLimiter({ store, limits, blockable: true, clock, localDenyCache: createDenyCache() }),
    calls: () => calls,
    hold(when) {
      isLate = when === 'undecided';
      return letters = [];
    },
    advance: (ms) => void (nowMs += ms),
  };
}

describe('createLimiter() with localDenyCache, for what gives back', () => {
  test('remembers a block, until it is over', () => {
    const { limiter, calls, advance } = openDesk();
    void limiter.block('k', 5);
    for (let n = 0; n < 100; n++) expect(limiter.consume('k')).toMatchObject({ allowed: false, reason: 'blocked' });
    advance(4000);
    expect(limiter.consume('k')).toMatchObject({ allowed: false, reason: 'blocked', retryAfterSeconds: 1 });
    expect(calls()).toBe(2);
    advance(1000);
    expect(limiter.consume('k')).toMatchObject({ allowed: true });
  });

  test.each(['refund', 'reset'] as const)('asks again after %s(), for that key alone', (what) => {
    const { limiter, calls } = openDesk();
    for (const key of ['k', 'other']) for (let n = 0; n < 3; n++) void limiter.consume(key);
    void limiter[what]('k');
    const before = calls();
    expect(limiter.consume('k')).toMatchObject({ allowed: true });
    expect(limiter.consume('other')).toMatchObject({ allowed: false });
    expect(calls()).toBe(before + 1);
  });

  // A short wait is remembered, which the block is longer than.
  test('asks again after block(), and says at once that the key is blocked', () => {
    const { limiter } = openDesk();
    for (let n = 0; n < 3; n++) void limiter.consume('k');
    void limiter.block('k', 3600);
    expect(limiter.consume('k')).toMatchObject({ allowed: false, reason: 'blocked', retryAfterSeconds: 3600 });
  });

  test('peeks past what it remembers', () => {
    const { limiter, calls } = openDesk();
    for (let n = 0; n < 3; n++) void limiter.consume('k');
    const before = calls();
    expect(limiter.peek('k')).toMatchObject({ allowed: false, reason: 'limited' });
    expect(calls()).toBe(before + 1);
  });

  /** The answers in the order in which they come: that to the denied request, and that to what gives back. */
  const ORDERS: readonly (readonly [string, readonly number[]])[] = [['before', [0, 1]], ['after', [1, 0]]];
  for (const what of ['refund', 'reset'] as const) {
    // The denial was true when it was asked for; remembered, it would outlast what was given back by up to 10 seconds.
    test.each(ORDERS)(`remembers no denial from before ${what}() that comes %s its answer`, async (_when, order) => {
      const { limiter, hold } = openDesk();
      for (let n = 0; n < 2; n++) await limiter.consume('k');
      const letters = hold('decided');
      const work = [limiter.consume('k'), limiter[what]('k')];
      for (const index of order) {
        letters[index]?.deliver();
        await work[index];
      }
      expect(await work[0]).toMatchObject({ allowed: false });
      const next = limiter.consume('k');
      letters[2]?.deliver();
      expect(await next).toMatchObject({ allowed: true });
    });
  }

  // On connections of their own calls overtake each other.
  test('remembers no denial that was decided before a reset() that was asked for earlier', async () => {
    const { limiter, hold } = openDesk();
    for (let n = 0; n < 2; n++) await limiter.consume('k');
    const letters = hold('undecided');
    const work = [limiter.reset('k'), limiter.consume('k')];
    for (const index of [1, 0]) {
      letters[index]?.deliver();
      await work[index];
    }
    expect(await work[1]).toMatchObject({ allowed: false });
    const next = limiter.consume('k');
    letters[2]?.deliver();
    expect(await next).toMatchObject({ allowed: true });
  });

  // The server may have done it before its answer was lost.
  test('remembers no denial from before a reset() that may have failed', async () => {
    const { limiter, hold } = openDesk();
    for (let n = 0; n < 2; n++) await limiter.consume('k');
    const letters = hold('decided');
    const work = [limiter.consume('k'), limiter.reset('k')];
    letters[0]?.deliver();
    await work[0];
    letters[1]?.lose();
    await expect(work[1]).rejects.toMatchObject({ code: 'store_unavailable' });
    const next = limiter.consume('k');
    letters[2]?.deliver();
    expect(await next).toMatchObject({ allowed: true });
  });
});
