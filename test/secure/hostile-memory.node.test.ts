// Not portable: only Node tells how much is in use when all that nobody can reach is gone.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { type End, makeCrowd } from './interleaved.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

async function heapBytes(): Promise<number> {
  // What a turn's promises, and what a signal's finalizers hold, is gone in the next.
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    collect();
  }
  return process.memoryUsage().heapUsed;
}

const ENDS: readonly End[] = [200, 401, 403, 404, 500, 503, 499, 200];

// Hostile list 54 and 57: a context, a timer, a listener, a key or a promise for each request that failed would be kept for ever.
test('secure() holds nothing of requests that are over, however they ended', async () => {
  let nowMs = 0;
  const seen: WeakRef<object>[] = [];
  const crowd = makeCrowd({
    seed: 11,
    handlerMs: 60,
    clock: () => nowMs,
    keep: (one) => void seen.push(new WeakRef(one)),
    endOf: (n) => ENDS[n % ENDS.length] ?? 200,
  });
  const round = async (): Promise<void> => {
    for (let at = 0; at < 1000; at += 250) {
      await Promise.all(Array.from({ length: 250 }, (_, n) => crowd.send(at + n)));
    }
    // What the store keeps lapses.
    nowMs += 61_000;
    seen.length = 0;
    crowd.events.length = 0;
  };
  await round();
  await round();
  const before = await heapBytes();
  for (let n = 0; n < 3; n++) await round();
  const grown = await heapBytes() - before;
  // A request and its contexts have more than 3 kilobytes.
  expect(grown).toBeLessThan(6_000_000);
  await Promise.all(Array.from({ length: 250 }, (_, n) => crowd.send(n)));
  await heapBytes();
  expect(seen.length).toBeGreaterThan(1000);
  // But for the last ones, which a register or a cache of the engine may still name.
  expect(seen.filter((one) => one.deref() !== undefined).length).toBeLessThan(20);
  // On a slow machine some are late that need not be; nobody is another.
  expect(crowd.mistakes.filter((mistake) => mistake.includes(' of '))).toEqual([]);
}, 60_000);
