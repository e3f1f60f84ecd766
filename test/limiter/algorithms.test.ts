import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LimitAlgorithm } from '../../src/limiter/algorithm.ts';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import type { LimitOptions } from '../../src/limiter/limit.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { slidingLog } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { ALGORITHMS, PER_SECOND, setUp } from './set-up.ts';

const ALL_AT_ONCE: readonly LimitOptions[] = ALGORITHMS.map(([name, algorithm], index) => ({
  name,
  algorithm,
  limit: 9 - index,
  windowSeconds: [0.5, 1, 0.7, 1.1, 0.9][index] ?? 1,
}));

describe('createLimiter() with any algorithm', () => {
  test.each(ALGORITHMS)('takes from no limit, of whatever algorithm, when %s has too little', (name) => {
    const limits = ALL_AT_ONCE.map((options) => ({
      ...options,
      limit: options.name === name ? 2 : 100,
      windowSeconds: 60,
    }));
    const { consume } = setUp(...limits);
    expect(consume('a', 2).allowed).toBe(true);
    const denied = consume('a', 1);
    expect(denied).toMatchObject({ allowed: false, reason: 'limited' });
    expect(denied.limits.filter((limit) => limit.retryAfterSeconds > 0).map((limit) => limit.name)).toEqual([name]);
    for (let n = 0; n < 200; n++) expect(consume('a', 1)).toEqual(denied);
    expect(denied.limits.map((limit) => limit.remaining)).toEqual(limits.map(({ limit }) => limit - 2));
  });

  test('decides by limits of all algorithms as each would alone, all or nothing, in every history', () => {
    const call = fc.record({ cost: fc.integer({ min: 0, max: 6 }), waitUs: fc.integer({ min: 0, max: 400_000 }) });
    fc.assert(fc.property(fc.array(call, { maxLength: 60 }), (history) => {
      let nowUs = 1_700_000_000_000_000;
      const store = memoryStore({ maxKeys: 64, clock: () => nowUs / 1000 });
      const limiter = createLimiter({ store, limits: ALL_AT_ONCE });
      let states: readonly unknown[] = [];
      for (const { cost, waitUs } of history) {
        nowUs += waitUs;
        const outcomes = ALL_AT_ONCE.map(({ algorithm = gcra, limit, windowSeconds }, index) => {
          const unit = algorithm.compile({ limit, windowUs: windowSeconds * 1_000_000, burst: undefined });
          return algorithm.step.apply(states[index], { ...unit, cost }, nowUs);
        });
        const allowed = outcomes.every(({ ok }) => ok);
        expect(limiter.consume('a', { cost })).toMatchObject({ allowed });
        if (allowed) states = outcomes.map(({ state }) => state);
      }
    }));
  });

  test('admits at retryAfterSeconds of all limits together, and not a microsecond before', () => {
    const call = fc.record({ cost: fc.integer({ min: 0, max: 5 }), waitUs: fc.integer({ min: 0, max: 400_000 }) });
    fc.assert(fc.property(fc.array(call, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (history, cost) => {
      let nowUs = 1_700_000_000_000_000;
      const store = memoryStore({ maxKeys: 64, clock: () => nowUs / 1000 });
      const limiter = createLimiter({ store, limits: ALL_AT_ONCE });
      for (const { cost: units, waitUs } of history) {
        nowUs += waitUs;
        limiter.consume('a', { cost: units });
      }
      const asked = limiter.consume('a', { cost });
      if (asked instanceof Promise) throw new Error('A synchronous store must give a synchronous decision.');
      if (asked.allowed) return;
      nowUs += Math.round(asked.retryAfterSeconds * 1_000_000) - 1;
      expect(limiter.consume('a', { cost })).toMatchObject({ allowed: false });
      nowUs += 1;
      expect(limiter.consume('a', { cost })).toMatchObject({ allowed: true });
    }));
  });

  test('counts with an algorithm of the user', () => {
    /** So many in all, for ever: what a trial account may do. */
    const quota: LimitAlgorithm = {
      step: {
        name: 'quota',
        kind: 'value',
        apply(state, { cost, most }: { readonly cost: number; readonly most: number }) {
          const used = typeof state === 'number' ? state : 0;
          return { ok: used + cost <= most, state: used + cost, ttlMs: 315_360_000_000, result: most - used };
        },
      } satisfies LimitAlgorithm<{ readonly cost: number; readonly most: number }>['step'],
      compile: ({ limit }) => ({ cost: 1, most: limit }),
      describe(left, { cost }, allowed) {
        if (typeof left !== 'number') return undefined;
        return { remaining: allowed ? left - cost : left, resetUs: 5_000_000, waitUs: allowed ? 0 : 250_000 };
      },
    };
    const { consume, advance } = setUp(PER_SECOND, { name: 'trial', limit: 3, windowSeconds: 60, algorithm: quota });
    expect(consume('a', 2).limits[1]).toEqual({
      name: 'trial',
      limit: 3,
      windowSeconds: 60,
      remaining: 1,
      resetSeconds: 5,
      retryAfterSeconds: 0,
    });
    expect(consume('a', 2)).toMatchObject({ allowed: false, retryAfterSeconds: 0.25, limits: [{ remaining: 8 }, {}] });
    advance(86_400_000);
    expect([consume('a', 1).allowed, consume('a', 1).allowed]).toEqual([true, false]);
  });

  test('keeps limits of one name apart that are counted by other steps', () => {
    const store = memoryStore({ clock: () => 0 });
    const decisions = [gcra, fixedWindow, slidingWindow, slidingLog].map((algorithm) =>
      createLimiter({ store, limits: [{ ...PER_SECOND, algorithm }] }).consume('a', { cost: 10 })
    );
    expect(decisions).toEqual(decisions.map(() => expect.objectContaining({ allowed: true })));
  });

  test('counts by gcra unless it is told otherwise', () => {
    const [plain, named] = [setUp(PER_SECOND), setUp({ ...PER_SECOND, algorithm: gcra })];
    for (const cost of [0, 4, 7, 6, 1, 11]) expect(plain.consume('a', cost)).toEqual(named.consume('a', cost));
  });
  test.each(ALGORITHMS)(
    'takes the most, the least, the longest and the shortest that %s can count',
    (name, algorithm) => {
      const most =
        { gcra: 1000, fixedWindow: 2 ** 31, slidingWindow: 2 ** 31, slidingLog: 1000, strictWindow: 2 ** 31 }[name];
      const longest = {
        ...{ gcra: 2 ** 31, fixedWindow: 2 ** 31, strictWindow: 2 ** 31 },
        slidingWindow: 28_561,
        slidingLog: 1000,
      }[name];
      for (
        const [limit, windowSeconds] of [[most, 0.001], [1, 0.001], [longest, 315_360_000], [1, 315_360_000]] as const
      ) {
        const { consume, advance } = setUp({ name: 'a', limit, windowSeconds, algorithm });
        const steps = [consume('a', limit).allowed, consume('a', 1).allowed];
        advance(2 * windowSeconds * 1000 + 1);
        expect([...steps, consume('a', limit).allowed]).toEqual([true, false, true]);
      }
    },
  );
});
