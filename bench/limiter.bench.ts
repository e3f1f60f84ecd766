import type { Effort, Report } from './harness.ts';
import { compare, runChild } from './harness.ts';
import { LIMITERS } from './limiter.contenders.ts';
import { floodReports } from './limiter.flooding.ts';
import { hostileReports } from './limiter.hostile.ts';
import { redisReports } from './limiter.redis.ts';

export const rivals: readonly string[] = [
  'rate-limiter-flexible',
  'express-rate-limit',
  'hono-rate-limiter',
  'rate-limit-redis',
  '@upstash/ratelimit',
  'ioredis',
];

export async function* run(effort: Effort): AsyncGenerator<Report> {
  for (
    const [keys, words] of [[1000, '1 thousand'], [
      1_000_000,
      '1 million',
    ]] as const
  ) {
    const contenders = LIMITERS.map(({ name, kind, create }) => ({
      name,
      kind,
      run: create(keys),
    }));
    // Every key is known before anything is timed.
    for (const contender of contenders) await contender.run(keys);
    yield await compare({
      id: `limiter/time-${keys}-keys`,
      title: `One decision among ${words} keys in memory, a fresh key string each time`,
      unit: 'ns',
      contenders,
    }, effort);
  }
  yield await memory(1_000_000);
  yield* floodReports(effort);
  yield* hostileReports(effort);
  yield* redisReports(effort);
}

/** Each in a process of its own: a heap that others have used tells nothing about one of them. */
async function memory(keys: number): Promise<Report> {
  const rows = [];
  for (const { name, kind } of LIMITERS) {
    if (kind === 'floor' || name.endsWith('awaited')) continue;
    const bytes = Number(
      await runChild('./limiter.memory.mjs', [name, String(keys)]),
    );
    rows.push({ name, kind, value: bytes / keys });
  }
  const ours = rows[0]?.value ?? NaN;
  return {
    id: `limiter/memory-${keys}-keys`,
    title: 'Memory with 1 million keys, heap and buffers',
    unit: 'bytes a key',
    rows: rows.map((row) => ({ ...row, ratio: row.value / ours })),
  };
}
