import { describe, expect, test } from 'vitest';
import { claim } from '../../src/store/claim.ts';

describe('claim', () => {
  test('lets the first writer win', () => {
    expect(claim.apply(undefined, { value: 'mine', ttlMs: 1000 }, 0)).toEqual({
      ok: true,
      state: 'mine',
      ttlMs: 1000,
      result: { claimed: true, value: 'mine' },
    });
  });

  test('tells everyone after of the value that stands', () => {
    const outcome = claim.apply('theirs', { value: 'mine', ttlMs: 1000 }, 0);
    expect(outcome.ok).toBe(false);
    expect(outcome.result).toEqual({ claimed: false, value: 'theirs' });
  });

  test('takes an empty value for a claim like any other', () => {
    expect(claim.apply('', { value: 'mine', ttlMs: 1000 }, 0).ok).toBe(false);
  });

  // `exp - now` of a token without `exp` is NaN: a claim that never lapses fills the store, one that never stands lets every replay in.
  test.each([undefined, Number.NaN, Infinity, 0, -5, '60000', 3e12])('throws for a time to live of %o', (ttlMs) => {
    const args = { value: 'v', ttlMs: ttlMs as number };
    expect(() => claim.apply(undefined, args, 0)).toThrow(RangeError);
    expect(() => claim.twin?.encode(args)).toThrow(RangeError);
  });

  test.each([undefined, 1, '\ud800'])('throws for a value that is no well-formed string: %j', (value) => {
    const args = { value: value as never, ttlMs: 1 };
    expect(() => claim.apply(undefined, args, 0)).toThrow(TypeError);
    expect(() => claim.twin?.encode(args)).toThrow(TypeError);
  });

  // A time to live rounded down forgets a claim while a replay of it is still accepted.
  test.each([[0.2, 1], [1.5, 2], [1000, 1000]])('rounds a time to live of %d up to %d', (given, ttlMs) => {
    expect(claim.apply(undefined, { value: 'v', ttlMs: given }, 0).ttlMs).toBe(ttlMs);
  });
});
