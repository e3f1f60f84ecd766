import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { histories, type History, mostWithin, replay, verdicts } from './history.ts';
import { testLaws } from './laws.ts';
import { testRefundLaws } from './refund-laws.ts';

const MINUTE_US = 60_000_000;
const NOON_US = 1_700_049_600_000_000;

/** Counts for ever, window by window. After a clock went back requests count in the last window that admitted one. */
function decideExactly({ limit, windowUs, requests }: History): readonly boolean[] {
  const taken = new Map<bigint, bigint>();
  let latest = 0n;
  return requests.map(({ nowUs, cost }) => {
    const now = BigInt(nowUs) / BigInt(windowUs);
    const index = now > latest ? now : latest;
    const used = (taken.get(index) ?? 0n) + BigInt(cost);
    if (used > BigInt(limit)) return false;
    taken.set(index, used);
    latest = index;
    return true;
  });
}

describe('fixedWindow', () => {
  testLaws(fixedWindow);
  testRefundLaws(fixedWindow);

  test('agrees with exact counting, for every history', () => {
    fc.assert(fc.property(histories({ goesBack: true }), (history) => {
      expect(verdicts(replay(fixedWindow, history))).toEqual(decideExactly(history));
    }));
  });

  test('never admits more than the limit in an aligned window, nor than twice the limit in any', () => {
    fc.assert(fc.property(histories(), (history) => {
      const { limit, windowUs } = history;
      const moments = replay(fixedWindow, history);
      const taken = new Map<number, number>();
      for (const { nowUs, cost, outcome } of moments) {
        const index = Math.floor(nowUs / windowUs);
        if (outcome.ok) taken.set(index, (taken.get(index) ?? 0) + cost);
      }
      expect(Math.max(0, ...taken.values())).toBeLessThanOrEqual(limit);
      expect(mostWithin(moments, windowUs)).toBeLessThanOrEqual(2 * limit);
    }));
  });

  // The envelope says twice the limit, because it happens: whoever takes this algorithm must know.
  test('admits twice the limit around a boundary', () => {
    const requests = [NOON_US - 1, NOON_US].map((nowUs) => ({ nowUs, cost: 10 }));
    const moments = replay(fixedWindow, { limit: 10, windowUs: MINUTE_US, burst: undefined, requests });
    expect(mostWithin(moments, MINUTE_US)).toBe(20);
  });

  test('begins its windows at whole multiples of their length since the Unix epoch', () => {
    const outcome = fixedWindow.step.apply(undefined, { limit: 3, windowUs: MINUTE_US, cost: 2 }, NOON_US + 15_000_000);
    expect(outcome).toEqual({
      ok: true,
      state: [NOON_US, 2],
      ttlMs: 45_000,
      result: { used: 0, waitUs: 0, resetUs: 0, resetAfterUs: 45_000_000 },
    });
  });

  test('throws for a burst, which it knows none of', () => {
    expect(() => fixedWindow.compile({ limit: 10, windowUs: MINUTE_US, burst: 10 })).toThrow(TypeError);
  });
});
