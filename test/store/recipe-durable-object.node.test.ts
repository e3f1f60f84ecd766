import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../runtimes/install.ts';
import { storeConformance } from '../../src/store/conformance.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { VersionedKv } from '../../src/store/versioned-kv.ts';
import { describeRecipe } from './recipe.ts';
import { describeWorkerd, startWorkerd, type WorkerdServer } from './workerd-server.ts';

describeWorkerd('the recipe for Durable Objects, in workerd', () => {
  let server: WorkerdServer;

  beforeAll(async () => {
    server = await startWorkerd(`${root}test/store/durable-worker.ts`, {
      LIMITER: 'LimiterObject',
      PROOF: 'ProofObject',
      SWEPT: 'SweptObject',
    });
  }, 60_000);
  afterAll(() => server?.close());

  async function post(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(server.origin + path, { method: 'POST', body: JSON.stringify(body) });
    return await response.json();
  }

  /** From here the object is a store that is far away, and asked by many. */
  const kv: VersionedKv = {
    async read(keys) {
      // JSON has no undefined within a list.
      const entries = await post('/read', { keys }) as Awaited<ReturnType<VersionedKv['read']>>;
      return entries.map((entry) => entry ?? undefined);
    },
    // The Worker answers true or false.
    commit: (writes) => post('/commit', { writes }) as Promise<boolean>,
  };

  describeRecipe('createDurableKv()', () => kv);

  test('createDurableKv() writes nothing of what it cannot write whole', async () => {
    const write = { value: '1', expiresInMs: 60_000 };
    const response = await fetch(`${server.origin}/commit`, {
      method: 'POST',
      // null is no text, and the table takes none.
      body: JSON.stringify({ writes: [{ ...write, key: 'whole-a' }, { ...write, key: 'whole-b', value: null }] }),
    });
    expect(response.status).toBe(500);
    expect(await kv.read(['whole-a', 'whole-b'])).toEqual([undefined, undefined]);
  });

  test('createDurableKv() carries a store inside its object', async () => {
    const response = await fetch(`${server.origin}/conform`);
    expect(await response.json()).toEqual(storeConformance(() => memoryStore()).map(({ name }) => [name, 'ok']));
  });

  async function ask(address: string, times: number): Promise<readonly number[]> {
    const statuses = Array.from({ length: times }, async () => {
      const response = await fetch(server.origin, { headers: { 'cf-connecting-ip': address } });
      await response.arrayBuffer();
      return response.status;
    });
    return (await Promise.all(statuses)).sort();
  }

  // It gives back one in a minute, which is longer than this takes.
  test('LimiterObject admits exactly the limit of 128 requests at once, and has not forgotten when it was evicted', async () => {
    expect(await ask('192.0.2.1', 128)).toEqual(Array.from({ length: 128 }, (_, index) => index < 60 ? 200 : 429));
    expect(await ask('192.0.2.2', 1)).toEqual([200]);
    await server.restart();
    expect(await ask('192.0.2.1', 32)).toEqual(Array.from({ length: 32 }, () => 429));
    expect(await ask('192.0.2.2', 1)).toEqual([200]);
  });

  test('the Worker answers 503 when an object cannot decide', async () => {
    const response = await fetch(`${server.origin}/down`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'store_unavailable' });
  });

  test('LimiterObject deletes what has lapsed, and only that', async () => {
    const response = await fetch(`${server.origin}/sweep`);
    // JSON writes null for undefined.
    expect(await response.json()).toEqual({ isArmed: true, left: [null, 'v'] });
  });

  test('shardOf() spreads keys over many objects, but not more than so many', async () => {
    const keys = Array.from({ length: 1000 }, (_, index) => `c:192.0.2.${index}`);
    const shards = await post('/shards', { keys });
    expect(shards).toHaveLength(1000);
    // The Worker answers a list.
    expect(new Set(shards as string[]).size).toBe(64);
    expect(await post('/shards', { keys })).toEqual(shards);
  });
});
