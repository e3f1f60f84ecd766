import type { MaybePromise } from '../core/clock.ts';

/** What stands under a key of a {@linkcode VersionedKv}. */
export interface KvEntry {
  /** The text as it was written. */
  readonly value: string;
  /** Another for each write, also after a key was gone. What it looks like is the adapter's business. */
  readonly version: string | number;
}

/** One write of a commit. */
export interface KvWrite {
  /** Where. */
  readonly key: string;
  /** What to write, or undefined to delete what is there. */
  readonly value: string | undefined;
  /** After how many milliseconds it may be forgotten: whole, at least 1. Not a moment earlier; later does no harm. */
  readonly expiresInMs: number;
  /** The version that must stand, or undefined where none may. */
  readonly expected: string | number | undefined;
}

/**
 * An adapter, in about 20 lines, to anything that has a compare-and-set. What has none cannot be one: a limit upon it is a suggestion.
 *
 * A method that fails throws or rejects. Neither should try again by itself.
 */
export interface VersionedKv {
  /** Reads what stands under each of these keys, in order: no stale copies from a cache or a replica. */
  read(keys: readonly string[]): MaybePromise<readonly (KvEntry | undefined)[]>;
  /** Writes all or nothing: false, and nothing written, when one of the versions is another by now. No key stands there twice. */
  commit(writes: readonly KvWrite[]): MaybePromise<boolean>;
}
