import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { lease, release } from '../../src/limiter/lease.ts';
import { slidingLog } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { claim } from '../../src/store/claim.ts';
import { drop, swap } from '../../src/store/swap.ts';
import { REFUNDS } from './limiter-refunds.ts';
import { MINUTE, NOON, rows, START, type StepHistory, type StepRow, TEN_YEARS, windowRows } from './limiter-rows.ts';

const CODE = '0123456789abcdefABCDEF.-_:0123456789abcdefABCDEF.-_:0123456789az';

const take = (nowUs: number, holder: string, slots: number, ttlMs: number, ok: boolean, result: unknown): StepRow => ({
  step: lease,
  args: { holder, slots, ttlMs },
  nowUs,
  ok,
  result,
});
const give = (nowUs: number, holder: string, result: unknown): StepRow => ({
  step: release,
  args: { holder },
  nowUs,
  ok: true,
  result,
});
const firstTo = (value: string, ok: boolean, standing: string): StepRow => ({
  step: claim,
  args: { value, ttlMs: 60_000 },
  nowUs: START,
  ok,
  result: { claimed: ok, value: standing },
});
const exchange = (expected: string | null, value: string, ok: boolean, before: string | null): StepRow => ({
  step: swap,
  args: { expected, value, ttlMs: 60_000 },
  nowUs: START,
  ok,
  result: before,
});
const forget = (expected: string, ok: boolean, before: string | null): StepRow => ({
  step: drop,
  args: { expected },
  nowUs: START,
  ok,
  result: before,
});

const TENTH = { intervalUs: 100_000, toleranceUs: 300_000 };
const DECADE = { intervalUs: TEN_YEARS, toleranceUs: 14 * TEN_YEARS };

/**
 * What every step must answer, wherever it runs, computed by hand from what each of them says it does. No line hangs on what a store has forgotten
 * meanwhile.
 */
