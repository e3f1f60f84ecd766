import { type Clock, systemClock } from '../core/clock.ts';
import { functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
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
type Outcome = StepOutcome<unknown, unknown>;

const MAX_PLAIN_KEY_LENGTH = 128;
/** Each is of maxKeys slots, and none is ever given back: rules are a program's, and not a request's. */
const MAX_TABLES = 256;

/**
 * Creates a store in this process's memory: synchronous, of a fixed size, without a timer.
 *
 * It is not shared between processes: two of them admit twice the limit. Debts (limits) take 12 bytes a key and rule, for at most 256 rules, and, under a flood of more
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
  const tables = new Map<string, DebtTable>();
  const values = createValueMap(maxKeys);
  // Made at first use, because some platforms forbid randomness before the first request.
  let hashes: readonly [KeyedHash, KeyedHash] | undefined;
  // What the first of them hashed last. Several limits of one key are the rule, and a hash costs as much as all the rest of a step.
  let hashed: string | undefined;

  function readHashes(): readonly [KeyedHash, KeyedHash] {
    return hashes ??= [createKeyedHash(randomBytes(8)), createKeyedHash(randomBytes(8))];
  }

  function readTable(space: string): DebtTable {
    let table = tables.get(space);
    if (table === undefined) {
      if (tables.size >= MAX_TABLES) {
        throw new Refusal('store_unavailable', { message: 'The memory store holds too many rules.' });
      }
      table = createDebtTable(maxKeys);
      tables.set(space, table);
    }
    return table;
  }

  function runDebt(call: StepCall, nowUs: number, undo: Undo[] | undefined): Outcome {
    const [hash] = readHashes();
    if (call.key !== hashed) hash.update(call.key);
    hashed = call.key;
    const table = readTable(call.space);
    const slot = table.locate(hash.low(), hash.high());
    const outcome = call.step.apply(table.read(slot), call.args, nowUs);
    if (outcome.ok) {
      // A yes that is not written down would be a yes for everyone.
      if (!isDebt(outcome.state)) {
        throw new TypeError(`The step ${call.step.name} made a debt that is no finite number.`);
      }
      undo?.push(table.save(slot));
      table.write(slot, outcome.state);
    }
    return outcome;
  }

  function runValue(call: StepCall, nowUs: number, undo: Undo[] | undefined): Outcome {
    // The length keeps ("a", "b:c") and ("a:b", "c") apart, and the colon keeps keys from being array indexes, whose hash is weak.
    const key = `${call.space.length}:${call.space}${boundKey(call.key)}`;
    const nowMs = nowUs / 1000;
    const outcome = call.step.apply(values.read(key, nowMs), call.args, nowUs);
    if (outcome.ok) {
      // NaN would never lapse, and 0 be forgotten at once: a yes for everyone.
      if (!Number.isSafeInteger(outcome.ttlMs) || outcome.ttlMs < 1) {
        throw new TypeError(`The step ${call.step.name} made a senseless time to live.`);
      }
      undo?.push(values.save(key));
      if (outcome.state === undefined) values.remove(key);
      else values.write(key, outcome.state, nowMs + outcome.ttlMs, nowMs);
    }
    return outcome;
  }

  /** Bounds what a key can occupy: a hash of 128 bits under secrets stands for a long one. */
  function boundKey(key: string): string {
    if (key.length <= MAX_PLAIN_KEY_LENGTH) return key;
    const words: string[] = [];
    hashed = undefined;
    for (const hash of readHashes()) {
      hash.update(key);
      words.push(hash.low().toString(36), hash.high().toString(36));
    }
    // No plain key is this long or longer, so none can be written to equal it.
    return words.join('.').padEnd(MAX_PLAIN_KEY_LENGTH + 1, '.');
  }

  /** Runs one step and writes at once, so that a cell reached twice in one group accumulates; `undo` collects the way back. */
  function runStep(call: StepCall, nowUs: number, undo?: Undo[]): Outcome {
    if (typeof call.key !== 'string') throw new TypeError('Cannot run step: key must be a string.');
    return call.step.kind === 'debt' ? runDebt(call, nowUs, undo) : runValue(call, nowUs, undo);
  }

  function runGroup(group: Group, nowUs: number): GroupAnswer {
    const [only] = group;
    if (only !== undefined && group.length === 1) {
      const { ok, result } = runStep(only, nowUs);
      return { ok, results: [result] };
    }
    const undo: Undo[] = [];
    let ok = true;
    try {
      const results = group.map((call) => {
        const outcome = runStep(call, nowUs, undo);
        ok &&= outcome.ok;
        return outcome.result;
      });
      if (!ok) rollBack(undo);
      return { ok, results };
    } catch (error) {
      rollBack(undo);
      throw error;
    }
  }

  return Object.freeze({
    run(groups: readonly Group[]): StoreAnswer {
      const nowMs = clock();
      // Rounded: a clock that tells 0.123 ms means 123 microseconds, though the double be a little less.
      const nowUs = Math.round(nowMs * 1000);
      return { nowMs, groups: groups.map((group) => runGroup(group, nowUs)) };
    },
  });
}

function isDebt(state: unknown): state is number {
  return typeof state === 'number' && Number.isFinite(state);
}

function rollBack(undo: Undo[]): void {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) step();
}
