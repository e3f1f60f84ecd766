import type { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Context } from '../../src/secure/context.ts';
import type { PolicyEvent } from '../../src/secure/event.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure } from '../../src/secure/secure.ts';
import type { Store } from '../../src/store/store.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { storeOn, until } from '../store/redis-client.ts';
import { describeRedis, type RedisServer, startRedis } from '../store/redis-server.ts';
import { get, open, PEER, quiet } from './fixtures.ts';
import { ear } from './watched.ts';

/** No window ends while a test runs. */
const client = [{ name: 'year', limit: 10_000, windowSeconds: 31_536_000 }];
/** What must be waited for is short, and what proves that nothing hangs is long, however busy the machine is. */
const [TIMEOUT_MS, PATIENCE_MS] = [1000, 15_000];
const reasons = (_request: Request, { limits }: Context): Response => Response.json(limits.map(({ reason }) => reason));

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: unknown;
}

// Hostile list 68 and the failure matrix, with a real server that is killed, or stands still with its connections open.
describeRedis('secure(), whatever becomes of the Redis server of its limits,', () => {
  let server: RedisServer;
  let redis: Redis;

  beforeEach(async () => {
    server = await startRedis();
    redis = await server.connect();
    // The first question brings the script along, and a busy machine has time for that.
    await createLimiter({ store: storeOn(redis, { timeoutMs: PATIENCE_MS }), limits: client, timeoutMs: PATIENCE_MS })
      .consume('first');
  });
  afterEach(async () => {
    server?.thaw();
    await server?.close();
  });

  function serve(options: object): {
    readonly ask: () => Promise<Answer>;
    readonly askAtOnce: (count: number) => Promise<readonly Answer[]>;
    readonly changes: () => readonly PolicyEvent['outcome'][];
    readonly count: () => number;
  } {
    const { events, onEvent } = ear();
    // The store has a patience of its own, longer than the limits': it is they who must not wait.
    const store = storeOn(redis, { timeoutMs: PATIENCE_MS });
    const limits = createLimits({ client, timeoutMs: TIMEOUT_MS, ...options });
    const handler = secure({ ...open, ...quiet, store, limits, onEvent }, reasons);
    const ask = async (): Promise<Answer> => {
      const started = performance.now();
      const response = await handler(get(), PEER);
      expect(performance.now() - started).toBeLessThan(PATIENCE_MS);
      return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() };
    };
    return {
      ask,
      askAtOnce: (count) => Promise.all(Array.from({ length: count }, ask)),
      changes: () => events.map(({ outcome }) => outcome).filter((one) => one === 'degraded' || one === 'recovered'),
      count: () => events.filter(({ requestId }) => requestId !== undefined).length,
    };
  }

  const FAULTS: readonly (readonly [string, () => Promise<void>, () => Promise<void>])[] = [
    ['is killed and started again', () => server.kill(), async () => {
      await server.start();
      await until(() => redis.status === 'ready');
    }],
    ['is paused and goes on', async () => server.freeze(), async () => server.thaw()],
  ];

  test.each(FAULTS)(
    'that %s: closed refuses with 503 and Retry-After, and recovers by itself',
    async (_what, begin, end) => {
      const { ask, askAtOnce, changes } = serve({ whenStoreFails: 'closed' });
      expect(await ask()).toMatchObject({ status: 200, body: ['ok'] });
      await begin();
      for (const answer of [await ask(), ...await askAtOnce(20), await ask()]) {
        expect(answer).toMatchObject({ status: 503, retryAfter: '5', body: { code: 'store_unavailable' } });
        expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|ECONN|redis/i);
      }
      expect(changes()).toEqual(['degraded']);
      await end();
      await until(async () => (await ask()).status === 200);
      expect(await ask()).toMatchObject({ status: 200, body: ['ok'] });
      expect(changes()).toEqual(['degraded', 'recovered']);
    },
  );

  const local = (): Store => memoryStore();
  const MODES: readonly (readonly [string, () => object, string, number])[] = [
    ['open', () => ({ whenStoreFails: 'open' }), 'unavailable', Infinity],
    ['a store of this process', () => ({ whenStoreFails: local() }), 'degraded', Infinity],
    // A 500th of 10,000.
    ['its share', () => ({ whenStoreFails: { local: local(), instances: 500 } }), 'degraded', 20],
  ];
  for (const [fault, begin, end] of FAULTS) {
    test.each(MODES)(
      `that ${fault}: %s admits, says so once, and gives the word back`,
      async (_what, options, reason, most) => {
        const { ask, askAtOnce, changes, count } = serve(options());
        expect(await ask()).toMatchObject({ status: 200, body: ['ok'] });
        await begin();
        const answers = [await ask(), ...await askAtOnce(30)];
        const [admitted, refused] = [200, 429].map((status) => answers.filter((answer) => answer.status === status));
        expect(admitted?.length).toBe(Math.min(31, most));
        expect(refused?.length).toBe(31 - Math.min(31, most));
        expect(admitted?.every(({ body }) => Array.isArray(body) && body[0] === reason)).toBe(true);
        expect(changes()).toEqual(['degraded']);
        await end();
        await until(async () => JSON.stringify((await ask()).body) === '["ok"]');
        expect(changes()).toEqual(['degraded', 'recovered']);
        expect(count()).toBeGreaterThan(32);
      },
    );
  }
});
