import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { lease, release } from '../../src/limiter/lease.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { slidingLog, strictWindow } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { claim } from '../../src/store/claim.ts';
import type { StepCall } from '../../src/store/step.ts';
import type { Store } from '../../src/store/store.ts';
import { drop } from '../../src/store/swap.ts';
import { storeOn, until } from './redis-client.ts';
import { describeRedis, type RedisServer, startRedis } from './redis-server.ts';

/** When, by what stands under a key, it means nothing any more: microseconds since the Unix epoch. */
type EndOf = (state: readonly number[], windowUs: number) => number;

const last = (numbers: readonly number[]): number => numbers.at(-2) ?? NaN;
const ALGORITHMS = { gcra, fixedWindow, slidingWindow, slidingLog, strictWindow };
const ENDS: Readonly<Record<keyof typeof ALGORITHMS, EndOf>> = {
  gcra: ([arrivalUs = NaN]) => arrivalUs,
  fixedWindow: ([startUs = NaN], windowUs) => startUs + windowUs,
  slidingWindow: ([startMs = NaN], windowUs) => startMs * 1000 + 2 * windowUs,
  slidingLog: (state, windowUs) => last(state) + windowUs,
  strictWindow: (state, windowUs) => last(state) + windowUs,
};
const PLACE = { space: 'rule', key: 'a' };

const SUBJECTS = [
  '',
  ' ',
  '#',
  '{}',
  '}{',
  '{a}',
  'a}',
  'a:b',
  'a:b:',
  'a',
  'A',
  'a\n',
  'a\0',
  'a\r\n',
  '*',
  'a?',
  '__proto__',
  'constructor',
  'é',
  'e\u0301',
  '😀',
  // No UTF-8 has lone surrogates, and an encoder puts the same character in place of each.
  '\ud83d',
  '\ude00',
  '\ud83d\ud83d',
  '\ufffd',
  '"\\ud83d"',
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(1_000_000),
  'y'.repeat(1_000_000),
];

