import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claim } from '../../src/store/claim.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Group, Step } from '../../src/store/step.ts';
import type { StoreAnswer } from '../../src/store/store.ts';
import { drop, swap } from '../../src/store/swap.ts';

/** A debt step for tests: adds, up to a bound. */
const add: Step<number, { readonly by: number; readonly most: number }, number> = {
  name: 'add',
  kind: 'debt',
  apply: (state = 0, { by, most }) => ({ ok: state + by <= most, state: state + by, ttlMs: 1, result: state }),
};

function run(store: ReturnType<typeof memoryStore>, ...groups: Group[]): StoreAnswer {
  const answer = store.run(groups);
  if (answer instanceof Promise) throw new Error('The memory store must be synchronous.');
  return answer;
}

const adding = (key: string, by: number, most: number, space = 'rule') => ({
  step: add,
  space,
  key,
  args: { by, most },
});
const claiming = (key: string, value = 'v', ttlMs = 1000, space = 'jti') => ({
  step: claim,
  space,
  key,
  args: { value, ttlMs },
});

const dropping = (key: string, expected = 'v', space = 'jti') => ({ step: drop, space, key, args: { expected } });
const swapping = (key: string, expected: string | null, value: string, ttlMs = 1000) => ({
  step: swap,
  space: 'jti',
  key,
  args: { expected, value, ttlMs },
});

