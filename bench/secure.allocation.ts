import process from 'node:process';
import type { Report } from './harness.ts';
import { address, type CreateRequest, type Served } from './secure.requests.ts';

const WARM_UP = 2000;
const REQUESTS = 4000;

/** Heap bytes that one request takes until it is answered and read: the request itself and what reads the answer are among them. */
export async function allocations(contenders: readonly Served[], create: CreateRequest): Promise<Report> {
  const rows: Report['rows'][number][] = [];
  const [isTold] = [process.versions['bun'] === undefined];
  if (isTold) {
    for (const { name, kind, handler, create: own } of contenders) {
      rows.push({ name, kind, value: await bytesOf(handler, own ?? create) });
    }
  }
  return {
    id: 'secure/heap',
    title: 'POST with everything on: heap bytes that are allocated for one request',
    unit: 'bytes',
    rows,
    ...(isTold ? {} : { notes: ['Bun does not tell what was allocated between two collections.'] }),
  };
}

/** The mean growth of the heap over single requests; those in which the collector ran are left out, as is what asking takes. */
async function bytesOf(handler: Served['handler'], create: CreateRequest): Promise<number> {
  let [sum, count] = [0, 0];
  const asking = growth(process.memoryUsage().heapUsed);
  for (let index = 0; index < WARM_UP + REQUESTS; index++) {
    const before = process.memoryUsage().heapUsed;
    await (await handler(create(index), address(index))).text();
    const bytes = growth(before);
    if (bytes < 0 || index < WARM_UP) continue;
    sum += bytes;
    count++;
  }
  return sum / count - asking;
}

function growth(before: number): number {
  return process.memoryUsage().heapUsed - before;
}
