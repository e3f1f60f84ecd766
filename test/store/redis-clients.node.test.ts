import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { lease } from '../../src/limiter/lease.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { slidingLog, strictWindow } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { claim } from '../../src/store/claim.ts';
import { redisStore } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';
import { drop, swap } from '../../src/store/swap.ts';
import { pause, storeOn } from './redis-client.ts';
import { describeRedis, type RedisServer, startRedis } from './redis-server.ts';

/** Makes a store on a client, and tells how to close that. */
type Connect = (port: number) => Promise<{ readonly store: Store; readonly close: () => void }>;

const HOUR = { name: 'hour', limit: 5, windowSeconds: 3600 };
const ALGORITHMS = { gcra, fixedWindow, slidingWindow, slidingLog, strictWindow };
const IOREDIS = {
  host: '127.0.0.1',
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  lazyConnect: true,
};

/** The lines that the docstring names, with the settings that people have. */
const CLIENTS: Readonly<Record<string, Connect>> = {
  ioredis: (port) => connectIoredis(new Redis({ ...IOREDIS, port })),
  'ioredis with RESP3': (port) => connectIoredis(new Redis({ ...IOREDIS, port, protocol: 3 })),
  'ioredis with automatic pipelines': (port) =>
    connectIoredis(new Redis({ ...IOREDIS, port, enableAutoPipelining: true })),
  'ioredis with a prefix of its own': (port) => connectIoredis(new Redis({ ...IOREDIS, port, keyPrefix: 'mine:' })),
  'node-redis with RESP2': async (port) => {
    const client = createClient({ url: `redis://127.0.0.1:${port}`, RESP: 2, disableOfflineQueue: true });
    await client.on('error', () => undefined).connect();
    return { store: redisStore((args) => client.sendCommand(args)), close: () => client.destroy() };
  },
  'node-redis with RESP3': async (port) => {
    const client = createClient({ url: `redis://127.0.0.1:${port}`, RESP: 3, disableOfflineQueue: true });
    await client.on('error', () => undefined).connect();
    return { store: redisStore((args) => client.sendCommand(args)), close: () => client.destroy() };
  },
};

async function connectIoredis(client: Redis): ReturnType<Connect> {
  client.on('error', () => undefined);
  await client.connect();
  return { store: redisStore((args) => client.call(...args)), close: () => client.disconnect() };
}

