import { type Effort, type Report, type Row, runChild, type Target } from './harness.ts';
import { LENGTHS } from './headers.lengths.ts';

const MAX_ROUNDS = 7;
/** What reads every character takes exactly twice as long; a tenth is for the clock and for what no longer fits a cache. */
const DOUBLED: Target = { of: 'value', atMost: 2.2 };

/** How long one attack takes. */
export interface Growth {
  readonly name: string;
  /** Nanoseconds by length: the least of the rounds. */
  readonly times: readonly number[];
}

/** How much longer inputs take that are made to take long, when they are twice as long. In a process of its own, whose collector can be called. */
export async function* hostileReports({ rounds }: Effort): AsyncGenerator<Report> {
  const printed = await runChild('./headers.growth.mjs', [String(Math.min(rounds, MAX_ROUNDS))]);
  // Both ends of this pipe are files of this bench.
  const grown = JSON.parse(printed) as readonly Growth[];
  yield {
    id: 'headers/hostile',
    title: 'Hostile inputs of 1 KB to 1 MB: how many times as long an input takes that is twice as long, at worst',
    unit: 'x as long',
    rows: grown.map(({ name, times }): Row => ({ name, kind: 'ours', value: worstRatio(times), target: DOUBLED })),
    notes: [
      'Microseconds of the processor at each length, and how many times as long a doubling takes on average:',
      formatTimes(grown),
    ],
  };
}

function worstRatio(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((ns, index) => ns / (times[index] ?? NaN)));
}

/** Of all doublings: one that is worse for the collector's sake counts for little. */
function averageRatio(times: readonly number[]): number {
  return ((times.at(-1) ?? NaN) / (times[0] ?? NaN)) ** (1 / (times.length - 1));
}

function formatTimes(grown: readonly Growth[]): string {
  const head = LENGTHS.map((length) => length < 2 ** 20 ? `${length / 1024} KB` : '1 MB');
  const lines = grown.map(({ name, times }) => {
    return `| ${name} | ${times.map(formatMicroseconds).join(' | ')} | ${averageRatio(times).toFixed(2)} |`;
  });
  return [`| | ${head.join(' | ')} | a doubling |`, `| --- |${' --: |'.repeat(head.length + 1)}`, ...lines].join('\n');
}

function formatMicroseconds(nanoseconds: number): string {
  const microseconds = nanoseconds / 1000;
  return microseconds >= 99.5 ? Math.round(microseconds).toLocaleString('en-US') : microseconds.toPrecision(2);
}
