import { describe, expect, test } from 'vitest';
import { storeConformance } from '../../src/store/conformance.ts';
import { kvStore } from '../../src/store/kv.ts';
import { createMapKv } from '../../src/store/map-kv.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { StepOutcome } from '../../src/store/step.ts';
import type { Store } from '../../src/store/store.ts';
import { brokenStore, type StoreParts } from './broken-store.ts';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const refused: StepOutcome<undefined, undefined> = { ok: true, state: undefined, ttlMs: 1, result: undefined };
let last = 2e12;

const stores: readonly (readonly [name: string, make: () => Store])[] = [
  ['memoryStore()', () => memoryStore()],
  ['kvStore() upon a Map', () => kvStore(createMapKv())],
  ['a sound store of the tests', () => brokenStore({})],
];

describe.each(stores)('%s keeps the contract: it', (_, make) => {
  test.each(storeConformance(make))('$name', ({ run }) => run());
});

/** Each breaks the contract, and is caught by the case that is named. */
const broken: readonly (readonly [what: string, parts: Partial<StoreParts>, rule: string])[] = [
  ['forgets', { mayWrite: () => false }, 'remembers what a step decided'],
  ['holds text alone', {
    keep(cells, name, { state, ttlMs }, nowMs) {
      if (state !== undefined) {
        cells.set(name, { state: Array.isArray(state) ? String(state) : state, endsMs: nowMs + ttlMs });
      }
    },
  }, 'remembers what a step decided'],
  ['writes what is denied', { mayWrite: () => true }, 'writes nothing when a step says no'],
  ['says yes to everything', { answer: (_, results) => ({ ok: true, results }) }, 'writes nothing when a step says no'],
  [
    'writes a part of a denied group',
    { mayWrite: ({ ok }) => ok },
    'writes nothing of a group in which one step says no',
  ],
  [
    'reads each step what stood before the group',
    { accumulates: false },
    'runs the steps of a group in order, each upon what the one before it left',
  ],
  [
    'answers in another order',
    { answer: (ok, results) => ({ ok, results: [...results].reverse() }) },
    'runs the steps of a group in order, each upon what the one before it left',
  ],
  [
    'runs the last group first',
    { arrange: (groups) => [...groups].reverse() },
    'runs groups in order, and each for itself',
  ],
  ['joins its groups', { arrange: (groups) => [groups.flat()] }, 'runs groups in order, and each for itself'],
  ['drops empty groups', { arrange: (groups) => groups.filter(({ length }) => length > 0) }, 'runs groups in order'],
  ['writes before it knows', { sticks: true }, 'leaves nothing written of a group in which a step throws'],
  ['allows what fails', {
    runStep: ({ step, args }, state, nowUs) => {
      try {
        return step.apply(state, args, nowUs);
      } catch {
        return refused;
      }
    },
  }, 'leaves nothing written of a group in which a step throws'],
  ['allows a debt without a number', {
    runStep: ({ step, args }, state, nowUs) => step.apply(state, args, nowUs),
  }, 'never takes an answer that it cannot read for a yes'],
  ['lets others come between', { before: () => pause(0) }, 'lets one of many who expect the same value swap it'],
  [
    'lets others come between',
    { before: () => pause(0) },
    'lets one of many at once claim a key, and tells all others its value',
  ],
  ['lets others come between', { before: () => pause(0) }, 'admits exactly the bound of many at once'],
  [
    'lets others come between, but for single steps',
    { before: (group) => group.length === 2 ? pause(1) : Promise.resolve() },
    'keeps groups apart that reach the same keys at once in another order',
  ],
  ['never replaces', {
    keep(cells, name, { state, ttlMs }, nowMs) {
      if (!cells.has(name)) cells.set(name, { state, endsMs: nowMs + ttlMs });
    },
  }, 'lets one of many who expect the same value swap it'],
  ['never deletes', {
    keep(cells, name, { state, ttlMs }, nowMs) {
      if (state !== undefined) cells.set(name, { state, endsMs: nowMs + ttlMs });
    },
  }, 'forgets what is dropped, and only that'],
  [
    'knows no spaces',
    { nameOf: ({ key, step }) => `${step.kind}:${key}` },
    'keeps equal keys of different spaces apart',
  ],
  [
    'joins space and key with a colon',
    { nameOf: ({ key, space, step }) => `${step.kind}:${space}:${key}` },
    'keeps other splits of the same text apart',
  ],
  [
    'cuts keys',
    { nameOf: ({ key, space, step }) => JSON.stringify([step.kind, space, key.slice(0, 128)]) },
    'holds any text as a key, each by itself',
  ],
  [
    'trims keys',
    { nameOf: ({ key, space, step }) => JSON.stringify([step.kind, space, key.trim()]) },
    'holds any text as a key, each by itself',
  ],
  [
    'takes keys for numbers',
    { nameOf: ({ key, space, step }) => JSON.stringify([step.kind, space, /^\d+$/.test(key) ? Number(key) : key]) },
    'holds any text as a key, each by itself',
  ],
  [
    'normalises keys',
    { nameOf: ({ key, space, step }) => JSON.stringify([step.kind, space, key.normalize()]) },
    'holds any text as a key, each by itself',
  ],
  ['finds what every object has', {
    find: (cells, name) => name.includes('__proto__') ? {} : cells.get(name)?.state,
  }, 'holds any text as a key, each by itself'],
  [
    'writes keys in UTF-8',
    { nameOf: ({ key, space, step }) => JSON.stringify([step.kind, space, key.toWellFormed()]) },
    'keeps halves of surrogate pairs apart, or refuses them',
  ],
  [
    'forgets too early',
    {
      find: (cells, name, nowMs) =>
        ((cell) => cell && cell.endsMs - 150 > nowMs ? cell.state : undefined)(cells.get(name)),
    },
    'keeps a value until its time is over',
  ],
  ['never forgets', { find: (cells, name) => cells.get(name)?.state }, 'forgets a value when its time is over'],
  ['tells the time in seconds', { clock: () => 1.8e9 }, 'tells the time in milliseconds, and never an earlier one'],
  ['tells no time', { clock: () => NaN }, 'tells the time in milliseconds, and never an earlier one'],
  ['lives backwards', { clock: () => --last }, 'tells the time in milliseconds, and never an earlier one'],
  ['stopped its clock', { clock: () => 2e12 }, 'tells the time in milliseconds, and never an earlier one'],
];

