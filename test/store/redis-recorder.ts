import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type RedisSend, redisStore, type RedisStoreOptions } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

/** A server of a suite's own, empty before each test, and what was sent to it. */
export interface RedisRecorder {
  readonly client: () => Redis;
  /** The commands that the stores of this test have sent so far; a test may empty it. */
  readonly sent: string[][];
  readonly send: RedisSend;
  readonly store: (options?: RedisStoreOptions) => Store;
}

/** This is about what is sent and decided, and not about how fast. */
export const PATIENCE_MS = 15_000;

/** Starts the server before a suite, and ends it after. */
export function recordRedis(): RedisRecorder {
  let server: RedisServer | undefined;
  let redis: Redis | undefined;
  const sent: string[][] = [];

  beforeAll(async () => {
    server = await startRedis();
    redis = await server.connect();
  });
  afterAll(() => server?.close());
  beforeEach(() => client().flushall().then(() => void (sent.length = 0)));

  function client(): Redis {
    if (redis === undefined) throw new Error('The server is not there yet.');
    return redis;
  }

  const send: RedisSend = (args) => {
    sent.push(args);
    return client().call(...args);
  };

  return {
    client,
    sent,
    send,
    store: (options) => redisStore(send, { timeoutMs: PATIENCE_MS, ...options }),
  };
}
