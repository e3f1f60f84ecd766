// Not portable: only Node tells how much is in use when all that nobody can reach is gone.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createDenyCache } from '../../src/limiter/deny-cache.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

// An iterator that stands at the front holds each table that its map has outgrown: 155 bytes for each denial, for ever.
test('createDenyCache() keeps nothing of 500,000 denials of 50 keys', () => {
  const [cache, limits] = [createDenyCache(), []];
  const add = (times: number): void => {
    for (let n = 0; n < times; n++) {
      const decision = { allowed: false, reason: 'limited', limits: [], retryAfterSeconds: 5 } as const;
      cache.add({ limits, key: `k${n % 50}`, cost: 1 }, decision, 0, 0);
    }
  };
  add(20_000);
  const before = heapBytes();
  add(500_000);
  expect(heapBytes() - before).toBeLessThan(8_000_000);
  expect(cache.find(limits, 'k0', 1, 0)).toMatchObject({ reason: 'limited' });
});
