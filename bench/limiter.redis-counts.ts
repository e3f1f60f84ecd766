import type { Redis } from 'ioredis';
import {
  createDenyCache,
  createLimiter,
  fixedWindow,
  gcra,
  slidingLog,
  slidingWindow,
  strictWindow,
} from 'sallyport/limiter';
import { redisStore } from 'sallyport/store';
import type { Report, Row, Target } from './harness.ts';
import type { Server } from './limiter.redis-server.ts';
import { type MakeWay, ours, RIVAL_WAYS } from './limiter.redis-ways.ts';

const FOUR: readonly string[] = ['a', 'b', 'c', 'd'];
const ONCE = { of: 'value', atMost: 1 } as const;
/** The server works on one half while the client writes the other. */
const HALVES = { of: 'value', atMost: 2 } as const;
const NEVER = { of: 'value', atMost: 0 } as const;

/** How many commands reach the server for so many decisions. */
export async function* countReports(server: Server, inFlight: number): AsyncGenerator<Report> {
  yield await countSent(server, inFlight);
  yield await countReceived(server, inFlight);
  yield await measureKeys(server);
}

/** As the client sends them. */
async function countSent(server: Server, inFlight: number): Promise<Report> {
  const client = server.connect();
  let commands = 0;
  const store = redisStore((args) => {
    commands++;
    return client.call(...args);
  });
  const limits = FOUR.map((name) => ({ name, limit: 1_000_000, windowSeconds: 3600 }));
  const limiter = createLimiter({ store, limits });
  await limiter.consume('warm');
  const count = async (work: () => Promise<unknown>): Promise<number> => {
    commands = 0;
    await work();
    return commands;
  };
  const denying = createLimiter({
    store,
    limits: [{ name: 'e', limit: 1, windowSeconds: 3600 }],
    localDenyCache: createDenyCache(),
  });
  await denying.consume('k');
  await denying.consume('k');
  const rows: Row[] = [
    {
      name: 'sallyport: one decision, four limits',
      kind: 'ours',
      value: await count(async () => await limiter.consume('k')),
      target: ONCE,
    },
    {
      name: `sallyport: ${inFlight} decisions of one turn, four limits each`,
      kind: 'ours',
      value: await count(() => Promise.all(Array.from({ length: inFlight }, (_, n) => limiter.consume(`k${n}`)))),
      target: HALVES,
    },
    {
      name: 'sallyport: a denied client, 1,000 times, with localDenyCache',
      kind: 'ours',
      value: await count(async () => {
        for (let n = 0; n < 1000; n++) await denying.consume('k');
      }),
      target: NEVER,
    },
  ];
  return { id: 'limiter/redis-commands', title: 'Commands sent to Redis', unit: 'commands', rows };
}

/** As the server counts them. What a script calls there is no round trip, so calls of scripts are counted. */
async function countReceived(server: Server, inFlight: number): Promise<Report> {
  const observer = server.connect();
  const rows: Row[] = [];
  const count = async (make: MakeWay, decisions: number, more: string, target?: Target): Promise<void> => {
    const { name, kind, decide } = make(server.connect(), { limit: 1_000_000, windowSeconds: 3600 });
    // The script is there before anything is counted.
    await decide('warm');
    await observer.call('CONFIG', 'RESETSTAT');
    await Promise.all(Array.from({ length: decisions }, (_, n) => decide(`k${n}`)));
    const row = { name: `${name}${more}`, kind, value: await countScripts(observer) };
    rows.push(target === undefined ? row : { ...row, target });
  };
  await count(ours('sallyport: one decision', ['a']), 1, '', ONCE);
  await count(ours('sallyport: one decision, four limits', FOUR), 1, '', ONCE);
  await count(ours(`sallyport: ${inFlight} decisions of one turn, four limits each`, FOUR), inFlight, '', HALVES);
  for (const make of Object.values(RIVAL_WAYS)) await count(make, inFlight, `: ${inFlight} decisions of one turn`);
  return {
    id: 'limiter/redis-round-trips',
    title: 'Round trips: calls of scripts that reached Redis, as the server counts them (INFO commandstats)',
    unit: 'calls',
    rows,
  };
}

async function countScripts(client: Redis): Promise<number> {
  const stats = String(await client.call('INFO', 'commandstats'));
  let calls = 0;
  for (const [, count] of stats.matchAll(/^cmdstat_eval(?:sha)?(?:_ro)?:calls=(\d+)/gm)) calls += Number(count);
  return calls;
}

/** What `MEMORY USAGE` says of all that stands there for a client that came ten times, each library under the prefix of its own. */
async function measureKeys(server: Server): Promise<Report> {
  const client = server.connect();
  const rows: Row[] = [];
  const measure = async (make: MakeWay, prefix: string, ofOurs?: string): Promise<void> => {
    const { name, kind, decide } = make(client, { limit: 100, windowSeconds: 3600, prefix });
    for (let n = 0; n < 10; n++) await decide('c:203.0.113.7');
    const value = await usage(client, `${prefix}:*`);
    const reference = rows.find((row) => row.name === ofOurs)?.value;
    rows.push(reference === undefined ? { name, kind, value } : { name, kind, value, ratio: value / reference });
  };
  for (const [name, algorithm] of Object.entries({ gcra, fixedWindow, slidingWindow, strictWindow, slidingLog })) {
    await measure(ours(`sallyport: ${name}`, ['m'], algorithm), `our-${name}`);
  }
  await measure(ours('sallyport: gcra, four limits', FOUR), 'our-four');
  const like: Readonly<Record<string, string>> = { upstashSliding: 'slidingWindow', upstashBucket: 'gcra' };
  for (const [name, make] of Object.entries(RIVAL_WAYS)) {
    await measure(make, `their-${name}`, `sallyport: ${like[name] ?? 'fixedWindow'}`);
  }
  return {
    id: 'limiter/redis-memory',
    title: 'Memory of one key on Redis, met ten times; rivals over ours of their algorithm',
    unit: 'bytes',
    rows,
  };
}

async function usage(client: Redis, pattern: string): Promise<number> {
  let bytes = 0;
  for (const key of await client.keys(pattern)) bytes += Number(await client.call('MEMORY', 'USAGE', key));
  return bytes;
}
