import type { MaybePromise } from '../core/clock.ts';
import type { Group } from './step.ts';

/** What a store answers to one group. */
export interface GroupAnswer {
  /** Whether every step said yes, and the group was therefore written. */
  readonly ok: boolean;
  /** The result of each step, in order. */
  readonly results: readonly unknown[];
}

/** What a store answers. */
export interface StoreAnswer {
  /** The time that the store used, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** One answer for each group, in order. */
  readonly groups: readonly GroupAnswer[];
}

/**
 * The one contract for everything that remembers: change values under keys atomically. It owns the clock.
 *
 * A store that cannot decide throws or rejects; it never answers yes by default.
 */
export interface Store {
  /** Runs groups in order, each of them all or nothing. Synchronous where the store is. */
  readonly run: (groups: readonly Group[]) => MaybePromise<StoreAnswer>;
}