describe('storeConformance() catches a store that', () => {
  test.each(broken)('%s', async (_, parts, rule) => {
    const found = storeConformance(() => brokenStore(parts)).find(({ name }) => name.startsWith(rule));
    await expect(found?.run()).rejects.toThrow(/^(It|Two|Of|A |Its|What|\d)/);
  });

  test('does not answer, or throws, or answers nonsense', async () => {
    const nonsense: readonly Store[] = [
      { run: () => Promise.reject(new Error('down')) },
      { run: () => ({ nowMs: 1, groups: [] }) },
      // Stores without types may.
      { run: (groups) => ({ nowMs: 1, groups: groups.map(() => ({ ok: 1, results: [] })) }) as never },
      { run: (groups) => ({ nowMs: 1, groups: groups.map(() => ({ ok: true, results: [] })) }) },
    ];
    for (const store of nonsense) {
      for (const { run } of storeConformance(() => store)) await expect(run()).rejects.toThrow();
    }
  });
});

describe('storeConformance()', () => {
  test('has no case that cannot fail', () => {
    const rules = broken.map(([, , rule]) => rule);
    const names = storeConformance(() => memoryStore()).map(({ name }) => name);
    expect(names.filter((name) => !rules.some((rule) => name.startsWith(rule)))).toEqual([]);
  });

  test('makes a store for each case', async () => {
    let made = 0;
    const cases = storeConformance(() => {
      made++;
      return memoryStore();
    });
    expect(made).toBe(0);
    await cases[0]?.run();
    await cases[1]?.run();
    expect(made).toBe(2);
  });

  test('throws for what makes no store', () => {
    expect(() => storeConformance(memoryStore() as never)).toThrow(TypeError);
  });
});
