import { expect, test } from 'vitest';
import type { LimitAlgorithm } from '../../src/limiter/algorithm.ts';
import type { Decision } from '../../src/limiter/decision.ts';
import { createDenyCache } from '../../src/limiter/deny-cache.ts';
import type { LimitOptions } from '../../src/limiter/limit.ts';
import { createLimiter, type Limiter, type LimiterOptions } from '../../src/limiter/limiter.ts';
import type { Store } from '../../src/store/store.ts';
import { ALGORITHMS } from './set-up.ts';

/** A store, empty, whose clock a test moves. */
export interface StoreDesk {
  readonly store: Store;
  readonly clock: () => number;
  readonly advance: (ms: number) => void;
}

export const START_MS = 1_700_049_600_000;
/** One limit of each algorithm, whose windows a test does not reach the end of. */
const ALL: readonly LimitOptions[] = ALGORITHMS.map(([name, algorithm], index) => {
  return { name, algorithm, limit: 10 + index, windowSeconds: 3600 };
});
const ONE: readonly LimitOptions[] = [{ name: 'one', limit: 10, windowSeconds: 3600 }];
const HOSTILE_KEYS = ['', '__proto__', 'constructor', '\ud800', '\udc00', '\ufffd', 'a\0b', '12', 'k'.repeat(2 ** 20)];

/** A limiter on a desk. */
function limiterOn(desk: StoreDesk, options: Partial<LimiterOptions> = {}): Limiter {
  return createLimiter({ store: desk.store, limits: ONE, blockable: true, clock: desk.clock, ...options });
}

function remainingOf({ limits }: Decision): readonly number[] {
  return limits.map(({ remaining }) => remaining);
}

