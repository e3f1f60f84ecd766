import { describe, expect, test } from 'vitest';
import { createLimiter, type Limiter } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { withPolluted } from './polluted.ts';

const LIMITS = [{ name: 'a', limit: 1, windowSeconds: 0.02 }];

function waitWith(limiter: Limiter, ...args: readonly unknown[]): Promise<unknown> {
  return Reflect.apply(limiter.wait, undefined, args);
}

describe('Limiter.wait()', () => {
  // With real timers, on every runtime; when exactly is tested in wait.node.test.ts.
  test('admits all who wait, in order, each after the one before', async () => {
    const limiter = createLimiter({ store: memoryStore(), limits: LIMITS });
    const order: number[] = [];
    const waits = [0, 1, 2, 3].map(async (index) => {
      const decision = await limiter.wait('k');
      order.push(index);
      return decision.allowed;
    });
    expect(await Promise.all(waits)).toEqual([true, true, true, true]);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  test('ends with its signal', async () => {
    const limiter = createLimiter({ store: memoryStore(), limits: [{ name: 'a', limit: 1, windowSeconds: 60 }] });
    await limiter.wait('k');
    const [leaving, gone] = [new AbortController(), new Error('The client is gone.')];
    const waits = [1, 2].map(() => limiter.wait('k', { signal: leaving.signal, maxWaitMs: 120_000 }));
    leaving.abort(gone);
    expect(await Promise.allSettled(waits)).toEqual(waits.map(() => ({ status: 'rejected', reason: gone })));
  });

  test.each([-1, NaN, Infinity, 2 ** 31, '5', null])('rejects for a wait of %j ms', async (maxWaitMs) => {
    const limiter = createLimiter({ store: memoryStore(), limits: LIMITS });
    await expect(waitWith(limiter, 'k', { maxWaitMs })).rejects.toThrow(RangeError);
    expect(limiter.peek('k')).toMatchObject({ allowed: true });
  });

  test.each([-1, 0.5, NaN, Infinity, '1'])('rejects for a cost of %j', async (cost) => {
    const limiter = createLimiter({ store: memoryStore(), limits: LIMITS });
    await expect(waitWith(limiter, 'k', { cost })).rejects.toThrow(RangeError);
  });

  test.each([5, undefined, null, {}])('rejects for a key that is no string: %j', async (key) => {
    const limiter = createLimiter({ store: memoryStore(), limits: LIMITS });
    await expect(waitWith(limiter, key)).rejects.toThrow(TypeError);
  });

  test.each([{ maxWait: 5 }, { timeoutMs: 5 }, null, 5, new Map()])(
    'rejects for options it does not know: %j',
    async (options) => {
      const limiter = createLimiter({ store: memoryStore(), limits: LIMITS });
      await expect(waitWith(limiter, 'k', options)).rejects.toThrow(TypeError);
    },
  );

  // Somewhere in the process a merge of untrusted JSON goes wrong: it must not make requests free, nor end or lengthen their waits.
  test.each<[string, unknown]>([['cost', 0], ['maxWaitMs', 2 ** 31 - 1], ['signal', AbortSignal]])(
    'rejects, and takes nothing, under a polluted prototype: %s',
    async (name, value) => {
      const limiter = createLimiter({ store: memoryStore(), limits: LIMITS });
      const waits = withPolluted(name, value, () => [limiter.wait('k'), limiter.wait('k', {})]);
      const ends = await Promise.allSettled(waits);
      expect(ends).toMatchObject(ends.map(() => ({ status: 'rejected', reason: expect.any(TypeError) })));
      expect(limiter.peek('k')).toMatchObject({ allowed: true });
    },
  );
});
