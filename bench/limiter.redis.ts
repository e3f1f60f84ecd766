import { compare, type Contender, type Effort, quantile, type Report, type Row, type Target } from './harness.ts';
import { countReports } from './limiter.redis-counts.ts';
import { hasServer, type Server, startServer } from './limiter.redis-server.ts';
import { ours, RIVAL_WAYS, type Way } from './limiter.redis-ways.ts';

const IN_FLIGHT = 256;
const KEYS = 10_000;
/** Single decisions of each way in one round. */
const TURNS = 500;
const OPTIONS = { limit: 1_000_000, windowSeconds: 3600 };
const ONE = 'sallyport';
const FOUR = 'sallyport, four limits at once';
const FOUR_OVER_ONE: Target = { of: 'ratio', atMost: 1.4 };

/** Decisions on a real Redis; nothing where there is none. */
export async function* redisReports(effort: Effort): AsyncGenerator<Report> {
  if (!hasServer()) {
    console.warn('SKIPPED: the Redis rows need redis-server (Debian package redis-server).');
    return;
  }
  const server = await startServer();
  try {
    yield* timeReports(server, effort);
    yield* countReports(server, IN_FLIGHT);
  } finally {
    server.stop();
  }
}

async function* timeReports(server: Server, effort: Effort): AsyncGenerator<Report> {
  const plain = server.connect();
  const ways: readonly Way[] = [
    ours(ONE, ['a'])(server.connect(), OPTIONS),
    { name: 'PING', kind: 'floor', decide: async () => await plain.ping() },
    { name: 'INCR alone, which decides nothing', kind: 'floor', decide: async (key) => await plain.incr(key) },
    ...Object.values(RIVAL_WAYS).map((make) => make(server.connect(), OPTIONS)),
    ours(FOUR, ['a', 'b', 'c', 'd'])(server.connect(), OPTIONS),
  ];
  const targets: Readonly<Record<string, readonly [inFlight: Target | undefined, sequential: Target | undefined]>> = {
    'PING': [undefined, { of: 'ratio', atLeast: 1 / 1.15 }],
    'INCR alone, which decides nothing': [{ of: 'ratio', atLeast: 1 }, undefined],
    'rate-limiter-flexible': [{ of: 'ratio', atLeast: 2.5 }, undefined],
    [FOUR]: [FOUR_OVER_ONE, FOUR_OVER_ONE],
  };
  const inFlight = await compare({
    id: 'limiter/redis-in-flight',
    title: `One decision on Redis, ${IN_FLIGHT} in flight, ${KEYS.toLocaleString('en-US')} keys; each`,
    unit: 'us',
    jobsPerOperation: IN_FLIGHT,
    contenders: ways.map((way) => contend(way, targets[way.name]?.[0])),
  }, effort);
  yield inFlight;
  const sequential: Report = {
    id: 'limiter/redis-sequential',
    title: 'One decision on Redis, one after another; p50',
    unit: 'us',
    rows: (await takeTurns(ways, effort)).map((row) => {
      const target = targets[row.name]?.[1];
      return target === undefined ? row : { ...row, target };
    }),
    notes: [
      'A round trip takes some 20 us or some 60 for minutes on end, as the system places the two processes: read what ours adds to PING, too.',
    ],
  };
  yield sequential;
  const find = ({ rows }: Report, name: string): Row | undefined => rows.find((row) => row.name === name);
  const ratioOf = (name: string, row: Row | undefined, atMost: number, invert: boolean = false): Row => {
    const { ratio = NaN } = row ?? {};
    return { name, kind: 'ours', value: invert ? 1 / ratio : ratio, target: { of: 'value', atMost } };
  };
  yield {
    id: 'limiter/redis-ratios',
    title: 'The same as ratios: the medians of those within one round',
    unit: 'times',
    rows: [
      ratioOf(`four limits over one, ${IN_FLIGHT} in flight`, find(inFlight, FOUR), 1.4),
      ratioOf('four limits over one, one after another', find(sequential, FOUR), 1.4),
      ratioOf('one decision over PING, one after another', find(sequential, 'PING'), 1.15, true),
    ],
  };
}

function contend({ name, kind, decide }: Way, target: Target | undefined): Contender {
  let at = 0;
  const run: Contender['run'] = async (operations) => {
    for (let operation = 0; operation < operations; operation++) {
      const pending: Promise<unknown>[] = [];
      for (let job = 0; job < IN_FLIGHT; job++) pending.push(decide(keyOf(at++)));
      await Promise.all(pending);
    }
  };
  return target === undefined ? { name, kind, run } : { name, kind, run, target };
}

/**
 * Times single decisions, each of another way than the one before. Each way for a while would not do: on two cores a round trip takes 20 us or 60
 * for seconds on end, as the system happens to place the two processes.
 */
async function takeTurns(ways: readonly Way[], { rounds }: Effort): Promise<readonly Row[]> {
  let at = 0;
  const halves: number[][] = ways.map(() => []);
  for (let round = -1; round < rounds; round++) {
    const took: number[][] = ways.map(() => []);
    for (let turn = 0; turn < TURNS; turn++) {
      for (let step = 0; step < ways.length; step++) {
        const index = (turn + step) % ways.length;
        const started = performance.now();
        await ways[index]?.decide(keyOf(at++));
        took[index]?.push((performance.now() - started) * 1000);
      }
    }
    // The first warms up.
    if (round >= 0) took.forEach((times, index) => halves[index]?.push(quantile(times, 0.5)));
  }
  return ways.map(({ name, kind }, index) => {
    const own = halves[index] ?? [];
    const ratios = own.map((half, round) => half / (halves[0]?.[round] ?? NaN));
    const ratio = quantile(ratios, 0.5);
    const spread = (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / 2 / ratio;
    return { name, kind, value: quantile(own, 0.5), ratio, spread };
  });
}

function keyOf(at: number): string {
  const key = at % KEYS;
  return `c:10.0.${key >>> 8}.${key & 255}`;
}
