import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { createConsume } from '../../src/limiter/consume.ts';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import type { LimitOptions } from '../../src/limiter/limit.ts';
import { createLimiter, type Limiter, type LimiterOptions } from '../../src/limiter/limiter.ts';
import { createOutageGuard } from '../../src/limiter/outage.ts';
import { readLimiterSettings } from '../../src/limiter/settings.ts';
import { slidingLog, strictWindow } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';

const ALGORITHMS = { gcra, fixedWindow, slidingWindow, slidingLog, strictWindow };
const START_MS = 1_700_000_000_000;
const broken: Store = {
  run(): never {
    throw new Error('The connection is closed.');
  },
};

/** One instance of several, whose common store is down. */
function openInstance(
  limits: LimiterOptions['limits'],
  instances: number,
  options: Partial<LimiterOptions> = {},
  clock: () => number = () => START_MS,
): Limiter {
  const whenStoreFails = { local: memoryStore({ clock }), instances };
  return createLimiter({ store: broken, limits, whenStoreFails, clock, ...options });
}

async function admitted(limiter: Limiter, calls: number): Promise<number> {
  let count = 0;
  for (let n = 0; n < calls; n++) if ((await limiter.consume('k')).allowed) count++;
  return count;
}

describe.each(Object.entries(ALGORITHMS))('createLimiter() that counts a share by %s', (_name, algorithm) => {
  const limitOf = (limit: number, windowSeconds = 60): LimitOptions => ({ name: 'a', limit, windowSeconds, algorithm });

  test('admits a fourth of a limit among four', async () => {
    const limiter = openInstance([limitOf(8)], 4);
    expect(await limiter.consume('k')).toMatchObject({
      allowed: true,
      reason: 'degraded',
      limits: [{ name: 'a', limit: 2, windowSeconds: 60, remaining: 1 }],
    });
    expect(await admitted(limiter, 5)).toBe(1);
    expect(await limiter.consume('other')).toMatchObject({ allowed: true, reason: 'degraded' });
  });

  // A limit of 3 in four would be none at all: whoever depends on it would be out for as long as the store is.
  test('admits one unit of a limit that is smaller than their number, in a window as much longer', async () => {
    let now = START_MS;
    const limiter = openInstance([limitOf(3, 900)], 4, {}, () => now);
    expect(await admitted(limiter, 3)).toBe(1);
    const denied = await limiter.consume('k');
    expect(denied).toMatchObject({ allowed: false, limits: [{ limit: 1, windowSeconds: 1200 }] });
    expect(denied.retryAfterSeconds).toBeLessThanOrEqual(2400);
    now += denied.retryAfterSeconds * 1000;
    expect(await admitted(limiter, 3)).toBe(1);
  });

  test('admits no more among all instances than the limit, or one each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 8 }), async (limit, instances) => {
        let sum = 0;
        for (let n = 0; n < instances; n++) sum += await admitted(openInstance([limitOf(limit)], instances), limit + 1);
        expect(sum).toBeLessThanOrEqual(Math.max(limit, instances));
        expect(sum).toBeGreaterThan(limit / 2 - 1);
      }),
      { numRuns: 40 },
    );
  });

  test('never admits what costs more than a share, and takes nothing for it', async () => {
    const limiter = openInstance([limitOf(8)], 4);
    expect(await limiter.consume('k', { cost: 3 })).toMatchObject({ allowed: false, retryAfterSeconds: Infinity });
    expect(await limiter.consume('k', { cost: 2 })).toMatchObject({ allowed: true });
  });

  test('asks without taking, and for a cost of 0', async () => {
    const limiter = openInstance([limitOf(8)], 4);
    expect(await limiter.peek('k')).toMatchObject({ allowed: true, limits: [{ remaining: 2 }] });
    expect(await limiter.consume('k', { cost: 0 })).toMatchObject({ allowed: true, limits: [{ remaining: 2 }] });
  });

  test('resets and blocks in the outage', async () => {
    const limiter = openInstance([limitOf(8)], 4, { blockable: true });
    const told = async (work: () => unknown): Promise<unknown> => {
      try {
        return await work();
      } catch (error) {
        return isRefusal(error) ? error.code : error;
      }
    };
    expect(await admitted(limiter, 3)).toBe(2);
    expect(await told(() => limiter.block('k', 60))).toBe('store_unavailable');
    expect(await told(() => limiter.reset('k'))).toBe('store_unavailable');
    expect(await admitted(limiter, 3)).toBe(2);
  });

  // The units were taken from the common store, if anywhere: here they would be a present.
  test('gives nothing back in the outage', async () => {
    const limiter = openInstance([limitOf(8)], 4);
    expect(await admitted(limiter, 3)).toBe(2);
    expect(() => limiter.refund('k', { cost: 2 })).toThrow();
    expect(await admitted(limiter, 3)).toBe(0);
  });
});

