import { type Clock, systemClock } from '../core/clock.ts';
import { functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { createValueMap } from './value-map.ts';
import type { KvEntry, KvWrite, VersionedKv } from './versioned-kv.ts';

/** Options of {@linkcode createMapKv}. */
export interface MapKvOptions {
  /** How many keys there is room for; when they are all in use, a commit of another fails. Default: 65,536. */
  readonly maxKeys?: number;
  /** Tells the time in milliseconds, for what has lapsed. Default: the platform's clock. */
  readonly clock?: Clock;
}

const ACTION = 'create Map kv';

/**
 * Makes a versioned key-value in this process's memory: for tests of what stands upon `kvStore`, and to copy when you write an adapter. For a program
 * of one process, `memoryStore` is smaller and faster.
 *
 * @param options its size and clock
 * @returns an adapter for `kvStore`
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} when maxKeys is not 1 to 2^24
 *
 * @example
 * ```ts
 * import { createMapKv, kvStore } from 'sallyport/store';
 *
 * const kv = createMapKv();
 * // Two stores upon one: as two processes upon one database.
 * const stores = [kvStore(kv), kvStore(kv)];
 * ```
 */
export function createMapKv(options: MapKvOptions = {}): VersionedKv {
  refuseUnknownOptions(ACTION, options, ['maxKeys', 'clock']);
  const { maxKeys = 65_536, clock = systemClock } = options;
  // A Map holds no more than that.
  numberOption(ACTION, 'maxKeys', maxKeys, { min: 1, max: 2 ** 24, integer: true });
  functionOption(ACTION, 'clock', clock);
  const values = createValueMap(maxKeys);
  // One for all keys: one that is gone and comes again has another version.
  let version = 0;

  function find(key: string, nowMs: number): KvEntry | undefined {
    const entry = values.read(key, nowMs);
    return isEntry(entry) ? entry : undefined;
  }

  function write({ key, value, expiresInMs }: KvWrite, nowMs: number): void {
    if (value === undefined) values.remove(key);
    else values.write(key, { value, version: ++version }, nowMs + expiresInMs, nowMs);
  }

  return Object.freeze({
    read(keys: readonly string[]): readonly (KvEntry | undefined)[] {
      const nowMs = clock();
      return keys.map((key) => find(key, nowMs));
    },
    commit(writes: readonly KvWrite[]): boolean {
      const nowMs = clock();
      if (writes.some(({ key, expected }) => find(key, nowMs)?.version !== expected)) return false;
      const undo = writes.map(({ key }) => values.save(key));
      try {
        for (const one of writes) write(one, nowMs);
      } catch (error) {
        for (const back of undo) back();
        throw error;
      }
      return true;
    },
  });
}

function isEntry(value: unknown): value is KvEntry {
  return typeof value === 'object' && value !== null;
}
