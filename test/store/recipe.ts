import { describe, expect, test } from 'vitest';
import { createLimiter, type Limiter, type LimiterOptions } from '../../src/limiter/limiter.ts';
import { storeConformance } from '../../src/store/conformance.ts';
import { kvStore } from '../../src/store/kv.ts';
import type { KvWrite, VersionedKv } from '../../src/store/versioned-kv.ts';

const CALLS = 64;
const LIMIT = 10;
const SETTLE_MS = 10_000;
let spaces = 0;

/** What no other test has written. */
const fresh = (): string => `t${++spaces}`;

const writing = (key: string, value: string | undefined, expected?: string | number): KvWrite => ({
  key,
  value,
  expected,
  expiresInMs: 60_000,
});

/** Proves an adapter of examples/stores against the thing itself: its own contract, that of a store upon it, and a crowd. */
export function describeRecipe(name: string, kv: () => VersionedKv): void {
  describe(`${name} keeps the contract of an adapter: it`, () => {
    test('reads what was written, in the order that was asked', async () => {
      const [a, b, none] = [fresh(), fresh(), fresh()];
      expect(await kv().commit([writing(a, '1'), writing(b, '"2"\\\n\u00e9')])).toBe(true);
      const entries = await kv().read([b, none, a]);
      expect(entries.map((entry) => entry?.value)).toEqual(['"2"\\\n\u00e9', undefined, '1']);
    });

    test.each([0, 1, 2])('writes nothing when the version of write %i is another', async (odd) => {
      const keys = [fresh(), fresh(), fresh()];
      const [first = '', , last = ''] = keys;
      await kv().commit([writing(first, 'old'), writing(last, 'old')]);
      const before = await kv().read(keys);
      const right = keys.map((key, index) => writing(key, 'new', before[index]?.version));
      // One that stands is expected to be missing; one that is missing, to stand.
      const version = odd === 1 ? before[0]?.version : undefined;
      const wrong = right.map((write, index) => index === odd ? { ...write, expected: version } : write);
      for (const order of [wrong, [...wrong].reverse()]) expect(await kv().commit(order)).toBe(false);
      expect(await kv().read(keys)).toEqual(before);
      expect(await kv().commit(right)).toBe(true);
      for (const write of right) expect(await kv().commit([write])).toBe(false);
      expect((await kv().read(keys)).map((entry) => entry?.value)).toEqual(['new', 'new', 'new']);
    });

    // Or one who read the first would overwrite the second.
    test('gives a key that was gone another version', async () => {
      const key = fresh();
      await kv().commit([writing(key, '1')]);
      const [first] = await kv().read([key]);
      expect(await kv().commit([writing(key, undefined, first?.version)])).toBe(true);
      expect(await kv().read([key])).toEqual([undefined]);
      expect(await kv().commit([writing(key, '2', first?.version)])).toBe(false);
      expect(await kv().commit([writing(key, undefined, first?.version)])).toBe(false);
      expect(await kv().commit([writing(key, '1')])).toBe(true);
      expect((await kv().read([key]))[0]?.version).not.toBe(first?.version);
      expect(await kv().commit([writing(key, '2', first?.version)])).toBe(false);
    });

    test('deletes nothing where nothing stands, and knows whether it does', async () => {
      const key = fresh();
      expect(await kv().commit([writing(key, undefined)])).toBe(true);
      expect(await kv().read([key])).toEqual([undefined]);
      await kv().commit([writing(key, '1')]);
      expect(await kv().commit([writing(key, undefined)])).toBe(false);
      expect((await kv().read([key]))[0]?.value).toBe('1');
    });
  });

  describe(`a store upon ${name} keeps the contract: it`, () => {
    test.each(storeConformance(() => kvStore(kv(), { prefix: fresh(), timeoutMs: SETTLE_MS })))(
      '$name',
      ({ run }) => run(),
    );
  });

  describe(`a limiter upon ${name}`, () => {
    test.each([1, 8, 64])(`admits exactly the limit of ${CALLS} at once, from %i stores`, async (stores) => {
      const crowd = createCrowd(kv(), stores);
      const allowed = await crowd.consume([{ name: 'a', limit: LIMIT, windowSeconds: 3600 }]);
      expect(allowed).toBe(LIMIT);
      // Whom another came before has seen one more of the limit taken, so nobody tries more often than that, and denials are not written.
      expect(crowd.commits()).toBeLessThanOrEqual(stores * (LIMIT + 1));
      expect(crowd.losses()).toBeGreaterThanOrEqual(stores - 1);
    });

    test('admits exactly what is left of the limit, from 64 stores', async () => {
      const crowd = createCrowd(kv(), 64);
      const limits = [{ name: 'a', limit: LIMIT, windowSeconds: 3600 }];
      expect(await crowd.consume(limits, 3)).toBe(3);
      expect(await crowd.consume(limits)).toBe(LIMIT - 3);
      expect(crowd.losses()).toBeGreaterThanOrEqual(63);
    });

    test('admits exactly the smaller of two limits, from 8 stores', async () => {
      const crowd = createCrowd(kv(), 8);
      const allowed = await crowd.consume([
        { name: 'a', limit: 500, windowSeconds: 3600 },
        { name: 'b', limit: LIMIT, windowSeconds: 60 },
      ]);
      expect(allowed).toBe(LIMIT);
      expect(crowd.losses()).toBeGreaterThanOrEqual(7);
    });
  });
}

interface Crowd {
  /** How many of so many calls at once were admitted. Default: 64. */
  readonly consume: (limits: LimiterOptions['limits'], calls?: number) => Promise<number>;
  readonly commits: () => number;
  /** How many of them others came before. */
  readonly losses: () => number;
}

/** As many stores upon one adapter as there would be processes. */
function createCrowd(kv: VersionedKv, stores: number): Crowd {
  // Nothing comes back while they wait, and none is later than another.
  const [prefix, nowMs] = [fresh(), Date.now()];
  const outcomes: boolean[] = [];
  let haveRead: () => Promise<void> = () => Promise.resolve();
  const counted: VersionedKv = {
    async read(keys) {
      const entries = await kv.read(keys);
      await haveRead();
      return entries;
    },
    async commit(writes) {
      const done = await kv.commit(writes);
      outcomes.push(done);
      return done;
    },
  };

  async function consume(limits: LimiterOptions['limits'], calls: number = CALLS): Promise<number> {
    // All have read before one commits: what answers in the same turn would else serve one after another.
    haveRead = createBarrier(Math.min(calls, stores));
    const limiters = Array.from({ length: stores }, (): Limiter => {
      const store = kvStore(counted, { prefix, timeoutMs: SETTLE_MS, maxAttempts: 100, clock: () => nowMs });
      return createLimiter({ store, limits, timeoutMs: SETTLE_MS });
    });
    const asked = Array.from({ length: calls }, (_, index) => limiters[index % stores]?.consume('ada'));
    const decisions = await Promise.all(asked);
    return decisions.filter((decision) => decision?.allowed).length;
  }

  return {
    consume,
    commits: () => outcomes.length,
    losses: () => outcomes.filter((done) => !done).length,
  };
}

/** Resolves when it was called so many times, and then at once. */
function createBarrier(callers: number): () => Promise<void> {
  let missing = callers;
  let open: () => void = () => {};
  const all = new Promise<void>((resolve) => open = resolve);
  return () => {
    if (--missing === 0) open();
    return all;
  };
}
