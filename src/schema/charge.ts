import type { Run } from './schema.ts';

/** Sixteen items cost as much as one visit of a schema within itself, by and large. */
const ITEMS_PER_VISIT = 16;

/**
 * Counts the items of a list as visits, where a schema stands within itself: unions there may read one list for each branch at each level, and the client would choose
 * how long it is.
 */
export function charge(run: Run | undefined, items: number): void {
  if (run !== undefined && run.depth > 0) run.visits += Math.floor(items / ITEMS_PER_VISIT);
}
