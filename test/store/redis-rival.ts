import type { Redis } from 'ioredis';
import process from 'node:process';
import type { LimitAlgorithm } from '../../src/limiter/algorithm.ts';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { lease, release } from '../../src/limiter/lease.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { slidingLog, strictWindow } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { claim } from '../../src/store/claim.ts';
import type { StepCall } from '../../src/store/step.ts';
import type { Store } from '../../src/store/store.ts';
import { connectOnce, storeOn } from './redis-client.ts';

/** What each of several processes is told to do at once, by all of its clients. */
export interface Order {
  readonly what: 'claim' | 'lease' | 'work' | AlgorithmName;
  /** What the keys begin with: one for each repetition. */
  readonly prefix: string;
  /** The limit, or the number of slots. */
  readonly limit: number;
  /** How often each client tries. */
  readonly tries: number;
  /** Whether all clients of the process share one store, which then sends what they ask together. */
  readonly shared: boolean;
}

/** What a process had. */
export interface Report {
  /** How often its clients were told yes, by key. */
  readonly wins: Readonly<Record<string, number>>;
  /** The most that were at work at once, as any of its clients saw it. */
  readonly most: number;
}

type AlgorithmName = 'gcra' | 'fixedWindow' | 'slidingWindow' | 'slidingLog' | 'strictWindow';

const ALGORITHMS: Readonly<Record<AlgorithmName, LimitAlgorithm>> = {
  gcra,
  fixedWindow,
  slidingWindow,
  slidingLog,
  strictWindow,
};
/** Their names. */
export const ALGORITHM_NAMES: readonly AlgorithmName[] = [
  'gcra',
  'fixedWindow',
  'slidingWindow',
  'slidingLog',
  'strictWindow',
];
/** Clients in each process, a connection each. */
export const CLIENTS = 64;
/** No window ends while a test runs. */
const YEAR_SECONDS = 31_536_000;
const HOUR_MS = 3_600_000;
/** This is about how many, and not about how fast. */
const PATIENCE_MS = 20_000;

// The parent imports the names; a child is started with its server's port.
if (process.send !== undefined && process.argv[2] !== undefined) await compete(Number(process.argv[2]));

async function compete(port: number): Promise<void> {
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => connectOnce(port)));
  process.on('disconnect', () => process.exit());
  process.on('message', (order: Order) => {
    obey(clients, order).then(
      (report) => process.send?.(report),
      (error) => process.send?.({ wins: { [String(error)]: 1 }, most: 0 }),
    );
  });
  process.send?.('ready');
}

async function obey(clients: readonly Redis[], order: Order): Promise<Report> {
  const { prefix, tries, shared } = order;
  const wins = new Map<string, number>();
  let most = 0;
  let common: Store | undefined;
  await Promise.all(clients.map(async (client, index) => {
    common ??= storeOn(client, { prefix, timeoutMs: PATIENCE_MS });
    const store = shared ? common : storeOn(client, { prefix, timeoutMs: PATIENCE_MS });
    const attempt = attempts(store, client, order, `${process.pid}-${index}`);
    for (let turn = 0; turn < tries; turn++) {
      const { key, won, working } = await attempt(turn);
      if (won) wins.set(key, (wins.get(key) ?? 0) + 1);
      most = Math.max(most, working);
    }
  }));
  return { wins: Object.fromEntries(wins), most };
}

type Attempt = (turn: number) => Promise<{ key: string; won: boolean; working: number }>;

function attempts(store: Store, client: Redis, { what, limit, prefix }: Order, holder: string): Attempt {
  async function ask(call: Omit<StepCall, 'space'>): Promise<boolean> {
    return (await store.run([[{ ...call, space: what }]])).groups[0]?.ok === true;
  }
  if (what === 'claim') {
    return async (turn) => {
      const key = `claim-${turn}`;
      return { key, won: await ask({ step: claim, key, args: { value: holder, ttlMs: HOUR_MS } }), working: 0 };
    };
  }
  if (what === 'lease') {
    return async (turn) => {
      const args = { holder: `${holder}-${turn}`, slots: limit, ttlMs: HOUR_MS };
      return { key: 'key', won: await ask({ step: lease, key: 'key', args }), working: 0 };
    };
  }
  if (what === 'work') {
    return async () => {
      const won = await ask({ step: lease, key: 'key', args: { holder, slots: limit, ttlMs: HOUR_MS } });
      if (!won) return { key: 'key', won, working: 0 };
      const working = await client.incr(`${prefix}-working`);
      await client.decr(`${prefix}-working`);
      await ask({ step: release, key: 'key', args: { holder } });
      return { key: 'key', won, working };
    };
  }
  const limiter = createLimiter({
    store,
    timeoutMs: PATIENCE_MS,
    limits: [{ name: what, limit, windowSeconds: YEAR_SECONDS, algorithm: ALGORITHMS[what] }],
  });
  return async () => ({ key: 'key', won: (await limiter.consume('key')).allowed, working: 0 });
}
