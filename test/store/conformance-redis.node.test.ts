import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storeConformance } from '../../src/store/conformance.ts';
import { storeOn } from './redis-client.ts';
import { describeRedis, type RedisServer, startRedis } from './redis-server.ts';

let server: RedisServer | undefined;
let client: Redis | undefined;

describeRedis('redisStore() on a Redis server keeps the contract: it', () => {
  beforeAll(async () => {
    server = await startRedis();
    client = await server.connect();
  });
  afterAll(() => server?.close());

  const cases = storeConformance(async () => {
    if (client === undefined) throw new Error('There is no client.');
    await client.flushall();
    return storeOn(client);
  });

  test.each(cases)('$name', ({ run }) => run());

  test('is asked each of them', () => expect(cases.length).toBeGreaterThan(0));
});
