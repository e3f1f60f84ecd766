import { describe, expect, test } from 'vitest';
import { decodeWindow, describeWindow, isCount } from '../../src/limiter/algorithm.ts';
import { block, blocked } from '../../src/limiter/block.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { lease, release } from '../../src/limiter/lease.ts';
import { claim } from '../../src/store/claim.ts';
import { drop, swap } from '../../src/store/swap.ts';
import { LIMITER_STEPS } from '../vectors/limiter-steps.ts';

const ARGS = { limit: 10, cost: 3 };
const RESULT = { used: 4, waitUs: 0, resetUs: 7, resetAfterUs: 9 };
const NO_COUNTS: readonly unknown[] = [undefined, null, Number.NaN, -1, 0.5, 2 ** 53, Infinity, '1', true, 1n, [1]];

describe('describeWindow()', () => {
  test('tells what remains after an admitted request, and after a refused one', () => {
    expect(describeWindow(RESULT, ARGS, true)).toEqual({ remaining: 3, resetUs: 9, waitUs: 0 });
    expect(describeWindow({ ...RESULT, waitUs: 5 }, ARGS, false)).toEqual({ remaining: 6, resetUs: 7, waitUs: 5 });
  });

  test('tells an admitted request of no wait', () => {
    expect(describeWindow({ ...RESULT, waitUs: 5 }, ARGS, true)?.waitUs).toBe(0);
  });

  test('reads nothing from what is no result', () => {
    for (const value of NO_COUNTS) expect(describeWindow(value, ARGS, true)).toBeUndefined();
  });

  // After a clock went back more may count than the limit: a header must not tell a negative number.
  test('never tells that less than nothing remains', () => {
    expect(describeWindow({ ...RESULT, used: 12, waitUs: 5 }, ARGS, false)?.remaining).toBe(0);
  });

  test('takes a wait without end, and nothing else without end', () => {
    expect(describeWindow({ ...RESULT, waitUs: Infinity }, ARGS, false)?.waitUs).toBe(Infinity);
    expect(describeWindow({ ...RESULT, used: Infinity }, ARGS, false)).toBeUndefined();
    expect(describeWindow({ ...RESULT, resetUs: Infinity }, ARGS, false)).toBeUndefined();
    expect(describeWindow({ ...RESULT, resetAfterUs: Infinity }, ARGS, true)).toBeUndefined();
  });
});

describe('decodeWindow()', () => {
  test('reads -1 as a wait without end', () => {
    expect(decodeWindow([4, -1, 7, 9])).toEqual({ ...RESULT, waitUs: Infinity });
    expect(decodeWindow([4, 0, 7, 9])).toEqual(RESULT);
  });

  test.each([0, 1, 2, 3])('reads as nothing what has no count in place %d', (place) => {
    for (const value of [...NO_COUNTS.filter((no) => place !== 1 || no !== -1), -2]) {
      expect(decodeWindow([4, 0, 7, 9].with(place, value as never))).toBeUndefined();
    }
  });
});

describe('isCount()', () => {
  test.each([0, 1, Number.MAX_SAFE_INTEGER])('takes %d', (value) => {
    expect(isCount(value)).toBe(true);
  });

  test('takes nothing that is no whole number of 0 or more', () => {
    expect(NO_COUNTS.filter(isCount)).toEqual([]);
  });
});

describe('StepTwin.encode()', () => {
  // The server reads arguments by their place: every one must be text, and whole numbers without an exponent.
  test('writes arguments as texts, and numbers as decimal digits', () => {
    for (const { step, args } of LIMITER_STEPS.flatMap(({ calls }) => calls)) {
      const words = step.twin?.encode(args) ?? [];
      expect(words.length).toBeGreaterThan(0);
      expect(words.every((word) => typeof word === 'string')).toBe(true);
      const wanted = Object.values(args as object).filter((value) => typeof value === 'number').map(Math.ceil);
      expect(words.filter((word) => wanted.includes(Number(word)) && /^-?\d+$/.test(word)).length)
        .toBeGreaterThanOrEqual(wanted.length);
    }
  });
});

describe('StepTwin.decode()', () => {
  test('reads nothing from what is no answer', () => {
    for (const value of NO_COUNTS) {
      expect(gcra.step.twin?.decode([value])).toBeUndefined();
      expect(lease.twin?.decode([value, 0])).toBeUndefined();
      expect(release.twin?.decode([0, value])).toBeUndefined();
      expect(block.twin?.decode([value])).toBeUndefined();
      expect(blocked.twin?.decode([value])).toBeUndefined();
    }
    for (const value of [undefined, null, 2, -1, true, '1']) expect(claim.twin?.decode([value, 'v'])).toBeUndefined();
    expect(claim.twin?.decode([1, 7])).toBeUndefined();
    expect(claim.twin?.decode([])).toBeUndefined();
    for (const { twin } of [swap, drop]) {
      expect(twin?.decode([7])).toBeUndefined();
      expect(twin?.decode(['a', 'b'])).toBeUndefined();
    }
  });

  test('reads what the server tells', () => {
    expect(gcra.step.twin?.decode([5])).toBe(5);
    expect(lease.twin?.decode([2, 30])).toEqual({ held: 2, freeUs: 30 });
    expect(claim.twin?.decode([0, ''])).toEqual({ claimed: false, value: '' });
    expect(swap.twin?.decode([])).toBeNull();
    expect(drop.twin?.decode([''])).toBe('');
  });
});
