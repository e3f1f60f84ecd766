import type { Redis } from 'ioredis';
import { once } from 'node:events';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createClient } from 'redis';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { createLimiter, type Limiter } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { redisStore } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';
import { connectOnce, pause, storeOn, until } from './redis-client.ts';
import { startProxy } from './redis-proxy.ts';
import { describeRedis, type RedisServer, startRedis } from './redis-server.ts';

/** Sends a command. */
type Tell = (...words: string[]) => Promise<unknown>;

/** How a server gets into a state, and out of it again. */
interface State {
  /** What its answers begin with meanwhile. */
  readonly says: string;
  readonly begin: (tell: Tell, server: RedisServer) => Promise<unknown>;
  readonly end: (tell: Tell) => Promise<unknown>;
}

const LIMIT = 100;
/** This is about what is answered, and not about how fast. */
const LONG_MS = 60_000;
/** Reads 2,000 keys in four seconds, and says meanwhile that it does. */
const SLOW_START = ['--key-load-delay', '2000', '--loading-process-events-interval-bytes', '1024'];

const STATES: Readonly<Record<string, State>> = {
  'wants a password now': {
    // NOAUTH is for short commands: of whom it does not know yet, it takes no more than ten words, and hangs up.
    says: 'ERR Protocol error: unauthenticated',
    async begin(tell) {
      await tell('CONFIG', 'SET', 'requirepass', 'secret');
      // Who is connected may stay.
      await tell('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    },
    end: (tell) => tell('CONFIG', 'SET', 'requirepass', ''),
  },
  'lets nobody run scripts': {
    says: 'NOPERM',
    begin: (tell) => tell('ACL', 'SETUSER', 'default', '-eval', '-evalsha'),
    end: (tell) => tell('ACL', 'SETUSER', 'default', '+@all'),
  },
  'keeps these keys from its user': {
    says: 'NOPERM',
    begin: (tell) => tell('ACL', 'SETUSER', 'default', 'resetkeys', '~other:*'),
    end: (tell) => tell('ACL', 'SETUSER', 'default', 'allkeys'),
  },
  'lets its user read only': {
    says: 'ERR',
    begin: (tell) => tell('ACL', 'SETUSER', 'default', '-set'),
    end: (tell) => tell('ACL', 'SETUSER', 'default', '+@all'),
  },
  'runs a script that does not end': {
    says: 'BUSY',
    async begin(tell, server) {
      await tell('CONFIG', 'SET', 'busy-reply-threshold', '1');
      const other = await server.connect();
      void other.eval('while true do end', 0).catch(() => undefined);
      await until(async () => String(await tell('PING').catch(String)).includes('BUSY'));
    },
    end: (tell) => tell('SCRIPT', 'KILL'),
  },
  'cannot save what it has': {
    says: 'MISCONF',
    async begin(tell) {
      mkdirSync(await fileOf(tell));
      await tell('CONFIG', 'SET', 'save', '3600 1000000');
      await tell('BGSAVE');
      await until(async () => String(await tell('INFO', 'persistence')).includes('rdb_last_bgsave_status:err'));
    },
    async end(tell) {
      rmdirSync(await fileOf(tell));
      await tell('BGSAVE');
    },
  },
  'has lost its replicas': {
    says: 'NOREPLICAS',
    begin: (tell) => tell('CONFIG', 'SET', 'min-replicas-to-write', '1'),
    end: (tell) => tell('CONFIG', 'SET', 'min-replicas-to-write', '0'),
  },
  'has lost its master': {
    says: 'MASTERDOWN',
    async begin(tell) {
      await tell('CONFIG', 'SET', 'replica-serve-stale-data', 'no');
      await tell('REPLICAOF', '127.0.0.1', '1');
    },
    end: (tell) => tell('REPLICAOF', 'NO', 'ONE'),
  },
  'reads what it had from its disk': {
    says: 'LOADING',
    async begin(tell, server) {
      for (let index = 0; index < 2000; index++) void tell('SET', `other:${index}`, 'value');
      await tell('SAVE');
      await server.kill();
      await server.start();
    },
    end: (tell) => until(() => tell('CONFIG', 'SET', 'key-load-delay', '0').then(() => true, () => false)),
  },
};

/** Where a server saves what it has. */
async function fileOf(tell: Tell): Promise<string> {
  const reply: unknown = await tell('CONFIG', 'GET', 'dir');
  return join(String(Array.isArray(reply) && reply[1]), 'dump.rdb');
}

/** Connects a client that asks the server nothing by itself, waits for nothing, and tells at once when its connection is gone. */
async function connectBlind(port: number): Promise<Tell> {
  const client = createClient({
    url: `redis://127.0.0.1:${port}`,
    RESP: 2,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: 20 },
  });
  onTestFinished(() => client.destroy());
  await client.on('error', () => undefined).connect();
  return (...words) => client.sendCommand(words);
}

function limiterOn(store: Store, whenStoreFails: 'closed' | 'open' | Store = 'closed'): Limiter {
  const limits = ['one', 'two'].map((name) => ({ name, limit: LIMIT, windowSeconds: 31_536_000 }));
  return createLimiter({ store, whenStoreFails, timeoutMs: LONG_MS, limits });
}

function isDecided(limiter: Limiter): Promise<boolean> {
  return Promise.resolve(limiter.consume('ada')).then(() => true, () => false);
}

/** What the refusal of a call says was its cause. */
async function causeOf(limiter: Limiter): Promise<string> {
  const error = await Promise.resolve(limiter.consume('ada')).then(() => undefined, (reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'store_unavailable', status: 503, cause: expect.any(Error) });
  return isRefusal(error) && error.cause instanceof Error ? error.cause.message : '';
}

describeRedis('redisStore() on a server that', () => {
  let server: RedisServer;
  let tell: Tell;
  let store: Store;

  beforeEach(async () => {
    server = await startRedis(...SLOW_START);
    tell = await connectBlind(server.port);
    const other = await connectBlind(server.port);
    store = redisStore((words) => other(...words), { timeoutMs: LONG_MS });
  });
  afterEach(() => server?.close());

  /** Brings the server there. What fails on the way, when a connection is lost and made again, is refused as well. */
  async function enter(limiter: Limiter, { begin, says }: State): Promise<void> {
    await begin(tell, server);
    for (let index = 0; index < 3; index++) await until(async () => (await causeOf(limiter)).startsWith(says));
  }

  test.each(Object.entries(STATES))(
    '%s: refuses and says why, takes nothing, and goes on afterwards',
    async (_, state) => {
      const limiter = limiterOn(store);
      expect(await isDecided(limiter)).toBe(true);
      await enter(limiter, state);
      await state.end(tell);
      await until(() => isDecided(limiter));
      const { limits } = await limiter.consume('ada', { cost: 0 });
      expect(limits.map(({ remaining }) => remaining)).toEqual([LIMIT - 2, LIMIT - 2]);
    },
  );

  test.each(Object.entries(STATES))('%s: leaves the answer to what the limiter was told', async (_, state) => {
    const [open, second] = [limiterOn(store, 'open'), limiterOn(store, memoryStore())];
    expect(await second.consume('ada')).toMatchObject({ reason: 'ok' });
    await enter(limiterOn(store), state);
    expect(await open.consume('ada')).toMatchObject({ allowed: true, reason: 'unavailable', limits: [] });
    expect(await second.consume('ada')).toMatchObject({
      allowed: true,
      reason: 'degraded',
      limits: [{ remaining: LIMIT - 1 }, {}],
    });
    await state.end(tell);
    await until(async () => (await second.consume('ada')).reason === 'ok');
  });
});

describeRedis('redisStore() behind a network that loses replies', () => {
  test('keeps nothing of 200,000 calls: no memory, no timer, no listener', async () => {
    const server = await startRedis();
    onTestFinished(server.close);
    const proxy = await startProxy(server.port);
    onTestFinished(proxy.close);
    const client = await connectOnce(proxy.port);
    onTestFinished(() => client.disconnect());
    const limiter = limiterOn(storeOn(client, { timeoutMs: 40 }));
    const outcomes = { fulfilled: 0, rejected: 0 };

    async function ask(rounds: number): Promise<void> {
      for (let round = 0; round < rounds; round++) {
        proxy.mode = (['swallow', 'pass', 'drop', 'pass'] as const)[round % 4] ?? 'pass';
        const isStuck = proxy.mode === 'swallow';
        const settled = await Promise.allSettled(
          Array.from({ length: 2000 }, (_, index) => limiter.consume(`key-${index % 100}`)),
        );
        for (const { status } of settled) outcomes[status]++;
        if (isStuck) await Promise.all([once(client, 'close'), client.disconnect(true)]);
        proxy.mode = 'pass';
        await until(() => client.status === 'ready');
      }
    }

    await ask(20);
    const before = { bytes: await heapBytes(), timers: timers(), listeners: listenersOf(client) };
    await ask(100);
    expect(await heapBytes() - before.bytes).toBeLessThan(6_000_000);
    await until(() => timers() <= before.timers);
    expect(listenersOf(client)).toEqual(before.listeners);
    // It was as bad as it was meant to be.
    expect(outcomes.rejected).toBeGreaterThan(100_000);
    expect(outcomes.fulfilled).toBeGreaterThan(1000);
  }, LONG_MS);
});

/** How much is in use when all that nobody can reach is gone. */
async function heapBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let turn = 0; turn < 3; turn++) {
    collect();
    // What is finalised lets go of more.
    await pause(10);
  }
  return process.memoryUsage().heapUsed;
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

function listenersOf(client: Redis): unknown {
  return client.eventNames().map((name) => [name, client.listenerCount(name)]);
}
