import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/limiter/decision.ts';
import { createDenyCache } from '../../src/limiter/deny-cache.ts';
import { watchMaps } from './watched-maps.ts';

const NOW_MS = 1_700_000_000_000;
const DENIED: Decision = { allowed: false, reason: 'limited', limits: [], retryAfterSeconds: 5 };
const question = (key: string): { limits: []; key: string; cost: number } => ({ limits: NO_LIMITS, key, cost: 1 });
/** Limits are told apart by identity. */
const NO_LIMITS: [] = [];

describe('createDenyCache()', () => {
  // A walk from the front passes all that was deleted there: one for each eviction is quadratic work, for who floods with keys.
  test('walks over its keys once for as many evictions as it has keys', () => {
    const maxKeys = 50_000;
    const { made: cache, maps: [denials] } = watchMaps(() => createDenyCache({ maxKeys }));
    const add = (from: number, until: number): void => {
      for (let n = from; n < until; n++) cache.add(question(`k${n}`), DENIED, NOW_MS, NOW_MS);
    };
    add(0, maxKeys);
    const before = denials?.walks ?? NaN;
    add(maxKeys, 3 * maxKeys);
    expect(denials?.size).toBe(maxKeys);
    expect((denials?.walks ?? NaN) - before).toBeLessThanOrEqual(2);
  });

  test('remembers the newest of any keys that are denied, forgotten and denied again', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
    const turn = fc.tuple(fc.constantFrom('add', 'add', 'add', 'forget'), key);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(turn, { maxLength: 60 }), (maxKeys, turns) => {
        const cache = createDenyCache({ maxKeys });
        let newest: string[] = [];
        for (const [what, name] of turns) {
          newest = newest.filter((other) => other !== name);
          if (what === 'forget') {
            cache.forget(name);
          } else {
            cache.add(question(name), DENIED, NOW_MS, NOW_MS);
            newest = [...newest, name].slice(-maxKeys);
          }
          const found = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].filter(
            (other) => cache.find(NO_LIMITS, other, 1, NOW_MS) !== undefined,
          );
          expect(found).toEqual([...newest].sort());
        }
      }),
      { numRuns: 300 },
    );
  });
});