describe('memoryStore()', () => {
  test('remembers the state that a step returns', () => {
    const store = memoryStore();
    run(store, [adding('a', 3, 10)]);
    expect(run(store, [adding('a', 3, 10)]).groups[0]?.results).toEqual([3]);
  });

  test('answers synchronously, with the time it used', () => {
    expect(run(memoryStore({ clock: () => 1234 }), []).nowMs).toBe(1234);
  });

  // Adapters tell milliseconds with a fraction; most such fractions are no doubles.
  test('passes its steps whole microseconds, to the nearest', () => {
    let nowMs = 0;
    const told: Step = {
      name: 'told',
      kind: 'value',
      apply: (_, __, nowUs) => ({ ok: false, state: 0, ttlMs: 1, result: nowUs }),
    };
    const store = memoryStore({ clock: () => nowMs });
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e15 }), (us) => {
      nowMs = us / 1000;
      expect(run(store, [{ step: told, space: 's', key: 'k', args: {} }]).groups[0]?.results).toEqual([us]);
    }));
  });

  test('writes nothing when a step says no', () => {
    const store = memoryStore();
    run(store, [adding('a', 8, 10)]);
    expect(run(store, [adding('a', 3, 10)]).groups[0]?.ok).toBe(false);
    expect(run(store, [adding('a', 2, 10)]).groups[0]?.ok).toBe(true);
  });

  test('writes nothing of a group in which one step says no', () => {
    const store = memoryStore();
    const denied = run(store, [adding('a', 1, 10), claiming('x'), adding('b', 99, 10)]);
    expect(denied.groups[0]?.ok).toBe(false);
    const after = run(store, [adding('a', 1, 10), claiming('x'), adding('b', 1, 10)]);
    expect(after.groups[0]).toEqual({ ok: true, results: [0, { claimed: true, value: 'v' }, 0] });
  });

  // Plans that are made of requests would else take a table each, for ever.
  test('holds the debts of at most 256 rules, and refuses more', () => {
    const store = memoryStore({ maxKeys: 8 });
    for (let rule = 0; rule < 256; rule++) run(store, [adding('a', 1, 10, `rule-${rule}`)]);
    expect(() => run(store, [adding('a', 1, 10, 'one more')])).toThrow(
      expect.objectContaining({ code: 'store_unavailable' }),
    );
    expect(run(store, [adding('a', 1, 10, 'rule-0')]).groups[0]?.results).toEqual([1]);
  });

  test.each([5, undefined, null, {}])('throws for a key that is no string: %j', (key) => {
    const call = Object.assign(adding('a', 1, 10), { key });
    expect(() => Reflect.apply(memoryStore().run, undefined, [[[call]]])).toThrow(TypeError);
  });

  // NaN would never lapse.
  test.each([NaN, 0, -1, 0.5, Infinity])(
    'throws for a step whose value lives for %d ms, and writes nothing',
    (ttlMs) => {
      const store = memoryStore();
      const odd: Step = {
        name: 'odd',
        kind: 'value',
        apply: (state) => ({ ok: true, state: 1, ttlMs, result: state }),
      };
      const call = { space: 's', key: 'k', args: undefined };
      expect(() => run(store, [{ ...call, step: odd }])).toThrow(TypeError);
      const look: Step = { ...odd, apply: (state) => ({ ok: false, state: 1, ttlMs: 1, result: state }) };
      expect(run(store, [{ ...call, step: look }]).groups[0]?.results).toEqual([undefined]);
    },
  );

  test('rolls a group back when a step throws, and passes the error on', () => {
    const store = memoryStore();
    const broken: Step = {
      name: 'broken',
      kind: 'value',
      apply: () => {
        throw new Error('broken step');
      },
    };
    expect(() => run(store, [adding('a', 1, 10), { step: broken, space: 's', key: 'k', args: {} }])).toThrow(
      'broken step',
    );
    expect(run(store, [adding('a', 0, 10)]).groups[0]?.results).toEqual([0]);
  });

  test('accumulates when one cell is reached twice in a group', () => {
    const store = memoryStore();
    expect(run(store, [adding('a', 6, 10), adding('a', 6, 10)]).groups[0]?.ok).toBe(false);
    expect(run(store, [adding('a', 5, 10), adding('a', 5, 10)]).groups[0]?.results).toEqual([0, 5]);
  });

  // Allowed and forgotten is unlimited.
  test.each([undefined, '7', Number.NaN, Infinity])(
    'throws when a step allows a debt of %o, and writes nothing',
    (state) => {
      const store = memoryStore();
      const broken: Step = { name: 'broken', kind: 'debt', apply: () => ({ ok: true, state, ttlMs: 1, result: 0 }) };
      const call = { step: broken, space: 's', key: 'k', args: {} };
      expect(() => run(store, [adding('a', 1, 10), call])).toThrow(TypeError);
      expect(run(store, [adding('a', 0, 10)]).groups[0]?.results).toEqual([0]);
    },
  );

  test('keeps equal keys of different spaces apart', () => {
    const store = memoryStore();
    run(store, [adding('a', 7, 10, 'one'), claiming('k', 'first', 1000, 'one')]);
    const other = run(store, [adding('a', 7, 10, 'two'), claiming('k', 'second', 1000, 'two')]);
    expect(other.groups[0]?.ok).toBe(true);
  });

  test('keeps a space and key apart from another split of the same text', () => {
    const store = memoryStore();
    run(store, [claiming('b:c', 'v', 1000, 'a')]);
    expect(run(store, [claiming('c', 'v', 1000, 'a:b')]).groups[0]?.ok).toBe(true);
  });

  // Keys are the attacker's: object keys, array indexes, lone surrogates, a megabyte.
  const WEIRD_KEYS = ['', '__proto__', 'constructor', '0', '4294967295', '\ud800', '\u0000', 'x'.repeat(1_000_000)];
  test('holds any text as a key, each by itself', () => {
    const store = memoryStore();
    for (const key of WEIRD_KEYS) expect(run(store, [adding(key, 6, 10), claiming(key)]).groups[0]?.ok).toBe(true);
    for (const key of WEIRD_KEYS) expect(run(store, [adding(key, 6, 10)]).groups[0]?.ok).toBe(false);
    for (const key of WEIRD_KEYS) expect(run(store, [claiming(key)]).groups[0]?.ok).toBe(false);
  });

  test('keeps long claims of a common beginning apart', () => {
    const store = memoryStore();
    run(store, [claiming('x'.repeat(500) + 'a')]);
    expect(run(store, [claiming('x'.repeat(500) + 'b')]).groups[0]?.ok).toBe(true);
  });

  test('never tells a debt smaller than what was written, however many keys flood it', () => {
    const store = memoryStore({ maxKeys: 8 });
    const owed = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.integer({ min: 1, max: 5 })), { maxLength: 200 }),
        (calls) => {
          for (const [key, by] of calls) {
            const told = run(store, [adding(key, by, Infinity)]).groups[0]?.results[0];
            expect(told).toBeGreaterThanOrEqual(owed.get(key) ?? 0);
            owed.set(key, (owed.get(key) ?? 0) + by);
          }
        },
      ),
    );
  });

  test('keeps the greatest debt when strangers come: an abuser is the last to be forgotten', () => {
    const store = memoryStore({ maxKeys: 8 });
    run(store, [adding('abuser', 1_000_000, Infinity)]);
    for (let stranger = 0; stranger < 10_000; stranger++) run(store, [adding(`stranger-${stranger}`, 1, Infinity)]);
    expect(run(store, [adding('abuser', 0, Infinity)]).groups[0]?.results[0]).toBeGreaterThanOrEqual(1_000_000);
  });

  test('forgets a claim when it lapses', () => {
    let nowMs = 0;
    const store = memoryStore({ clock: () => nowMs });
    run(store, [claiming('k', 'v', 100)]);
    nowMs = 99;
    expect(run(store, [claiming('k')]).groups[0]?.ok).toBe(false);
    nowMs = 100;
    expect(run(store, [claiming('k')]).groups[0]?.ok).toBe(true);
  });

  test('forgets what a step returns no state for', () => {
    const store = memoryStore({ clock: () => 0 });
    run(store, [claiming('k')]);
    expect(run(store, [dropping('k')]).groups[0]).toEqual({ ok: true, results: ['v'] });
    expect(run(store, [dropping('k')]).groups[0]).toEqual({ ok: false, results: [null] });
    expect(run(store, [claiming('k')]).groups[0]?.ok).toBe(true);
  });

  test('makes room by what is forgotten', () => {
    const store = memoryStore({ maxKeys: 8, clock: () => 0 });
    for (let key = 0; key < 100; key++) {
      expect(run(store, [claiming(`k${key}`)], [dropping(`k${key}`)]).groups[1]?.ok).toBe(true);
    }
  });

  test('has forgotten nothing when another step of the group says no', () => {
    const store = memoryStore({ clock: () => 0 });
    run(store, [claiming('k')]);
    expect(run(store, [dropping('k'), dropping('none')]).groups[0]).toEqual({ ok: false, results: ['v', null] });
    expect(run(store, [claiming('k', 'other')]).groups[0]?.results).toEqual([{ claimed: false, value: 'v' }]);
  });

  test('has a step see what an earlier one of its group did, and puts all back together', () => {
    const store = memoryStore({ clock: () => 0 });
    run(store, [claiming('k', 'one')]);
    const turns = [
      swapping('k', 'one', 'two'),
      dropping('k', 'two'),
      claiming('k', 'three'),
      swapping('new', null, 'x'),
    ];
    const denied = run(store, [...turns, swapping('new', null, 'y')]);
    expect(denied.groups[0]).toEqual({
      ok: false,
      results: ['one', 'two', { claimed: true, value: 'three' }, null, 'x'],
    });
    const after = run(store, [swapping('k', 'one', 'one'), swapping('new', null, 'z')]);
    expect(after.groups[0]).toEqual({ ok: true, results: ['one', null] });
  });

  test('puts back when what it had forgotten lapses', () => {
    let nowMs = 0;
    const store = memoryStore({ clock: () => nowMs });
    run(store, [claiming('k', 'v', 100)]);
    nowMs = 50;
    run(store, [dropping('k'), claiming('k', 'w', 100), dropping('none')]);
    nowMs = 99;
    expect(run(store, [claiming('k')]).groups[0]?.ok).toBe(false);
    nowMs = 100;
    expect(run(store, [claiming('k')]).groups[0]?.ok).toBe(true);
  });

  test('writes all of a group or nothing, in every history', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const value = fc.constantFrom('', 'v', 'w');
    const call = fc.oneof(
      fc.tuple(key, value).map(([at, to]) => claiming(at, to)),
      fc.tuple(key, value).map(([at, old]) => dropping(at, old)),
      fc.tuple(key, fc.option(value), value).map(([at, old, to]) => swapping(at, old, to)),
    );
    fc.assert(fc.property(fc.array(fc.array(call, { maxLength: 4 }), { maxLength: 20 }), (groups) => {
      const store = memoryStore({ maxKeys: 8, clock: () => 0 });
      let cells = new Map<string, unknown>();
      for (const group of groups) {
        const draft = new Map(cells);
        let ok = true;
        const results = group.map((asked) => {
          const outcome = (asked.step as Step).apply(draft.get(asked.key), asked.args, 0);
          if (outcome.ok) draft.set(asked.key, outcome.state);
          ok &&= outcome.ok;
          return outcome.result;
        });
        expect(run(store, group).groups[0]).toEqual({ ok, results });
        if (ok) cells = draft;
      }
    }));
  });

  // Evicting a live claim would accept a replay.
  test('refuses a new claim when it is full of live ones, and forgets none', () => {
    const store = memoryStore({ maxKeys: 8 });
    for (let key = 0; key < 8; key++) run(store, [claiming(`k${key}`)]);
    expect(() => run(store, [claiming('one too many')])).toThrow(
      expect.objectContaining({ code: 'store_unavailable' }),
    );
    for (let key = 0; key < 8; key++) expect(run(store, [claiming(`k${key}`)]).groups[0]?.ok).toBe(false);
  });

  test('makes room of lapsed claims when it is full', () => {
    let nowMs = 0;
    const store = memoryStore({ maxKeys: 8, clock: () => nowMs });
    for (let key = 0; key < 8; key++) run(store, [claiming(`k${key}`, 'v', 100)]);
    nowMs = 101;
    for (let key = 0; key < 8; key++) expect(run(store, [claiming(`new${key}`)]).groups[0]?.ok).toBe(true);
  });

  test.each([
    [{ maxKeys: 7 }, RangeError],
    [{ maxKeys: 2 ** 26 + 1 }, RangeError],
    [{ maxKeys: Number.NaN }, RangeError],
    [{ maxKey: 100 }, TypeError],
    [{ clock: 5 }, TypeError],
  ])('throws at creation for %o', (options, error) => {
    // Callers without types pass such options.
    expect(() => memoryStore(options as never)).toThrow(error);
  });
});
