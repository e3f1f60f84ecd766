import type { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import { redisStore } from '../../src/store/redis.ts';
import { describeRedis, type RedisServer, startRedis } from '../store/redis-server.ts';
import { START_MS, type StoreDesk, testCommandsOver } from './store-cases.ts';

const TIME = "call('TIME')";

describeRedis('Limiter over redisStore()', () => {
  let server: RedisServer | undefined;
  let client: Redis | undefined;

  beforeAll(async () => {
    server = await startRedis();
    client = await server.connect();
  });
  afterAll(() => server?.close());

  /** A store whose script is told the time by the test: a server's own clock does not stand still, nor go back. */
  async function open(): Promise<StoreDesk> {
    const redis = client;
    if (redis === undefined) throw new Error('There is no client.');
    await redis.flushall();
    let nowMs = START_MS;
    const store = redisStore(([command, source = '', ...words]) => {
      // The script is sent each time, since its text is another at each time.
      if (command === 'EVALSHA') throw new Error('NOSCRIPT');
      const parts = source.split(TIME);
      if (parts.length !== 2) throw new Error('The script does not ask for the time as it did.');
      const nowUs = Math.round(nowMs * 1000);
      return redis.call('EVAL', parts.join(`{ '${Math.floor(nowUs / 1_000_000)}', '${nowUs % 1_000_000}' }`), ...words);
    });
    return { store, clock: () => nowMs, advance: (ms) => void (nowMs += ms) };
  }

  testCommandsOver(open);
});
