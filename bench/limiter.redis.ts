import { Redis } from 'ioredis';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { RedisStore as RateLimitRedis } from 'rate-limit-redis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import {
  createDenyCache,
  createLimiter,
  fixedWindow,
  gcra,
  type LimitAlgorithm,
  type Limiter,
  slidingLog,
  slidingWindow,
  strictWindow,
} from 'sallyport/limiter';
import { redisStore } from 'sallyport/store';
import { compare, type Contender, type Effort, type Report, type Row } from './harness.ts';

const IN_FLIGHT = 256;
const KEYS = 10_000;
const LIMIT = 1_000_000;
const WINDOW_SECONDS = 3600;

/** One decision, or what stands in for one. */
interface Way {
  readonly name: string;
  readonly kind: Contender['kind'];
  readonly decide: (key: string) => Promise<unknown>;
  readonly target?: Contender['target'];
}

/** A server of this machine, and what reaches it. */
interface Server {
  readonly connect: () => Redis;
  readonly stop: () => void;
}

/** Decisions on a real Redis; nothing where there is none. */
export async function* redisReports(effort: Effort): AsyncGenerator<Report> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    console.warn('SKIPPED: the Redis rows need redis-server (Debian package redis-server).');
    return;
  }
  const server = await startServer();
  try {
    yield* timeReports(server, effort);
    yield await countCommands(server);
    yield await memoryReport(server);
  } finally {
    server.stop();
  }
}

async function* timeReports(server: Server, effort: Effort): AsyncGenerator<Report> {
  const [one, four] = [ourLimiter(server.connect(), ['a']), ourLimiter(server.connect(), ['a', 'b', 'c', 'd'])];
  const [plain, flexible, express] = [server.connect(), server.connect(), server.connect()];
  const limiter = new RateLimiterRedis({ storeClient: flexible, points: LIMIT, duration: WINDOW_SECONDS });
  const store = new RateLimitRedis({
    sendCommand: async (command, ...words) => toReply(await express.call(command, ...words)),
  });
  // Of all that express-rate-limit hands over it reads this alone.
  Reflect.apply(store.init, store, [{ windowMs: WINDOW_SECONDS * 1000 }]);
  const ours: Way = { name: 'sallyport', kind: 'ours', decide: async (key) => await one.consume(key) };
  const ways: readonly Way[] = [
    ours,
    { name: 'PING', kind: 'floor', decide: async () => await plain.ping() },
    { name: 'INCR alone, which decides nothing', kind: 'floor', decide: async (key) => await plain.incr(key) },
    { name: 'rate-limiter-flexible', kind: 'rival', decide: async (key) => await limiter.consume(key) },
    { name: 'rate-limit-redis, its store alone', kind: 'rival', decide: async (key) => await store.increment(key) },
    { name: 'sallyport, four limits at once', kind: 'ours', decide: async (key) => await four.consume(key) },
  ];
  const targets: Readonly<Record<string, readonly [inFlight: Contender['target'], sequential: Contender['target']]>> = {
    'PING': [undefined, { of: 'ratio', atLeast: 1 / 1.15 }],
    'INCR alone, which decides nothing': [{ of: 'ratio', atLeast: 1 }, undefined],
    'rate-limiter-flexible': [{ of: 'ratio', atLeast: 2.5 }, undefined],
    'sallyport, four limits at once': [{ of: 'ratio', atMost: 1.4 }, undefined],
  };
  yield await compare({
    id: 'limiter/redis-in-flight',
    title: `One decision on Redis, ${IN_FLIGHT} in flight, ${KEYS.toLocaleString('en-US')} keys; each`,
    unit: 'us',
    jobsPerOperation: IN_FLIGHT,
    contenders: ways.map((way) => contend(way, IN_FLIGHT, targets[way.name]?.[0])),
  }, effort);
  yield await compare({
    id: 'limiter/redis-sequential',
    title: 'One decision on Redis, one after another',
    unit: 'us',
    contenders: ways.map((way) => contend(way, 1, targets[way.name]?.[1])),
  }, effort);
}

function contend({ name, kind, decide }: Way, inFlight: number, target: Contender['target']): Contender {
  let at = 0;
  const run: Contender['run'] = async (operations) => {
    for (let operation = 0; operation < operations; operation++) {
      const pending: Promise<unknown>[] = [];
      for (let job = 0; job < inFlight; job++) pending.push(decide(`c:10.0.${(at >>> 8) & 39}.${at++ & 255}`));
      await Promise.all(pending);
    }
  };
  return target === undefined ? { name, kind, run } : { name, kind, run, target };
}

