import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import type { LimitOptions } from '../../src/limiter/limit.ts';
import { createLimiter, type Limiter, type LimiterOptions } from '../../src/limiter/limiter.ts';
import { claim } from '../../src/store/claim.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store, StoreAnswer } from '../../src/store/store.ts';
import { withPolluted } from './polluted.ts';

const LIMITS: readonly LimitOptions[] = [{ name: 'a', limit: 2, windowSeconds: 60 }];

type Behaviour = () => StoreAnswer | Promise<StoreAnswer>;
type Command = (limiter: Limiter) => unknown;

const COMMANDS: readonly (readonly [string, Command])[] = [
  ['refund', (limiter) => limiter.refund('k')],
  ['reset', (limiter) => limiter.reset('k')],
  ['block', (limiter) => limiter.block('k', 60)],
];

const FAULTS: readonly (readonly [string, Behaviour])[] = [
  ['throws', (): never => {
    throw new Error('The connection is closed.');
  }],
  ['rejects', () => Promise.reject(new Error('The connection is closed.'))],
  ['never answers', () => new Promise(() => undefined)],
  ['answers nothing', () => ({ nowMs: 0, groups: [] })],
  // It cannot be refused: whoever is told no has not been heard.
  ['says no', () => Promise.resolve({ nowMs: 0, groups: [{ ok: false, results: [0] }] })],
];

const MODES: readonly (readonly [string, () => Partial<LimiterOptions>])[] = [
  ['closed', () => ({ whenStoreFails: 'closed' })],
  ['open', () => ({ whenStoreFails: 'open' })],
  ['another store', () => ({ whenStoreFails: memoryStore() })],
];

const LISTENERS: readonly (readonly [string, () => void])[] = [
  ['throws', (): never => {
    throw new Error('The log is full.');
  }],
  ['rejects', () => Promise.reject(new Error('The log is full.'))],
];

interface Desk {
  readonly limiter: Limiter;
  readonly errors: unknown[];
  /** What the store does next; undefined for what it should. */
  readonly behave: (next: Behaviour | undefined) => void;
}

function openDesk(options: Partial<LimiterOptions> = {}): Desk {
  let behaviour: Behaviour | undefined;
  const clock = (): number => 1_700_000_000_000;
  const errors: unknown[] = [];
  const inner = memoryStore({ clock });
  const store: Store = { run: (groups) => behaviour === undefined ? inner.run(groups) : behaviour() };
  const onStoreError = (error: unknown): void => void errors.push(error);
  return {
    limiter: createLimiter({ store, limits: LIMITS, blockable: true, timeoutMs: 20, clock, onStoreError, ...options }),
    errors,
    behave: (next) => void (behaviour = next),
  };
}

async function outcome(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return isRefusal(error) ? error.code : error;
  }
}

