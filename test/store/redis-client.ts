import { Redis } from 'ioredis';
import { redisStore, type RedisStoreOptions } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';

const PATIENCE_MS = 15_000;

/** Connects a client that repeats nothing: what it cannot send at once, or gets no answer to, has failed. */
export async function connectOnce(port: number): Promise<Redis> {
  const client = new Redis({
    port,
    host: '127.0.0.1',
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: null,
    retryStrategy: () => 20,
  });
  // Without a listener it prints what the test does to the server.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A store on a client of ioredis. */
export function storeOn(client: Redis, options?: RedisStoreOptions): Store {
  return redisStore((args) => client.call(...args), options);
}

/** Resolves after some milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Tries until it is true, and fails when that takes too long. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  const started = performance.now();
  while (!await isSo()) {
    if (performance.now() - started > PATIENCE_MS) throw new Error('This does not come true.');
    await pause(10);
  }
}
