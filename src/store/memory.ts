import { type Clock, systemClock } from '../core/clock.ts';
import { functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { createKeyedHash, type KeyedHash } from '../crypto/keyed-hash.ts';
import { randomBytes } from '../crypto/random.ts';
import { createDebtTable, type DebtTable } from './debt-table.ts';
import type { Group, StepCall, StepOutcome } from './step.ts';
import type { GroupAnswer, Store, StoreAnswer } from './store.ts';
import { createValueMap } from './value-map.ts';

/** Options of {@linkcode memoryStore}. */
export interface MemoryStoreOptions {
  /** How many keys each rule's debts, and all values together, have room for. Default: 65,536. */
  readonly maxKeys?: number;
  /** Tells the time in milliseconds. Default: the platform's clock. */
  readonly clock?: Clock;
}

type Undo = () => void;

const MAX_PLAIN_KEY_LENGTH = 128;

/**
 * Creates a store in this process's memory: synchronous, of a fixed size, without a timer.
 *
 * It is not shared between processes: two of them admit twice the limit. Debts (limits) take 12 bytes a key and, under a flood of more
 * keys than it has room for, deny rather than over-admit. Values (claims) are never evicted while they live: when it is full of them, a
 * new one is refused with `store_unavailable`.
 *
 * @param options its size and clock
 * @returns a store
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} when maxKeys is not 8 to 2^26
 *
 * @example
 * ```ts
 * import { createLimiter } from 'sallyport/limiter';
 * import { memoryStore } from 'sallyport/store';
 *
 * const limiter = createLimiter({ store: memoryStore(), limits: [{ name: 'a', limit: 10, windowSeconds: 1 }] });
 * console.log(await limiter.consume('key'));
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  refuseUnknownOptions('create memory store', options, ['maxKeys', 'clock']);
  const { maxKeys = 65_536, clock = systemClock } = options;
  numberOption('create memory store', 'maxKeys', maxKeys, { min: 8, max: 2 ** 26, integer: true });
  functionOption('create memory store', 'clock', clock);
  // A table a rule: debts of one rule mean nothing to another, and a slot taken over must not carry a day's debt into a second's limit.
  // They are made at first use, because some platforms forbid randomness before the first request.
  const tables = new Map<string, DebtTable>();
  const values = createValueMap(maxKeys);
  let hashes: readonly KeyedHash[] | undefined;

  function tableOf(space: string): DebtTable {
    let table = tables.get(space);
    if (table === undefined) {
      table = createDebtTable(maxKeys);
      tables.set(space, table);
    }
    return table;
  }

  /** Bounds what a key can occupy; a hash under secrets stands for a long one. */
  function shorten(space: string, key: string): string {
    // The length keeps ("a", "b:c") and ("a:b", "c") apart, and the colon keeps keys from being array indexes, whose hash is weak.
    if (key.length <= MAX_PLAIN_KEY_LENGTH) return `${space.length}:${space}${key}`;
    hashes ??= [createKeyedHash(randomBytes(8)), createKeyedHash(randomBytes(8))];
    const words: number[] = [];
    for (const hash of hashes) {
      hash.update(key);
      words.push(hash.low(), hash.high());
    }
    return `#${space.length}:${space}${words.join('.')}`;
  }

  /** Runs one step and writes at once, so that a cell reached twice in one group accumulates; `undo` collects the way back. */
  function runStep(call: StepCall, nowMs: number, undo: Undo[] | undefined): StepOutcome<unknown, unknown> {
    if (call.step.kind === 'debt') {
      const table = tableOf(call.space);
      const slot = table.locate(call.key);
      const outcome = call.step.apply(table.read(slot), call.args, nowMs);
      if (outcome.ok && typeof outcome.state === 'number') {
        if (undo !== undefined) {
          const saved = table.save(slot);
          undo.push(() => table.restore(slot, saved));
        }
        table.write(slot, outcome.state);
      }
      return outcome;
    }
    const key = shorten(call.space, call.key);
    const outcome = call.step.apply(values.read(key, nowMs), call.args, nowMs);
    if (outcome.ok) {
      undo?.push(values.save(key));
      values.write(key, outcome.state, nowMs + outcome.ttlMs, nowMs);
    }
    return outcome;
  }

  function runGroup(group: Group, nowMs: number): GroupAnswer {
    const undo: Undo[] | undefined = group.length > 1 ? [] : undefined;
    const results: unknown[] = [];
    let ok = true;
    try {
      for (const call of group) {
        const outcome = runStep(call, nowMs, undo);
        results.push(outcome.result);
        ok &&= outcome.ok;
      }
    } catch (error) {
      rollBack(undo);
      throw error;
    }
    if (!ok) rollBack(undo);
    return { ok, results };
  }

  return Object.freeze({
    run(groups: readonly Group[]): StoreAnswer {
      const nowMs = clock();
      return { nowMs, groups: groups.map((group) => runGroup(group, nowMs)) };
    },
  });
}

function rollBack(undo: Undo[] | undefined): void {
  for (let step = undo?.pop(); step !== undefined; step = undo?.pop()) step();
}
