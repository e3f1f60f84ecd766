import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claim } from '../../src/store/claim.ts';
import { append, owe } from '../../src/store/conformance-steps.ts';
import { kvStore } from '../../src/store/kv.ts';
import { createMapKv } from '../../src/store/map-kv.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { StepCall } from '../../src/store/step.ts';
import { drop, swap } from '../../src/store/swap.ts';

const word = fc.constantFrom('a', 'b', 'c');
const ttl = fc.integer({ min: 1, max: 300 });
const call: fc.Arbitrary<StepCall> = fc.tuple(
  word,
  fc.oneof(
    fc.record({
      step: fc.constant(owe),
      space: fc.constant('debt'),
      args: fc.record({ units: fc.nat(4), most: fc.nat(9) }),
    }),
    fc.record({ step: fc.constant(append), space: fc.constant('words'), args: fc.record({ word, most: fc.nat(6) }) }),
    fc.record({ step: fc.constant(claim), space: fc.constant('value'), args: fc.record({ value: word, ttlMs: ttl }) }),
    fc.record({
      step: fc.constant(swap),
      space: fc.constant('value'),
      args: fc.record({ expected: fc.option(word), value: word, ttlMs: ttl }),
    }),
    fc.record({ step: fc.constant(drop), space: fc.constant('value'), args: fc.record({ expected: word }) }),
  ),
).map(([key, rest]) => ({ key, ...rest }));
const groups = fc.array(fc.array(call, { maxLength: 4 }), { maxLength: 4 });
const turns = fc.array(fc.record({ groups, passedMs: fc.nat(200) }), { maxLength: 12 });

describe('kvStore()', () => {
  test('answers as the memory store does, whatever it is asked', async () => {
    await fc.assert(
      fc.asyncProperty(turns, async (list) => {
        let nowMs = 1_800_000_000_000;
        const clock = () => nowMs;
        const [memory, kv] = [memoryStore({ clock }), kvStore(createMapKv({ clock }), { clock })];
        for (const { groups, passedMs } of list) {
          nowMs += passedMs;
          expect(await kv.run(groups)).toEqual(await memory.run(groups));
        }
      }),
    );
  });

  test('answers as one store when several share a database and take turns', async () => {
    await fc.assert(
      fc.asyncProperty(turns, async (list) => {
        let nowMs = 1_800_000_000_000;
        const clock = () => nowMs;
        const shared = createMapKv({ clock });
        const memory = memoryStore({ clock });
        const stores = Array.from({ length: 3 }, () => kvStore(shared, { clock }));
        for (const [index, { groups, passedMs }] of list.entries()) {
          nowMs += passedMs;
          expect(await stores[index % 3]?.run(groups)).toEqual(await memory.run(groups));
        }
      }),
    );
  });
});
