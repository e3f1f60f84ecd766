import { kvStore, type KvStoreOptions } from './kv.ts';
import type { Store } from './store.ts';
import type { KvEntry, KvWrite } from './versioned-kv.ts';

/** What Deno KV answers for one key. */
export interface DenoKvEntry {
  /** What stands there. */
  readonly value: unknown;
  /** Its version, or null where nothing stands. */
  readonly versionstamp: string | null;
}

/** An atomic operation of Deno KV, as far as it is used here. */
export interface DenoKvAtomic {
  /** Demands a version. */
  check(...checks: { key: string[]; versionstamp: string | null }[]): DenoKvAtomic;
  /** Writes a value. */
  set(key: string[], value: unknown, options: { expireIn: number }): DenoKvAtomic;
  /** Deletes what stands there. */
  delete(key: string[]): DenoKvAtomic;
  /** Does it all, if all versions are as demanded. */
  commit(): Promise<{ readonly ok: boolean }>;
}

/** A Deno KV database, as far as it is used here: what `Deno.openKv()` resolves with. */
export interface DenoKv {
  /** Reads one key, from the primary. */
  get(key: string[]): Promise<DenoKvEntry>;
  /** Begins an atomic operation. */
  atomic(): DenoKvAtomic;
}

/**
 * Makes a store of a Deno KV database, upon `kvStore`: all that is said there holds here. A value has room for 64 KiB, of which limits and claims
 * use less than one in a hundred; a log of more than some thousand entries does not fit, and is refused.
 *
 * @param kv the open database
 * @param options as those of `kvStore`
 * @returns a store
 * @throws {TypeError} for an unknown option, or one of the wrong kind
 * @throws {RangeError} for a number out of bounds
 *
 * @example
 * ```ts
 * import { type DenoKv, denoKvStore, type Store } from 'sallyport/store';
 *
 * // connect(await Deno.openKv())
 * export function connect(kv: DenoKv): Store {
 *   return denoKvStore(kv, { prefix: 'shop' });
 * }
 * ```
 */
export function denoKvStore(kv: DenoKv, options: KvStoreOptions = {}): Store {
  async function read(key: string): Promise<KvEntry | undefined> {
    const { value, versionstamp } = await kv.get([key]);
    if (versionstamp === null) return undefined;
    if (typeof value !== 'string') throw new Error('What stands under a key is no text.');
    return { value, version: versionstamp };
  }

  async function commit(writes: readonly KvWrite[]): Promise<boolean> {
    let atomic = kv.atomic();
    for (const { key, value, expiresInMs, expected } of writes) {
      atomic = atomic.check({ key: [key], versionstamp: expected === undefined ? null : String(expected) });
      atomic = value === undefined ? atomic.delete([key]) : atomic.set([key], value, { expireIn: expiresInMs });
    }
    const { ok } = await atomic.commit();
    return ok;
  }

  return kvStore({ read: (keys) => Promise.all(keys.map(read)), commit }, options);
}
