import { type Effort, FULL_EFFORT, type Report, type Row, runChild } from './harness.ts';
import type { CollisionReport } from './limiter.collisions.ts';

/** What keys that are chosen to collide cost, beside random ones. In a process of its own: some rivals leave a timer for each key. */
export async function* hostileReports(effort: Effort): AsyncGenerator<Report> {
  const rounds = effort.rounds < FULL_EFFORT.rounds ? 1 : 5;
  // Both ends of this pipe are files of this bench.
  const races = JSON.parse(await runChild('./limiter.collisions.mjs', [String(rounds)])) as readonly CollisionReport[];
  yield {
    id: 'limiter/hostile-keys',
    title: 'p99 of one decision for keys that are chosen to collide, over that for random keys of their length',
    unit: 'x random',
    rows: races.map(({ name, kind, keys, ratio }): Row => {
      const row = { name: `${name}: ${keys}`, kind, value: ratio };
      return kind === 'ours' ? { ...row, target: { of: 'value', atMost: 2 } } : row;
    }),
    notes: ['Every key twice, as new and as known, in turn with the random ones; a fresh string each time.'],
  };
  const ours = new Map(races.filter(({ name }) => name === 'sallyport').map((race) => [race.keys, race.hostile]));
  yield {
    id: 'limiter/hostile-keys-time',
    title: 'The same: p99 of one decision, with two readings of the clock',
    unit: 'ns',
    rows: races.map(({ name, kind, keys, hostile }) => {
      return { name: `${name}: ${keys}`, kind, value: hostile, ratio: hostile / (ours.get(keys) ?? NaN) };
    }),
  };
}
