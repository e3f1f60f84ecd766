import { Refusal } from '../core/refusal.ts';

interface Entry {
  readonly state: unknown;
  readonly expiresMs: number;
}

/** A bounded map of values with a time to live. It never forgets a live entry: when it is full, and finds no lapsed one near by, it refuses. */
export interface ValueMap {
  /** The live value under a key. */
  readonly read: (key: string, nowMs: number) => unknown;
  /** Writes a value; throws when there is no room. */
  readonly write: (key: string, state: unknown, expiresMs: number, nowMs: number) => void;
  /** Forgets a key. */
  readonly remove: (key: string) => void;
  /** Copies what stands under a key and returns how to put it back. */
  readonly save: (key: string) => () => void;
  /** How many entries are held, lapsed ones that nobody has swept among them. */
  readonly size: () => number;
}

// Each write sweeps at most this many entries: bounded work, and more than one lapsed entry is found for each one added.
const SWEEP = 4;
const SWEEP_WHEN_FULL = 64;

/**
 * Creates a map.
 *
 * @param maxKeys the most entries it holds
 * @returns an empty map, whose `write` throws {Refusal} store_unavailable when it is full of live entries: forgetting one would accept
 * a replay
 */
export function createValueMap(maxKeys: number): ValueMap {
  const entries = new Map<string, Entry>();
  let sweeper = entries.entries();

  function sweep(steps: number, nowMs: number): void {
    for (let step = 0; step < steps && entries.size > 0; step++) {
      const next = sweeper.next();
      if (next.done === true) sweeper = entries.entries();
      else if (next.value[1].expiresMs <= nowMs) entries.delete(next.value[0]);
    }
  }

  function read(key: string, nowMs: number): unknown {
    const entry = entries.get(key);
    return entry === undefined || entry.expiresMs <= nowMs ? undefined : entry.state;
  }

  function write(key: string, state: unknown, expiresMs: number, nowMs: number): void {
    if (!entries.has(key)) {
      sweep(entries.size < maxKeys ? SWEEP : SWEEP_WHEN_FULL, nowMs);
      if (entries.size >= maxKeys) throw new Refusal('store_unavailable', { message: 'The memory store is full.' });
    }
    entries.set(key, { state, expiresMs });
  }

  function save(key: string): () => void {
    const before = entries.get(key);
    return () => {
      if (before === undefined) entries.delete(key);
      else entries.set(key, before);
    };
  }

  return { read, write, remove: (key) => void entries.delete(key), save, size: () => entries.size };
}
