/** Prints how many bytes one limiter keeps for so many keys: `limiter.memory.ts <name> <keys>`. */
import process from 'node:process';
import { usedBytes } from './heap.ts';
import { LIMITERS } from './limiter.contenders.ts';

const [name, keys] = process.argv.slice(2);
const contender = LIMITERS.find((limiter) => limiter.name === name);
if (contender === undefined) {
  throw new TypeError(`There is no limiter ${name}.`);
}

// Code and inline caches are no part of the keys: a small one first.
await contender.create(1000)(10_000);
const before = await usedBytes();
const run = contender.create(Number(keys));
await run(Number(keys));
console.log(String(await usedBytes() - before));
// What is measured must be alive until here.
await run(1);
process.exit(0);
