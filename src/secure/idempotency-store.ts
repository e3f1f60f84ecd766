import { createDeadline, lateError } from '../core/deadline.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import type { Step } from '../store/step.ts';
import type { GroupAnswer, Store } from '../store/store.ts';

/** What a store answers to one step. */
export interface KeyedAnswer {
  readonly ok: boolean;
  readonly result: unknown;
}

/** Runs one step under one key. It rejects with store_unavailable whatever else the store does: nothing is decided by what it did not say. */
export type KeyedStore = <Args>(step: Step<string, Args>, key: string, args: Args) => Promise<KeyedAnswer>;

const SPACE = 'idempotency';
/** Ours have times of their own, and shorter ones. */
const TIMEOUT_MS = 10_000;

/** Makes that of any store. */
export function createKeyedStore(store: Store): KeyedStore {
  const inTime = createDeadline(TIMEOUT_MS, () => lateError('The store is late.'));
  return async (step, key, args) => {
    let group: GroupAnswer | undefined;
    try {
      const answer = store.run([[{ step, space: SPACE, key, args }]]);
      group = ('then' in answer ? await inTime(Promise.resolve(answer)) : answer).groups[0];
    } catch (cause) {
      if (isRefusal(cause) && cause.code === 'store_unavailable') throw cause;
      throw new Refusal('store_unavailable', { cause });
    }
    if (typeof group?.ok !== 'boolean' || !Array.isArray(group.results)) {
      throw new Refusal('store_unavailable', { message: 'The store answered nothing.' });
    }
    return { ok: group.ok, result: group.results[0] };
  };
}
