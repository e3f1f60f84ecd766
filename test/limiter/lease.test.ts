import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lease, type LeaseResult, release } from '../../src/limiter/lease.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { GroupAnswer } from '../../src/store/store.ts';

const START_US = 1_700_000_000_000_000;
const TEN_YEARS_MS = 315_360_000_000;

function setUp(): {
  take: (holder: string, slots: number, ttlMs: number) => GroupAnswer;
  give: (holder: string) => GroupAnswer;
  wait: (us: number) => number;
} {
  let nowUs = START_US;
  const store = memoryStore({ maxKeys: 8, clock: () => nowUs / 1000 });
  const place = { space: 'exports', key: 'ada' };
  const run = (call: Parameters<typeof store.run>[0][number][number]): GroupAnswer => {
    const answer = store.run([[call]]);
    if (answer instanceof Promise || answer.groups[0] === undefined) throw new Error('The store gave no answer.');
    return answer.groups[0];
  };
  return {
    take: (holder, slots, ttlMs) => run({ ...place, step: lease, args: { holder, slots, ttlMs } }),
    give: (holder) => run({ ...place, step: release, args: { holder } }),
    wait: (us) => nowUs += us,
  };
}

const holder = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'x.y_z:0-9');
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ take: holder, ttlMs: fc.integer({ min: 1, max: 50 }) }) },
  { weight: 2, arbitrary: fc.record({ give: holder }) },
  { weight: 4, arbitrary: fc.record({ waitUs: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.constant(50_000)) }) },
);

describe('lease and release', () => {
  test('never let more than the slots be held, and tell who else holds one, in every history', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 4 }), fc.array(action, { maxLength: 60 }), (slots, actions) => {
      const { take, give, wait } = setUp();
      const ends = new Map<string, number>();
      let nowUs = START_US;
      for (const did of actions) {
        if ('waitUs' in did) nowUs = wait(did.waitUs);
        for (const [name, endUs] of ends) if (endUs <= nowUs) ends.delete(name);
        if ('waitUs' in did) continue;
        const name = 'take' in did ? did.take : did.give;
        const others = [...ends].filter(([other]) => other !== name).map(([, endUs]) => endUs);
        const told: LeaseResult = {
          held: others.length,
          freeUs: others.length === 0 ? 0 : Math.min(...others) - nowUs,
        };
        if ('take' in did) {
          const ok = others.length < slots;
          expect(take(name, slots, did.ttlMs)).toEqual({ ok, results: [told] });
          if (ok) ends.set(name, nowUs + did.ttlMs * 1000);
        } else {
          expect(give(name)).toEqual({ ok: true, results: [told] });
          ends.delete(name);
        }
        expect(ends.size).toBeLessThanOrEqual(slots);
      }
    }));
  });

  test('never hold more than the slots when the clock goes back', () => {
    const call = fc.record({
      name: holder,
      ttlMs: fc.integer({ min: 1, max: 50 }),
      waitUs: fc.integer({ min: -60_000, max: 60_000 }),
    });
    fc.assert(fc.property(fc.integer({ min: 1, max: 4 }), fc.array(call, { maxLength: 40 }), (slots, calls) => {
      let state: Parameters<typeof lease.apply>[0];
      let nowUs = START_US;
      for (const { name, ttlMs, waitUs } of calls) {
        nowUs += waitUs;
        const outcome = lease.apply(state && Object.freeze(state), { holder: name, slots, ttlMs }, nowUs);
        if (!outcome.ok) continue;
        state = outcome.state;
        expect((state ?? []).length / 2).toBeLessThanOrEqual(slots);
      }
    }));
  });
});

