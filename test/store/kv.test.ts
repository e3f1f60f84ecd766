import { describe, expect, test } from 'vitest';
import { isRefusal, Refusal } from '../../src/core/refusal.ts';
import { claim } from '../../src/store/claim.ts';
import { kvStore } from '../../src/store/kv.ts';
import { createMapKv } from '../../src/store/map-kv.ts';
import type { Group, Step, StepCall } from '../../src/store/step.ts';
import type { GroupAnswer, Store } from '../../src/store/store.ts';
import type { KvEntry, KvWrite, VersionedKv } from '../../src/store/versioned-kv.ts';

const LIMIT = 10;
const unavailable = { code: 'store_unavailable', cause: expect.any(Error) };
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Counts, up to a bound. */
const count: Step<number, number, number> = {
  name: 'count',
  kind: 'debt',
  apply: (state = 0, by) => ({ ok: state + by <= LIMIT, state: state + by, ttlMs: 60_000, result: state }),
};
/** Remembers whatever it is passed. */
const put: Step = {
  name: 'put',
  kind: 'value',
  apply: (state, args) => ({ ok: true, state: args, ttlMs: 60_000, result: state }),
};

const counting = (key: string, by = 1): StepCall => ({ step: count, space: 'rule', key, args: by });
const putting = (state: unknown, key = 'k'): StepCall => ({ step: put, space: 'put', key, args: state });
const claiming = (key: string, ttlMs = 60_000): StepCall => ({
  step: claim,
  space: 'jti',
  key,
  args: { value: 'v', ttlMs },
});

async function one(store: Store, ...group: Group): Promise<GroupAnswer | undefined> {
  return (await store.run([group])).groups[0];
}

/** What of many calls at once was answered yes, no, or not at all. */
async function storm(
  store: Store,
  size: number,
  call = counting('k'),
): Promise<{ yes: number; no: number; none: number }> {
  const told = { yes: 0, no: 0, none: 0 };
  await Promise.all(Array.from({ length: size }, async () => {
    try {
      const answer = await one(store, call);
      told[answer?.ok === true ? 'yes' : 'no']++;
    } catch (error) {
      expect(error).toMatchObject(unavailable);
      told.none++;
    }
  }));
  return told;
}

/** A Map that counts, takes its time, and never forgets by itself. */
function watchedKv(faults: Partial<VersionedKv> = {}) {
  const entries = new Map<string, KvEntry>();
  const seen = { reads: 0, commits: 0, atOnce: 0, most: 0, writes: [] as KvWrite[] };
  let version = 0;
  const sound: VersionedKv = {
    async read(keys) {
      seen.reads++;
      await pause(0);
      return keys.map((key) => entries.get(key));
    },
    async commit(writes) {
      seen.commits++;
      seen.most = Math.max(seen.most, ++seen.atOnce);
      await pause(1);
      seen.atOnce--;
      if (writes.some(({ key, expected }) => entries.get(key)?.version !== expected)) return false;
      for (const { key, value } of writes) {
        if (value === undefined) entries.delete(key);
        else entries.set(key, { value, version: ++version });
      }
      seen.writes.push(...writes);
      return true;
    },
  };
  return { kv: { ...sound, ...faults }, sound, entries, seen };
}

