/** Prints how many bytes one limiter keeps for so many keys: `limiter.memory.ts <name> <keys>`. */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITERS } from './limiter.contenders.ts';

const [name, keys] = process.argv.slice(2);
const contender = LIMITERS.find((limiter) => limiter.name === name);
if (contender === undefined) {
  throw new TypeError(`There is no limiter ${name}.`);
}

async function used(): Promise<number> {
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

// Code and inline caches are no part of the keys: a small one first.
await contender.create(1000)(10_000);
const before = await used();
const run = contender.create(Number(keys));
await run(Number(keys));
console.log(String(await used() - before));
// What is measured must be alive until here.
await run(1);
process.exit(0);
