import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import type { Decision } from '../../src/limiter/decision.ts';
import { createLimiter, type Limiter, type LimiterOptions } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store, StoreAnswer } from '../../src/store/store.ts';

const LIMITS = [{ name: 'a', limit: 2, windowSeconds: 60 }];

type Behaviour = () => StoreAnswer | Promise<StoreAnswer> | undefined;

interface Desk {
  readonly limiter: Limiter;
  readonly calls: () => number;
  /** What the store does next; undefined for what it should. */
  readonly behave: (next: Behaviour) => void;
  readonly advance: (ms: number) => void;
  readonly errors: unknown[];
}

function openDesk(options: Partial<LimiterOptions> = {}): Desk {
  let now = 1_700_000_000_000;
  let calls = 0;
  let behaviour: Behaviour = () => undefined;
  const clock = (): number => now;
  const errors: unknown[] = [];
  const inner = memoryStore({ clock });
  const store: Store = {
    run(groups) {
      calls++;
      return behaviour() ?? inner.run(groups);
    },
  };
  const onStoreError = (error: unknown): void => void errors.push(error);
  return {
    limiter: createLimiter({ store, limits: LIMITS, clock, onStoreError, ...options }),
    calls: () => calls,
    behave: (next) => void (behaviour = next),
    advance: (ms) => void (now += ms),
    errors,
  };
}

function never(): Promise<StoreAnswer> {
  return new Promise(() => undefined);
}

function throws(): never {
  throw new Error('The connection is closed.');
}

const FAULTS: readonly (readonly [string, Behaviour])[] = [
  ['throws', throws],
  ['rejects', () => Promise.reject(new Error('The connection is closed.'))],
  ['never answers', () => new Promise(() => undefined)],
  ['answers nothing', () => ({ nowMs: 0, groups: [] })],
  ['answers late with nonsense', () => Promise.resolve({ nowMs: 0, groups: [{ ok: true, results: [NaN] }] })],
];

async function outcome(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return isRefusal(error) ? error.code : error;
  }
}

describe.each(FAULTS)('createLimiter() when its store %s', (_what, fault) => {
  test('refuses, unless it was told otherwise, and tries again at once', async () => {
    const desk = openDesk({ timeoutMs: 20 });
    desk.behave(fault);
    expect(await outcome(() => desk.limiter.consume('k'))).toBe('store_unavailable');
    expect(await outcome(() => desk.limiter.peek('k'))).toBe('store_unavailable');
    expect([desk.calls(), desk.errors.length]).toEqual([2, 2]);
    desk.behave(() => undefined);
    expect(await desk.limiter.consume('k')).toMatchObject({ allowed: true, reason: 'ok' });
  });

  test('counts with another store where it was given one', async () => {
    const desk = openDesk({ timeoutMs: 20, whenStoreFails: memoryStore({ clock: () => 1_700_000_000_000 }) });
    desk.behave(fault);
    const decisions: Decision[] = [];
    for (let n = 0; n < 3; n++) decisions.push(await desk.limiter.consume('k'));
    expect(decisions.map(({ allowed, reason }) => [allowed, reason])).toEqual(
      [[true, 'degraded'], [true, 'degraded'], [false, 'degraded']],
    );
    expect(decisions[2]?.retryAfterSeconds).toBe(30);
  });

  test('admits where it was told `open`, and says that nobody has counted', async () => {
    const desk = openDesk({ timeoutMs: 20, whenStoreFails: 'open' });
    desk.behave(fault);
    for (let n = 0; n < 3; n++) {
      expect(await desk.limiter.consume('k')).toEqual(
        { allowed: true, reason: 'unavailable', limits: [], retryAfterSeconds: 0 },
      );
    }
  });
});

