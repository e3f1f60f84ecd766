import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import type { Store } from '../store/store.ts';
import { compileLimit, type Limit, MAX_WINDOW_SECONDS } from './limit.ts';

/** Limits that this process counts by itself while the store fails: a part of each, since every other instance does so, too. */
export interface LocalLimits {
  /** Where they are counted; it must answer at once, as `memoryStore()` does. */
  readonly local: Store;
  /**
   * Among how many instances each limit is divided, a whole number from 1 to 1,000. A share is rounded down; of a limit below that number it is one
   * unit in a window as much longer. What costs more than a share is not admitted.
   */
  readonly instances: number;
}

/** What a limiter does when its store cannot decide: refuse, admit, or ask a store of this process, for each limit or for a share of it. */
export type StoreFailureMode = 'closed' | 'open' | Store | LocalLimits;

/** A store that is asked in an outage, and what for. */
export interface StandIn {
  readonly store: Store;
  /** The limits that it counts; the same list for the same list. */
  readonly shareOf: (limits: readonly Limit[]) => readonly Limit[];
}

const MAX_INSTANCES = 1000;

/**
 * Checks what happens when a store fails.
 *
 * @throws {TypeError} for what is no mode, or an unknown option
 * @throws {RangeError} for a number of instances out of bounds
 */
export function readStandIn(action: string, mode: StoreFailureMode): 'closed' | 'open' | StandIn {
  if (mode === 'closed' || mode === 'open') return mode;
  if (isStore(mode)) return { store: mode, shareOf: (limits) => limits };
  if (typeof mode !== 'object' || mode === null || !('local' in mode)) {
    throw new TypeError(`Cannot ${action}: whenStoreFails must be closed, open, a store, or { local, instances }.`);
  }
  refuseUnknownOptions(action, mode, ['local', 'instances']);
  const { local, instances } = mode;
  if (!isStore(local)) throw new TypeError(`Cannot ${action}: local must be a store, such as memoryStore().`);
  numberOption(action, 'instances', instances, { min: 1, max: MAX_INSTANCES, integer: true });
  const known = new WeakMap<readonly Limit[], readonly Limit[]>();
  return {
    store: local,
    shareOf(limits: readonly Limit[]): readonly Limit[] {
      const before = known.get(limits);
      if (before !== undefined) return before;
      const shares = limits.map((limit) => shareOf(limit, instances));
      known.set(limits, shares);
      return shares;
    },
  };
}

/** Tells a store by what it does. */
export function isStore(store: unknown): store is Store {
  return typeof store === 'object' && store !== null && typeof Reflect.get(store, 'run') === 'function';
}

/**
 * A limit of its own rather than a cost that many times as high: of a limit below the number of instances nothing would ever be admitted, and clients are told what
 * really holds.
 */
function shareOf(whole: Limit, instances: number): Limit {
  const { name, limit, windowSeconds, algorithm, burst } = whole;
  const share = compileLimit({
    name,
    limit: Math.max(1, Math.floor(limit / instances)),
    windowSeconds: Math.min(MAX_WINDOW_SECONDS, windowSeconds * Math.max(1, instances / limit)),
    algorithm,
    ...(burst === undefined ? {} : { burst: Math.max(1, Math.floor(burst / instances)) }),
  });
  // Whose budget it is stays as it was.
  return { ...whole, ...share };
}
