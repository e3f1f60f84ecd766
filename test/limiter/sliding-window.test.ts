import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { histories, type History, type HistoryOptions, mostWithin, replay, TEN_YEARS_US, verdicts } from './history.ts';
import { testLaws } from './laws.ts';
import { testRefundLaws } from './refund-laws.ts';

const MINUTE_US = 60_000_000;
const NOON_US = 1_700_049_600_000_000;
/** What it can count exactly. */
const OPTIONS: HistoryOptions = {
  maxLimit: (windowUs) => Math.min(2 ** 31, Math.floor(Number.MAX_SAFE_INTEGER / Math.ceil(windowUs / 1000))),
};

/** The same in integers without bounds: the units of the last window count by the share of it that is still covered. */
function decideExactly({ limit, windowUs, requests }: History): readonly boolean[] {
  const taken = new Map<bigint, bigint>();
  const windowMs = (BigInt(windowUs) + 999n) / 1000n;
  let latest = 0n;
  return requests.map(({ nowUs, cost }) => {
    const nowMs = BigInt(nowUs) / 1000n;
    const now = nowMs / windowMs;
    const index = now > latest ? now : latest;
    const elapsedMs = nowMs > index * windowMs ? nowMs - index * windowMs : 0n;
    const used = (taken.get(index) ?? 0n) + BigInt(cost);
    const carried = (taken.get(index - 1n) ?? 0n) * (windowMs - elapsedMs);
    if (used * windowMs + carried > BigInt(limit) * windowMs) return false;
    taken.set(index, used);
    latest = index;
    return true;
  });
}

function usedAfter(requests: History['requests']): number | undefined {
  return replay(slidingWindow, { limit: 10, windowUs: MINUTE_US, burst: undefined, requests }).at(-1)?.reading
    .remaining;
}

describe('slidingWindow', () => {
  testLaws(slidingWindow, OPTIONS);
  testRefundLaws(slidingWindow, OPTIONS);

  test('agrees with exact rational arithmetic, for every history', () => {
    fc.assert(fc.property(histories({ ...OPTIONS, goesBack: true }), (history) => {
      expect(verdicts(replay(slidingWindow, history))).toEqual(decideExactly(history));
    }));
  });

  test('never admits more than twice the limit in any window', () => {
    fc.assert(fc.property(histories(OPTIONS), (history) => {
      expect(mostWithin(replay(slidingWindow, history), history.windowUs)).toBeLessThanOrEqual(2 * history.limit);
    }));
  });

  // The envelope says more than the limit, because it happens: whoever takes this algorithm must know.
  test('admits nearly twice the limit to one who knows the clock', () => {
    const requests = [{ nowUs: NOON_US + MINUTE_US - 1000, cost: 100 }];
    for (let ms = 0; ms < 59_999; ms++) requests.push({ nowUs: NOON_US + MINUTE_US + ms * 1000, cost: 1 });
    const moments = replay(slidingWindow, { limit: 100, windowUs: MINUTE_US, burst: undefined, requests });
    expect(mostWithin(moments, MINUTE_US)).toBe(199);
  });

  test('admits more than the limit to requests that come evenly, but too fast', () => {
    const requests = Array.from(
      { length: 1000 },
      (_, index) => ({ nowUs: NOON_US + 49_000_000 + index * 100_000, cost: 1 }),
    );
    const moments = replay(slidingWindow, { limit: 100, windowUs: MINUTE_US, burst: undefined, requests });
    expect(mostWithin(moments, MINUTE_US)).toBe(181);
  });

  test('never admits more than the limit in any window after one whose units were taken evenly', () => {
    const units = fc.integer({ min: 1, max: 10 });
    fc.assert(
      fc.property(units, fc.nat(999), fc.nat(59_999), fc.nat(59_999), (count, phase, oneMs, otherMs) => {
        const eachUs = MINUTE_US / count;
        const evenly = Array.from({ length: count }, (_, index) => (index + phase / 1000) * eachUs);
        const greedy = [oneMs, otherMs].sort((one, other) => one - other)
          .flatMap((ms) => new Array<number>(10).fill(MINUTE_US + ms * 1000));
        const requests = [...evenly, ...greedy].map((us) => ({ nowUs: NOON_US + Math.floor(us), cost: 1 }));
        const moments = replay(slidingWindow, { limit: 10, windowUs: MINUTE_US, burst: undefined, requests });
        expect(mostWithin(moments, MINUTE_US)).toBeLessThanOrEqual(10);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    // Half of the window before is covered: 4 of its 8 units.
    [90_000_000, 6],
    // A third: 8/3, which is more than 2.
    [100_000_000, 7],
    [120_000_000, 10],
  ])('weighs 8 units of the window before, %d microseconds after it began, so that %d remain', (afterUs, remaining) => {
    expect(usedAfter([{ nowUs: NOON_US, cost: 8 }, { nowUs: NOON_US + afterUs, cost: 0 }])).toBe(remaining);
  });

  test('forgets the window before the last', () => {
    const requests = [0, 1, 2].map((minute) => ({ nowUs: NOON_US + minute * MINUTE_US, cost: minute === 1 ? 0 : 10 }));
    expect(usedAfter(requests)).toBe(0);
  });

  test('throws for a burst, which it knows none of', () => {
    expect(() => slidingWindow.compile({ limit: 10, windowUs: MINUTE_US, burst: 10 })).toThrow(TypeError);
  });

  test('throws for what it could not compare exactly, and takes what it can', () => {
    const most = Math.floor(Number.MAX_SAFE_INTEGER / (TEN_YEARS_US / 1000));
    const numbers = { windowUs: TEN_YEARS_US, burst: undefined };
    expect(slidingWindow.compile({ ...numbers, limit: most }).limit).toBe(most);
    expect(() => slidingWindow.compile({ ...numbers, limit: most + 1 })).toThrow(RangeError);
  });

  test('counts a window of a fraction of a millisecond more as the next whole one', () => {
    expect(slidingWindow.compile({ limit: 1, windowUs: 1001, burst: undefined }).windowMs).toBe(2);
  });
});
