import type { MaybePromise } from '../core/clock.ts';
import { createDeadline } from '../core/deadline.ts';
import { functionOption } from '../core/option.ts';
import { CROWD_ROWS, STATE_ROWS } from './conformance-cases.ts';
import { KEY_ROWS } from './conformance-keys.ts';
import type { Store } from './store.ts';

/** One rule of the contract, and how to prove it. */
export interface StoreConformanceCase {
  /** The rule, as the end of a sentence: "a store … remembers what a step decided". */
  readonly name: string;
  /** Resolves when the store keeps the rule, and rejects with an Error in plain words when it does not. */
  readonly run: () => Promise<void>;
}

const PATIENCE_MS = 15_000;

/**
 * Lists what every store must do, for any test framework or none. A store that passes has not been proved right; one that fails admits what it should
 * deny, or loses what it was told.
 *
 * A case takes up to three seconds, because some wait for a time to be over; each gives up after 15. Stores that run steps elsewhere are passed steps
 * with twins in Lua.
 *
 * @param makeStore makes an empty store, for each case another, with a real clock
 * @returns the cases
 * @throws {TypeError} when makeStore is no function
 *
 * @example
 * ```ts
 * import { memoryStore, storeConformance } from 'sallyport/store';
 *
 * for (const { name, run } of storeConformance(() => memoryStore())) {
 *   await run();
 *   console.log(`ok: ${name}`);
 * }
 * ```
 */
export function storeConformance(makeStore: () => MaybePromise<Store>): readonly StoreConformanceCase[] {
  functionOption('check a store', 'makeStore', makeStore);
  const inTime = createDeadline(PATIENCE_MS, () => new Error('It never came to an end.'));
  return [...STATE_ROWS, ...KEY_ROWS, ...CROWD_ROWS].map(([name, check]) => {
    async function prove(): Promise<void> {
      await check(await makeStore());
    }
    return { name, run: () => inTime(prove()) };
  });
}
