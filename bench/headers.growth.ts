/** Prints how long each hostile input takes at each length: `headers.growth.ts <rounds>`. */
import process from 'node:process';
import type { Attack } from './headers.attack.ts';
import { ATTACKS } from './headers.attacks.ts';
import type { Growth } from './headers.hostile.ts';
import { LENGTHS } from './headers.lengths.ts';

const SAMPLE_MS = 2;
const WARM_UP_MS = 100;

const rounds = Number(process.argv[2]);
console.log(JSON.stringify(ATTACKS.map(measure)));
process.exit(0);

/** Lengths in turn, and the least of the rounds: what a neighbour takes of the caches is nobody's doing here. */
function measure({ name, make, run }: Attack): Growth {
  const inputs = LENGTHS.map(make);
  warmUp(() => run(inputs[0] ?? ''));
  const calls = inputs.map((input) => callsOfSample(run, input));
  const least = inputs.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    // The short ones do not pay for the garbage of the long ones before them; and what the collector took from the code is put back.
    globalThis.gc?.();
    warmUp(() => run(inputs[0] ?? ''), 1);
    inputs.forEach((input, index) => {
      least[index] = Math.min(least[index] ?? Infinity, time(run, input, calls[index] ?? 1));
    });
  }
  return { name, times: least };
}

function warmUp(job: () => unknown, milliseconds: number = WARM_UP_MS): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) job();
}

function callsOfSample(run: Attack['run'], input: string): number {
  let calls = 1;
  // Twice, because the first may be late for the compiler's sake.
  while (Math.min(time(run, input, calls), time(run, input, calls)) * calls < SAMPLE_MS * 1e6) calls *= 2;
  return calls;
}

/** Of the processor: by the clock, a busy machine makes whatever takes longer than its turn look worse than linear. */
function time(run: Attack['run'], input: string, calls: number): number {
  let results = 0;
  const started = process.cpuUsage();
  for (let call = 0; call < calls; call++) if (run(input) !== null) results++;
  const { user, system } = process.cpuUsage(started);
  if (results !== calls) throw new Error('Nothing was done.');
  return (user + system) * 1000 / calls;
}
