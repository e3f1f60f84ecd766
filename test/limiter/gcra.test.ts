import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gcra } from '../../src/limiter/gcra.ts';

const INTERVAL_US = 100_000;
const TOLERANCE_US = 1_000_000;
const NOW_MS = 1_700_000_000_000;

function step(state: number | undefined, cost: number, nowMs = NOW_MS) {
  return gcra.apply(state, { intervalUs: INTERVAL_US, toleranceUs: TOLERANCE_US, cost }, nowMs);
}

describe('gcra', () => {
  test('admits the whole burst at once, and no more', () => {
    let state: number | undefined;
    for (let n = 0; n < 10; n++) {
      const outcome = step(state, 1);
      expect(outcome.ok).toBe(true);
      state = outcome.state;
    }
    expect(step(state, 1).ok).toBe(false);
  });

  test('pays back one unit per interval', () => {
    const full = step(undefined, 10).state;
    expect(step(full, 1, NOW_MS + 99.999).ok).toBe(false);
    expect(step(full, 1, NOW_MS + 100).ok).toBe(true);
  });

  test('asks without taking at cost 0', () => {
    const outcome = step(undefined, 0);
    expect(outcome.ok).toBe(true);
    expect(outcome.state).toBe(NOW_MS * 1000);
  });

  test('never admits a cost above the burst', () => {
    expect(step(undefined, 11).ok).toBe(false);
  });

  // NTP steps and failovers: a clock that goes back must not refill anything.
  test('admits nothing more when the clock goes back', () => {
    const full = step(undefined, 10).state;
    expect(step(full, 1, NOW_MS - 3_600_000).ok).toBe(false);
  });

  // A time to live rounded down forgets a debt early, which is an extra burst.
  test('lives at least as long as its debt', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 999 }), (cost, microseconds) => {
      const nowMs = NOW_MS + microseconds / 1000;
      const { state, ttlMs } = step(undefined, cost, nowMs);
      expect(Number.isInteger(ttlMs) && ttlMs >= 1).toBe(true);
      expect(nowMs * 1000 + ttlMs * 1000).toBeGreaterThanOrEqual(state - 1);
    }));
  });

  test('agrees with exact rational arithmetic, for every history', () => {
    const call = fc.record({ waitUs: fc.integer({ min: 0, max: 3_000_000 }), cost: fc.integer({ min: 0, max: 12 }) });
    const rule = fc.record({
      intervalUs: fc.integer({ min: 1, max: 500_000 }),
      burst: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(fc.property(rule, fc.array(call, { maxLength: 50 }), ({ intervalUs, burst }, calls) => {
      let state: number | undefined;
      let exact = 0n;
      let nowUs = 1_700_000_000_000_000n;
      for (const { waitUs, cost } of calls) {
        nowUs += BigInt(waitUs);
        const outcome = gcra.apply(state, { intervalUs, toleranceUs: intervalUs * burst, cost }, Number(nowUs) / 1000);
        const start = exact > nowUs ? exact : nowUs;
        const next = start + BigInt(cost * intervalUs);
        expect(outcome.ok).toBe(next - nowUs <= BigInt(intervalUs * burst));
        if (outcome.ok) {
          state = outcome.state;
          exact = next;
          // The millisecond clock is a double: at this size it holds every microsecond to within one.
          expect(Math.abs(Number(BigInt(state) - exact))).toBeLessThanOrEqual(1);
          exact = BigInt(state);
        }
      }
    }));
  });
});
