import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { slidingLog, strictWindow } from '../../src/limiter/sliding-log.ts';
import { histories, mostWithin, replay } from './history.ts';

// What is admitted, less what was given back meanwhile: giving back must never be worth more than what was taken.
describe('Limiter.refund() in every history', () => {
  test('keeps gcra within burst + elapsed / interval, at each moment from every other', () => {
    const maxLimit = (windowUs: number): number => Math.min(windowUs, 2 ** 31);
    fc.assert(fc.property(histories({ maxLimit, hasBurst: true, givesBack: true }), (history) => {
      const { limit, windowUs, burst = limit } = history;
      const moments = replay(gcra, history).filter(({ outcome }) => outcome.ok);
      moments.forEach((first, index) => {
        let units = 0n;
        for (const { nowUs, cost } of moments.slice(index)) {
          units += BigInt(cost);
          // Multiplied out: units <= burst + elapsed * limit / window.
          const allowed = BigInt(burst) * BigInt(windowUs) + BigInt(nowUs - first.nowUs) * BigInt(limit);
          if (units * BigInt(windowUs) > allowed) throw new Error(`admitted ${units} within ${nowUs - first.nowUs} us`);
        }
      });
    }));
  });

  test('keeps fixedWindow within the limit in each aligned window, at each moment', () => {
    fc.assert(fc.property(histories({ givesBack: true }), (history) => {
      const taken = new Map<number, number>();
      for (const { nowUs, cost, outcome } of replay(fixedWindow, history)) {
        const index = Math.floor(nowUs / history.windowUs);
        if (outcome.ok) taken.set(index, (taken.get(index) ?? 0) + cost);
        expect(taken.get(index) ?? 0).toBeLessThanOrEqual(history.limit);
      }
    }));
  });

  test('keeps slidingLog within the limit in any window, at each moment', () => {
    fc.assert(fc.property(histories({ maxLimit: () => 1000, givesBack: true }), (history) => {
      expect(mostWithin(replay(slidingLog, history), history.windowUs)).toBeLessThanOrEqual(history.limit);
    }));
  });

  test('keeps strictWindow within the limit in any window, at each moment', () => {
    fc.assert(fc.property(histories({ givesBack: true }), (history) => {
      expect(mostWithin(replay(strictWindow, history), history.windowUs)).toBeLessThanOrEqual(history.limit);
    }));
  });
});