describe('kvStore()', () => {
  test('admits exactly the limit of 64 at once, with one commit of a key at a time', async () => {
    const { kv, seen } = watchedKv();
    expect(await storm(kvStore(kv), 64)).toEqual({ yes: LIMIT, no: 54, none: 0 });
    expect(seen.most).toBe(1);
  });

  test('takes those who come meanwhile together in the next flight', async () => {
    const { kv, seen } = watchedKv();
    const store = kvStore(kv);
    const first = storm(store, 1);
    await pause(0);
    const rest = await storm(store, 63);
    expect((await first).yes + rest.yes).toBe(LIMIT);
    expect(seen).toMatchObject({ reads: 2, commits: 2 });
  });

  test('lets other keys pass a key that is in flight', async () => {
    const { kv, sound } = watchedKv();
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => open = resolve);
    const store = kvStore({
      ...kv,
      async commit(writes) {
        if (writes[0]?.key.includes('slow') === true) await gate;
        return await sound.commit(writes);
      },
    });
    const order: string[] = [];
    const slow = one(store, counting('slow')).then(() => order.push('slow'));
    await one(store, counting('fast')).then(() => order.push('fast'));
    open();
    await slow;
    expect(order).toEqual(['fast', 'slow']);
  });

  test('admits exactly the limit when eight stores share one database', async () => {
    const { kv } = watchedKv();
    const told = await Promise.all(Array.from({ length: 8 }, () => storm(kvStore(kv, { timeoutMs: 10_000 }), 8)));
    expect(told.reduce((sum, { yes }) => sum + yes, 0)).toBe(LIMIT);
    expect(told.reduce((sum, { none }) => sum + none, 0)).toBe(0);
  });

  test('never admits more than the limit, however often others come first', async () => {
    const { kv } = watchedKv();
    const stores = Array.from({ length: 64 }, () => kvStore(kv, { maxAttempts: 3, timeoutMs: 10_000 }));
    const told = await Promise.all(stores.map((store) => storm(store, 1)));
    const yes = told.reduce((sum, one) => sum + one.yes, 0);
    expect(yes).toBeGreaterThan(0);
    expect(yes).toBeLessThanOrEqual(LIMIT);
  });

  test('decides anew after each conflict, upon what stands then', async () => {
    const { kv, sound } = watchedKv();
    let conflicts = 0;
    const rival = kvStore(sound);
    const store = kvStore({
      ...kv,
      async commit(writes) {
        if (conflicts++ < 5) await one(rival, counting('k', 2));
        return await sound.commit(writes);
      },
    });
    // The rival took all ten meanwhile.
    expect(await one(store, counting('k'))).toEqual({ ok: false, results: [LIMIT] });
    expect(conflicts).toBe(5);
  });

  test.each([[15, true], [16, false]])(
    'bears conflicts up to the last attempt: %i of them, %s',
    async (conflicts, ok) => {
      let commits = 0;
      const { kv, sound, entries } = watchedKv();
      const store = kvStore({ ...kv, commit: (writes) => ++commits <= conflicts ? false : sound.commit(writes) }, {
        timeoutMs: 10_000,
      });
      const started = performance.now();
      if (ok) expect(await one(store, counting('k'))).toEqual({ ok: true, results: [0] });
      else await expect(one(store, counting('k'))).rejects.toMatchObject(unavailable);
      expect(commits).toBe(16);
      // They wait, or those who collided would collide again. 15 random pauses, most of up to 64 ms, are never as short as this.
      expect(performance.now() - started).toBeGreaterThan(30);
      expect(entries.size).toBe(ok ? 1 : 0);
    },
  );

  // It may have been written: a second time could count twice, or deny the one who has it.
  test.each<[string, (done: boolean) => unknown]>([
    ['throws', () => {
      throw new Error('connection reset');
    }],
    ['rejects', () => Promise.reject(new TypeError('connection reset'))],
    ['does not say', () => undefined],
    ['says 1', () => 1],
    ['says OK', () => 'OK'],
    ['throws a refusal of another kind', () => {
      throw new Refusal('rate_limited');
    }],
  ])('never repeats a commit that %s after it was done', async (_, answer) => {
    const { kv, sound, seen } = watchedKv();
    const store = kvStore({
      ...kv,
      // An adapter without types may.
      commit: async (writes) => answer(await sound.commit(writes)) as never,
    });
    await expect(one(store, counting('k'))).rejects.toMatchObject(unavailable);
    expect(seen.commits).toBe(1);
    expect(await one(kvStore(sound), counting('k', 0))).toEqual({ ok: true, results: [1] });
  });

  test.each<[string, (entries: readonly unknown[]) => unknown]>([
    ['throws', () => {
      throw new Error('down');
    }],
    ['rejects', () => Promise.reject('down')],
    ['nothing', () => undefined],
    ['too few', () => []],
    ['too many', (entries) => [...entries, undefined]],
    ['null', () => [null]],
    ['text', () => ['[1,2]']],
    ['no version', () => [{ value: '[9000000000000,1]' }]],
    ['a version that is NaN', () => [{ value: '[9000000000000,1]', version: NaN }]],
    ['a version that is an object', () => [{ value: '[9000000000000,1]', version: {} }]],
    ['bytes', () => [{ value: new Uint8Array(2), version: 1 }]],
    ['an object for a list', (entries) => ({ ...entries, length: 1 })],
  ])('refuses when a read brings %s, and writes nothing', async (_, answer) => {
    const { kv, sound, entries } = watchedKv();
    // An adapter without types may.
    const store = kvStore({ ...kv, read: async (keys) => answer(await sound.read(keys)) as never });
    const error: unknown = await one(store, counting('k')).catch((reason: unknown) => reason);
    expect(isRefusal(error) && error.code).toBe('store_unavailable');
    expect(entries.size).toBe(0);
  });

  test('refuses when the adapter tells wrong versions, and writes nothing', async () => {
    const { kv, sound, entries } = watchedKv();
    await one(kvStore(sound), counting('k'));
    const before = [...entries];
    const store = kvStore({
      ...kv,
      read: async (keys) => (await sound.read(keys)).map((entry) => entry && { ...entry, version: 'wrong' }),
    }, { maxAttempts: 4 });
    await expect(one(store, counting('k'))).rejects.toMatchObject(unavailable);
    expect([...entries]).toEqual(before);
  });

  // What lies under a key decides who passes: what nobody here wrote must not.
  test.each([
    ['', 'nothing'],
    ['null', 'null'],
    ['0', 'a number'],
    ['{}', 'an object'],
    ['[]', 'an empty list'],
    ['[9000000000000]', 'no state'],
    ['[9000000000000,1,2]', 'too much'],
    ['["9000000000000",1]', 'a time that is text'],
    ['[9000000000000.5,1]', 'a time that is not whole'],
    ['[1e400,1]', 'a time without end'],
    ['[9000000000000,"1"]', 'a debt that is text'],
    ['[9000000000000,null]', 'a debt that is null'],
    ['[9000000000000,{"a":1,"a":2}]', 'a name twice'],
    ['[9000000000000,{"__proto__":1}]', 'a forbidden name'],
    [`${'['.repeat(40)}${']'.repeat(40)}`, 'a pit'],
    [`[9000000000000,"${'x'.repeat(1_048_576)}"]`, 'a mountain'],
    ['[9000000000000,1]\0', 'a tail'],
  ])('refuses for %#: garbage under a key', async (value) => {
    const { kv, entries, seen } = watchedKv();
    const store = kvStore(kv);
    await one(store, counting('k'));
    const [name = ''] = entries.keys();
    entries.set(name, { value, version: 'v' });
    await expect(one(store, counting('k'))).rejects.toMatchObject(unavailable);
    expect(entries.get(name)).toEqual({ value, version: 'v' });
    expect(seen.commits).toBe(1);
  });

  test('lets garbage under one key trouble those alone who ask for it', async () => {
    const { kv, entries } = watchedKv();
    const store = kvStore(kv);
    await one(store, counting('bad'));
    entries.set([...entries.keys()][0] ?? '', { value: '?', version: 1 });
    const both = one(store, counting('good'), counting('bad'));
    await expect(both).rejects.toMatchObject(unavailable);
    const settled = await Promise.allSettled([
      one(store, counting('good'), counting('bad')),
      one(store, counting('good')),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  test.each(['read', 'commit'] as const)(
    'gives a %s that hangs up in time, and goes on when it answers again',
    async (what) => {
      const { kv, sound } = watchedKv();
      let isHung = true;
      const hang = () => new Promise<never>(() => undefined);
      const store = kvStore({
        ...kv,
        [what]: (args: never) => isHung ? hang() : sound[what](args),
      }, { timeoutMs: 30 });
      expect(await storm(store, 64)).toEqual({ yes: 0, no: 0, none: 64 });
      isHung = false;
      await pause(50);
      expect(await one(store, counting('k'))).toEqual({ ok: true, results: [0] });
    },
  );

  test('counts nobody who was given up before the flight, and asks nothing for them alone', async () => {
    const { kv, seen } = watchedKv();
    let isSlow = true;
    const store = kvStore({
      async read(keys) {
        if (isSlow) await pause(100);
        return await kv.read(keys);
      },
      commit: (writes) => isSlow ? new Promise<never>(() => undefined) : kv.commit(writes),
    }, { timeoutMs: 150 });
    // Its read takes 100 ms, and its commit is given up after 250.
    const first = storm(store, 1);
    await pause(1);
    const waitsTooLong = storm(store, 1);
    await pause(180);
    const isInTime = storm(store, 1);
    isSlow = false;
    expect(await waitsTooLong).toEqual({ yes: 0, no: 0, none: 1 });
    expect(await first).toEqual({ yes: 0, no: 0, none: 1 });
    expect(await isInTime).toEqual({ yes: 1, no: 0, none: 0 });
    expect(await one(store, counting('k', 0))).toEqual({ ok: true, results: [1] });
    isSlow = true;
    const reads = seen.reads;
    const [gone, alsoGone] = [storm(store, 1), pause(1).then(() => storm(store, 1))];
    expect([(await gone).none, (await alsoGone).none]).toEqual([1, 1]);
    await pause(350);
    expect(seen.reads).toBe(reads + 1);
  });

  test('stops when nobody waits any more, however many attempts are left', async () => {
    let commits = 0;
    const { kv } = watchedKv();
    const store = kvStore({
      ...kv,
      commit() {
        commits++;
        return false;
      },
    }, { maxAttempts: 1000, timeoutMs: 50 });
    await expect(one(store, counting('k'))).rejects.toMatchObject(unavailable);
    await pause(100);
    const before = commits;
    await pause(100);
    expect(commits).toBe(before);
  });

  test('runs every group of a call, though one fails first', async () => {
    const { kv, sound } = watchedKv();
    const store = kvStore(kv);
    const first = storm(store, 1);
    await pause(0);
    await expect(store.run([[putting(NaN)], [counting('k')]])).rejects.toThrow(TypeError);
    await first;
    expect(await one(kvStore(sound), counting('k', 0))).toEqual({ ok: true, results: [2] });
  });

  test('leaves groups alone of which another in the same call fails', async () => {
    const { kv, sound } = watchedKv();
    const broken: Step = {
      name: 'broken',
      kind: 'value',
      apply: () => {
        throw new Error('broken step');
      },
    };
    const store = kvStore(kv);
    const groups = [[counting('a')], [counting('a'), { step: broken, space: 's', key: 'k', args: 0 }], [counting('b')]];
    await expect(store.run(groups)).rejects.toThrow('broken step');
    expect(await one(kvStore(sound), counting('a', 0), counting('b', 0))).toEqual({ ok: true, results: [1, 1] });
  });

  test('writes nothing, and does not commit, for a group that is denied', async () => {
    const { kv, seen } = watchedKv();
    expect(await one(kvStore(kv), counting('a'), counting('b', 11))).toEqual({ ok: false, results: [0, 0] });
    expect(seen.commits).toBe(0);
  });

  test('demands the version of each key that a yes hangs upon, with its time to live', async () => {
    const { kv, seen } = watchedKv();
    await one(kvStore(kv), counting('a'), claiming('b', 1500));
    expect(seen.writes).toEqual([
      { key: 'sp:{a}:rule', value: expect.any(String), expiresInMs: 60_000, expected: undefined },
      { key: 'sp:{b}:jti', value: expect.any(String), expiresInMs: 1500, expected: undefined },
    ]);
  });

  test('names what is long or odd by its digest, so that all keys are short', async () => {
    const { kv, entries } = watchedKv();
    const store = kvStore(kv, { prefix: 'shop' });
    for (const key of ['x'.repeat(1_000_000), '\ud800', '\udc00', '"\\ud800"', '{}', 'ä']) {
      await one(store, counting(key));
    }
    expect(entries.size).toBe(6);
    for (const name of entries.keys()) expect(name).toMatch(/^shop:\{##?[\w-]{43}\}:rule$/);
  });

  // Many databases tidy up when they like.
  test('takes what has lapsed for nothing, though it still lies there', async () => {
    let nowMs = 1000;
    const { kv, entries } = watchedKv();
    const store = kvStore(kv, { clock: () => nowMs });
    expect((await one(store, claiming('k', 100)))?.ok).toBe(true);
    nowMs = 1099;
    expect((await one(store, claiming('k')))?.ok).toBe(false);
    nowMs = 1100;
    expect((await one(store, claiming('k')))?.ok).toBe(true);
    expect(entries.size).toBe(1);
  });

  test.each([
    ['text', 'é😀"\\\n\0'],
    ['a list', [1, 'a', [null, true], []]],
    ['an object', { a: { b: 1.5 }, '': -1 }],
    ['a large number', Number.MAX_SAFE_INTEGER],
    ['false', false],
    ['null', null],
  ])('remembers a state that is %s', async (_, state) => {
    const store = kvStore(createMapKv());
    await one(store, putting(state));
    expect((await one(store, putting(state)))?.results).toEqual([state]);
  });

  test.each([
    ['NaN', NaN],
    ['a Date', new Date(0)],
    ['a Map', new Map([[1, 2]])],
    ['a hole', { a: [NaN] }],
    ['undefined within', { a: undefined }],
    ['a function', () => undefined],
    ['a bigint', 1n],
  ])('throws for a state that JSON would change: %s', async (_, state) => {
    const { kv, seen } = watchedKv();
    await expect(one(kvStore(kv), counting('a'), putting(state))).rejects.toThrow(TypeError);
    expect(seen.commits).toBe(0);
  });

  // Allowed and forgotten is unlimited.
  test.each([undefined, null, '7', NaN, Infinity])(
    'throws when a step allows a debt of %o, and writes nothing',
    async (state) => {
      const { kv, seen } = watchedKv();
      const step: Step = { name: 'odd', kind: 'debt', apply: () => ({ ok: true, state, ttlMs: 1, result: 0 }) };
      const call = { step, space: 's', key: 'k', args: 0 };
      await expect(one(kvStore(kv), counting('a'), call)).rejects.toThrow(TypeError);
      expect(seen.commits).toBe(0);
    },
  );

  test.each([['half a pair', '\ud800'], ['too long', 'x'.repeat(1_048_576)]])(
    'refuses a state that could not be read back: %s',
    async (_, state) => {
      const { kv, seen } = watchedKv();
      await expect(one(kvStore(kv), counting('a'), putting(state))).rejects.toMatchObject(unavailable);
      expect(seen.commits).toBe(0);
    },
  );

  test.each([0, -1, 1.5, NaN, Infinity])('throws when a step says yes for %d milliseconds', async (ttlMs) => {
    const step: Step = { name: 'odd', kind: 'value', apply: () => ({ ok: true, state: 'x', ttlMs, result: 0 }) };
    await expect(one(kvStore(createMapKv()), { step, space: 's', key: 'k', args: 0 })).rejects.toThrow(TypeError);
  });

  test.each([
    [{ prefix: '' }, TypeError],
    [{ prefix: 'a b' }, TypeError],
    [{ maxAttempts: 0 }, RangeError],
    [{ maxAttempts: 1.5 }, RangeError],
    [{ timeoutMs: 0 }, RangeError],
    [{ timeoutMs: Infinity }, RangeError],
    [{ clock: 5 }, TypeError],
    [{ retries: 3 }, TypeError],
  ])('throws at creation for %o', (options, error) => {
    // Callers without types pass such options.
    expect(() => kvStore(createMapKv(), options as never)).toThrow(error);
  });

  test.each([{}, { read: () => [] }, { commit: () => true }])('throws at creation for an adapter like %o', (kv) => {
    // Callers without types pass such adapters.
    expect(() => kvStore(kv as never)).toThrow(TypeError);
  });
});
