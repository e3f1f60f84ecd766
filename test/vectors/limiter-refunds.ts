import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { slidingLog } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { MINUTE, NOON, rows, START, type StepHistory, TEN_YEARS, windowRows } from './limiter-rows.ts';

const ALL = -Number.MAX_SAFE_INTEGER;
const TENTH = { intervalUs: 100_000, toleranceUs: 300_000 };
const DECADE = { intervalUs: TEN_YEARS, toleranceUs: 14 * TEN_YEARS };

/** What must come of a cost below 0, computed by hand. */
export const REFUNDS: readonly StepHistory[] = [
  {
    name: 'gcra: three units, of which some are given back',
    calls: rows(gcra.step, [
      [START, { ...TENTH, cost: 3 }, true, 0],
      [START, { ...TENTH, cost: -1 }, true, 300_000],
      [START, { ...TENTH, cost: 1 }, true, 200_000],
      [START, { ...TENTH, cost: 1 }, false, 300_000],
      [START + 50_000, { ...TENTH, cost: -2 }, true, 250_000],
      [START + 50_000, { ...TENTH, cost: 3 }, false, 50_000],
      [START + 50_000, { ...TENTH, cost: 2 }, true, 50_000],
      // The clock goes back: more is owed than may be, and giving back is not refused for that.
      [START - 100_000, { ...TENTH, cost: 0 }, false, 400_000],
      [START - 100_000, { ...TENTH, cost: -1 }, true, 400_000],
      [START - 100_000, { ...TENTH, cost: 0 }, true, 300_000],
      [START, { ...TENTH, cost: ALL }, true, 200_000],
      [START, { ...TENTH, cost: 3 }, true, 0],
      [START, { ...TENTH, cost: 1 }, false, 300_000],
    ]),
  },
  {
    name: 'gcra: more than a century of debt, given back',
    calls: rows(gcra.step, [
      [START, { ...DECADE, cost: ALL }, true, 0],
      [START, { ...DECADE, cost: 14 }, true, 0],
      [START, { ...DECADE, cost: ALL }, true, 4_415_040_000_000_000],
      [START, { ...DECADE, cost: 14 }, true, 0],
      [START, { ...DECADE, cost: -13 }, true, 4_415_040_000_000_000],
      [START + 1, { ...DECADE, cost: 13 }, true, 315_359_999_999_999],
      [START + 1, { ...DECADE, cost: 1 }, false, 4_415_039_999_999_999],
    ]),
  },
  {
    name: 'fixedWindow: 10 a minute, of which some are given back',
    calls: windowRows(fixedWindow.step, { limit: 10, windowUs: MINUTE }, [
      [NOON + 15_000_000, 4, true, 0, 0, 0, 45_000_000],
      [NOON + 15_000_000, -1, true, 4, 0, 45_000_000, 45_000_000],
      [NOON + 15_000_000, 7, true, 3, 0, 45_000_000, 45_000_000],
      [NOON + 15_000_000, 1, false, 10, 45_000_000, 45_000_000, 45_000_000],
      [NOON + 15_000_000, -10, true, 10, 0, 45_000_000, 0],
      [NOON + 15_000_000, 10, true, 0, 0, 0, 45_000_000],
      // What was taken in the window before is worth nothing in this one.
      [NOON + MINUTE, -5, true, 0, 0, 0, 0],
      [NOON + MINUTE, 3, true, 0, 0, 0, MINUTE],
      // The clock goes back: it is given back to the later window.
      [NOON + 30_000_000, -2, true, 3, 0, 90_000_000, 90_000_000],
      [NOON + 30_000_000, ALL, true, 1, 0, 90_000_000, 0],
      [NOON + 30_000_000, 10, true, 0, 0, 0, 90_000_000],
      [NOON + 30_000_000, 1, false, 10, 90_000_000, 90_000_000, 90_000_000],
    ]),
  },
  {
    name: 'slidingWindow: 10 a minute, of which some are given back',
    calls: windowRows(slidingWindow.step, { limit: 10, windowMs: 60_000 }, [
      [NOON, 8, true, 0, 0, 0, 120_000_000],
      [NOON, -3, true, 8, 0, 120_000_000, 120_000_000],
      [NOON + 90_000_000, 4, true, 3, 0, 30_000_000, 90_000_000],
      // Four of this window, and two of the five of the one before.
      [NOON + 90_000_000, -6, true, 7, 0, 90_000_000, 30_000_000],
      [NOON + 90_000_000, 9, false, 2, 10_000_000, 30_000_000, 90_000_000],
      [NOON + 90_000_000, 8, true, 2, 0, 30_000_000, 90_000_000],
      // The clock goes back: more counts than may.
      [NOON + 10_000_000, 0, false, 11, 70_000_000, 170_000_000, 170_000_000],
      [NOON + 10_000_000, -1, true, 11, 0, 170_000_000, 170_000_000],
      [NOON + 10_000_000, 0, true, 10, 0, 170_000_000, 170_000_000],
      [NOON + 10_000_000, ALL, true, 10, 0, 170_000_000, 0],
      [NOON + 10_000_000, 10, true, 0, 0, 0, 170_000_000],
    ]),
  },
  {
    name: 'slidingWindow: far more counts than may, after the clock went back',
    calls: windowRows(slidingWindow.step, { limit: 10, windowMs: 60_000 }, [
      [NOON, 10, true, 0, 0, 0, 120_000_000],
      [NOON + 118_000_000, 9, true, 1, 0, 2_000_000, 62_000_000],
      [NOON + 60_000_000, -1, true, 19, 0, 120_000_000, 120_000_000],
      [NOON + 60_000_000, 0, false, 18, 48_000_000, 120_000_000, 120_000_000],
    ]),
  },
  {
    name: 'slidingLog: 5 a minute, of which the last are given back first',
    calls: windowRows(slidingLog.step, { limit: 5, windowUs: MINUTE, quantumUs: 1 }, [
      [NOON, 2, true, 0, 0, 0, MINUTE],
      [NOON + 10, 3, true, 2, 0, 59_999_990, MINUTE],
      [NOON + 10, -1, true, 5, 0, MINUTE, MINUTE],
      [NOON + 20, 2, false, 4, 59_999_980, 59_999_990, MINUTE],
      [NOON + 20, -3, true, 4, 0, 59_999_990, 59_999_980],
      [NOON + 20, 4, true, 1, 0, 59_999_980, MINUTE],
      [NOON + 60_000_000, -4, true, 4, 0, 20, 0],
      [NOON + 60_000_000, 5, true, 0, 0, 0, MINUTE],
      // The clock goes back.
      [NOON + 30_000_000, -1, true, 5, 0, 90_000_000, 90_000_000],
      [NOON + 30_000_000, 1, true, 4, 0, 90_000_000, 90_000_000],
      [NOON + 30_000_000, ALL, true, 5, 0, 90_000_000, 0],
      [NOON + 30_000_000, -1, true, 0, 0, 0, 0],
      [NOON + 30_000_000, 5, true, 0, 0, 0, MINUTE],
    ]),
  },
  {
    name: 'strictWindow: a million a minute, of which some are given back',
    calls: windowRows(slidingLog.step, { limit: 1_000_000, windowUs: MINUTE, quantumUs: 3_750_000 }, [
      [NOON + 1, 400_000, true, 0, 0, 0, 63_749_999],
      [NOON + 3_750_000, 500_000, true, 400_000, 0, MINUTE, MINUTE],
      [NOON + 3_750_001, 50_000, true, 900_000, 0, 59_999_999, 63_749_999],
      [NOON + 3_750_001, -100_000, true, 950_000, 0, 63_749_999, 59_999_999],
      [NOON + 3_750_001, 150_001, false, 850_000, 59_999_999, 59_999_999, 63_749_999],
      [NOON + 3_750_001, 150_000, true, 850_000, 0, 59_999_999, 63_749_999],
    ]),
  },
];
