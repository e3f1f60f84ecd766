import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKeyedHash } from '../../src/crypto/keyed-hash.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { createDebtTable } from '../../src/store/debt-table.ts';
import { memoryStore } from '../../src/store/memory.ts';

const WAYS = 8;
const KEYS = 24;

/** Units more, or less, that a key owes. */
interface Change {
  readonly key: number;
  readonly units: number;
}

interface Model {
  /** Writes what the table answers and these units more, but never less than 0. */
  readonly change: (change: Change) => void;
  readonly answer: (key: number) => number;
  /** What a key owes in truth. */
  readonly owes: (key: number) => number;
  /** The smallest debt of the first set. */
  readonly least: () => number;
}

/** A table, and beside it what each key owes. */
function createModel(maxKeys: number): Model {
  const table = createDebtTable(maxKeys);
  const hash = createKeyedHash(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
  const debts = new Map<number, number>();
  const words = Array.from({ length: KEYS }, (_, key) => {
    hash.update(`k${key}`);
    return { low: hash.low(), high: hash.high() };
  });

  function locate(key: number): number {
    const { low, high } = words[key] ?? { low: 0, high: 0 };
    return table.locate(low, high);
  }

  return {
    change({ key, units }) {
      const slot = locate(key);
      table.write(slot, Math.max(0, table.read(slot) + units));
      debts.set(key, Math.max(0, (debts.get(key) ?? 0) + units));
    },
    answer: (key) => table.read(locate(key)),
    owes: (key) => debts.get(key) ?? 0,
    least: () => Math.min(...Array.from({ length: WAYS }, (_, slot) => table.read(slot))),
  };
}

function changes(keys: number): fc.Arbitrary<Change[]> {
  const units = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -12, max: -1 }), fc.constant(-1000));
  const change = fc.record({ key: fc.nat(keys - 1), units });
  return fc.array(change, { maxLength: 120, size: 'max' });
}

describe('createDebtTable() with debts that are given back', () => {
  // Space-Saving holds for debts that grow alone: one that shrinks below the others would be evicted, and come back as small.
  test('never answers less than a key owes, however many keys it has no room for', () => {
    fc.assert(fc.property(changes(KEYS), fc.constantFrom(8, 16), (list, maxKeys) => {
      const model = createModel(maxKeys);
      for (const change of list) {
        model.change(change);
        for (let key = 0; key < KEYS; key++) expect(model.answer(key)).toBeGreaterThanOrEqual(model.owes(key));
      }
    }));
  });

  test('never lowers the smallest debt of a full set', () => {
    fc.assert(fc.property(changes(KEYS), (list) => {
      const model = createModel(8);
      for (let key = 0; key < KEYS; key++) model.change({ key, units: 1 + key });
      for (const change of list) {
        const before = model.least();
        model.change(change);
        expect(model.least()).toBeGreaterThanOrEqual(before);
      }
    }));
  });

  test('lets no key owe more for what it gives back', () => {
    fc.assert(fc.property(changes(KEYS), (list) => {
      const model = createModel(8);
      for (const change of list) {
        const before = model.answer(change.key);
        model.change(change);
        if (change.units < 0) expect(model.answer(change.key)).toBeLessThanOrEqual(before);
      }
    }));
  });

  test('tells exactly what each key owes, while a set has room', () => {
    fc.assert(fc.property(changes(7), (list) => {
      const model = createModel(8);
      for (const change of list) {
        model.change(change);
        for (let key = 0; key < 7; key++) expect(model.answer(key)).toBe(model.owes(key));
      }
    }));
  });
});

describe('memoryStore() with units that are given back', () => {
  const call = fc.record({
    key: fc.nat(29).map((number) => `k${number}`),
    what: fc.constantFrom('consume', 'consume', 'consume', 'refund', 'reset'),
    cost: fc.integer({ min: 0, max: 7 }),
    waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.integer({ min: -300, max: -1 })),
  });

  test('admits nobody whom a store with room for all would not, under more keys than it holds', () => {
    fc.assert(fc.property(fc.array(call, { maxLength: 150, size: 'max' }), (calls) => {
      let nowMs = 1_700_000_000_000;
      const limits = [{ name: 'a', limit: 5, windowSeconds: 1 }];
      const limiter = createLimiter({ store: memoryStore({ maxKeys: 8, clock: () => nowMs }), limits });
      const unit = gcra.compile({ limit: 5, windowUs: 1_000_000, burst: undefined });
      const states = new Map<string, unknown>();
      for (const { key, what, cost, waitMs } of calls) {
        nowMs += waitMs;
        if (what === 'reset') {
          expect(limiter.reset(key)).toBeUndefined();
          states.delete(key);
          continue;
        }
        const isTaking = what === 'consume';
        const decision = isTaking ? limiter.consume(key, { cost }) : limiter.refund(key, { cost });
        if (decision instanceof Promise) throw new Error('The memory store answers at once.');
        if (decision?.allowed === false || (!isTaking && cost === 0)) continue;
        const { ok, state } = gcra.step.apply(
          states.get(key),
          { ...unit, cost: isTaking ? cost : -cost },
          nowMs * 1000,
        );
        expect(ok).toBe(true);
        states.set(key, state);
      }
    }));
  });

  test('gives all of it back, while a set has room', () => {
    let nowMs = 1_700_000_000_000;
    const limits = [{ name: 'a', limit: 5, windowSeconds: 1 }];
    const limiter = createLimiter({ store: memoryStore({ maxKeys: 8, clock: () => nowMs }), limits });
    for (let key = 0; key < 8; key++) limiter.consume(`k${key}`, { cost: 5 });
    nowMs += 1000;
    for (let key = 0; key < 7; key++) {
      limiter.consume(`k${key}`, { cost: 5 });
      limiter.refund(`k${key}`, { cost: 3 });
      expect(limiter.peek(`k${key}`)).toMatchObject({ limits: [{ remaining: 3 }] });
    }
  });
});
