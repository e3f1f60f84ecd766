import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gcra } from '../../src/limiter/gcra.ts';
import { histories, type History, type HistoryOptions, replay, TEN_YEARS_US, verdicts } from './history.ts';
import { testLaws } from './laws.ts';
import { testRefundLaws } from './refund-laws.ts';

const INTERVAL_US = 100_000;
const TOLERANCE_US = 1_000_000;
const NOW_US = 1_700_000_000_000_000;
const OPTIONS: HistoryOptions = {
  hasBurst: true,
  maxLimit: (windowUs) => Math.min(windowUs, 2 ** 31),
};

function step(state: unknown, cost: number, nowUs = NOW_US) {
  return gcra.step.apply(state, { intervalUs: INTERVAL_US, toleranceUs: TOLERANCE_US, cost }, nowUs);
}

/** A token bucket in integers without bounds: the arrival time as ITU-T I.371 writes it. */
function decideExactly({ limit, windowUs, burst = limit, requests }: History): readonly boolean[] {
  const interval = (BigInt(windowUs) + BigInt(limit) - 1n) / BigInt(limit);
  let arrival = 0n;
  return requests.map(({ nowUs, cost }) => {
    const now = BigInt(nowUs);
    const next = (arrival > now ? arrival : now) + BigInt(cost) * interval;
    if (next - now > interval * BigInt(burst)) return false;
    arrival = next;
    return true;
  });
}

describe('gcra', () => {
  testLaws(gcra, OPTIONS);
  testRefundLaws(gcra, OPTIONS);

  test('agrees with exact rational arithmetic, for every history', () => {
    fc.assert(fc.property(histories({ ...OPTIONS, goesBack: true }), (history) => {
      expect(verdicts(replay(gcra, history))).toEqual(decideExactly(history));
    }));
  });

  test('never admits more than burst + elapsed / interval between any two requests', () => {
    fc.assert(fc.property(histories(OPTIONS), (history) => {
      const { limit, windowUs, burst = limit } = history;
      const admitted = replay(gcra, history).filter(({ outcome }) => outcome.ok);
      admitted.forEach((first, index) => {
        let units = 0n;
        for (const { nowUs, cost } of admitted.slice(index)) {
          units += BigInt(cost);
          // Multiplied out: units <= burst + elapsed * limit / window.
          const allowed = BigInt(burst) * BigInt(windowUs) + BigInt(nowUs - first.nowUs) * BigInt(limit);
          if (units * BigInt(windowUs) > allowed) throw new Error(`admitted ${units} within ${nowUs - first.nowUs} us`);
        }
      });
    }));
  });

  test('admits the whole burst at once, and no more', () => {
    let state: unknown;
    for (let n = 0; n < 10; n++) {
      const outcome = step(state, 1);
      expect(outcome.ok).toBe(true);
      state = outcome.state;
    }
    expect(step(state, 1).ok).toBe(false);
  });

  test('pays back one unit per interval', () => {
    const full = step(undefined, 10).state;
    expect(step(full, 1, NOW_US + 99_999).ok).toBe(false);
    expect(step(full, 1, NOW_US + 100_000).ok).toBe(true);
  });

  test('asks without taking at cost 0', () => {
    const outcome = step(undefined, 0);
    expect(outcome.ok).toBe(true);
    expect(outcome.state).toBe(NOW_US);
  });

  test('never admits a cost above the burst', () => {
    expect(step(undefined, 11).ok).toBe(false);
  });

  // NTP steps and failovers: a clock that goes back must not refill anything.
  test('admits nothing more when the clock goes back', () => {
    const full = step(undefined, 10).state;
    expect(step(full, 1, NOW_US - 3_600_000_000).ok).toBe(false);
  });

  // Debt and cost together are more than 2^53 microseconds then.
  test('tells a wait of more than a century to the microsecond, after the clock went back', () => {
    const requests = [4_398_046_511_104_000, 4_393_706_859_057_129].map((nowUs) => ({ nowUs, cost: 389 }));
    const moments = replay(gcra, { limit: 1, windowUs: 11_572_405_458_321, burst: 389, requests });
    const waitUs = 389n * 11_572_405_458_321n + 4_398_046_511_104_000n - 4_393_706_859_057_129n;
    expect(moments.at(-1)?.reading.waitUs).toBe(Number(waitUs));
  });

  test('rounds the interval up, so that a window never holds more than the limit', () => {
    const numbers = { limit: 3, windowUs: 1_000_000, burst: undefined };
    expect(gcra.compile(numbers)).toEqual({ intervalUs: 333_334, toleranceUs: 1_000_002, cost: 1 });
  });

  test.each([
    ['more than a million a second', { limit: 1001, windowUs: 1000, burst: undefined }],
    ['a burst that takes more than a century', { limit: 1, windowUs: TEN_YEARS_US, burst: 15 }],
  ])('throws for %s', (_what, numbers) => {
    expect(() => gcra.compile(numbers)).toThrow(RangeError);
  });
});