/** Tests what a limiter does beside consuming, over a store of any kind. */
export function testCommandsOver(open: () => Promise<StoreDesk>): void {
  test('refund() gives back to every limit, whatever its algorithm', async () => {
    const limiter = limiterOn(await open(), { limits: ALL });
    await limiter.consume('k', { cost: 7 });
    await limiter.refund('k', { cost: 5 });
    expect(remainingOf(await limiter.peek('k'))).toEqual([8, 9, 10, 11, 12]);
    await limiter.refund('k');
    expect(remainingOf(await limiter.peek('k'))).toEqual([9, 10, 11, 12, 13]);
  });

  test('refund() never gives more than a new key has', async () => {
    const limiter = limiterOn(await open(), { limits: ALL });
    for (const cost of [5, 14, Number.MAX_SAFE_INTEGER]) {
      await limiter.refund('k', { cost });
      await limiter.consume('k', { cost: 4 });
      await limiter.refund('k', { cost });
      expect(remainingOf(await limiter.peek('k'))).toEqual([10, 11, 12, 13, 14]);
    }
    expect(await limiter.consume('k', { cost: 11 })).toMatchObject({ allowed: false });
  });

  test('refund() of nothing changes nothing, and is not refused after the clock went back', async () => {
    const desk = await open();
    const limiter = limiterOn(desk, { limits: ALL });
    await limiter.consume('k', { cost: 10 });
    desk.advance(-60_000);
    await limiter.refund('k', { cost: 0 });
    desk.advance(60_000);
    expect(remainingOf(await limiter.peek('k'))).toEqual([0, 1, 2, 3, 4]);
  });

  test('refund() is not refused after the clock went back', async () => {
    const desk = await open();
    const limiter = limiterOn(desk, { limits: ALL });
    await limiter.consume('k', { cost: 10 });
    desk.advance(-60_000);
    await limiter.refund('k', { cost: 3 });
    desk.advance(60_000);
    expect(remainingOf(await limiter.peek('k'))).toEqual([3, 4, 5, 6, 7]);
  });

  test('refund() throws where an algorithm gives nothing back, and writes nothing', async () => {
    const desk = await open();
    const [, gcra] = ALGORITHMS[0] ?? [];
    if (gcra === undefined) throw new Error('There is no algorithm.');
    const { givesBack: _, ...stingy }: LimitAlgorithm = gcra;
    const limits = [...ONE, { name: 'stingy', limit: 10, windowSeconds: 3600, algorithm: stingy }];
    const limiter = limiterOn(desk, { limits });
    await limiter.consume('k', { cost: 6 });
    expect(() => limiter.refund('k')).toThrow(TypeError);
    expect(remainingOf(await limiter.peek('k'))).toEqual([4, 4]);
  });

  test('refund() loses and doubles nothing among many at once', async () => {
    const limiter = limiterOn(await open(), { limits: ALL });
    const admittedOf = async (): Promise<number> => {
      const decisions = await Promise.all(Array.from({ length: 30 }, () => limiter.consume('k')));
      return decisions.filter(({ allowed }) => allowed).length;
    };
    expect(await admittedOf()).toBe(10);
    await Promise.all(Array.from({ length: 4 }, () => limiter.refund('k')));
    expect(await admittedOf()).toBe(4);
  });

  test('reset() makes a key one that nobody has seen', async () => {
    const desk = await open();
    const limiter = limiterOn(desk, { limits: ALL, localDenyCache: createDenyCache() });
    await limiter.consume('k', { cost: 10 });
    await limiter.block('k', 600);
    expect(await limiter.consume('k')).toMatchObject({ allowed: false, reason: 'blocked' });
    await limiter.reset('k');
    expect(await limiter.consume('k')).toEqual(await limiter.consume('a key that nobody has seen'));
  });

  test('reset() leaves other keys and other limits as they are', async () => {
    const desk = await open();
    const [limiter, other] = [
      limiterOn(desk),
      limiterOn(desk, { limits: [{ name: 'other', limit: 10, windowSeconds: 3600 }] }),
    ];
    for (const [one, key] of [[limiter, 'k'], [limiter, 'k2'], [other, 'k']] as const) {
      await one.consume(key, { cost: 10 });
      await one.block(key, 600);
    }
    await limiter.reset('k');
    expect(await limiter.consume('k')).toMatchObject({ allowed: true });
    expect(await limiter.consume('k2')).toMatchObject({
      allowed: false,
      reason: 'blocked',
      limits: [{ remaining: 0 }],
    });
    expect(await other.consume('k')).toMatchObject({ allowed: false, reason: 'blocked', limits: [{ remaining: 0 }] });
  });

  test('block() refuses until exactly then, and not a microsecond longer', async () => {
    const desk = await open();
    const limiter = limiterOn(desk);
    await limiter.block('k', 60.5);
    desk.advance(500);
    for (const ask of [limiter.peek, limiter.consume]) {
      expect(await ask('k')).toMatchObject({ allowed: false, reason: 'blocked', retryAfterSeconds: 60 });
    }
    desk.advance(59_999.999);
    expect(await limiter.consume('k')).toMatchObject({ allowed: false, retryAfterSeconds: 0.000001 });
    desk.advance(0.001);
    expect(await limiter.consume('k')).toMatchObject({ allowed: true, reason: 'ok', limits: [{ remaining: 9 }] });
  });

  test('block() lets nothing be consumed meanwhile', async () => {
    const desk = await open();
    const limiter = limiterOn(desk, { limits: ALL });
    await limiter.consume('k', { cost: 2 });
    await limiter.block('k', 60);
    for (let n = 0; n < 20; n++) await limiter.consume('k');
    expect(await limiter.consume('k', { cost: 0 })).toMatchObject({ allowed: false, reason: 'blocked' });
    expect(remainingOf(await limiter.peek('k'))).toEqual([8, 9, 10, 11, 12]);
  });

  test('block() and the limits together tell the longer wait', async () => {
    const desk = await open();
    const limiter = limiterOn(desk, { limits: [{ name: 'a', limit: 1, windowSeconds: 90 }] });
    await limiter.consume('k');
    await limiter.block('k', 60);
    expect(await limiter.consume('k')).toMatchObject({ reason: 'blocked', retryAfterSeconds: 90 });
    await limiter.block('k', 120);
    expect(await limiter.consume('k')).toMatchObject({ reason: 'blocked', retryAfterSeconds: 120 });
    expect(await limiter.peek('k', { cost: 2 })).toMatchObject({ reason: 'blocked', retryAfterSeconds: Infinity });
  });

  test('block() makes no block shorter', async () => {
    const desk = await open();
    const limiter = limiterOn(desk);
    for (
      const [seconds, told] of [[60, 60], [1, 60], [0.001, 60], [60.001, 60.001], [315_360_000, 315_360_000]] as const
    ) {
      await limiter.block('k', seconds);
      expect(await limiter.consume('k')).toMatchObject({ reason: 'blocked', retryAfterSeconds: told });
    }
  });

  test('block() holds for the same names with other numbers, in any order, and for no others', async () => {
    const desk = await open();
    const named = (name: string, limit: number): LimitOptions => ({ name, limit, windowSeconds: 3600 });
    await limiterOn(desk, { limits: [named('a', 1), named('b', 2)] }).block('k', 60);
    const reasons = [];
    for (
      const options of [
        { limits: [named('b', 20), named('a', 10)] },
        { limits: [named('a', 1)] },
        { limits: [named('a', 1), named('b', 2), named('c', 3)] },
        { limits: [named('a', 1), named('b', 2)], blockable: false },
      ]
    ) reasons.push((await limiterOn(desk, options).peek('k')).reason);
    expect(reasons).toEqual(['blocked', 'ok', 'ok', 'ok']);
  });

  test('block() of a name outlasts a change of the plan, and holds for all limiters of that name, and for no others', async () => {
    const desk = await open();
    let plan = ALL;
    const limiter = limiterOn(desk, { limits: () => plan, blockable: 'customers' });
    await limiter.block('k', 60);
    plan = ONE;
    expect(await limiter.consume('k')).toMatchObject({ allowed: false, reason: 'blocked', retryAfterSeconds: 60 });
    const reasons = [];
    for (
      const options of [
        { blockable: 'customers' },
        { blockable: 'customers', limits: (): readonly LimitOptions[] => ALL },
        { blockable: 'others' },
        { blockable: 'one' },
        { blockable: true },
        { blockable: false },
      ]
    ) reasons.push((await limiterOn(desk, options).peek('k')).reason);
    expect(reasons).toEqual(['blocked', 'blocked', 'ok', 'ok', 'ok', 'ok']);
  });

  test('reset() ends the block of a name, whatever plan it was made under', async () => {
    const desk = await open();
    let plan = ALL;
    const limiter = limiterOn(desk, { limits: () => plan, blockable: 'customers' });
    await limiter.block('k', 60);
    plan = ONE;
    await limiter.reset('k');
    expect(await limiter.consume('k')).toMatchObject({ allowed: true });
    plan = ALL;
    expect(await limiter.consume('k')).toMatchObject({ allowed: true });
  });

  test('block(), refund() and reset() keep any keys apart', async () => {
    const desk = await open();
    for (const key of HOSTILE_KEYS) {
      const limiter = limiterOn(desk, {
        limits: [{ name: 'one', limit: 10, windowSeconds: 3600 + HOSTILE_KEYS.indexOf(key) }],
      });
      for (const each of HOSTILE_KEYS) await limiter.consume(each, { cost: 5 });
      await limiter.refund(key, { cost: 2 });
      await limiter.block(key, 60);
      for (const each of HOSTILE_KEYS) {
        const reason = each === key ? 'blocked' : 'ok';
        expect(await limiter.peek(each)).toMatchObject({ reason, limits: [{ remaining: each === key ? 7 : 5 }] });
      }
      await limiter.reset(key);
      expect(await limiter.peek(key)).toMatchObject({ reason: 'ok', limits: [{ remaining: 10 }] });
    }
  });
}
