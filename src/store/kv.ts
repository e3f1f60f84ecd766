import { type Clock, systemClock } from '../core/clock.ts';
import { createDeadline, lateError } from '../core/deadline.ts';
import { functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import { freshBytes } from '../crypto/random.ts';
import { createDraft, type NamedCall } from './kv-draft.ts';
import { createQueue, type Waiter } from './kv-queue.ts';
import { createKeyNames } from './key-name.ts';
import type { Group } from './step.ts';
import type { GroupAnswer, Store, StoreAnswer } from './store.ts';
import type { KvEntry, KvWrite, VersionedKv } from './versioned-kv.ts';

/** Options of {@linkcode kvStore}. */
export interface KvStoreOptions {
  /** What all keys begin with: 1 to 64 of `A-Z a-z 0-9 . _ : -`. Default: `sp`. */
  readonly prefix?: string;
  /** How often a commit is tried that others came before. 1 to 1,000. Default: 16. */
  readonly maxAttempts?: number;
  /** After how many milliseconds a call is given up. Default: 1,000. */
  readonly timeoutMs?: number;
  /** Tells the time in milliseconds. Default: the platform's clock. */
  readonly clock?: Clock;
}

interface Job extends Waiter {
  readonly calls: readonly NamedCall[];
  readonly nowMs: number;
  /** Whether its caller has gone. */
  readonly isOver: () => boolean;
  readonly resolve: (answer: GroupAnswer) => void;
  readonly reject: (error: unknown) => void;
}

const ACTION = 'create kv store';
const MAX_TIMER_MS = 2 ** 31 - 1;
const MAX_PAUSE_MS = 64;

/**
 * Makes a store of anything that reads versions and commits upon them: optimistic, with one commit of a key at a time from this process. Calls
 * for a key that come meanwhile go together in the next.
 *
 * The time is this process's: let the clocks of processes that share a store agree. A commit that failed may have happened, so it is never
 * repeated, and `run` rejects with `store_unavailable`; likewise when others came first too often, and for what nobody here wrote.
 *
 * @param kv the adapter
 * @param options the prefix, bounds and clock
 * @returns a store
 * @throws {TypeError} for an unknown option, or one of the wrong kind
 * @throws {RangeError} for a number out of bounds
 *
 * @example
 * ```ts
 * import { claim, createMapKv, kvStore } from 'sallyport/store';
 *
 * const store = kvStore(createMapKv(), { prefix: 'shop' });
 * const call = { step: claim, space: 'jti', key: 'token-1', args: { value: 'used', ttlMs: 60_000 } };
 * console.log((await store.run([[call], [call]])).groups.map(({ ok }) => ok)); // [true, false]
 * ```
 */
export function kvStore(kv: VersionedKv, options: KvStoreOptions = {}): Store {
  refuseUnknownOptions(ACTION, options, ['prefix', 'maxAttempts', 'timeoutMs', 'clock']);
  const { prefix = 'sp', maxAttempts = 16, timeoutMs = 1000, clock = systemClock } = options;
  const prepareNames = createKeyNames(ACTION, prefix).prepare;
  numberOption(ACTION, 'maxAttempts', maxAttempts, { min: 1, max: 1000, integer: true });
  numberOption(ACTION, 'timeoutMs', timeoutMs, { min: 1, max: MAX_TIMER_MS });
  functionOption(ACTION, 'clock', clock);
  functionOption(ACTION, 'read', kv.read);
  functionOption(ACTION, 'commit', kv.commit);
  const inTime = createDeadline(timeoutMs, tooLate);
  const enqueue = createQueue(fly);

  async function run(groups: readonly Group[]): Promise<StoreAnswer> {
    for (const { key } of groups.flat()) {
      if (typeof key !== 'string') throw new TypeError('Cannot run step: key must be a string.');
    }
    // Before anything is waited for: what is remembered for a time is remembered from the call on.
    const nowMs = clock();
    let over = false;
    try {
      return { nowMs, groups: await inTime(answer(groups, nowMs, () => over)) };
    } catch (error) {
      over = true;
      throw error;
    }
  }

  async function answer(
    groups: readonly Group[],
    nowMs: number,
    isOver: () => boolean,
  ): Promise<readonly GroupAnswer[]> {
    const nameOf = await prepareNames(groups.flat());
    const answers = groups.map((group) => {
      const calls = group.map((call) => ({ call, name: nameOf(call) }));
      const names = new Set(calls.map(({ name }) => name));
      if (names.size === 0) return { ok: true, results: [] };
      return new Promise<GroupAnswer>((resolve, reject) => {
        enqueue({ names, calls, nowMs, isOver, resolve, reject });
      });
    });
    // A group that fails leaves the others alone: nobody is answered before all are through.
    await Promise.allSettled(answers);
    return await Promise.all(answers);
  }

  async function fly(jobs: readonly Job[]): Promise<void> {
    try {
      for (let attempt = 1; attempt <= maxAttempts; attempt++) {
        if (attempt > 1) await pause(attempt);
        if (jobs.every(({ isOver }) => isOver()) || await tryOnce(jobs)) return;
      }
      throw new Error('Others came first too often.');
    } catch (cause) {
      const refusal = refuse(cause);
      for (const { reject } of jobs) reject(refusal);
    }
  }

  /** Reads, decides and commits. False when others came first. */
  async function tryOnce(jobs: readonly Job[]): Promise<boolean> {
    const entries = await read([...new Set(jobs.flatMap(({ names }) => [...names]))]);
    const draft = createDraft(entries);
    // Who has been told that there is no answer should not be counted.
    const settlements = jobs.filter(({ isOver }) => !isOver()).map((job) => decide(draft.run, job));
    const writes = draft.writes();
    if (writes.length > 0 && !await commit(writes)) return false;
    for (const settle of settlements) settle();
    return true;
  }

  async function read(names: readonly string[]): Promise<ReadonlyMap<string, KvEntry | undefined>> {
    const entries: unknown = await inTime(Promise.resolve(kv.read(names)));
    if (!Array.isArray(entries) || entries.length !== names.length) throw new Error('The adapter read nonsense.');
    return new Map(names.map((name, index) => [name, readEntry(entries[index])]));
  }

  async function commit(writes: readonly KvWrite[]): Promise<boolean> {
    const done: unknown = await inTime(Promise.resolve(kv.commit(writes)));
    if (typeof done !== 'boolean') throw new Error('The adapter did not say whether it wrote.');
    return done;
  }

  return Object.freeze({ run });
}

/** Runs a job upon a draft, and returns how to tell its caller, once that is written. */
function decide(run: (calls: readonly NamedCall[], nowMs: number) => GroupAnswer, job: Job): () => void {
  try {
    const answer = run(job.calls, job.nowMs);
    return () => job.resolve(answer);
  } catch (error) {
    return () => job.reject(error);
  }
}

function readEntry(entry: unknown): KvEntry | undefined {
  if (entry === undefined) return undefined;
  const [value, version]: readonly unknown[] = typeof entry === 'object' && entry !== null
    ? [Reflect.get(entry, 'value'), Reflect.get(entry, 'version')]
    : [];
  if (typeof value !== 'string' || (typeof version !== 'string' && !isFiniteNumber(version))) {
    throw new Error('The adapter read nonsense.');
  }
  return { value, version };
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Those who collided must not collide again: each waits a random part of a time that doubles. */
async function pause(attempt: number): Promise<void> {
  const [random = 0] = freshBytes(1);
  const pauseMs = Math.min(MAX_PAUSE_MS, 2 ** attempt) * random / 256;
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
}

function tooLate(): Refusal {
  return refuse(lateError('The adapter did not answer in time.'));
}

/** Whatever else an adapter throws is its own affair, and no answer to the request. */
function refuse(cause: unknown): Refusal {
  return isRefusal(cause) && cause.code === 'store_unavailable' ? cause : new Refusal('store_unavailable', { cause });
}
