import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createQueue, type Waiter } from '../../src/store/kv-queue.ts';

interface Numbered extends Waiter {
  readonly number: number;
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

describe('createQueue()', () => {
  test('lets each fly once, in order for each name, and never two flights with a common name at once', async () => {
    const nameSet = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });
    // How many come in one turn.
    const arrivals = fc.array(fc.tuple(nameSet, fc.boolean()), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(arrivals, async (list) => {
        const busy = new Set<string>();
        const flown: Numbered[] = [];
        const add = createQueue<Numbered>(async (waiters) => {
          const names = new Set(waiters.flatMap((waiter) => [...waiter.names]));
          for (const name of names) expect(busy.has(name)).toBe(false);
          for (const name of names) busy.add(name);
          await turn();
          for (const name of names) busy.delete(name);
          flown.push(...waiters);
        });
        for (const [number, [names, waits]] of list.entries()) {
          add({ names: new Set(names), number });
          if (waits) await turn();
        }
        for (let turns = 0; flown.length < list.length && turns < 200; turns++) await turn();
        expect(flown.map(({ number }) => number).sort((a, b) => a - b)).toEqual(list.map((_, index) => index));
        for (const name of 'abcd') {
          const order = flown.filter(({ names }) => names.has(name)).map(({ number }) => number);
          expect(order).toEqual([...order].sort((a, b) => a - b));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('puts all who wait for the same name into the next flight', async () => {
    const flights: number[] = [];
    const add = createQueue<Waiter>(async (waiters) => {
      flights.push(waiters.length);
      await turn();
    });
    add({ names: new Set(['a']) });
    await Promise.resolve();
    await turn();
    for (let count = 0; count < 100; count++) add({ names: new Set(['a']) });
    await turn();
    await turn();
    expect(flights).toEqual([1, 100]);
  });
});
