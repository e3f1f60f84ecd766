import { Cluster, type Redis } from 'ioredis';
import { createServer } from 'node:net';
import { createCluster } from 'redis';
import type { RedisSend } from '../../src/store/redis.ts';
import { pause, until } from './redis-client.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

/** One master of a cluster. */
export interface Master {
  readonly server: RedisServer;
  /** A connection to it alone, which follows no redirection. */
  readonly client: Redis;
  readonly id: string;
  readonly busPort: number;
}

/** Three masters without replicas, each with a third of the slots. */
export interface TestCluster {
  readonly masters: readonly [Master, Master, Master];
  /** The slot of a key, or of what stands between its braces. */
  readonly slotOf: (text: string) => Promise<number>;
  /** Names that a master has at first, each in a slot of its own. */
  readonly namesOn: (master: Master, count: number) => Promise<readonly string[]>;
  /** How often the masters have told a client so since they started. */
  readonly told: (word: string) => Promise<number>;
  /** Moves a slot as operators do, key after key, with a pause before each step and each key. */
  readonly move: (slot: number, from: Master, to: Master, pauseMs: number) => Promise<void>;
  /** Resolves when every master says that the cluster is up. */
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A client of a cluster, as a store is given it. */
export interface ClusterClient {
  readonly send: RedisSend;
  readonly close: () => void;
}

const HOST = '127.0.0.1';
const SLOTS = 16_384;
const BOUNDS = [0, 5461, 10_923, SLOTS] as const;
/** How soon the masters agree that one of them is gone. */
const NODE_TIMEOUT_MS = 1000;

/** Starts a cluster that goes on with the slots that it has when a master is lost. */
export async function startCluster(): Promise<TestCluster> {
  const started = await Promise.allSettled([startMaster(), startMaster(), startMaster()]);
  const all = started.flatMap((settled) => settled.status === 'fulfilled' ? [settled.value] : []);
  const [first, second, third] = all;
  async function close(): Promise<void> {
    await Promise.all(all.map(({ server }) => server.close()));
  }
  if (first === undefined || second === undefined || third === undefined) {
    await close();
    throw new Error('Not every master of the cluster has started.');
  }
  const masters = [first, second, third] as const;

  async function join(): Promise<void> {
    for (const [index, { client }] of masters.entries()) {
      const [from, to] = [BOUNDS[index], BOUNDS[index + 1]];
      await client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(Number(to) - 1));
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    }
    for (const { client } of masters) {
      for (const { server, busPort } of masters) {
        await client.call('CLUSTER', 'MEET', HOST, String(server.port), String(busPort));
      }
    }
    await ready();
  }

  async function ready(): Promise<void> {
    for (const { client } of masters) {
      await until(async () => {
        const info = String(await client.call('CLUSTER', 'INFO').catch(() => ''));
        return ['cluster_state:ok', 'cluster_known_nodes:3', `cluster_slots_ok:${SLOTS}`].every((line) =>
          info.includes(`${line}\r`)
        );
      });
    }
  }

  async function move(slot: number, from: Master, to: Master, pauseMs: number): Promise<void> {
    const name = String(slot);
    await to.client.call('CLUSTER', 'SETSLOT', name, 'IMPORTING', from.id);
    await from.client.call('CLUSTER', 'SETSLOT', name, 'MIGRATING', to.id);
    await pause(pauseMs);
    for (const key of await from.client.cluster('GETKEYSINSLOT', slot, 1000)) {
      await from.client.call('MIGRATE', HOST, String(to.server.port), key, '0', '5000');
      await pause(pauseMs);
    }
    // The new owner first: were the old one to give it up before, nobody would have it.
    for (const { client } of [to, from, ...masters.filter((other) => other !== to && other !== from)]) {
      await client.call('CLUSTER', 'SETSLOT', name, 'NODE', to.id);
    }
  }

  async function slotOf(text: string): Promise<number> {
    return Number(await masters[0].client.call('CLUSTER', 'KEYSLOT', text));
  }

  async function namesOn(master: Master, count: number): Promise<readonly string[]> {
    const found = new Map<number, string>();
    const index = masters.indexOf(master);
    for (let number = 0; found.size < count; number++) {
      const slot = await slotOf(`name-${number}`);
      if (BOUNDS.findLastIndex((bound) => bound <= slot) === index) found.set(slot, `name-${number}`);
    }
    return [...found.values()];
  }

  async function told(word: string): Promise<number> {
    let sum = 0;
    for (const { client } of masters) {
      sum += Number(new RegExp(`errorstat_${word}:count=(\\d+)`).exec(await client.info('errorstats'))?.[1] ?? 0);
    }
    return sum;
  }

  try {
    await join();
  } catch (error) {
    await close();
    throw error;
  }
  return { masters, slotOf, namesOn, told, move, ready, close };
}

async function startMaster(): Promise<Master> {
  const busPort = await freePort();
  const server = await startRedis(
    ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
    ...['--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--cluster-require-full-coverage', 'no'],
  );
  try {
    const client = await server.connect();
    return { server, client, busPort, id: String(await client.call('CLUSTER', 'MYID')) };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** For the bus, which is by default 10,000 above: there systems have their outgoing connections. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, HOST, () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** Where a client finds masters instead of where they say that they are, by `host:port`. */
export type Detours = Readonly<Record<string, { readonly host: string; readonly port: number }>>;

/** Makes the client look for a master behind a port of this machine. */
export function detourTo(port: number, { server }: Master): Detours {
  return { [`${HOST}:${server.port}`]: { host: HOST, port } };
}

/** Connects the cluster client of ioredis, which by default repeats whatever it has no answer to. */
export async function connectIoredis({ masters }: TestCluster, detours: Detours = {}): Promise<ClusterClient> {
  const cluster = new Cluster(masters.map(({ server }) => ({ host: HOST, port: server.port })), {
    lazyConnect: true,
    enableOfflineQueue: false,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    redisOptions: { autoResendUnfulfilledCommands: false },
    natMap: { ...detours },
  });
  cluster.on('error', () => undefined);
  await cluster.connect();
  // It connects to each master when that is first needed, and refuses what comes until then.
  await Promise.all(cluster.nodes('master').map((node) => node.ping()));
  return { send: (args) => cluster.call(...args), close: () => cluster.disconnect() };
}

/** Connects the cluster client of node-redis, which must be told a key: that stands behind the script and the number of keys. */
export async function connectNodeRedis({ masters }: TestCluster, detours: Detours = {}): Promise<ClusterClient> {
  const cluster = createCluster({
    rootNodes: masters.map(({ server }) => ({ url: `redis://${HOST}:${server.port}` })),
    defaults: { disableOfflineQueue: true, socket: { reconnectStrategy: 20 } },
    nodeAddressMap: { ...detours },
  });
  await cluster.on('error', () => undefined).connect();
  return { send: (args) => cluster.sendCommand(args[3], false, args), close: () => cluster.destroy() };
}
