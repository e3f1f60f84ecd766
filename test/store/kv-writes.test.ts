import { describe, expect, test } from 'vitest';
import { createLimiter, type Limiter } from '../../src/limiter/limiter.ts';
import { claim } from '../../src/store/claim.ts';
import { kvStore } from '../../src/store/kv.ts';
import { createMapKv } from '../../src/store/map-kv.ts';
import type { Step, StepCall } from '../../src/store/step.ts';
import type { Store } from '../../src/store/store.ts';
import type { VersionedKv } from '../../src/store/versioned-kv.ts';
import { drop } from '../../src/store/swap.ts';

interface Desk {
  readonly store: Store;
  /** What was written, a list for each commit. */
  readonly commits: string[][];
  readonly advance: (ms: number) => void;
}

/** Forgets whatever stands. */
const forget: Step = {
  name: 'forget-any',
  kind: 'value',
  apply: (state) => ({ ok: true, state: undefined, ttlMs: 1, result: state !== undefined }),
};

function openDesk(): Desk {
  let nowMs = 1_700_000_000_000;
  const clock = (): number => nowMs;
  // An adapter's clock stands still: what has lapsed lies there.
  const kv = createMapKv({ clock: () => 1_700_000_000_000 });
  const commits: string[][] = [];
  const store = kvStore({
    read: kv.read,
    commit(writes) {
      commits.push(writes.map(({ key, value, expected }) => {
        return `${value === undefined ? 'delete' : 'put'} ${key}${expected === undefined ? '' : ' that stands'}`;
      }));
      return kv.commit(writes);
    },
  }, { clock });
  return { store, commits, advance: (ms) => void (nowMs += ms) };
}

const place = { space: 'jti', key: 'k' };
const claiming: StepCall = { ...place, step: claim, args: { value: 'v', ttlMs: 60_000 } };
const dropping: StepCall = { ...place, step: drop, args: { expected: 'v' } };
const forgetting: StepCall = { ...place, step: forget, args: null };

function limiterOn(store: Store): Limiter {
  return createLimiter({ store, limits: [{ name: 'a', limit: 5, windowSeconds: 60 }], blockable: 'all' });
}

describe('kvStore()', () => {
  test('deletes a block that is over with the next consume', async () => {
    const { store, commits, advance } = openDesk();
    const limiter = limiterOn(store);
    await limiter.block('k', 60);
    advance(60_000);
    expect(await limiter.consume('k')).toMatchObject({ allowed: true });
    expect(commits[1]?.map((write) => write.split(' ')[0]).sort()).toEqual(['delete', 'put']);
  });

  test('deletes what stands, at its version', async () => {
    const { store, commits } = openDesk();
    await store.run([[claiming]]);
    expect((await store.run([[dropping]])).groups).toEqual([{ ok: true, results: ['v'] }]);
    expect(commits).toEqual([['put sp:{k}:jti'], ['delete sp:{k}:jti that stands']]);
    expect((await store.run([[claiming]])).groups).toMatchObject([{ ok: true }]);
  });

  test('deletes what has lapsed and still lies there', async () => {
    const { store, commits, advance } = openDesk();
    await store.run([[claiming]]);
    advance(60_000);
    await store.run([[forgetting]]);
    expect(commits[1]).toEqual(['delete sp:{k}:jti that stands']);
  });

  // Each decides by what the other is about to write: both at once would be what no order of the two can make.
  test('lets one of two groups win that each need what the other writes to be absent', async () => {
    const absent: Step = {
      name: 'absent',
      kind: 'value',
      apply: (state) => ({ ok: state === undefined, state: undefined, ttlMs: 1, result: state !== undefined }),
    };
    const call = (step: Step, key: string, args: unknown = null): StepCall => ({ step, space: 's', key, args });
    const put = { value: 'v', ttlMs: 60_000 };
    const kv = createMapKv();
    let reads = 0;
    let open: () => void = () => undefined;
    const bothHaveRead = new Promise<void>((resolve) => open = resolve);
    const slow: VersionedKv = {
      async read(keys) {
        const entries = await kv.read(keys);
        if (++reads === 2) open();
        if (reads <= 2) await bothHaveRead;
        return entries;
      },
      commit: kv.commit,
    };
    const answers = await Promise.all([
      kvStore(slow).run([[call(absent, 'one'), call(claim, 'two', put)]]),
      kvStore(slow).run([[call(absent, 'two'), call(claim, 'one', put)]]),
    ]);
    expect(answers.map(({ groups }) => groups[0]?.ok).sort()).toEqual([false, true]);
  });
});