describe('createLimiter() in an outage', () => {
  // Each request would else wait for the deadline, and the server would be asked by all of them when it comes back.
  test('leaves a store that did not answer alone for a second, and then tries it with one request', async () => {
    const desk = openDesk({ timeoutMs: 20, whenStoreFails: memoryStore() });
    desk.behave(never);
    await desk.limiter.consume('k');
    desk.advance(999);
    await Promise.all(Array.from({ length: 50 }, () => desk.limiter.consume('k')));
    expect(desk.calls()).toBe(1);
    desk.advance(1);
    await Promise.all(Array.from({ length: 50 }, () => desk.limiter.consume('k')));
    expect(desk.calls()).toBe(2);
  });

  // One server of a cluster that hangs would else lift the limits of all who are counted by the others.
  test('leaves no store alone that has answered others while one waited', async () => {
    const desk = openDesk({ timeoutMs: 20, whenStoreFails: 'open' });
    desk.behave(never);
    const hanging = desk.limiter.consume('of the server that hangs');
    desk.behave(() => undefined);
    await desk.limiter.consume('k');
    expect(await hanging).toMatchObject({ reason: 'unavailable' });
    expect([await desk.limiter.consume('k'), await desk.limiter.consume('k')]).toMatchObject([
      { allowed: true, reason: 'ok' },
      { allowed: false, reason: 'limited' },
    ]);
  });

  // One key that a store cannot decide must not lift the limits of all others.
  test('asks a store that fails at once each time', async () => {
    const desk = openDesk({ whenStoreFails: 'open' });
    for (let n = 0; n < 2; n++) await desk.limiter.consume('victim');
    desk.behave(throws);
    expect(await desk.limiter.consume('k')).toMatchObject({ allowed: true });
    desk.behave(() => undefined);
    expect(await desk.limiter.consume('victim')).toMatchObject({ allowed: false, reason: 'limited' });
  });

  const refusing: Behaviour = () => Promise.reject(new Error('502'));

  async function fail(desk: Desk, times: number): Promise<void> {
    for (let n = 0; n < times; n++) await outcome(() => desk.limiter.consume(`k${n}`));
  }

  // A fault that comes over the network costs every request a round trip, and a server that begins to work again all of them at once.
  test('leaves a store alone for a second that has failed five times within ten seconds', async () => {
    const desk = openDesk({ whenStoreFails: memoryStore() });
    desk.behave(refusing);
    await fail(desk, 4);
    desk.advance(9_999);
    await fail(desk, 20);
    expect(desk.calls()).toBe(5);
    desk.advance(1000);
    await fail(desk, 20);
    expect(desk.calls()).toBe(6);
    desk.behave(() => undefined);
    desk.advance(1000);
    for (let n = 0; n < 3; n++) expect(await desk.limiter.consume(`k${n}`)).toMatchObject({ reason: 'ok' });
  });

  test('leaves no store alone for faults that are further apart', async () => {
    const desk = openDesk({ whenStoreFails: memoryStore() });
    desk.behave(refusing);
    await fail(desk, 4);
    desk.advance(10_000);
    await fail(desk, 4);
    expect(desk.calls()).toBe(8);
  });

  // Who can make the decision of one key fail must not take the others from where they are counted.
  test('leaves no store alone that has answered between its faults', async () => {
    const desk = openDesk({ whenStoreFails: memoryStore() });
    for (let n = 0; n < 20; n++) {
      desk.behave(refusing);
      await fail(desk, 4);
      desk.behave(() => undefined);
      expect(await desk.limiter.consume('fine')).toMatchObject({ reason: n < 2 ? 'ok' : 'limited' });
    }
  });

  // Without a count in between, a pause would let everybody through for as long as somebody makes one key fail.
  test.each(['open', 'closed'] as const)(
    'leaves a store that fails at once never alone where it fails %s',
    async (whenStoreFails) => {
      const desk = openDesk({ whenStoreFails });
      desk.behave(refusing);
      await fail(desk, 20);
      expect(desk.calls()).toBe(20);
    },
  );

  test('asks the store again for all as soon as it has answered one', async () => {
    const desk = openDesk({ timeoutMs: 20, whenStoreFails: memoryStore() });
    desk.behave(never);
    await desk.limiter.consume('k');
    desk.behave(() => undefined);
    desk.advance(1000);
    expect(await desk.limiter.consume('k')).toMatchObject({ reason: 'ok' });
    expect(await desk.limiter.consume('k')).toMatchObject({ reason: 'ok' });
    expect(desk.calls()).toBe(3);
  });

  test('waits no longer for a clock that went back', async () => {
    const desk = openDesk({ timeoutMs: 20, whenStoreFails: 'open' });
    desk.behave(never);
    await desk.limiter.consume('k');
    desk.advance(-3_600_000);
    desk.behave(() => undefined);
    expect(await desk.limiter.consume('k')).toMatchObject({ reason: 'ok' });
  });

  // A rejection that nobody handles ends a process of Node.
  test.each([['throws', throws], ['rejects', () => Promise.reject(new Error('The log is full.'))]])(
    'is not disturbed by a listener that %s',
    async (_what, onStoreError) => {
      const desk = openDesk({ whenStoreFails: 'open', onStoreError });
      desk.behave(throws);
      expect(await desk.limiter.consume('k')).toMatchObject({ allowed: true });
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
  );

  test('ignores an answer that comes after its deadline', async () => {
    let answer: (value: StoreAnswer) => void = () => undefined;
    const desk = openDesk({ timeoutMs: 10 });
    desk.behave(() => new Promise((resolve) => void (answer = resolve)));
    expect(await outcome(() => desk.limiter.consume('k'))).toBe('store_unavailable');
    answer({ nowMs: 0, groups: [{ ok: true, results: [0] }] });
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(desk.errors).toHaveLength(1);
  });

  test('refuses when the other store fails as well, or does not answer at once', async () => {
    const broken: Store = { run: throws };
    const slow: Store = { run: (groups) => Promise.resolve(memoryStore().run(groups)) };
    const failing: Store = { run: () => Promise.reject(new Error('The connection is closed.')) };
    for (const whenStoreFails of [broken, slow, failing]) {
      const desk = openDesk({ whenStoreFails });
      desk.behave(throws);
      expect(await outcome(() => desk.limiter.consume('k'))).toBe('store_unavailable');
    }
  });

  test.each(['sometimes', 'local', true, null, {}])('is not told %j', (mode) => {
    const options = { store: memoryStore(), limits: LIMITS, whenStoreFails: mode };
    expect(() => Reflect.apply(createLimiter, undefined, [options])).toThrow(TypeError);
  });
});
