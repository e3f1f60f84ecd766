import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes in use, heap and buffers, after everything that can be collected was; for a process that nothing else runs in. */
export async function usedBytes(): Promise<number> {
  // More than once, with a turn between: buffers are given back by finalisers, which run after a collection.
  for (let pass = 0; pass < 3; pass++) {
    if (globalThis.gc === undefined) {
      throw new Error('The collector must be exposed.');
    }
    globalThis.gc();
    await sleep(10);
  }
  const { heapUsed, external } = process.memoryUsage();
  // Bun counts buffers as part of the heap.
  return process.versions['bun'] === undefined ? heapUsed + external : heapUsed;
}
