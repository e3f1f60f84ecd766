import { type Effort, FULL_EFFORT, type Report, type Row, runChild, type Target } from './harness.ts';
import { OURS, RIVALS } from './limiter.deciders.ts';
import type { FloodReport } from './limiter.flood.ts';

/** How many times as many new keys as a table of 65,536 can pay back. */
const LOADS: readonly number[] = [0.5, 2, 200];
const RIVAL_LOAD = 2;
/** They keep all of them. */
const RIVAL_KEYS = 1_000_000;

interface Flood extends FloodReport {
  readonly name: string;
  readonly kind: Row['kind'];
  readonly load: number;
}

/** What a flood of distinct keys does to the memory of a limiter and to its clients. Each in a process of its own. */
export async function* floodReports(effort: Effort): AsyncGenerator<Report> {
  const keys = effort.rounds < FULL_EFFORT.rounds ? 2_000_000 : 10_000_000;
  const floods: Flood[] = [];
  for (const load of LOADS) floods.push(await flood(OURS.name, 'ours', keys, load));
  for (const { name, kind } of RIVALS) floods.push(await flood(name, kind, RIVAL_KEYS, RIVAL_LOAD));
  const ours = floods.filter(({ kind }) => kind === 'ours');
  const flooded = `Flood of ${inWords(keys)} distinct keys`;
  yield {
    id: 'limiter/flood-memory',
    title: `${flooded}: growth of the resident memory`,
    unit: 'MB',
    rows: floods.map((one) => rowOf(one, '', one.growth / 1e6, { of: 'value', atMost: 5 })),
  };
  yield {
    id: 'limiter/flood-throttled',
    title: `${flooded}: a client that has spent its limit, before one unit comes back`,
    unit: 'admissions',
    // The other floods last longer.
    rows: ours.filter(({ load }) => load === 200).map((one) => {
      return rowOf(one, `, asked ${one.throttled.asked} times`, one.throttled.admitted, { of: 'value', atMost: 0 });
    }),
  };
  yield {
    id: 'limiter/flood-denied',
    title: `${flooded}: clients within their limit that are denied`,
    unit: '%',
    rows: ours.map((one) => {
      const { asked, denied } = one.honest;
      // Below its capacity the table must know them all; above it, they share it with the flood.
      const target: Target | undefined = one.load < 1 ? { of: 'value', atMost: 0 } : undefined;
      return rowOf(one, `, asked ${asked} times`, 100 * denied / asked, target);
    }),
  };
  const reference = ours.find(({ load }) => load === RIVAL_LOAD);
  for (const [index, quantile] of [[0, 'p50'], [1, 'p99']] as const) {
    yield {
      id: `limiter/flood-time-${quantile}`,
      title: `${flooded}: ${quantile} of one decision for clients within their limit, with two readings of the clock`,
      unit: 'ns',
      rows: floods.flatMap((one) => [
        { ...rowOf(one, ', before', one.calm[index]), ratio: one.calm[index] / (reference?.calm[index] ?? NaN) },
        { ...rowOf(one, '', one.flooded[index]), ratio: one.flooded[index] / (reference?.flooded[index] ?? NaN) },
      ]),
    };
  }
}

async function flood(name: string, kind: Row['kind'], keys: number, load: number): Promise<Flood> {
  // Both ends of this pipe are files of this bench.
  const report = JSON.parse(await runChild('./limiter.flood.mjs', [name, String(keys), String(load)])) as FloodReport;
  return { ...report, name: kind === 'ours' ? name : `${name}, ${inWords(keys)} keys`, kind, load };
}

function rowOf({ name, kind, load }: Flood, more: string, value: number, target?: Target): Row {
  const capacity = kind === 'ours' ? `, ${load} times its capacity` : '';
  const row = { name: `${name}${capacity}${more}`, kind, value };
  return kind !== 'ours' || target === undefined ? row : { ...row, target };
}

function inWords(count: number): string {
  return `${count / 1_000_000} million`;
}
