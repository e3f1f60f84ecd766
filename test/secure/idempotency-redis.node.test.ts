import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { pause, storeOn, until } from '../store/redis-client.ts';
import { describeRedis, type RedisServer, startRedis } from '../store/redis-server.ts';
import { beginFirst, beginReplay, post, refusalOf, scope } from './idempotent-request.ts';

describeRedis('createIdempotency() on a Redis server', () => {
  let server: RedisServer;
  let clients: Redis[];

  beforeAll(async () => {
    server = await startRedis();
    clients = [await server.connect(), await server.connect(), await server.connect(), await server.connect()];
  });
  afterAll(() => server?.close());
  beforeEach(async () => void await clients[0]?.flushall());

  test('lets exactly one of 64 concurrent requests over 4 connections run', async () => {
    const stages = clients.map((client) => createIdempotency({ store: storeOn(client, { timeoutMs: 15_000 }) }));
    for (let round = 0; round < 10; round++) {
      let runs = 0;
      const other = { path: `/orders/${round}` };
      const request = (): Request => post(`key-${round}`);
      const ends = await Promise.all(Array.from({ length: 64 }, async (_, index) => {
        try {
          const start = await stages[index % stages.length]?.begin(request(), scope(other));
          if (start?.first !== true) return await start?.replay.text();
          runs++;
          await pause(5);
          await start.complete(new Response('told'));
          return 'ran';
        } catch (error) {
          return (error as { readonly code: string }).code;
        }
      }));
      expect([runs, ends.filter((end) => end === 'ran').length]).toEqual([1, 1]);
      expect(ends.every((end) => end === 'ran' || end === 'idempotency_conflict' || end === 'told')).toBe(true);
      for (const stage of stages) expect(await (await beginReplay(stage, other, request())).text()).toBe('told');
    }
  });

  test('keeps bytes, and lets them lapse by themselves', async () => {
    const [client] = clients;
    if (client === undefined) throw new Error('There is no client.');
    const idempotency = createIdempotency({ store: storeOn(client), pendingSeconds: 30, ttlSeconds: 100 });
    const bytes = Uint8Array.from({ length: 32_768 }, (_, index) => index);
    const first = await beginFirst(idempotency);
    const [name] = await client.keys('*');
    // Short, and opaque.
    expect(name).toMatch(/^sp:\{[A-Za-z0-9_-]{43}\}:idempotency$/);
    expect(await client.pttl(name ?? '')).toBeGreaterThan(20_000);
    expect(await client.pttl(name ?? '')).toBeLessThanOrEqual(30_000);
    expect(await first.complete(new Response(bytes))).toMatchObject({ kept: true });
    expect(await client.pttl(name ?? '')).toBeGreaterThan(90_000);
    expect(new Uint8Array(await (await beginReplay(idempotency)).arrayBuffer())).toEqual(bytes);
  });

  test('gives the key to the next one when the first has crashed, and takes nothing from the crashed one afterwards', async () => {
    const [client] = clients;
    if (client === undefined) throw new Error('There is no client.');
    const idempotency = createIdempotency({ store: storeOn(client), pendingSeconds: 0.05 });
    const crashed = await beginFirst(idempotency);
    await until(async () => await client.dbsize() === 0);
    const slow = createIdempotency({ store: storeOn(client), pendingSeconds: 60 });
    const second = await beginFirst(slow);
    expect(await crashed.complete(new Response('crashed'))).toMatchObject({ kept: false, refusal: undefined });
    expect((await refusalOf(() => slow.begin(post(), scope()))).code).toBe('idempotency_conflict');
    await second.complete(new Response('second'));
    expect(await (await beginReplay(slow)).text()).toBe('second');
  });

  test('refuses to decide with what others wrote there', async () => {
    const [client] = clients;
    if (client === undefined) throw new Error('There is no client.');
    const idempotency = createIdempotency({ store: storeOn(client) });
    await beginFirst(idempotency);
    const [name = ''] = await client.keys('*');
    for (const text of ['', 'x', '[2,"kept","f"]']) {
      await client.set(name, text);
      expect((await refusalOf(() => idempotency.begin(post(), scope()))).code).toBe('store_unavailable');
    }
    await client.del(name);
    await client.lpush(name, 'a');
    expect((await refusalOf(() => idempotency.begin(post(), scope()))).code).toBe('store_unavailable');
  });

  test('refuses while the server is gone, keeps the response of who was running, and goes on when it is back', async () => {
    const [client] = clients;
    if (client === undefined) throw new Error('There is no client.');
    const idempotency = createIdempotency({ store: storeOn(client) });
    const first = await beginFirst(idempotency);
    await server.kill();
    const { response, kept, refusal } = await first.complete(new Response('told'));
    expect([await response.text(), kept, refusal?.code]).toEqual(['told', false, 'store_unavailable']);
    expect((await refusalOf(() => idempotency.begin(post(), scope()))).code).toBe('store_unavailable');
    await server.start();
    await until(() => clients.every(({ status }) => status === 'ready'));
    await beginFirst(idempotency);
  });
});