export const LIMITER_STEPS: readonly StepHistory[] = [
  {
    name: 'gcra: three units, one of which comes back each 100 ms',
    calls: rows(gcra.step, [
      [START, { ...TENTH, cost: 1 }, true, 0],
      [START, { ...TENTH, cost: 1 }, true, 100_000],
      [START, { ...TENTH, cost: 2 }, false, 200_000],
      [START, { ...TENTH, cost: 1 }, true, 200_000],
      [START, { ...TENTH, cost: 0 }, true, 300_000],
      [START + 99_999, { ...TENTH, cost: 1 }, false, 200_001],
      [START + 100_000, { ...TENTH, cost: 1 }, true, 200_000],
      // The clock goes back: more is owed than may be.
      [START, { ...TENTH, cost: 0 }, false, 400_000],
      [START + 400_000, { ...TENTH, cost: 3 }, true, 0],
      [START + 400_000, { ...TENTH, cost: 4 }, false, 300_000],
    ]),
  },
  {
    name: 'gcra: more than a century of debt, to the microsecond',
    calls: rows(gcra.step, [
      [START, { ...DECADE, cost: 15 }, false, 0],
      [START, { ...DECADE, cost: 14 }, true, 0],
      [START, { ...DECADE, cost: 0 }, true, 4_415_040_000_000_000],
      [START + 1, { ...DECADE, cost: 1 }, false, 4_415_039_999_999_999],
      [START + 1, { ...DECADE, cost: Number.MAX_SAFE_INTEGER }, false, 4_415_039_999_999_999],
      [START + TEN_YEARS - 1, { ...DECADE, cost: 1 }, false, 4_099_680_000_000_001],
      [START + TEN_YEARS, { ...DECADE, cost: 1 }, true, 4_099_680_000_000_000],
    ]),
  },
  {
    name: 'fixedWindow: 10 a minute',
    calls: windowRows(fixedWindow.step, { limit: 10, windowUs: MINUTE }, [
      [NOON, 0, true, 0, 0, 0, 0],
      [NOON + 15_000_000, 4, true, 0, 0, 0, 45_000_000],
      [NOON + 15_000_000, 7, false, 4, 45_000_000, 45_000_000, 45_000_000],
      [NOON + 15_000_000, 11, false, 4, Infinity, 45_000_000, 45_000_000],
      [NOON + 59_999_999, 6, true, 4, 0, 1, 1],
      [NOON + 59_999_999, 1, false, 10, 1, 1, 1],
      [NOON + MINUTE, 10, true, 0, 0, 0, MINUTE],
      // The clock goes back: it stays in the later window.
      [NOON + 30_000_000, 1, false, 10, 90_000_000, 90_000_000, 90_000_000],
      [NOON + 30_000_000, 0, true, 10, 0, 90_000_000, 90_000_000],
      [NOON + 2 * MINUTE, 11, false, 0, Infinity, 0, MINUTE],
      [NOON + 2 * MINUTE, 1, true, 0, 0, 0, MINUTE],
    ]),
  },
  {
    name: 'fixedWindow: 2^31 in ten years',
    calls: windowRows(fixedWindow.step, { limit: 2 ** 31, windowUs: TEN_YEARS }, [
      [START, 2_147_483_647, true, 0, 0, 0, 192_160_000_000_000],
      [START, 2, false, 2_147_483_647, 192_160_000_000_000, 192_160_000_000_000, 192_160_000_000_000],
      [START + 1, 1, true, 2_147_483_647, 0, 192_159_999_999_999, 192_159_999_999_999],
      [1_892_159_999_999_999, 1, false, 2_147_483_648, 1, 1, 1],
      [1_892_160_000_000_000, 1, true, 0, 0, 0, TEN_YEARS],
    ]),
  },
  {
    name: 'slidingWindow: 10 a minute',
    calls: windowRows(slidingWindow.step, { limit: 10, windowMs: 60_000 }, [
      [NOON, 8, true, 0, 0, 0, 120_000_000],
      [NOON, 3, false, 8, 67_500_000, 120_000_000, 120_000_000],
      [NOON + 67_499_999, 3, false, 8, 1, 52_500_001, 112_500_001],
      [NOON + 67_500_000, 3, true, 7, 0, 52_500_000, 112_500_000],
      [NOON + 100_000_000, 5, false, 6, 5_000_000, 80_000_000, 80_000_000],
      [NOON + 100_000_000, 11, false, 6, Infinity, 80_000_000, 80_000_000],
      [NOON + 100_000_000, 4, true, 6, 0, 80_000_000, 80_000_000],
      // The clock goes back: all of the window before counts.
      [NOON + 10_000_000, 0, false, 15, 87_500_000, 170_000_000, 170_000_000],
      [NOON + 3 * MINUTE, 10, true, 0, 0, 0, 120_000_000],
      [NOON + 3 * MINUTE, 1, false, 10, 66_000_000, 120_000_000, 120_000_000],
      [NOON + 3 * MINUTE, 10, false, 10, 120_000_000, 120_000_000, 120_000_000],
    ]),
  },
  {
    name: 'slidingWindow: as many in ten years as can be counted',
    calls: windowRows(slidingWindow.step, { limit: 28_561, windowMs: 315_360_000_000 }, [
      [START, 28_561, true, 0, 0, 0, 507_520_000_000_000],
      [2_000_000_000_000_000, 9767, false, 18_795, 3_602_115_000, 207_520_000_000_000, 522_880_000_000_000],
      [2_000_003_602_114_999, 9767, false, 18_795, 1, 207_516_397_885_001, 522_876_397_885_001],
      [2_000_003_602_115_000, 9767, true, 18_794, 0, 207_516_397_885_000, 522_876_397_885_000],
    ]),
  },
  {
    name: 'slidingLog: 5 a minute',
    calls: windowRows(slidingLog.step, { limit: 5, windowUs: MINUTE, quantumUs: 1 }, [
      [NOON, 0, true, 0, 0, 0, 0],
      [NOON, 2, true, 0, 0, 0, MINUTE],
      [NOON, 1, true, 2, 0, MINUTE, MINUTE],
      [NOON + 1, 2, true, 3, 0, 59_999_999, MINUTE],
      [NOON + 2, 4, false, 5, 59_999_999, 59_999_999, MINUTE],
      [NOON + 2, 3, false, 5, 59_999_998, 59_999_999, MINUTE],
      [NOON + 59_999_999, 3, false, 5, 1, 2, MINUTE],
      [NOON + 60_000_000, 3, true, 2, 0, 1, MINUTE],
      // The clock goes back: what was taken later counts, and what comes is added to it.
      [NOON + 30_000_000, 1, false, 5, 30_000_001, 90_000_000, 90_000_000],
      [NOON + 30_000_000, 6, false, 5, Infinity, 90_000_000, 90_000_000],
      [NOON + 60_000_001, 1, true, 3, 0, 59_999_999, MINUTE],
      [NOON + 50_000_000, 1, true, 4, 0, 70_000_001, 70_000_001],
      [NOON + 60_000_002, 1, false, 5, 59_999_998, 59_999_999, MINUTE],
      [NOON + 60_000_002, 0, true, 5, 0, 59_999_999, 59_999_999],
      [NOON + 200_000_000, 0, true, 0, 0, 0, 0],
      [NOON + 200_000_000, 5, true, 0, 0, 0, MINUTE],
    ]),
  },
  {
    name: 'strictWindow: a million a minute',
    calls: windowRows(slidingLog.step, { limit: 1_000_000, windowUs: MINUTE, quantumUs: 3_750_000 }, [
      [NOON + 1, 400_000, true, 0, 0, 0, 63_749_999],
      [NOON + 3_750_000, 500_000, true, 400_000, 0, MINUTE, MINUTE],
      [NOON + 3_750_001, 100_001, false, 900_000, 59_999_999, 59_999_999, 63_749_999],
      [NOON + 3_750_001, 100_000, true, 900_000, 0, 59_999_999, 63_749_999],
      [NOON + 63_749_999, 1, false, 1_000_000, 1, 3_750_001, 60_000_001],
      [NOON + 63_750_000, 900_000, true, 100_000, 0, 3_750_000, MINUTE],
    ]),
  },
  {
    name: 'strictWindow: one a millisecond, whose sixteenth is no whole microsecond',
    calls: windowRows(slidingLog.step, { limit: 1, windowUs: 1000, quantumUs: 63 }, [
      // START + 1 is a whole multiple of 63.
      [START + 2, 1, true, 0, 0, 0, 1062],
      [START + 1063, 1, false, 1, 1, 1, 1009],
      [START + 1064, 1, true, 0, 0, 0, 1008],
    ]),
  },
  ...REFUNDS,
  {
    name: 'lease and release: two slots',
    calls: [
      take(START, 'a', 2, 1000, true, { held: 0, freeUs: 0 }),
      take(START + 500_000, CODE, 2, 10_000, true, { held: 1, freeUs: 500_000 }),
      take(START + 500_000, 'c', 2, 1, false, { held: 2, freeUs: 500_000 }),
      take(START + 999_999, 'a', 2, 10, true, { held: 1, freeUs: 9_500_001 }),
      take(START + 1_009_998, 'c', 2, 1, false, { held: 2, freeUs: 1 }),
      take(START + 1_009_999, 'c', 2, 0.5, true, { held: 1, freeUs: 9_490_001 }),
      // Fewer slots than are held: even a holder must not renew.
      take(START + 1_009_999, 'c', 1, 1, false, { held: 1, freeUs: 9_490_001 }),
      give(START + 1_009_999, CODE, { held: 1, freeUs: 1000 }),
      give(START + 1_009_999, CODE, { held: 1, freeUs: 1000 }),
      give(START + 1_009_999, 'C', { held: 1, freeUs: 1000 }),
      take(START + 1_009_999, 'd', 1, 1, false, { held: 1, freeUs: 1000 }),
      give(START + 1_010_000, 'c', { held: 0, freeUs: 0 }),
      give(START + 1_010_000, 'c', { held: 0, freeUs: 0 }),
      take(START + 1_010_000, 'e', 1, 315_360_000_000, true, { held: 0, freeUs: 0 }),
      take(START + 1_010_001, 'f', 1, 1, false, { held: 1, freeUs: 315_359_999_999_999 }),
    ],
  },
  {
    name: 'claim: the first value stands',
    calls: [firstTo('one', true, 'one'), firstTo('two', false, 'one'), firstTo('one', false, 'one')],
  },
  {
    name: 'claim: an empty value is a value',
    calls: [firstTo('', true, ''), firstTo('two', false, '')],
  },
  {
    name: 'swap and drop: only what is expected',
    calls: [
      forget('', false, null),
      exchange('', 'x', false, null),
      exchange(null, '', true, null),
      exchange(null, 'x', false, ''),
      exchange('0', 'x', false, ''),
      exchange('', '0', true, ''),
      exchange('', 'x', false, '0'),
      forget('', false, '0'),
      exchange('0', 'Ω \u{1F6AA}\n\u0000 1', true, '0'),
      firstTo('x', false, 'Ω \u{1F6AA}\n\u0000 1'),
      forget('Ω', false, 'Ω \u{1F6AA}\n\u0000 1'),
      forget('Ω \u{1F6AA}\n\u0000 1', true, 'Ω \u{1F6AA}\n\u0000 1'),
      forget('Ω \u{1F6AA}\n\u0000 1', false, null),
      firstTo('again', true, 'again'),
    ],
  },
];