describeRedis('redisStore() and the keys of its server', () => {
  let server: RedisServer;
  let client: Redis;
  let store: Store;

  beforeAll(async () => {
    server = await startRedis();
    client = await server.connect();
    store = storeOn(client, { timeoutMs: 15_000 });
  });
  afterAll(() => server?.close());
  beforeEach(() => client.flushall());

  /** Runs a call alone and tells whether it was done. */
  async function does(call: StepCall): Promise<boolean | undefined> {
    return (await store.run([[call]])).groups[0]?.ok;
  }

  /** What stands under the only key, and when it lapses: a server takes it for gone in the millisecond after. */
  async function readOnly(): Promise<{ words: readonly string[]; lapsesMs: number }> {
    const [name = ''] = await client.keys('*');
    const [text, lapsesMs] = await Promise.all([client.get(name), client.pexpiretime(name)]);
    return { words: text?.split(' ') ?? [], lapsesMs };
  }

  // throttled, redis-cell and others rounded the time down: what is forgotten too early is an extra burst.
  test.each(Object.entries(ALGORITHMS))(
    'keep a count for as long as it means something: %s',
    async (name, algorithm) => {
      const endOf = new Map(Object.entries(ENDS)).get(name);
      for (const windowUs of [1000, 1_000_000, 7_777_000, 3_600_000_000, 315_360_000_000_000]) {
        await client.flushall();
        for (const cost of [1, 1, 3, 7, 1]) {
          const unit = algorithm.compile({ limit: 12, windowUs, burst: undefined });
          await does({ step: algorithm.step, ...PLACE, args: { ...unit, cost } });
          const { words, lapsesMs } = await readOnly();
          // The shortest windows may be over already.
          if (words.length === 0 || lapsesMs === -2) continue;
          const endUs = endOf?.(words.map(Number), windowUs) ?? NaN;
          expect((lapsesMs + 1) * 1000).toBeGreaterThanOrEqual(endUs);
          // Not for ever, and hardly longer than it must: the server itself may take a while to run the script.
          expect(lapsesMs * 1000).toBeLessThan(endUs + 10_000_000);
        }
      }
    },
  );

  test('keep a lease for as long as any of its holders', async () => {
    for (const [holder, ttlMs] of [['a', 60_000], ['b', 3_600_000], ['c', 0.001], ['a', 1000]] as const) {
      await does({ step: lease, ...PLACE, args: { holder, slots: 9, ttlMs } });
      await expectLease();
    }
    await does({ step: release, ...PLACE, args: { holder: 'b' } });
    await expectLease();
    await does({ step: release, ...PLACE, args: { holder: 'a' } });
    expect(await client.dbsize()).toBe(0);

    async function expectLease(): Promise<void> {
      const { words, lapsesMs } = await readOnly();
      const endUs = Math.max(...words.filter((_, index) => index % 2 === 0).map(Number));
      expect((lapsesMs + 1) * 1000).toBeGreaterThanOrEqual(endUs);
      expect(lapsesMs * 1000).toBeLessThan(endUs + 10_000_000);
    }
  });

  test('keep a claim for as long as it says, and nothing once it is dropped', async () => {
    for (const ttlMs of [10_000, 315_360_000_000]) {
      expect(await does({ step: claim, ...PLACE, args: { value: 'v', ttlMs } })).toBe(true);
      const { lapsesMs } = await readOnly();
      const [seconds, microseconds] = await client.time();
      const leftMs = lapsesMs - (Number(seconds) * 1000 + Number(microseconds) / 1000);
      expect(leftMs).toBeGreaterThan(ttlMs - 10_000);
      expect(leftMs).toBeLessThanOrEqual(ttlMs);
      expect(await does({ step: drop, ...PLACE, args: { expected: 'v' } })).toBe(true);
      expect(await client.dbsize()).toBe(0);
    }
  });

  test('are all gone soon after their windows', async () => {
    const algorithms = Object.values(ALGORITHMS);
    const limits = algorithms.map((algorithm, index) => ({
      name: `limit-${index}`,
      limit: 3,
      windowSeconds: 0.001 + index * 0.01,
      algorithm,
    }));
    const limiter = createLimiter({ store, limits });
    const keys = Array.from({ length: 1000 }, (_, index) => `key-${index % 300}`);
    await Promise.all(keys.map((key, index) => limiter.consume(key, { cost: index % 3 })));
    await Promise.all(
      keys.slice(0, 100).map((key) =>
        store.run([
          [{ step: lease, space: 'jobs', key, args: { holder: 'a', slots: 1, ttlMs: 5 } }],
          [{ step: claim, space: 'jti', key, args: { value: 'a', ttlMs: 0.001 } }],
        ])
      ),
    );
    await until(async () => await client.dbsize() === 0);
  });

  test('are short and plain, whatever a subject is called, and no two subjects share one', async () => {
    const limits = ['one', 'two', 'a name with spaces: {}'].map((name) => ({ name, limit: 1, windowSeconds: 3600 }));
    const limiter = createLimiter({ store, limits });
    for (const allowed of [true, false]) {
      const decisions = await Promise.all(SUBJECTS.map((subject) => limiter.consume(subject)));
      expect(decisions.map((decision) => decision.allowed)).toEqual(SUBJECTS.map(() => allowed));
    }
    const names = await client.keys('*');
    expect(names).toHaveLength(SUBJECTS.length * limits.length);
    for (const name of names) expect(name).toMatch(/^sp:\{[#A-Za-z0-9._:-]{1,64}\}:[#A-Za-z0-9._:-]{1,64}$/);
    // What stands between the braces decides where a cluster keeps a key.
    const tags = names.map((name) => name.slice(0, name.indexOf('}')));
    expect(new Set(tags).size).toBe(SUBJECTS.length);
    for (const tag of tags) expect(tags.filter((other) => other === tag)).toHaveLength(limits.length);
  });

  test('of two prefixes never meet', async () => {
    const call = { step: claim, ...PLACE, args: { value: 'v', ttlMs: 60_000 } };
    for (const prefix of ['sp', 'sp:', 's', 'a.b-c_d']) {
      expect((await storeOn(client, { prefix }).run([[call]])).groups[0]?.ok).toBe(true);
    }
    expect((await client.keys('*')).sort()).toEqual(['a.b-c_d:{a}:rule', 's:{a}:rule', 'sp::{a}:rule', 'sp:{a}:rule']);
  });
});

describeRedis('redisStore() on a cluster', () => {
  let server: RedisServer;
  let client: Redis;

  beforeAll(async () => {
    server = await startRedis('--cluster-enabled', 'yes');
    client = await server.connect();
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until(async () => String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  });
  afterAll(() => server?.close());

  test('names the keys of one subject together, and refuses to mix two in one call', async () => {
    const limits = ['a', 'b', 'c'].map((name) => ({ name, limit: 5, windowSeconds: 3600 }));
    const together = createLimiter({ store: storeOn(client), limits });
    expect((await together.consume('ada')).allowed).toBe(true);
    expect((await together.consume('{x}')).allowed).toBe(true);
    const mixed = await Promise.allSettled(['ada', 'bob'].map((key) => together.consume(key)));
    expect(mixed).toMatchObject([1, 2].map(() => ({ reason: { code: 'store_unavailable' } })));
    // One subject a call.
    const apart = createLimiter({ store: storeOn(client, { maxBatch: 1 }), limits });
    const decisions = await Promise.all(['ada', 'bob', 'cy', 'ada'].map((key) => apart.consume(key)));
    expect(decisions.map((decision) => decision.limits[0]?.remaining)).toEqual([3, 4, 4, 2]);
  });
});
