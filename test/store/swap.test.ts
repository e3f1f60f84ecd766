import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claim } from '../../src/store/claim.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { drop, swap } from '../../src/store/swap.ts';

const NOW_US = 1_700_000_000_000_000;

describe('swap', () => {
  test('replaces the value that is expected, and tells it', () => {
    expect(swap.apply('old', { expected: 'old', value: 'new', ttlMs: 1000 }, NOW_US)).toEqual({
      ok: true,
      state: 'new',
      ttlMs: 1000,
      result: 'old',
    });
  });

  test.each([
    ['another value', 'old', 'other'],
    ['a value where none is expected', 'old', null],
    ['none where a value is expected', undefined, 'old'],
    // Empty is a value: who expects none must not overwrite it, nor the other way round.
    ['an empty value where none is expected', '', null],
    ['none where an empty value is expected', undefined, ''],
  ])('says no to %s, and tells what stands', (_what, state, expected) => {
    const outcome = swap.apply(state, { expected, value: 'new', ttlMs: 1000 }, NOW_US);
    expect([outcome.ok, outcome.result]).toEqual([false, state ?? null]);
  });

  test('writes where none stands and none is expected', () => {
    expect(swap.apply(undefined, { expected: null, value: '', ttlMs: 1 }, NOW_US)).toMatchObject({
      ok: true,
      state: '',
      result: null,
    });
  });

  test('lets one win of all who saw the same value', () => {
    const store = memoryStore({ clock: () => 0 });
    const place = { space: 'job', key: '1' };
    const swaps = ['a', 'b', 'c'].map((value) => [{ ...place, step: swap, args: { expected: null, value, ttlMs: 9 } }]);
    const answer = store.run(swaps);
    if (answer instanceof Promise) throw new Error('The memory store must be synchronous.');
    expect(answer.groups.map(({ ok, results }) => [ok, results[0]])).toEqual([
      [true, null],
      [false, 'a'],
      [false, 'a'],
    ]);
  });

  test.each([undefined, Number.NaN, Infinity, 0, -5, '60000', 3e12])('throws for a time to live of %o', (ttlMs) => {
    const args = { expected: null, value: 'v', ttlMs: ttlMs as number };
    expect(() => swap.apply(undefined, args, NOW_US)).toThrow(RangeError);
    expect(() => swap.twin?.encode(args)).toThrow(RangeError);
  });

  test.each([[0.2, 1], [1.5, 2]])('rounds a time to live of %d up to %d', (given, ttlMs) => {
    expect(swap.apply(undefined, { expected: null, value: 'v', ttlMs: given }, NOW_US).ttlMs).toBe(ttlMs);
  });

  test.each([undefined, 7])('throws for a value of %o', (value) => {
    const args = { expected: null, value: value as never, ttlMs: 1 };
    expect(() => swap.apply(undefined, args, NOW_US)).toThrow(TypeError);
    expect(() => swap.twin?.encode(args)).toThrow(TypeError);
  });

  // On the wire a forgotten `expected` would read as the empty text, which may stand there.
  test.each([undefined, 7, false])('throws when %o is expected', (expected) => {
    const args = { expected: expected as never, value: 'v', ttlMs: 1 };
    expect(() => swap.apply('', args, NOW_US)).toThrow(TypeError);
    expect(() => swap.twin?.encode(args)).toThrow(TypeError);
  });
});

describe('drop', () => {
  test('forgets the value that is expected, and tells it', () => {
    expect(drop.apply('old', { expected: 'old' }, NOW_US)).toMatchObject({ ok: true, state: undefined, result: 'old' });
  });

  test.each([
    ['another value', 'old', 'other'],
    ['none', undefined, 'old'],
    ['none where an empty value is expected', undefined, ''],
  ])('says no to %s, and tells what stands', (_what, state, expected) => {
    const outcome = drop.apply(state, { expected }, NOW_US);
    expect([outcome.ok, outcome.result]).toEqual([false, state ?? null]);
  });

  test.each([undefined, null, 7])('throws when %o is expected', (expected) => {
    expect(() => drop.apply(undefined, { expected: expected as never }, NOW_US)).toThrow(TypeError);
    expect(() => drop.twin?.encode({ expected: expected as never })).toThrow(TypeError);
  });
});

describe('claim, swap and drop', () => {
  const value = fc.constantFrom('', 'a', 'b', '__proto__');
  const ttlMs = fc.integer({ min: 1, max: 20 });
  const action = fc.oneof(
    fc.record({ step: fc.constant(claim), args: fc.record({ value, ttlMs }) }),
    fc.record({ step: fc.constant(swap), args: fc.record({ expected: fc.option(value), value, ttlMs }) }),
    fc.record({ step: fc.constant(drop), args: fc.record({ expected: value }) }),
    fc.record({ waitMs: fc.integer({ min: 0, max: 20 }) }),
  );

  test('agree with one cell and a clock, in every history', () => {
    fc.assert(fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      let nowMs = 1_700_000_000_000;
      const store = memoryStore({ maxKeys: 8, clock: () => nowMs });
      let cell: { readonly value: string; readonly endMs: number } | undefined;
      for (const did of actions) {
        if ('waitMs' in did) nowMs += did.waitMs;
        if (cell !== undefined && cell.endMs <= nowMs) cell = undefined;
        if ('waitMs' in did) continue;
        const { step, args } = did;
        const before: string | null = cell?.value ?? null;
        const expected = 'expected' in args ? args.expected : null;
        const ok = before === expected;
        const standing = before ?? ('value' in args ? args.value : '');
        const result = step === claim ? { claimed: ok, value: standing } : before;
        const answer = store.run([[{ step, space: 's', key: 'k', args }]]);
        expect(answer).toEqual({ nowMs, groups: [{ ok, results: [result] }] });
        if (ok) cell = 'value' in args ? { value: args.value, endMs: nowMs + args.ttlMs } : undefined;
      }
    }));
  });
});
