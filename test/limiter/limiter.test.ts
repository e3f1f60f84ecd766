import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { PER_SECOND, setUp } from './set-up.ts';

const PER_MINUTE = { name: 'minute', limit: 15, windowSeconds: 60 };

describe('createLimiter()', () => {
  test('counts down, then denies', () => {
    const { consume } = setUp(PER_SECOND);
    const remaining = Array.from({ length: 10 }, () => consume('a').limits[0]?.remaining);
    expect(remaining).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(consume('a')).toMatchObject({ allowed: false, reason: 'limited', limits: [{ remaining: 0 }] });
  });

  test('keeps keys apart', () => {
    const { consume } = setUp({ ...PER_SECOND, limit: 1 });
    expect([consume('a').allowed, consume('b').allowed, consume('a').allowed]).toEqual([true, true, false]);
  });

  test('admits at retryAfterSeconds, and not a microsecond before', () => {
    const { consume, advance } = setUp(PER_SECOND);
    consume('a', 10);
    const { retryAfterSeconds } = consume('a', 3);
    expect(retryAfterSeconds).toBe(0.3);
    advance(retryAfterSeconds * 1000 - 1);
    expect(consume('a', 3).allowed).toBe(false);
    advance(1);
    expect(consume('a', 3).allowed).toBe(true);
  });

  test('tells how long until the whole burst is there again', () => {
    const { consume } = setUp(PER_SECOND);
    expect(consume('a', 4).limits[0]?.resetSeconds).toBe(0.4);
  });

  // rate-limiter-flexible and others count refused requests: a client that retries is locked out for good.
  test('lets a refused request cost nothing', () => {
    const { consume, advance } = setUp(PER_SECOND);
    consume('a', 10);
    for (let n = 0; n < 1000; n++) consume('a', 5);
    advance(500);
    expect(consume('a', 5).allowed).toBe(true);
  });

  test('takes from no limit when one of several has too little', () => {
    const { consume, advance } = setUp(PER_SECOND, PER_MINUTE);
    expect(consume('a', 10).allowed).toBe(true);
    advance(1000);
    // 5 are left for the minute (and a fraction paid back): 10 are refused by it, and the second keeps its 10.
    const denied = consume('a', 10);
    expect(denied.allowed).toBe(false);
    expect(denied.limits.map((limit) => limit.remaining)).toEqual([10, 5]);
    expect(consume('a', 5).allowed).toBe(true);
  });

  test('decides the same in whatever order the limits stand', () => {
    const cost = fc.integer({ min: 0, max: 12 });
    const calls = fc.array(fc.record({ cost, waitMs: fc.integer({ min: 0, max: 2000 }) }), { maxLength: 40 });
    fc.assert(fc.property(calls, (history) => {
      const [forward, backward] = [setUp(PER_SECOND, PER_MINUTE), setUp(PER_MINUTE, PER_SECOND)];
      for (const call of history) {
        forward.advance(call.waitMs);
        backward.advance(call.waitMs);
        const [one, other] = [forward.consume('a', call.cost), backward.consume('a', call.cost)];
        expect(one).toEqual({ ...other, limits: [...other.limits].reverse() });
      }
    }));
  });

  test('never admits more than burst + elapsed / interval between any two requests', () => {
    const calls = fc.array(
      fc.record({ cost: fc.integer({ min: 1, max: 4 }), waitMs: fc.integer({ min: 0, max: 700 }) }),
      { maxLength: 60 },
    );
    fc.assert(fc.property(calls, (history) => {
      const { consume, advance } = setUp(PER_SECOND);
      const admitted: { readonly at: number; readonly cost: number }[] = [];
      let at = 0;
      for (const call of history) {
        advance(call.waitMs);
        at += call.waitMs;
        if (consume('a', call.cost).allowed) admitted.push({ at, cost: call.cost });
      }
      for (let i = 0; i < admitted.length; i++) {
        let sum = 0;
        for (let j = i; j < admitted.length; j++) {
          sum += admitted[j]?.cost ?? 0;
          expect(sum).toBeLessThanOrEqual(10 + ((admitted[j]?.at ?? 0) - (admitted[i]?.at ?? 0)) / 100);
        }
      }
    }));
  });

  test('shares counts between limiters that name the same rule on one store', () => {
    const store = memoryStore({ clock: () => 0 });
    const [one, two] = [createLimiter({ store, limits: [PER_SECOND] }), createLimiter({ store, limits: [PER_SECOND] })];
    one.consume('a', { cost: 10 });
    expect(two.consume('a')).toMatchObject({ allowed: false });
  });

  test('keeps a rule of the same name with other numbers apart', () => {
    const store = memoryStore({ clock: () => 0 });
    createLimiter({ store, limits: [PER_SECOND] }).consume('a', { cost: 10 });
    expect(createLimiter({ store, limits: [{ ...PER_SECOND, limit: 5 }] }).consume('a')).toMatchObject({
      allowed: true,
    });
  });

  test('allows a burst above and below the limit', () => {
    const { consume } = setUp({ ...PER_SECOND, burst: 3 });
    expect([consume('a', 3).allowed, consume('a', 1).allowed]).toEqual([true, false]);
  });

  test('says Infinity for a cost that can never be admitted', () => {
    expect(setUp(PER_SECOND).consume('a', 11)).toMatchObject({ allowed: false, retryAfterSeconds: Infinity });
  });

  test.each([-1, 0.5, Number.NaN, Infinity])('throws for a cost of %d', (cost) => {
    expect(() => setUp(PER_SECOND).consume('a', cost)).toThrow(RangeError);
  });

  // 24.8 days is where setTimeout overflows and other limiters switch themselves off.
  test.each([0.001, 1, 86_400 * 30, 315_360_000])('holds a limit over %d seconds', (windowSeconds) => {
    const { consume, advance } = setUp({ name: 'w', limit: 2, windowSeconds });
    expect([consume('a').allowed, consume('a').allowed, consume('a').allowed]).toEqual([true, true, false]);
    advance(windowSeconds * 1000);
    expect(consume('a', 2).allowed).toBe(true);
  });

  // Somewhere in the process a merge of untrusted JSON goes wrong: it must not make every request free.
  test('takes no cost from a polluted prototype', () => {
    const limiter = createLimiter({ store: memoryStore(), limits: [{ ...PER_SECOND, limit: 1, windowSeconds: 60 }] });
    Object.defineProperty(Object.prototype, 'cost', { value: 0, configurable: true });
    try {
      limiter.consume('a');
      expect(limiter.consume('a')).toMatchObject({ allowed: false });
    } finally {
      Reflect.deleteProperty(Object.prototype, 'cost');
    }
  });

  const STORES: readonly (readonly [string, Store])[] = [
    ['throws', {
      run: () => {
        throw new Error('down');
      },
    }],
    ['rejects', { run: () => Promise.reject(new Error('down')) }],
    ['answers nothing', { run: () => ({ nowMs: 0, groups: [] }) }],
    ['answers short', { run: () => ({ nowMs: 0, groups: [{ ok: true, results: [] }] }) }],
    ['answers NaN', { run: () => ({ nowMs: 0, groups: [{ ok: true, results: [Number.NaN] }] }) }],
    ['answers a hole', { run: () => ({ nowMs: 0, groups: [{ ok: true, results: new Array(1) }] }) }],
    // A reply that is no boolean must never count as a yes.
    ['answers a truthy text', { run: () => ({ nowMs: 0, groups: [{ ok: 'no' as never, results: [0] }] }) }],
    ['answers null', { run: () => null as never }],
  ];
  test.each(STORES)('refuses with store_unavailable when the store %s', async (_how, store) => {
    const limiter = createLimiter({ store, limits: [PER_SECOND] });
    const attempt = (async () => await limiter.consume('a'))();
    await expect(attempt).rejects.toMatchObject({ code: 'store_unavailable', status: 503 });
  });

  test('decides through an asynchronous store as through a synchronous one', async () => {
    const memory = memoryStore({ clock: () => 0 });
    const limiter = createLimiter({ store: { run: async (groups) => await memory.run(groups) }, limits: [PER_SECOND] });
    expect(await limiter.consume('a')).toMatchObject({ allowed: true, limits: [{ remaining: 9 }] });
  });

  const WRONG: readonly (readonly [string, unknown])[] = [
    ['no store', { limits: [PER_SECOND] }],
    ['no limits', { store: memoryStore(), limits: [] }],
    ['limits that are no list', { store: memoryStore(), limits: PER_SECOND }],
    ['two limits of one name', { store: memoryStore(), limits: [PER_SECOND, PER_SECOND] }],
    ['an unknown option', { store: memoryStore(), limits: [PER_SECOND], whenFails: 'open' }],
    ['a limit of 0', { store: memoryStore(), limits: [{ ...PER_SECOND, limit: 0 }] }],
    ['a negative limit', { store: memoryStore(), limits: [{ ...PER_SECOND, limit: -1 }] }],
    ['half a limit', { store: memoryStore(), limits: [{ ...PER_SECOND, limit: 0.5 }] }],
    ['a limit as text', { store: memoryStore(), limits: [{ ...PER_SECOND, limit: '10' }] }],
    ['a window of 0', { store: memoryStore(), limits: [{ ...PER_SECOND, windowSeconds: 0 }] }],
    ['a window of NaN', { store: memoryStore(), limits: [{ ...PER_SECOND, windowSeconds: Number.NaN }] }],
    ['a window of eleven years', { store: memoryStore(), limits: [{ ...PER_SECOND, windowSeconds: 346_896_000 }] }],
    ['a burst of 0', { store: memoryStore(), limits: [{ ...PER_SECOND, burst: 0 }] }],
    ['a burst of a century', {
      store: memoryStore(),
      limits: [{ name: 'y', limit: 1, windowSeconds: 315_360_000, burst: 1000 }],
    }],
    ['two million a second', { store: memoryStore(), limits: [{ ...PER_SECOND, limit: 2_000_000 }] }],
    ['a misspelt limit option', { store: memoryStore(), limits: [{ ...PER_SECOND, brust: 3 }] }],
    // The name stands in a header.
    ['a name that breaks out of its quotes', { store: memoryStore(), limits: [{ ...PER_SECOND, name: 'a"\r\nx' }] }],
    ['an empty name', { store: memoryStore(), limits: [{ ...PER_SECOND, name: '' }] }],
  ];
  test.each(WRONG)('throws at creation for %s', (_what, options) => {
    expect(() => createLimiter(options as never)).toThrow(/^Cannot create limiter: /);
  });

  test('is not changed by changing the options afterwards', () => {
    const limits = [{ ...PER_SECOND, limit: 1 }];
    const limiter = createLimiter({ store: memoryStore({ clock: () => 0 }), limits });
    const first = limits[0];
    if (first !== undefined) first.limit = 1000;
    limits.length = 0;
    limiter.consume('a');
    expect(limiter.consume('a')).toMatchObject({ allowed: false });
  });

  // Numbers would all have the same text of no length, and an object none.
  test.each([5, undefined, null, {}])('throws for a key that is no string: %j', (key) => {
    const limiter = createLimiter({ store: memoryStore(), limits: [{ name: 'a', limit: 1, windowSeconds: 1 }] });
    expect(() => Reflect.apply(limiter.consume, undefined, [key])).toThrow(TypeError);
    expect(() => Reflect.apply(limiter.peek, undefined, [key])).toThrow(TypeError);
  });

  test('takes one unit, whatever cost somebody put on every object', () => {
    const limiter = createLimiter({ store: memoryStore(), limits: [{ name: 'a', limit: 2, windowSeconds: 60 }] });
    Reflect.set(Object.prototype, 'cost', 0);
    try {
      const allowed = Array.from({ length: 3 }, () => Reflect.get(Object(limiter.consume('k', {})), 'allowed'));
      expect(allowed).toEqual([true, true, false]);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'cost');
    }
  });
});