describeRedis('redisStore() over a client', () => {
  let server: RedisServer;
  let close: (() => void) | undefined;

  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(async () => {
    const client = await server.connect();
    await client.call('SCRIPT', 'FLUSH');
    await client.flushall();
  });
  afterEach(() => close?.());
  afterAll(() => server?.close());

  test.each(Object.entries(CLIENTS))('decides, and tells all that there is to tell: %s', async (_name, connect) => {
    const connected = await connect(server.port);
    close = connected.close;
    const limits = Object.values(ALGORITHMS).map((algorithm, index) => ({ ...HOUR, name: `hour-${index}`, algorithm }));
    const limiter = createLimiter({ store: connected.store, limits });
    const decisions = await Promise.all(Array.from({ length: 6 }, () => limiter.consume('ada')));
    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, true, true, false]);
    expect(decisions.map((decision) => decision.limits.map(({ remaining }) => remaining))).toEqual(
      [4, 3, 2, 1, 0, 0].map((left) => limits.map(() => left)),
    );
    expect(decisions[5]?.retryAfterSeconds).toBeGreaterThan(0);
    expect(decisions[5]?.retryAfterSeconds).toBeLessThanOrEqual(2 * 3600);
    const never = await limiter.consume('ada', { cost: 6 });
    expect([never.allowed, never.retryAfterSeconds]).toEqual([false, Infinity]);
    const place = { space: 'values', key: 'é' };
    const { groups } = await connected.store.run([
      [{ ...place, step: swap, args: { expected: null, value: 'ü', ttlMs: 60_000 } }],
      [{ ...place, step: claim, args: { value: 'x', ttlMs: 60_000 } }],
      [{ ...place, step: drop, args: { expected: 'ü' } }],
      [{ ...place, step: claim, args: { value: '', ttlMs: 60_000 } }],
      [{ ...place, space: 'jobs', step: lease, args: { holder: 'a', slots: 1, ttlMs: 60_000 } }],
    ]);
    expect(groups).toEqual([
      { ok: true, results: [null] },
      { ok: false, results: [{ claimed: false, value: 'ü' }] },
      { ok: true, results: ['ü'] },
      { ok: true, results: [{ claimed: true, value: '' }] },
      { ok: true, results: [{ held: 0, freeUs: 0 }] },
    ]);
  });

  test.each(Object.entries(CLIENTS))('loads the script again when it was flushed: %s', async (_name, connect) => {
    const connected = await connect(server.port);
    close = connected.close;
    const limiter = createLimiter({ store: connected.store, limits: [HOUR] });
    const remaining: unknown[] = [];
    for (let index = 0; index < 3; index++) {
      remaining.push((await limiter.consume('ada')).limits[0]?.remaining);
      await (await server.connect()).call('SCRIPT', 'FLUSH');
    }
    expect(remaining).toEqual([4, 3, 2]);
  });

  test('counts together what comes over different clients', async () => {
    const connected = await Promise.all([CLIENTS['ioredis'], CLIENTS['node-redis with RESP3']].map(async (connect) => {
      if (connect === undefined) throw new Error('This row is gone.');
      return await connect(server.port);
    }));
    close = () => connected.forEach((each) => each.close());
    const limiters = connected.map(({ store }) => createLimiter({ store, limits: [HOUR] }));
    const decisions = await Promise.all(Array.from({ length: 20 }, (_, index) => limiters[index % 2]?.consume('ada')));
    expect(decisions.filter((decision) => decision?.allowed)).toHaveLength(5);
  });

  // Numbers as text would pass for numbers in many a comparison.
  test('refuses what a client makes other than the numbers that were sent', async () => {
    const client = new Redis({ ...IOREDIS, port: server.port, stringNumbers: true });
    close = () => client.disconnect();
    await client.connect();
    const limiter = createLimiter({ store: storeOn(client), limits: [HOUR] });
    await expect(limiter.consume('ada')).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  test.each(Object.entries(CLIENTS))('refuses when the server is gone: %s', async (_name, connect) => {
    const mortal = await startRedis();
    const connected = await connect(mortal.port);
    const limiter = createLimiter({ store: connected.store, limits: [HOUR] });
    await limiter.consume('ada');
    const asked = Promise.allSettled(Array.from({ length: 5 }, () => limiter.consume('ada')));
    await mortal.kill();
    for (const settled of await asked) {
      if (settled.status === 'rejected') expect(settled.reason).toMatchObject({ code: 'store_unavailable' });
    }
    await expect(limiter.consume('ada')).rejects.toMatchObject({ code: 'store_unavailable' });
    connected.close();
    await mortal.close();
  });
});

describeRedis('createLimiter() over redisStore(), in the time of the server,', () => {
  let server: RedisServer;
  let store: Store;

  beforeAll(async () => {
    server = await startRedis();
    store = storeOn(await server.connect(), { timeoutMs: 15_000 });
  });
  afterAll(() => server?.close());

  test.concurrent.each(Object.entries(ALGORITHMS))(
    'admits again after retryAfterSeconds: %s',
    async (name, algorithm) => {
      const limiter = createLimiter({
        store,
        timeoutMs: 15_000,
        limits: [{ name, limit: 3, windowSeconds: 0.25, algorithm }],
      });
      for (let round = 0; round < 2; round++) {
        // In one turn, and so at one time of the server's.
        const decisions = await Promise.all(Array.from({ length: 5 }, () => limiter.consume('ada')));
        const denied = decisions.at(-1);
        expect(denied).toMatchObject({ allowed: false, reason: 'limited', limits: [{ name, remaining: 0 }] });
        expect(denied?.retryAfterSeconds).toBeGreaterThan(0);
        expect(denied?.retryAfterSeconds).toBeLessThanOrEqual(0.5);
        // Timers may be a millisecond early, and never so much late that it would not be admitted.
        await pause((denied?.retryAfterSeconds ?? NaN) * 1000 + 2);
        expect((await limiter.consume('ada')).allowed).toBe(true);
      }
    },
  );

  test('takes nothing from any limit when one of them is exhausted', async () => {
    const limits = [{ ...HOUR, name: 'few', limit: 2 }, { ...HOUR, name: 'many', limit: 100, algorithm: fixedWindow }];
    const limiter = createLimiter({ store, limits });
    for (let index = 0; index < 5; index++) await limiter.consume('bob');
    const decision = await limiter.consume('bob', { cost: 0 });
    expect(decision.limits.map(({ remaining }) => remaining)).toEqual([0, 98]);
  });
});