/** How many commands reach the server for so many decisions. */
async function countCommands(server: Server): Promise<Report> {
  const client = server.connect();
  let commands = 0;
  const store = redisStore((args) => {
    commands++;
    return client.call(...args);
  });
  const limiter = createLimiter({ store, limits: limitsOf(['a', 'b', 'c', 'd']) });
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
  const once = { of: 'value', atMost: 1 } as const;
  const rows: Row[] = [
    {
      name: 'sallyport: one decision, four limits',
      kind: 'ours',
      value: await count(async () => await limiter.consume('k')),
      target: once,
    },
    {
      name: `sallyport: ${IN_FLIGHT} decisions of one turn, four limits each`,
      kind: 'ours',
      value: await count(() => Promise.all(Array.from({ length: IN_FLIGHT }, (_, n) => limiter.consume(`k${n}`)))),
      target: once,
    },
    {
      name: 'sallyport: a denied client, 1,000 times, with localDenyCache',
      kind: 'ours',
      value: await count(async () => {
        for (let n = 0; n < 1000; n++) await denying.consume('k');
      }),
      target: { of: 'value', atMost: 0 },
    },
  ];
  return { id: 'limiter/redis-commands', title: 'Commands sent to Redis', unit: 'commands', rows };
}

/** What `MEMORY USAGE` says of a key that was met ten times. */
async function memoryReport(server: Server): Promise<Report> {
  const client = server.connect();
  const rows: Row[] = [];
  const algorithms: Readonly<Record<string, LimitAlgorithm>> = {
    gcra,
    fixedWindow,
    slidingWindow,
    strictWindow,
    slidingLog,
  };
  for (const [name, algorithm] of Object.entries(algorithms)) {
    const limits = [{ name: 'm', limit: 100, windowSeconds: WINDOW_SECONDS, algorithm }];
    const limiter = createLimiter({ store: redisStore((args) => client.call(...args), { prefix: name }), limits });
    for (let n = 0; n < 10; n++) await limiter.consume('c:203.0.113.7');
    rows.push({ name: `sallyport: ${name}`, kind: 'ours', value: await usage(client, `${name}:*`) });
  }
  const flexible = new RateLimiterRedis({ storeClient: client, points: 100, duration: 3600, keyPrefix: 'flex' });
  for (let n = 0; n < 10; n++) await flexible.consume('c:203.0.113.7');
  rows.push({ name: 'rate-limiter-flexible', kind: 'rival', value: await usage(client, 'flex:*') });
  return { id: 'limiter/redis-memory', title: 'Memory of one key on Redis, met ten times', unit: 'bytes', rows };
}

async function usage(client: Redis, pattern: string): Promise<number> {
  let bytes = 0;
  for (const key of await client.keys(pattern)) bytes += Number(await client.call('MEMORY', 'USAGE', key));
  return bytes;
}

function ourLimiter(client: Redis, names: readonly string[]): Limiter {
  return createLimiter({ store: redisStore((args) => client.call(...args)), limits: limitsOf(names) });
}

function limitsOf(names: readonly string[]): { name: string; limit: number; windowSeconds: number }[] {
  return names.map((name) => ({ name, limit: LIMIT, windowSeconds: WINDOW_SECONDS }));
}

function toReply(reply: unknown): string | number | (string | number)[] {
  if (typeof reply === 'string' || typeof reply === 'number') return reply;
  return Array.isArray(reply) ? reply.map((one) => typeof one === 'number' ? one : String(one)) : '';
}

async function startServer(): Promise<Server> {
  const port = await freePort();
  const options = ['--save', '', '--appendonly', 'no', '--port', String(port), '--dir', tmpdir()];
  const child: ChildProcess = spawn('redis-server', options, { stdio: 'ignore' });
  const clients: Redis[] = [];
  const connect = (): Redis => {
    const client = new Redis({ port, host: '127.0.0.1' });
    clients.push(client);
    return client;
  };
  // It waits until the server is there.
  await connect().ping();
  return {
    connect,
    stop: () => {
      for (const client of clients) client.disconnect();
      child.kill('SIGKILL');
    },
  };
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
