/** Prints how long one library takes for each of moltar's cases: `schema.child.ts <name> <milliseconds>`. */
import process from 'node:process';
import { quantile } from './harness.ts';
import { type Case, CASES, type Job } from './schema.cases.ts';
import { LIBRARIES } from './schema.libraries.ts';
import { moltar, namesakes, others, type Sample } from './schema.samples.ts';

/** How many values are made at a time: few enough to stay near the processor, many enough for the clock. */
const BATCH = 256;
/** How many of each schema go before: generated code is compiled one function after another. */
const WARM_UP = 4000;
/** The compiler works beside and is late on a busy machine; nobody is worth more than the second of these. */
const WARM_UP_MS = { atLeast: 200, atMost: 1500 };

interface Work {
  readonly job: Job;
  readonly text: string;
}

const [name, milliseconds] = process.argv.slice(2);
const library = LIBRARIES.find((one) => one.name === name);
if (library === undefined) throw new TypeError(`There is no library ${name}.`);
const compile = await library.load();

// First what else a program does: what has seen one shape alone is compiled for that shape.
for (const what of CASES) warmUp(others.map((sample) => workOf(sample, what)));

const results: Record<string, number> = {};
const fresh: Record<string, boolean> = {};
for (const what of CASES) {
  const one = workOf(moltar, what);
  verify(one, what);
  fresh[what] = isFresh(one);
  results[what] = time([one]);
  results[`${what} in turn`] = time(namesakes.map((sample) => workOf(sample, what)));
}
console.log(JSON.stringify({ results, fresh }));
process.exit(0);

function workOf({ fields, text }: Sample, what: Case): Work {
  if (compile === undefined) throw new Error('The library is not loaded.');
  return { job: compile(fields, what), text };
}

/** A library that does less than the case asks for is not compared. */
function verify({ job, text }: Work, what: Case): void {
  const value: { readonly deeplyNested: object } = JSON.parse(text);
  const more = (): object => ({ ...JSON.parse(text), deeplyNested: { ...value.deeplyNested, extra: 1 } });
  const wrong = { ...value, deeplyNested: { ...value.deeplyNested, num: '12' } };
  const isRight = what.startsWith('assert')
    ? Boolean(job(JSON.parse(text))) && Boolean(job(more())) === (what === 'assertLoose')
    : JSON.stringify(job(JSON.parse(text))) === text &&
      JSON.stringify(job(more())) === (what === 'parseSafe' ? text : undefined);
  if (!isRight || Boolean(job(wrong))) throw new Error(`${name} does not do ${what}.`);
}

/** Whether what comes out was made anew: whoever holds the input could change it else. */
function isFresh({ job, text }: Work): boolean {
  const value: { readonly deeplyNested: object } = JSON.parse(text);
  const output = job(value);
  return output !== value && Reflect.get(Object(output), 'deeplyNested') !== value.deeplyNested;
}

function warmUp(works: readonly Work[]): void {
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  const runs = WARM_UP * works.length;
  for (let done = 0; elapsed() < WARM_UP_MS.atMost; done += BATCH) {
    if (done >= runs && elapsed() >= WARM_UP_MS.atLeast) break;
    timeBatch(works);
  }
}

function time(works: readonly Work[]): number {
  warmUp(works);
  const samples: number[] = [];
  const end = performance.now() + Number(milliseconds);
  while (performance.now() < end) samples.push(timeBatch(works));
  return quantile(samples, 0.5);
}

/** Values are made anew for every call and are not timed. */
function timeBatch(works: readonly Work[]): number {
  const jobs: Job[] = [];
  const values: unknown[] = [];
  while (values.length < BATCH) {
    for (const { job, text } of works) {
      jobs.push(job);
      values.push(JSON.parse(text));
    }
  }
  const started = performance.now();
  run(jobs, values);
  return (performance.now() - started) * 1e6 / values.length;
}

function run(jobs: readonly Job[], values: readonly unknown[]): void {
  let refused = 0;
  for (let index = 0; index < values.length; index++) {
    const answer = jobs[index]?.(values[index]);
    if (answer === undefined || answer === false) refused++;
  }
  if (refused > 0) throw new Error(`${name} refused what is valid.`);
}
