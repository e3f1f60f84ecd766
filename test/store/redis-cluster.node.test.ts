import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import type { Decision } from '../../src/limiter/decision.ts';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { createLimiter, type Limiter } from '../../src/limiter/limiter.ts';
import { slidingLog } from '../../src/limiter/sliding-log.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { redisStore } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';
import { pause, until } from './redis-client.ts';
import {
  type ClusterClient,
  connectIoredis,
  connectNodeRedis,
  detourTo,
  type Master,
  startCluster,
  type TestCluster,
} from './redis-cluster-server.ts';
import { startProxy } from './redis-proxy.ts';
import { describeRedis } from './redis-server.ts';

/** What became of the calls for one subject. */
interface Tally {
  readonly subject: string;
  admitted: number;
  denied: number;
  failed: number;
}

const CONNECTS = { ioredis: connectIoredis, 'node-redis': connectNodeRedis };
/** Short where calls may run into it, and long where they must not, however busy the machine is. */
const [SHORT_MS, LONG_MS, MARGIN_MS] = [1000, 15_000, 5000];
const [TEST_MS, SUBJECTS] = [60_000, 3000];
/** No window ends while a test runs. */
const YEAR = { windowSeconds: 31_536_000 };

describeRedis('redisStore() on a cluster of three masters', () => {
  let cluster: TestCluster;
  let clients: readonly ClusterClient[] = [];
  let [round, slowestMs] = [0, 0];

  beforeAll(async () => {
    cluster = await startCluster();
  }, TEST_MS);
  beforeEach(async () => {
    clients = await Promise.all(Object.values(CONNECTS).map((connect) => connect(cluster)));
    slowestMs = 0;
    round++;
  });
  afterEach(() => {
    for (const client of clients) client.close();
  });
  afterAll(() => cluster?.close());

  function storeOn({ send }: ClusterClient, timeoutMs: number): Store {
    return redisStore(send, { maxBatch: 1, timeoutMs, prefix: `round-${round}` });
  }

  /** Three limits of three algorithms, of which the first has the least. */
  function limiterOn(store: Store, limit: number, whenStoreFails: 'closed' | 'open' | Store = 'closed'): Limiter {
    return createLimiter({
      store,
      whenStoreFails,
      timeoutMs: LONG_MS,
      limits: [
        { ...YEAR, name: 'least', limit },
        { ...YEAR, name: 'more', limit: limit + 1, algorithm: fixedWindow },
        { ...YEAR, name: 'most', limit: limit + 2, algorithm: slidingLog },
      ],
    });
  }

  /** A limiter over each client. */
  function limitersOf(limit: number, timeoutMs: number = LONG_MS): readonly Limiter[] {
    return clients.map((client) => limiterOn(storeOn(client, timeoutMs), limit));
  }

  /** Consumes once: the decision, or why the store is unavailable. Nothing else may come of it. */
  async function tryOnce(limiter: Limiter, subject: string): Promise<Decision | string> {
    const startedMs = performance.now();
    try {
      return await limiter.consume(subject);
    } catch (error) {
      expect(error).toMatchObject({ code: 'store_unavailable' });
      return isRefusal(error) ? String(error.cause) : '';
    } finally {
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    }
  }

  /** Consumes for each subject over each limiter, four at a time, until it is told to stop. */
  function work(
    limiters: readonly Limiter[],
    subjects: readonly string[],
  ): { tallies: readonly Tally[]; stop: () => Promise<void> } {
    const tallies = subjects.map((subject): Tally => ({ subject, admitted: 0, denied: 0, failed: 0 }));
    let isOver = false;
    async function consumeAll(tally: Tally, limiter: Limiter): Promise<void> {
      while (!isOver) {
        const said = await tryOnce(limiter, tally.subject);
        tally[typeof said === 'string' ? 'failed' : said.allowed ? 'admitted' : 'denied']++;
        await pause(2);
      }
    }
    const hands = [...limiters, ...limiters, ...limiters, ...limiters];
    const done = Promise.all(tallies.flatMap((tally) => hands.map((limiter) => consumeAll(tally, limiter))));
    async function stop(): Promise<void> {
      isOver = true;
      await done;
    }
    onTestFinished(stop);
    return { tallies, stop };
  }

  /** Kills a master, and answers how to have it back, which it is when the test is over at the latest. */
  async function kill({ server }: Master): Promise<() => Promise<void>> {
    let back: Promise<void> | undefined;
    const revive = (): Promise<void> => back ??= server.start().then(cluster.ready);
    await server.kill();
    onTestFinished(revive);
    return revive;
  }

  test('admits exactly the limit for each of many subjects, by several limits at once', async () => {
    const limiters = [...limitersOf(5), ...limitersOf(5)];
    const admitted = new Map<string, number>();
    await Promise.all(Array.from({ length: 2400 }, async (_, index) => {
      const subject = `${index % 200}@example.com`;
      const decision = await limiters[Math.floor(index / 200) % limiters.length]?.consume(subject);
      if (decision?.allowed === true) admitted.set(subject, (admitted.get(subject) ?? 0) + 1);
    }));
    expect([...admitted.values()]).toEqual(new Array(200).fill(5));
  });

  // A tag that all keys have, such as their prefix, keeps those of one subject together too: all on one server, while the others idle.
  test.each(['user-', 'user '])('spreads subjects over all slots and masters: %s…', async (start) => {
    const limits = [{ ...YEAR, name: 'year', limit: 5 }];
    const [limiter] = clients.map((client) =>
      createLimiter({ store: storeOn(client, LONG_MS), timeoutMs: LONG_MS, limits })
    );
    await Promise.all(Array.from({ length: SUBJECTS }, (_, index) => limiter?.consume(`${start}${index}`)));
    const keys = await Promise.all(cluster.masters.map(({ client }) => client.keys(`*round-${round}*`)));
    expect(keys.flat()).toHaveLength(SUBJECTS);
    const fiveDeviations = 5 * Math.sqrt(SUBJECTS * (1 / 3) * (2 / 3));
    for (const { length } of keys) expect(Math.abs(length - SUBJECTS / 3)).toBeLessThan(fiveDeviations);
    const buckets = new Array<number>(64).fill(0);
    for (const slot of await Promise.all(keys.flat().map(cluster.slotOf))) {
      buckets[slot >> 8] = (buckets[slot >> 8] ?? 0) + 1;
    }
    const even = SUBJECTS / buckets.length;
    // With 63 degrees of freedom, chance alone brings chi-square this far less than once in a million times.
    expect(buckets.reduce((sum, count) => sum + (count - even) ** 2 / even, 0)).toBeLessThan(132);
  });

  test('counts all, and admits no more, while slots are moved under load', async () => {
    const limit = 900;
    const [a, b, c] = cluster.masters;
    const subjects = await cluster.namesOn(a, 3);
    const { tallies, stop } = work(limitersOf(limit, SHORT_MS), subjects);
    do {
      for (const [from, to] of [[a, b], [b, c], [c, a]] as const) {
        for (const subject of subjects) await cluster.move(await cluster.slotOf(subject), from, to, 10);
      }
    } while (tallies.some(({ denied }) => denied === 0));
    await stop();
    for (const word of ['MOVED', 'ASK', 'TRYAGAIN']) expect(await cluster.told(word)).toBeGreaterThan(0);
    expect(slowestMs).toBeLessThan(SHORT_MS + MARGIN_MS);
    for (const { subject, admitted, failed } of tallies) {
      expect(admitted).toBeLessThanOrEqual(limit);
      expect(admitted + failed).toBeGreaterThanOrEqual(limit);
      for (const limiter of limitersOf(limit)) {
        // A client may have to learn first where the slot stands now.
        await until(async () => typeof await tryOnce(limiter, subject) !== 'string');
        const { limits } = await limiter.consume(subject, { cost: 0 });
        expect(limits.map(({ remaining }) => remaining)).toEqual([0, 1, 2]);
      }
    }
  }, TEST_MS);

  test('refuses for a slot that nobody serves, and goes on when somebody does', async () => {
    const [master] = cluster.masters;
    const [subject = ''] = await cluster.namesOn(master, 1);
    const slot = String(await cluster.slotOf(subject));
    const limiters = limitersOf(5);
    await master.client.call('CLUSTER', 'DELSLOTS', slot);
    for (const limiter of limiters) expect(await tryOnce(limiter, subject)).toContain('CLUSTERDOWN');
    await master.client.call('CLUSTER', 'ADDSLOTS', slot);
    for (const limiter of limiters) await until(async () => typeof await tryOnce(limiter, subject) !== 'string');
  });

  // What a client has no answer to it may send again, by default: the server has counted it all the same.
  test.each(Object.entries(CONNECTS))('charges no call twice when its reply is lost: %s', async (_name, connect) => {
    const [limit, asked] = [200, 50];
    const [master] = cluster.masters;
    const [subject = ''] = await cluster.namesOn(master, 1);
    const proxy = await startProxy(master.server.port);
    onTestFinished(proxy.close);
    const far = await connect(cluster, detourTo(proxy.port, master));
    onTestFinished(far.close);
    const limiter = limiterOn(storeOn(far, LONG_MS), limit);
    let answered = 0;
    for (let index = 0; index < asked; index++) {
      // It may take the reply to another question of the client's.
      if (index % 5 === 4) proxy.mode = 'drop';
      if (typeof await tryOnce(limiter, subject) !== 'string') answered++;
      await pause(5);
    }
    const left = (await limitersOf(limit)[0]?.consume(subject, { cost: 0 }))?.limits[0]?.remaining ?? NaN;
    expect(limit - left).toBeLessThanOrEqual(asked);
    expect(limit - left).toBeGreaterThanOrEqual(answered);
    expect(answered).toBeLessThan(asked);
  });

  test('goes on with the subjects of the others when a master is killed, and with all when it is back', async () => {
    const limit = 400;
    const [a, b, dead] = cluster.masters;
    const subjects = [...await cluster.namesOn(a, 2), ...await cluster.namesOn(b, 2)];
    const kept = work(limitersOf(limit), subjects);
    const lost = work(limitersOf(limit, SHORT_MS), await cluster.namesOn(dead, 2));
    await until(() => lost.tallies.every(({ admitted }) => admitted > 20));
    const revive = await kill(dead);
    await until(() => lost.tallies.every(({ failed }) => failed > 20));
    const before = lost.tallies.map(({ admitted }) => admitted);
    await until(() => kept.tallies.every(({ denied }) => denied > 0));
    await kept.stop();
    expect(kept.tallies).toMatchObject(subjects.map(() => ({ admitted: limit, failed: 0 })));
    expect(lost.tallies.map(({ admitted }) => admitted)).toEqual(before);
    await revive();
    await until(() => lost.tallies.every(({ denied }) => denied > 0));
    await lost.stop();
    expect(slowestMs).toBeLessThan(SHORT_MS + MARGIN_MS);
    // It came back empty.
    for (const [index, { admitted }] of lost.tallies.entries()) {
      expect(admitted).toBeLessThanOrEqual((before[index] ?? NaN) + limit);
    }
  }, TEST_MS);

  test('answers for the subjects of a dead master as its limiter was told, and counts the others', async () => {
    const [alive, , dead] = cluster.masters;
    const [[kept = '', other = ''], [lost = '']] = [await cluster.namesOn(alive, 2), await cluster.namesOn(dead, 1)];
    await kill(dead);
    for (const store of clients.map((client) => storeOn(client, LONG_MS))) {
      const [open, second] = [limiterOn(store, 5, 'open'), limiterOn(store, 5, memoryStore())];
      expect(await open.consume(lost)).toMatchObject({ allowed: true, reason: 'unavailable', limits: [] });
      const degraded = [];
      // Fewer than five faults in a row: after those the whole store is left alone for a second.
      for (let round = 0; round < 2; round++) {
        degraded.push(...await Promise.all(Array.from({ length: 3 }, () => second.consume(lost))));
        expect(await second.consume(other)).toMatchObject({ reason: 'ok' });
      }
      expect(degraded).toMatchObject(degraded.map(() => ({ reason: 'degraded' })));
      expect(degraded.filter(({ allowed }) => allowed)).toHaveLength(5);
      for (const limiter of [open, second]) expect(await limiter.consume(kept)).toMatchObject({ reason: 'ok' });
    }
  }, TEST_MS);
});
