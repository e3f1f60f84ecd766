import { describe, expect, test } from 'vitest';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { slidingLog } from '../../src/limiter/sliding-log.ts';
import type { LimitOptions } from '../../src/limiter/limit.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';

const FREE = [{ name: 'free', limit: 1, windowSeconds: 60 }];
const PAID = [{ name: 'paid', limit: 3, windowSeconds: 60 }];

function planOf(key: string): readonly LimitOptions[] {
  return key.startsWith('paid') ? PAID : FREE;
}

async function count(limits: (key: string) => readonly LimitOptions[], key: string): Promise<number> {
  const limiter = createLimiter({ store: memoryStore(), limits });
  let admitted = 0;
  for (let n = 0; n < 5; n++) if ((await limiter.consume(key)).allowed) admitted++;
  return admitted;
}

describe('createLimiter() with a plan for each key', () => {
  test('counts each key by its own limits', async () => {
    expect([await count(planOf, 'free-1'), await count(planOf, 'paid-1')]).toEqual([1, 3]);
  });

  test('counts on when the plan is written anew each time', async () => {
    expect(await count(() => [{ name: 'a', limit: 2, windowSeconds: 60 }], 'k')).toBe(2);
  });

  test.each<[string, unknown]>([
    ['none', []],
    ['nothing', undefined],
    ['a name twice', [...FREE, ...FREE]],
    ['an unknown option', [{ ...FREE[0], windowMs: 1 }]],
  ])('throws for a plan of %s, and admits nobody', (_what, limits) => {
    const limiter = Reflect.apply(createLimiter, undefined, [{ store: memoryStore(), limits: () => limits }]);
    expect(() => limiter.consume('k')).toThrow(TypeError);
  });

  // Each plan has names of its own: a block that hung upon them would end with the next change of the plan.
  test('throws where it is to block and has no name for that', () => {
    const options = { store: memoryStore(), limits: planOf };
    expect(() => createLimiter({ ...options, blockable: true })).toThrow(TypeError);
    expect(() => createLimiter({ ...options, blockable: 'n'.repeat(64) })).not.toThrow();
  });
});

describe('Limiter.peek()', () => {
  test.each([['gcra', undefined], ['fixedWindow', fixedWindow], ['slidingLog', slidingLog]] as const)(
    'tells what consume() would, and takes nothing: %s',
    async (_name, algorithm) => {
      const limit = { name: 'a', limit: 3, windowSeconds: 60, ...(algorithm === undefined ? {} : { algorithm }) };
      const now = 1_700_000_000_000;
      const limiter = createLimiter({ store: memoryStore({ clock: () => now }), limits: [limit] });
      for (let n = 0; n < 5; n++) {
        expect(await limiter.peek('k', { cost: 3 })).toMatchObject({ allowed: true, reason: 'ok' });
      }
      await limiter.consume('k');
      expect(await limiter.peek('k', { cost: 2 })).toMatchObject({ allowed: true, limits: [{ remaining: 2 }] });
      const peeked = await limiter.peek('k', { cost: 3 });
      expect(peeked).toEqual(await limiter.consume('k', { cost: 3 }));
      expect(peeked).toMatchObject({ allowed: false, reason: 'limited' });
      expect((await limiter.consume('k', { cost: 2 })).allowed).toBe(true);
    },
  );

  test('refuses a cost that is no whole number of 0 or more', () => {
    const limiter = createLimiter({ store: memoryStore(), limits: FREE });
    for (const cost of [-1, 0.5, NaN, Infinity]) expect(() => limiter.peek('k', { cost })).toThrow(RangeError);
  });
});