describe('createLimiter() that counts a share', () => {
  test('divides a burst as well', async () => {
    const limiter = openInstance([{ name: 'a', limit: 60, windowSeconds: 60, burst: 12 }], 4);
    expect(await admitted(limiter, 20)).toBe(3);
  });

  test('divides every limit, and admits nothing that one of them does not', async () => {
    const limits = [{ name: 'a', limit: 40, windowSeconds: 1 }, { name: 'b', limit: 8, windowSeconds: 60 }];
    expect(await admitted(openInstance(limits, 4), 20)).toBe(2);
  });

  test('divides the limits of a plan', async () => {
    const [free, paid] = [[{ name: 'a', limit: 8, windowSeconds: 60 }], [{ name: 'a', limit: 80, windowSeconds: 60 }]];
    const limiter = openInstance((key) => key === 'k' ? paid : free, 4);
    expect(await admitted(limiter, 30)).toBe(20);
    expect(await limiter.consume('other')).toMatchObject({ limits: [{ limit: 2 }] });
  });

  test('counts whole limits where it is the only instance', async () => {
    expect(await admitted(openInstance([{ name: 'a', limit: 8, windowSeconds: 60 }], 1), 20)).toBe(8);
  });

  test('takes no window that is longer than ten years', async () => {
    const limits = [{ name: 'a', limit: 1, windowSeconds: 315_360_000 }];
    expect(await admitted(openInstance(limits, 4), 3)).toBe(1);
  });

  test('leaves a budget that is shared by all keys one of them all', async () => {
    const options = { store: broken, limits: [{ name: 'a', limit: 8, windowSeconds: 60 }], clock: () => START_MS };
    const settings = readLimiterSettings({ ...options, whenStoreFails: { local: memoryStore(), instances: 4 } });
    const limits = settings.limitsOf('').map((limit) => ({ ...limit, sharedKey: 'route' }));
    const consume = createConsume(() => limits, createOutageGuard(settings));
    const decisions = ['a', 'b', 'c'].map((key) => consume(key));
    expect(decisions).toMatchObject([{ allowed: true }, { allowed: true }, { allowed: false }]);
  });

  // Found in the outage, it would be one more.
  test('refuses at once a share that an algorithm does not count', () => {
    const picky = {
      ...gcra,
      compile(numbers: Parameters<typeof gcra.compile>[0]): ReturnType<typeof gcra.compile> {
        if (numbers.limit < 5) throw new RangeError('Too few.');
        return gcra.compile(numbers);
      },
    };
    expect(() => openInstance([{ name: 'a', limit: 8, windowSeconds: 60, algorithm: picky }], 4)).toThrow(RangeError);
  });

  const local = memoryStore();
  test.each([
    [{ local }, RangeError],
    [{ local, instances: 0 }, RangeError],
    [{ local, instances: 1.5 }, RangeError],
    [{ local, instances: 1001 }, RangeError],
    [{ local, instances: '4' }, RangeError],
    [{ local: {}, instances: 4 }, TypeError],
    [{ local: 'memory', instances: 4 }, TypeError],
    [{ local, instances: 4, instance: 4 }, TypeError],
    [{ instances: 4 }, TypeError],
    [Object.create({ local, instances: 4 }), TypeError],
  ])('is not told %o', (whenStoreFails, error) => {
    const options = { store: local, limits: [{ name: 'a', limit: 1, windowSeconds: 1 }], whenStoreFails };
    expect(() => Reflect.apply(createLimiter, undefined, [options])).toThrow(error);
  });
});
