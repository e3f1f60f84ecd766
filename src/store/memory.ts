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
/** A limiter has as many limits. */
const MAX_APART = 16;

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
  let hash: KeyedHash | undefined;
  let secondHash: KeyedHash | undefined;
  // What the first hash holds. Several limits of one key are the rule, and a hash costs as much as all the rest of a step.
  let hashed: string | undefined;
  let table: DebtTable = createDebtTable(1);
  // What stood where a group has written, at each step's place in the group: room that every group uses again.
  const former = {
    slots: new Uint32Array(MAX_APART),
    fingerprints: new Uint32Array(MAX_APART),
    debts: new Float64Array(MAX_APART),
  };

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

  /** Finds the slot of a call's debt, in its rule's table, and leaves the table in `table`. */
  function locate({ space, key }: StepCall): number {
    checkKey(key);
    hash ??= createKeyedHash(randomBytes(8));
    if (key !== hashed) hash.update(key);
    hashed = key;
    table = readTable(space);
    return table.locate(hash.low(), hash.high());
  }

  /** The way of nearly every request, apart from the others so that it stays short. */
  function runOneDebt(call: StepCall, nowUs: number): GroupAnswer {
    const slot = locate(call);
    const { ok, state, result } = call.step.apply(table.read(slot), call.args, nowUs);
    if (ok) table.write(slot, readDebt(call, state));
    return { ok, results: [result] };
  }

  /**
   * Runs steps on debts of different rules, which cannot meet in a cell. What they write is written at once, and taken back from the numbers in `former` when
   * one of them says no: closures that could do so, made for all the many that say yes, take as long as the steps.
   */
  function runDebts(group: Group, nowUs: number): GroupAnswer {
    const results: unknown[] = new Array(group.length);
    let written = 0;
    try {
      for (let place = 0; place < group.length; place++) {
        const call = group[place];
        if (call === undefined) continue;
        const slot = locate(call);
        const debt = table.read(slot);
        const { ok, state, result } = call.step.apply(debt, call.args, nowUs);
        results[place] = result;
        if (!ok || written < place) continue;
        const after = readDebt(call, state);
        former.slots[place] = slot;
        former.fingerprints[place] = table.fingerprintOf(slot);
        former.debts[place] = debt;
        table.write(slot, after);
        written = place + 1;
      }
    } catch (error) {
      takeBack(group, written);
      throw error;
    }
    const ok = written === group.length;
    if (!ok) takeBack(group, written);
    return { ok, results };
  }

  function takeBack(group: Group, written: number): void {
    for (let place = 0; place < written; place++) {
      const { slots, fingerprints, debts } = former;
      readTable(group[place]?.space ?? '').put(slots[place] ?? 0, fingerprints[place] ?? 0, debts[place] ?? 0);
    }
  }

  function runDebt(call: StepCall, nowUs: number, undo: Undo[]): Outcome {
    const slot = locate(call);
    const outcome = call.step.apply(table.read(slot), call.args, nowUs);
    if (outcome.ok) {
      const debt = readDebt(call, outcome.state);
      const [into, fingerprint, before] = [table, table.fingerprintOf(slot), table.read(slot)];
      undo.push(() => into.put(slot, fingerprint, before));
      table.write(slot, debt);
    }
    return outcome;
  }

  function runValue(call: StepCall, nowUs: number, undo: Undo[]): Outcome {
    checkKey(call.key);
    // The length keeps ("a", "b:c") and ("a:b", "c") apart, and the colon keeps keys from being array indexes, whose hash is weak.
    const key = `${call.space.length}:${call.space}${boundKey(call.key)}`;
    const nowMs = nowUs / 1000;
    const outcome = call.step.apply(values.read(key, nowMs), call.args, nowUs);
    if (outcome.ok) {
      // NaN would never lapse, and 0 be forgotten at once: a yes for everyone.
      if (!Number.isSafeInteger(outcome.ttlMs) || outcome.ttlMs < 1) {
        throw new TypeError(`The step ${call.step.name} made a senseless time to live.`);
      }
      undo.push(values.save(key));
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
    hash ??= createKeyedHash(randomBytes(8));
    secondHash ??= createKeyedHash(randomBytes(8));
    for (const half of [hash, secondHash]) {
      half.update(key);
      words.push(half.low().toString(36), half.high().toString(36));
    }
    // No plain key is this long or longer, so none can be written to equal it.
    return words.join('.').padEnd(MAX_PLAIN_KEY_LENGTH + 1, '.');
  }

  /** Runs one step and writes at once, so that a cell reached twice in one group accumulates; `undo` collects the way back. */
  function runStep(call: StepCall, nowUs: number, undo: Undo[]): Outcome {
    return call.step.kind === 'debt' ? runDebt(call, nowUs, undo) : runValue(call, nowUs, undo);
  }

  function runGroup(group: Group, nowUs: number): GroupAnswer {
    const only = group[0];
    if (only !== undefined && group.length === 1 && only.step.kind === 'debt') return runOneDebt(only, nowUs);
    if (areApart(group)) return runDebts(group, nowUs);
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
      const only = groups[0];
      if (only !== undefined && groups.length === 1) return { nowMs, groups: [runGroup(only, nowUs)] };
      return { nowMs, groups: groups.map((group) => runGroup(group, nowUs)) };
    },
  });
}

/** Tells whether a group is a short one of debts alone, of rules that are all different. */
function areApart(group: Group): boolean {
  if (group.length > MAX_APART) return false;
  for (let place = 0; place < group.length; place++) {
    const call = group[place];
    if (call === undefined || call.step.kind !== 'debt') return false;
    for (let before = 0; before < place; before++) if (group[before]?.space === call.space) return false;
  }
  return true;
}

function checkKey(key: unknown): void {
  if (typeof key !== 'string') throw new TypeError('Cannot run step: key must be a string.');
}

function readDebt({ step: { name } }: StepCall, state: unknown): number {
  if (typeof state === 'number' && Number.isFinite(state)) return state;
  // A yes that is not written down would be a yes for everyone.
  throw new TypeError(`The step ${name} made a debt that is no finite number.`);
}

function rollBack(undo: Undo[]): void {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) step();
}