describe.each(COMMANDS)('Limiter.%s()', (_name, command) => {
  for (const [fault, behaviour] of FAULTS) {
    test.each(MODES)(`refuses when the store ${fault}, and fails %s, and tells so once`, async (_mode, options) => {
      const desk = openDesk(options());
      desk.behave(behaviour);
      expect(await outcome(() => command(desk.limiter))).toBe('store_unavailable');
      expect(desk.errors).toHaveLength(1);
      desk.behave(undefined);
      expect(await outcome(() => command(desk.limiter))).toBeUndefined();
    });
  }

  // A rejection that nobody handles ends a process of Node.
  test.each(LISTENERS)('is not disturbed by a listener that %s', async (_what, onStoreError) => {
    const desk = openDesk({ onStoreError });
    desk.behave(() => Promise.reject(new Error('The connection is closed.')));
    expect(await outcome(() => command(desk.limiter))).toBe('store_unavailable');
    await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test('answers at once when the store does', () => {
    expect(command(openDesk().limiter)).toBeUndefined();
  });

  // Numbers would all have the same text of no length, and an object none.
  test.each([5, undefined, null, {}])('throws for a key that is no string: %j', (key) => {
    const { limiter } = openDesk();
    const wrong: Limiter = {
      ...limiter,
      refund: () => Reflect.apply(limiter.refund, undefined, [key]),
      reset: () => Reflect.apply(limiter.reset, undefined, [key]),
      block: () => Reflect.apply(limiter.block, undefined, [key, 60]),
    };
    expect(() => command(wrong)).toThrow(TypeError);
  });
});

describe('Limiter.refund()', () => {
  test.each([-1, 0.5, NaN, Infinity, 2 ** 53, '1', {}])('throws for a cost of %j', (cost) => {
    const { limiter } = openDesk();
    expect(() => Reflect.apply(limiter.refund, undefined, ['k', { cost }])).toThrow(RangeError);
  });

  test('gives back one unit, whatever cost somebody put on every object', async () => {
    const { limiter } = openDesk();
    await limiter.consume('k', { cost: 2 });
    withPolluted('cost', 2, () => limiter.refund('k', {}));
    expect(await limiter.peek('k')).toMatchObject({ limits: [{ remaining: 1 }] });
  });

  test.each([false, null, 'yes', 1])('throws where an algorithm says %j of giving back', (givesBack) => {
    const algorithm = Object.assign({ ...gcra }, { givesBack });
    const { limiter } = openDesk({ limits: [{ name: 'a', limit: 2, windowSeconds: 60, algorithm }] });
    expect(() => limiter.refund('k')).toThrow(TypeError);
  });

  // An algorithm that has never heard of it would count to less than nothing.
  test('throws where only a polluted prototype says that the algorithm gives back', () => {
    const { givesBack: _, ...stingy } = gcra;
    const { limiter } = openDesk({ limits: [{ name: 'a', limit: 2, windowSeconds: 60, algorithm: stingy }] });
    const refund = withPolluted('givesBack', true, () => {
      try {
        return limiter.refund('k');
      } catch (error) {
        return error;
      }
    });
    expect(refund).toBeInstanceOf(TypeError);
  });
});

describe('Limiter.block()', () => {
  test.each([0, -1, NaN, Infinity, -Infinity, 315_360_001, '60', undefined, null])(
    'throws for %j seconds',
    (seconds) => {
      const { limiter } = openDesk();
      expect(() => Reflect.apply(limiter.block, undefined, ['k', seconds])).toThrow(RangeError);
      expect(limiter.consume('k')).toMatchObject({ allowed: true });
    },
  );

  test('takes the shortest time as a whole millisecond', () => {
    const { limiter } = openDesk();
    void limiter.block('k', Number.MIN_VALUE);
    expect(limiter.consume('k')).toMatchObject({ allowed: false, reason: 'blocked', retryAfterSeconds: 0.001 });
  });

  test('throws where the limiter is not blockable', () => {
    for (const options of [{ blockable: false }, {}]) {
      const limiter = createLimiter({ store: memoryStore(), limits: LIMITS, ...options });
      expect(() => limiter.block('k', 60)).toThrow(TypeError);
    }
  });

  test.each(['', 'n'.repeat(65), 1, null, {}])('is not switched on by %j', (blockable) => {
    const options = { store: memoryStore(), limits: LIMITS, blockable };
    expect(() => Reflect.apply(createLimiter, undefined, [options])).toThrow(TypeError);
  });

  test.each(['blockable', 'maxWaiting'])('is not made of a polluted prototype: %s', (name) => {
    const made = withPolluted(name, name === 'blockable' ? false : 0, () => {
      try {
        return createLimiter({ store: memoryStore(), limits: LIMITS });
      } catch (error) {
        return error;
      }
    });
    expect(made).toBeInstanceOf(TypeError);
  });

  test('refuses with store_unavailable when the store is full, and the limits still count', async () => {
    const store = memoryStore({ maxKeys: 8 });
    for (let n = 0; n < 8; n++) {
      await store.run([[{ step: claim, space: 's', key: `k${n}`, args: { value: 'v', ttlMs: 60_000 } }]]);
    }
    const limiter = createLimiter({ store, limits: LIMITS, blockable: true });
    expect(await outcome(() => limiter.block('k', 60))).toBe('store_unavailable');
    const decisions = [limiter.consume('k'), limiter.consume('k'), limiter.consume('k')];
    expect(decisions).toMatchObject([{ allowed: true }, { allowed: true }, { allowed: false, reason: 'limited' }]);
  });

  // What is no whole number of microseconds must never count as no block.
  test.each([NaN, -1, 0.5, '0', null, undefined, Infinity])('lets nobody pass on a block of %j', async (left) => {
    const store: Store = { run: () => ({ nowMs: 0, groups: [{ ok: true, results: [0, left] }] }) };
    const limiter = createLimiter({ store, limits: LIMITS, blockable: true });
    expect(await outcome(() => limiter.consume('k'))).toBe('store_unavailable');
  });
});

describe('Limiter with a store that stands in for another', () => {
  const down: Behaviour = () => Promise.reject(new Error('The connection is closed.'));

  test('block() refuses in an outage, too', async () => {
    const desk = openDesk({ whenStoreFails: memoryStore() });
    await desk.limiter.block('k', 60);
    desk.behave(down);
    expect(await desk.limiter.consume('k')).toMatchObject({ allowed: false, reason: 'degraded' });
    expect(await desk.limiter.consume('other')).toMatchObject({ allowed: true, reason: 'degraded' });
  });

  test('block() refuses for the rest of an outage in which it was called', async () => {
    const desk = openDesk({ whenStoreFails: memoryStore() });
    desk.behave(down);
    expect(await outcome(() => desk.limiter.block('k', 60))).toBe('store_unavailable');
    expect(await desk.limiter.consume('k')).toMatchObject({ allowed: false, reason: 'degraded' });
  });

  test('reset() ends a block in an outage, and gives everything back', async () => {
    const desk = openDesk({ whenStoreFails: memoryStore() });
    desk.behave(down);
    for (let n = 0; n < 2; n++) await desk.limiter.consume('k');
    await outcome(() => desk.limiter.block('k', 60));
    expect(await outcome(() => desk.limiter.reset('k'))).toBe('store_unavailable');
    expect(await desk.limiter.consume('k')).toMatchObject({
      allowed: true,
      reason: 'degraded',
      limits: [{ remaining: 1 }],
    });
  });

  test.each(FAULTS)('block() and reset() do not mind when it %s', async (_what, run) => {
    const { limiter } = openDesk({ whenStoreFails: { run } });
    expect(await outcome(() => limiter.block('k', 60))).toBeUndefined();
    expect(limiter.consume('k')).toMatchObject({ allowed: false, reason: 'blocked' });
    expect(await outcome(() => limiter.reset('k'))).toBeUndefined();
    expect(limiter.consume('k')).toMatchObject({ allowed: true });
  });
});
