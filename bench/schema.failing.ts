/** Prints what refusing empty objects costs one library: `schema.failing.ts <name>`. */
import process from 'node:process';
import { quantile } from './harness.ts';
import { ITEMS, REFUSERS } from './schema.refusers.ts';

const RUNS = 15;
/** Bytes between two samples of the heap; the default of 32 KB would miss what a small answer allocates. */
const SAMPLE_BYTES = 512;

const [name] = process.argv.slice(2);
const refuse = await REFUSERS.find((one) => one.name === name)?.load();
if (refuse === undefined) throw new TypeError(`There is no library ${name}.`);
const text = `[${Array(ITEMS).fill('{}').join()}]`;

const times: number[] = [];
let issues = 0;
// The first half is for the compiler.
for (let run = 0; run < 2 * RUNS; run++) {
  const value: unknown = JSON.parse(text);
  const started = performance.now();
  issues = refuse(value);
  times.push(performance.now() - started);
}
if (issues === 0) throw new Error(`${name} let it through.`);
const milliseconds = quantile(times.slice(RUNS), 0.5);
const allocated = process.versions['bun'] === undefined ? await allocatedBytes(JSON.parse(text)) : undefined;
console.log(JSON.stringify({ milliseconds, allocated, issues }));
process.exit(0);

/** What was collected counts as well: it had to be allocated. */
async function allocatedBytes(value: unknown): Promise<number> {
  // Bun has no such module.
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: SAMPLE_BYTES,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  refuse?.(value);
  const { profile } = await session.post('HeapProfiler.stopSampling');
  session.disconnect();
  let bytes = 0;
  const nodes = [profile.head];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    bytes += node.selfSize;
    nodes.push(...node.children);
  }
  return bytes;
}