describe('lease', () => {
  test('takes a slot until its time is over, and not a microsecond longer', () => {
    const { take, wait } = setUp();
    expect(take('a', 1, 10).ok).toBe(true);
    wait(9_999);
    expect(take('b', 1, 10)).toEqual({ ok: false, results: [{ held: 1, freeUs: 1 }] });
    wait(1);
    expect(take('b', 1, 10)).toEqual({ ok: true, results: [{ held: 0, freeUs: 0 }] });
  });

  test('renews for who holds one, also when all are held, and counts it once', () => {
    const { take, wait } = setUp();
    take('a', 2, 10);
    take('b', 2, 10);
    wait(9_000);
    expect(take('a', 2, 10).ok).toBe(true);
    wait(1_000);
    // b's time is over, a's is not.
    expect(take('c', 2, 10)).toEqual({ ok: true, results: [{ held: 1, freeUs: 9_000 }] });
    expect(take('d', 2, 10).ok).toBe(false);
  });

  test('lives as long as the slot that is held longest', () => {
    const state = lease.apply(undefined, { holder: 'long', slots: 2, ttlMs: 1000 }, START_US).state;
    expect(lease.apply(state, { holder: 'short', slots: 2, ttlMs: 1 }, START_US).ttlMs).toBe(1000);
  });

  // A time to live rounded down frees a slot whose holder still works.
  test('rounds a time to live up to a whole millisecond', () => {
    expect(lease.apply(undefined, { holder: 'a', slots: 1, ttlMs: 0.2 }, START_US).state).toEqual([
      START_US + 1000,
      'a',
    ]);
  });

  test.each([undefined, Number.NaN, Infinity, 0, -1, '1000', TEN_YEARS_MS + 1])(
    'throws for a time to live of %o',
    (ttlMs) => {
      const args = { holder: 'a', slots: 1, ttlMs: ttlMs as number };
      expect(() => lease.apply(undefined, args, START_US)).toThrow(RangeError);
      expect(() => lease.twin?.encode(args)).toThrow(RangeError);
    },
  );

  test.each([undefined, Number.NaN, 0, -1, 1.5, 1001, '1'])('throws for %o slots', (slots) => {
    const args = { holder: 'a', slots: slots as number, ttlMs: 1 };
    expect(() => lease.apply(undefined, args, START_US)).toThrow(RangeError);
    expect(() => lease.twin?.encode(args)).toThrow(RangeError);
  });
});

describe('release', () => {
  test('frees a slot before its time', () => {
    const { take, give } = setUp();
    take('a', 1, 1000);
    expect(give('a')).toEqual({ ok: true, results: [{ held: 0, freeUs: 0 }] });
    expect(take('b', 1, 1000).ok).toBe(true);
  });

  test('gives back nothing that somebody else holds', () => {
    const { take, give } = setUp();
    take('a', 1, 1000);
    expect(give('b')).toEqual({ ok: true, results: [{ held: 1, freeUs: 1_000_000 }] });
    expect(take('b', 1, 1000).ok).toBe(false);
  });

  test('forgets the key when nobody holds a slot any more', () => {
    expect(release.apply([START_US + 1, 'a'], { holder: 'a' }, START_US)).toMatchObject({
      state: undefined,
      ttlMs: 1,
    });
    expect(release.apply([START_US, 'b'], { holder: 'a' }, START_US).state).toBeUndefined();
  });
});

/** In the text of a store a holder with a space, or without a letter, would read as somebody else's slot. */
const BAD_HOLDERS: readonly (readonly [string, unknown])[] = [
  ['empty', ''],
  ['of 65 characters', 'a'.repeat(65)],
  ['with a space', 'a b'],
  ['with a slot of its own', 'a 9999999999999999 b'],
  ['with a line end', 'a\n'],
  ['with a NUL', 'a\u0000'],
  ['of another alphabet', 'ä'],
  ['that is half a character', '\ud800'],
  ['that is a number', 7],
  ['that is missing', undefined],
  ['that reads as text', ['a']],
];
const STEPS = [
  ['lease', (holder: string) => lease.apply(undefined, { holder, slots: 1, ttlMs: 1 }, START_US)],
  ['release', (holder: string) => release.apply(undefined, { holder }, START_US)],
  ['lease on the wire', (holder: string) => lease.twin?.encode({ holder, slots: 1, ttlMs: 1 })],
  ['release on the wire', (holder: string) => release.twin?.encode({ holder })],
] as const;

describe.each(STEPS)('%s', (_name, act) => {
  test.each(BAD_HOLDERS)('throws for a holder %s', (_what, holder) => {
    expect(() => act(holder as string)).toThrow(TypeError);
  });

  test.each(['a', 'A-Z.a_z:09', 'a'.repeat(64), '__proto__'])('takes the holder %s', (holder) => {
    expect(() => act(holder)).not.toThrow();
  });
});
