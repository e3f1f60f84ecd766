import type { Run } from './schema.ts';

/** A visit of a schema within itself, in the parts that a run counts: by and large as long as 16 items of a list take, or 256 characters that are looked through. */
export const VISIT = 256;
const ITEM = 16;
/** An object with many keeps them in a table, from which the platform gathers them by sorting. */
const KEY = 64;
const MANY_KEYS = 32;

/**
 * Counts the items of a list as visits, where a schema stands within itself: unions there may read one list for each branch at each level, and the client would choose
 * how long it is. For the same reason the characters of a text, which cost 1.
 */
export function charge(run: Run | undefined, count: number, cost: number = ITEM): void {
  if (run !== undefined && run.depth > 0) run.work += count * cost;
}

/** Counts the keys of an object, all of which the platform gathers before it answers the first. Few are gathered already, and are no work. */
export function chargeKeys(run: Run | undefined, object: object): void {
  if (run === undefined || run.depth === 0) return;
  const { length } = Object.keys(object);
  if (length > MANY_KEYS) charge(run, length, KEY);
}
