import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slidingLog, strictWindow } from '../../src/limiter/sliding-log.ts';
import { histories, type History, type HistoryOptions, type Moment, mostWithin, replay, verdicts } from './history.ts';
import { testLaws } from './laws.ts';
import { testRefundLaws } from './refund-laws.ts';

const MINUTE_US = 60_000_000;
const NOON_US = 1_700_049_600_000_000;
const LOG: HistoryOptions = { maxLimit: () => 1000 };

/**
 * The same in integers without bounds. What no longer counts when something is admitted is gone for good; what comes after a clock went back counts
 * until the latest unit does.
 */
function decideExactly({ limit, windowUs, requests }: History, parts: bigint | undefined): readonly boolean[] {
  let taken: readonly { readonly at: bigint; readonly units: bigint }[] = [];
  const window = BigInt(windowUs);
  const quantum = parts === undefined ? 1n : (window + parts - 1n) / parts;
  return requests.map(({ nowUs, cost }) => {
    const now = BigInt(nowUs);
    const counting = taken.filter(({ at }) => at > now - window);
    const used = counting.reduce((sum, { units }) => sum + units, BigInt(cost));
    if (used > BigInt(limit)) return false;
    const roundedUp = (now + quantum - 1n) / quantum * quantum;
    const at = counting.reduce((most, entry) => entry.at > most ? entry.at : most, roundedUp);
    taken = cost > 0 ? [...counting, { at, units: BigInt(cost) }] : counting;
    return true;
  });
}

/** What an exact log of the requests admitted until a moment holds then, or held so many microseconds earlier. */
function logged(moments: readonly Moment[], index: number, windowUs: number, earlierUs: number): number {
  const thenUs = (moments[index]?.nowUs ?? 0) - earlierUs;
  let units = 0;
  for (const { nowUs, cost, outcome } of moments.slice(0, index)) {
    if (outcome.ok && nowUs > thenUs - windowUs) units += cost;
  }
  return units;
}

describe('slidingLog', () => {
  testLaws(slidingLog, LOG);
  testRefundLaws(slidingLog, LOG);

  test('agrees with exact counting, for every history', () => {
    fc.assert(fc.property(histories({ ...LOG, goesBack: true }), (history) => {
      expect(verdicts(replay(slidingLog, history))).toEqual(decideExactly(history, undefined));
    }));
  });

  test('never admits more than the limit in any window', () => {
    fc.assert(fc.property(histories(LOG), (history) => {
      expect(mostWithin(replay(slidingLog, history), history.windowUs)).toBeLessThanOrEqual(history.limit);
    }));
  });

  test('never refuses what the limit allows', () => {
    fc.assert(fc.property(histories(LOG), (history) => {
      const moments = replay(slidingLog, history);
      const wronged = moments.filter(({ cost, outcome }, index) =>
        !outcome.ok && logged(moments, index, history.windowUs, 0) + cost <= history.limit
      );
      expect(wronged).toEqual([]);
    }));
  });

  test('holds 1,000 requests, and tells exactly when the first of them is gone', () => {
    const requests = Array.from({ length: 1001 }, (_, index) => ({ nowUs: NOON_US + index, cost: 1 }));
    const moments = replay(slidingLog, { limit: 1000, windowUs: MINUTE_US, burst: undefined, requests });
    expect(moments.at(-1)?.outcome).toMatchObject({ ok: false, result: { used: 1000, waitUs: MINUTE_US - 1000 } });
  });

  test('takes one entry for what comes in one microsecond', () => {
    const requests = Array.from({ length: 5 }, () => ({ nowUs: NOON_US, cost: 2 }));
    const moments = replay(slidingLog, { limit: 10, windowUs: MINUTE_US, burst: undefined, requests });
    expect(moments.at(-1)?.outcome.state).toEqual([NOON_US, 10]);
  });

  test('remembers nothing when asked at cost 0 about nothing', () => {
    expect(slidingLog.step.apply(undefined, { limit: 1, windowUs: 1000, quantumUs: 1, cost: 0 }, NOON_US)).toEqual({
      ok: true,
      state: undefined,
      ttlMs: 1,
      result: { used: 0, waitUs: 0, resetUs: 0, resetAfterUs: 0 },
    });
  });

  test('throws for a limit above 1,000, whose list would be too long', () => {
    expect(slidingLog.compile({ limit: 1000, windowUs: MINUTE_US, burst: undefined }).limit).toBe(1000);
    expect(() => slidingLog.compile({ limit: 1001, windowUs: MINUTE_US, burst: undefined })).toThrow(RangeError);
  });
});

describe('strictWindow', () => {
  testLaws(strictWindow);
  testRefundLaws(strictWindow);

  test('agrees with exact counting in sixteenths, for every history', () => {
    fc.assert(fc.property(histories({ goesBack: true }), (history) => {
      expect(verdicts(replay(strictWindow, history))).toEqual(decideExactly(history, 16n));
    }));
  });

  test('never admits more than the limit in any window', () => {
    fc.assert(fc.property(histories(), (history) => {
      expect(mostWithin(replay(strictWindow, history), history.windowUs)).toBeLessThanOrEqual(history.limit);
    }));
  });

  test('refuses at most a sixteenth of the window longer than an exact log', () => {
    fc.assert(fc.property(histories(), (history) => {
      const { limit, windowUs } = history;
      const lateUs = Math.ceil(windowUs / 16) - 1;
      const moments = replay(strictWindow, history);
      const wronged = moments.filter(({ cost, outcome }, index) =>
        !outcome.ok && logged(moments, index, windowUs, lateUs) + cost <= limit
      );
      expect(wronged).toEqual([]);
    }));
  });

  test('remembers at most 34 numbers, whatever the limit', () => {
    fc.assert(fc.property(histories({ goesBack: true }), (history) => {
      const lengths = replay(strictWindow, history).map(({ state }) => Array.isArray(state) ? state.length : 0);
      expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(34);
    }));
  });

  // A sixteenth of a millisecond is no whole microsecond: rounded down it would make one part more.
  test.each([[MINUTE_US, 60_000], [1000, 1]])(
    'keeps to 34 numbers in %d microseconds of requests each %d',
    (windowUs, eachUs) => {
      const requests = Array.from({ length: 3000 }, (_, index) => ({ nowUs: NOON_US + index * eachUs + 1, cost: 1 }));
      const moments = replay(strictWindow, { limit: 2 ** 31, windowUs, burst: undefined, requests });
      expect(Math.max(...moments.map(({ state }) => Array.isArray(state) ? state.length : 0))).toBe(34);
    },
  );
});

describe.each([['slidingLog', slidingLog], ['strictWindow', strictWindow]] as const)('%s', (_name, algorithm) => {
  test('throws for a burst, which it knows none of', () => {
    expect(() => algorithm.compile({ limit: 10, windowUs: MINUTE_US, burst: 10 })).toThrow(TypeError);
  });
});
