import type { Redis } from 'ioredis';
import { once } from 'node:events';
import { createClient } from 'redis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import type { Decision } from '../../src/limiter/decision.ts';
import { createLimiter, type Limiter } from '../../src/limiter/limiter.ts';
import { claim } from '../../src/store/claim.ts';
import { redisStore } from '../../src/store/redis.ts';
import type { StepCall } from '../../src/store/step.ts';
import type { Store } from '../../src/store/store.ts';
import { connectOnce, storeOn, until } from './redis-client.ts';
import { type Proxy, startProxy } from './redis-proxy.ts';
import { describeRedis, type RedisServer, startRedis } from './redis-server.ts';

const UNAVAILABLE = { code: 'store_unavailable' };
const LIMIT = 1000;
/** Short where calls must run into it, and long where they must not, however busy the machine is. */
const [SHORT_MS, LONG_MS] = [150, 15_000];

describeRedis('redisStore(), whatever becomes of its server,', () => {
  let server: RedisServer;
  let client: Redis;
  let proxy: Proxy | undefined;

  beforeEach(async () => {
    server = await startRedis();
    client = await server.connect();
  });
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
    await server?.close();
  });

  function limiterOn(store: Store = storeOn(client, { timeoutMs: LONG_MS })): Limiter {
    // No window ends while a test runs.
    return createLimiter({
      store,
      timeoutMs: LONG_MS,
      limits: [{ name: 'year', limit: LIMIT, windowSeconds: 31_536_000 }],
    });
  }

  /** How much has been taken, as a connection of its own sees it. */
  async function taken(): Promise<number> {
    const decision = await limiterOn(storeOn(await server.connect())).consume('ada', { cost: 0 });
    return LIMIT - (decision.limits[0]?.remaining ?? NaN);
  }

  /** Consumes once: the decision, or undefined where the store is unavailable. Nothing else may come of it. */
  async function tryOnce(limiter: Limiter): Promise<Decision | undefined> {
    try {
      return await limiter.consume('ada');
    } catch (error) {
      expect(error).toMatchObject(UNAVAILABLE);
      return undefined;
    }
  }

  test('counts each request once when the scripts are flushed between any two', async () => {
    const limiter = limiterOn();
    for (let index = 1; index <= 50; index++) {
      await client.script('FLUSH');
      expect((await limiter.consume('ada')).limits[0]?.remaining).toBe(LIMIT - index);
    }
    const flushed = await Promise.all(Array.from({ length: 50 }, async (_, index) => {
      if (index % 5 === 0) await client.script('FLUSH');
      return await limiter.consume('ada');
    }));
    expect(flushed.every(({ allowed }) => allowed)).toBe(true);
    expect(await taken()).toBe(100);
  });

  test('goes on when the server comes back empty', async () => {
    const limiter = limiterOn();
    for (let restart = 0; restart < 3; restart++) {
      expect((await limiter.consume('ada', { cost: LIMIT })).allowed).toBe(true);
      expect((await limiter.consume('ada')).allowed).toBe(false);
      await server.kill();
      await until(() => client.status !== 'ready');
      await expect(limiter.consume('ada')).rejects.toMatchObject(UNAVAILABLE);
      await server.start();
      await until(() => client.status === 'ready');
    }
  });

  test('admits at most the limit for each life of a server that is killed under load', async () => {
    const limiter = limiterOn(storeOn(client, { timeoutMs: SHORT_MS }));
    let [admitted, refused, isOver] = [0, 0, false];
    const workers = Array.from({ length: 16 }, async () => {
      while (!isOver) {
        const decision = await tryOnce(limiter);
        if (decision?.allowed === true) admitted++;
        if (decision === undefined) {
          refused++;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }
    });
    let before = 0;
    for (let restart = 0; restart < 2; restart++) {
      await until(() => admitted > before + LIMIT / 2);
      await server.kill();
      before = admitted;
      await server.start();
    }
    await until(() => admitted > before + LIMIT / 2);
    await until(async () => await taken() === LIMIT);
    isOver = true;
    await Promise.all(workers);
    expect(refused).toBeGreaterThan(0);
    expect(admitted).toBeGreaterThan(2 * LIMIT);
    expect(admitted).toBeLessThanOrEqual(3 * LIMIT);
  });

  // A stopped machine, or a network that loses everything: no connection closes, and a client alone would wait for ever.
  test('settles every call while the server stands still, and goes on with it', async () => {
    const limiter = limiterOn(storeOn(client, { timeoutMs: SHORT_MS }));
    let [asked, answered] = [0, 0];
    async function ask(): Promise<boolean> {
      asked++;
      const decision = await tryOnce(limiter);
      if (decision !== undefined) answered++;
      return decision !== undefined;
    }
    await until(ask);
    for (let freeze = 0; freeze < 2; freeze++) {
      server.freeze();
      const settled = await Promise.all(Array.from({ length: 100 }, ask));
      expect(settled).not.toContain(true);
      expect(await ask()).toBe(false);
      server.thaw();
      await until(ask);
    }
    // What was sent meanwhile may have been counted; none of it twice.
    expect(asked).toBeGreaterThan(202);
    expect(await taken()).toBeGreaterThanOrEqual(answered);
    expect(await taken()).toBeLessThanOrEqual(asked);
  });

  test.each(['drop', 'swallow'] as const)('charges each call once when its reply is lost: %s', async (mode) => {
    proxy = await startProxy(server.port);
    const far = await connectOnce(proxy.port);
    const limiter = limiterOn(storeOn(far, { timeoutMs: SHORT_MS }));
    await limiterOn().consume('ada');
    for (let index = 1; index <= 5; index++) {
      await until(() => far.status === 'ready');
      proxy.mode = mode;
      expect(await tryOnce(limiter)).toBeUndefined();
      await until(() => proxy?.lost() === index);
      proxy.mode = 'pass';
      if (mode === 'swallow') await Promise.all([once(far, 'close'), far.disconnect(true)]);
    }
    far.disconnect();
    expect(await taken()).toBe(6);
  });

  // This client tells at once that the connection is gone, and would send what is repeated as soon as there is another.
  test('repeats nothing over a client that would queue it', async () => {
    proxy = await startProxy(server.port);
    const far = createClient({ url: `redis://127.0.0.1:${proxy.port}`, socket: { reconnectStrategy: 20 } });
    await far.on('error', () => undefined).connect();
    const limiter = limiterOn(redisStore((args) => far.sendCommand(args), { timeoutMs: LONG_MS }));
    await limiter.consume('ada');
    for (let index = 1; index <= 5; index++) {
      await until(() => far.isReady);
      proxy.mode = 'drop';
      expect(await tryOnce(limiter)).toBeUndefined();
      await until(() => far.isReady);
      expect(proxy.lost()).toBe(index);
    }
    // Comes after all that was queued.
    await far.ping();
    far.destroy();
    expect(await taken()).toBe(6);
  });

  test('has one winner of a claim whose reply was lost, and never tells two', async () => {
    proxy = await startProxy(server.port);
    const far = await connectOnce(proxy.port);
    const store = storeOn(far, { timeoutMs: SHORT_MS });
    const call: StepCall = { step: claim, space: 'jti', key: 'token', args: { value: 'far', ttlMs: 60_000 } };
    proxy.mode = 'drop';
    await expect(store.run([[call]])).rejects.toMatchObject(UNAVAILABLE);
    await until(() => proxy?.lost() === 1);
    far.disconnect();
    const near = await storeOn(client).run([[{ ...call, args: { value: 'near', ttlMs: 60_000 } }]]);
    expect(near.groups).toEqual([{ ok: false, results: [{ claimed: false, value: 'far' }] }]);
  });

  test('refuses on a replica, and goes on when it is made the master again', async () => {
    const limiter = limiterOn();
    await limiter.consume('ada');
    await client.call('REPLICAOF', '127.0.0.1', '1');
    for (let index = 0; index < 5; index++) {
      const error = await Promise.resolve(limiter.consume('ada')).catch((reason: unknown) => reason);
      expect(isRefusal(error) && String(error.cause)).toContain('READONLY');
    }
    await client.call('REPLICAOF', 'NO', 'ONE');
    expect((await limiter.consume('ada')).limits[0]?.remaining).toBe(LIMIT - 2);
  });

  test('refuses on a server that has no memory left, and writes no part of a group', async () => {
    const store = storeOn(client);
    const group = ['a', 'b'].map((key): StepCall => ({
      step: claim,
      space: 'jti',
      key,
      args: { value: 'v', ttlMs: 60_000 },
    }));
    await client.config('SET', 'maxmemory', '1');
    const error = await Promise.resolve(store.run([group])).catch((reason: unknown) => reason);
    expect(isRefusal(error) && String(error.cause)).toContain('OOM');
    expect(await client.dbsize()).toBe(0);
    await client.config('SET', 'maxmemory', '0');
    expect((await store.run([group])).groups[0]?.ok).toBe(true);
  });
});
