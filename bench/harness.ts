import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Bench } from 'tinybench';

/** One way of doing the job of a case. */
export interface Contender {
  /** The library, and its variant where there are several. */
  readonly name: string;
  /** `ours`, `rival`, or `floor`: what nobody who does the job can avoid, such as building the key. */
  readonly kind: 'ours' | 'rival' | 'floor';
  /** Does the job that many times. Each contender has its own loop, so that none pays for another's types. */
  readonly run: (operations: number) => void | Promise<void>;
  /** Makes ready what that many operations take in; called before each sample of them, and not timed. */
  readonly prepare?: (operations: number) => void;
  /** What is asked of the row. */
  readonly target?: Target;
}

/** What a row must show: how many times as much as ours it takes, or how much it is. */
export interface Target {
  readonly of: 'ratio' | 'value';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A question that one run answers. */
export interface Comparison {
  /** Names the case in reports: `limiter/1k-keys`. */
  readonly id: string;
  /** What is compared, in one line. */
  readonly title: string;
  /** Of the times: nanoseconds, or microseconds where they are long. */
  readonly unit: 'ns' | 'us';
  /** How many jobs one operation does, where they are done together. Default: 1. */
  readonly jobsPerOperation?: number;
  /** The most operations of a sample, where what `prepare` makes must not grow cold before it is used. Default: as many as a sample takes. */
  readonly maxOperations?: number;
  /** The contenders; the first that is `ours` is what all are compared with. */
  readonly contenders: readonly Contender[];
}

/** The answer, as it is printed. */
export interface Report {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly Row[];
  /** What else has to be said. */
  readonly notes?: readonly string[];
}

/** What a file of cases exports. */
export interface Suite {
  /** The packages whose versions belong to the numbers. */
  readonly rivals: readonly string[];
  /** Measures, one report after another. */
  readonly run: (effort: Effort) => AsyncIterable<Report>;
}

/** What one contender took. */
export interface Row {
  readonly name: string;
  readonly kind: Contender['kind'];
  /** What one operation took: the median over the rounds of each round's median. */
  readonly value: number;
  /** How many times as much as ours: for times, the median of the ratios within one round. */
  readonly ratio?: number;
  /** Half the distance between the quartiles of those ratios, as a share of the ratio: what the machine's noise is. */
  readonly spread?: number;
  /** What is asked of it. */
  readonly target?: Target;
}

/** How long to measure. */
export interface Effort {
  readonly warmupMs: number;
  readonly rounds: number;
  readonly roundMs: number;
}

// A whole request through secure() or hono takes four times as long at first and needs some 5,000 runs to settle.
export const FULL_EFFORT: Effort = { warmupMs: 2000, rounds: 15, roundMs: 60 };
/** For a look while working: its numbers are not to be quoted. */
export const QUICK_EFFORT: Effort = { warmupMs: 200, rounds: 5, roundMs: 20 };

// Long enough that the clock's resolution does not count, short enough that a round's median outlives a neighbour's interruption.
const SAMPLE_MS = 0.5;

/**
 * Times the contenders in rounds, one after another in an order that rotates, and compares them within each round: what else the
 * machine does then slows both sides of a ratio.
 */
export async function compare(
  comparison: Comparison,
  effort: Effort,
): Promise<Report> {
  const { id, title, unit, jobsPerOperation = 1, maxOperations = Infinity, contenders } = comparison;
  const scale = jobsPerOperation * (unit === 'us' ? 1000 : 1);
  const reference = contenders.findIndex(({ kind }) => kind === 'ours');
  if (reference < 0) {
    throw new TypeError(
      `Cannot compare ${id}: none of the contenders is ours.`,
    );
  }
  const operations: number[] = [];
  for (const contender of contenders) {
    operations.push(Math.min(maxOperations, await warmUp(contender, effort.warmupMs)));
  }
  const times: number[][] = contenders.map(() => []);
  for (let round = 0; round < effort.rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      const contender = contenders[index];
      if (contender !== undefined) {
        times[index]?.push(
          await time(contender, operations[index] ?? 1, effort.roundMs),
        );
      }
    }
  }
  const ours = times[reference] ?? [];
  const rows = contenders.map(({ name, kind, target }, index): Row => {
    const own = times[index] ?? [];
    const ratios = own.map((ns, round) => ns / (ours[round] ?? NaN));
    const ratio = quantile(ratios, 0.5);
    const spread = (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / 2 /
      ratio;
    const row = { name, kind, value: quantile(own, 0.5) / scale, ratio, spread };
    return target === undefined ? row : { ...row, target };
  });
  return { id, title, unit, rows };
}

/** Runs until the code is compiled, and finds how many operations make a sample. */
async function warmUp(contender: Contender, milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds;
  let operations = 1;
  while (performance.now() < end) {
    contender.prepare?.(operations);
    const started = performance.now();
    await contender.run(operations);
    const took = performance.now() - started;
    if (took < SAMPLE_MS) operations *= 2;
    // The first runs are interpreted; what they measured as a sample becomes too short.
    else if (took > 4 * SAMPLE_MS && operations > 1) operations /= 2;
  }
  return operations;
}

async function time(
  contender: Contender,
  operations: number,
  milliseconds: number,
): Promise<number> {
  const bench = new Bench({
    time: milliseconds,
    iterations: 4,
    warmup: false,
    throws: true,
  });
  const beforeEach = (): void => contender.prepare?.(operations);
  bench.add(contender.name, () => contender.run(operations), { beforeEach });
  const [task] = await bench.run();
  if (task === undefined || !('latency' in task.result)) {
    throw new Error(`${contender.name} was not measured.`);
  }
  return task.result.latency.p50 * 1e6 / operations;
}

/** The value below which that share of the values lies, between two of them where it has to be. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Runs a compiled file of the bench in a process of its own, with the collector exposed, and resolves with what it printed. */
export async function runChild(
  file: string,
  args: readonly string[],
): Promise<string> {
  const { versions, execPath } = process;
  const flags = versions['deno'] === undefined ? ['--expose-gc'] : ['run', '-A', '--v8-flags=--expose-gc'];
  const path = fileURLToPath(new URL(file, import.meta.url));
  const { stdout } = await promisify(execFile)(execPath, [
    ...flags,
    path,
    ...args,
  ]);
  return stdout;
}
