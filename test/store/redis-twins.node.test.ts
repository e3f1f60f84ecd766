import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cost, LimitAlgorithm } from '../../src/limiter/algorithm.ts';
import { block, blocked } from '../../src/limiter/block.ts';
import { forgetDebt, forgetValue } from '../../src/limiter/command.ts';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { lease, release } from '../../src/limiter/lease.ts';
import { veto } from '../../src/limiter/peek.ts';
import { slidingLog, strictWindow } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { claim } from '../../src/store/claim.ts';
import { drop, swap } from '../../src/store/swap.ts';
import { LIMITER_STEPS } from '../vectors/limiter-steps.ts';
import { describeRedis, type RedisServer, startRedis } from './redis-server.ts';
import { createTwinRunner, lives, type Move, TEN_YEARS_US, type TwinRunner, withWait } from './twin-runner.ts';

const ALGORITHMS = { gcra, fixedWindow, slidingWindow, slidingLog, strictWindow };

describeRedis('a step and its twin', () => {
  let server: RedisServer;
  let runner: TwinRunner;

  beforeAll(async () => {
    server = await startRedis();
    runner = await createTwinRunner(await server.connect());
  });
  afterAll(() => server?.close());

  test.each(LIMITER_STEPS)('decide as the table says: $name', async ({ calls }) => {
    const seen = await runner.runThere(calls, calls.map(({ nowUs }) => nowUs));
    expect(seen.map(({ ok, result }) => ({ ok, result }))).toEqual(calls.map(({ ok, result }) => ({ ok, result })));
  });

  test.each(Object.keys(ALGORITHMS))('decide alike: %s', async (name) => {
    const algorithm = new Map<string, LimitAlgorithm>(Object.entries(ALGORITHMS)).get(name) ?? gcra;
    await fc.assert(
      fc.asyncProperty(histories(algorithm), ([windowUs, moves]) => runner.compare(windowUs, moves)),
      { numRuns: 500 },
    );
  });

  test('decide alike: lease and release', async () => {
    const holder = fc.constantFrom('a', 'b', '7', 'x-1.y:z_', 'A'.repeat(64));
    const taking = fc.record({ holder, slots: fc.integer({ min: 1, max: 4 }), ttlMs: lives() });
    const move = fc.oneof(
      { weight: 3, arbitrary: taking.map((args) => ({ step: lease, args })) },
      { weight: 1, arbitrary: holder.map((name) => ({ step: release, args: { holder: name } })) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(withWait(move), { maxLength: 40, size: 'max' }),
        (moves) => runner.compare(5_000_000, moves),
      ),
      { numRuns: 500 },
    );
  });

  test('decide alike: a thousand leases', async () => {
    const moves = Array.from({ length: 1002 }, (_, index) => ({
      step: lease,
      args: { holder: `job-${index}`, slots: 1000, ttlMs: 60_000 + index },
      wait: 0,
    }));
    await runner.compare(1, moves);
  });

  test('decide alike: a log as long as one may be', async () => {
    const args = slidingLog.compile({ limit: 1000, windowUs: 60_000_000, burst: undefined });
    const moves = Array.from({ length: 1200 }, (_, index) => ({ step: slidingLog.step, args, wait: index % 7 }));
    await runner.compare(10_000, moves);
  });

  // Where no time has passed at all, an empty log ended as if it had just been written.
  test('decide alike: a log that begins with the first microsecond there is', async () => {
    const args = slidingLog.compile({ limit: 2, windowUs: 1_000_000, burst: undefined });
    await runner.compare(TEN_YEARS_US, [-100, 0, 0].map((wait) => ({ step: slidingLog.step, args, wait })));
  });

  test('decide alike: block, blocked and what ends a block', async () => {
    const ttlMs = fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.constantFrom(1, TEN_YEARS_US / 1000));
    const move = fc.oneof(
      { weight: 3, arbitrary: ttlMs.map((args) => ({ step: block, args: { ttlMs: args } })) },
      { weight: 4, arbitrary: fc.constant({ step: blocked, args: null }) },
      { weight: 1, arbitrary: fc.constantFrom({ step: forgetValue, args: null }, { step: veto, args: null }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(withWait(move), { maxLength: 50, size: 'max' }),
        (moves) => runner.compare(5_000_000, moves),
      ),
      { numRuns: 500 },
    );
  });

  test('decide alike: claim, swap and drop', async () => {
    const value = fc.constantFrom('', '0', '1', 'false', 'a b', 'nil', '{}', '\n', '\0', 'é😀', '%s');
    const move = fc.oneof(
      fc.record({ value, ttlMs: lives() }).map((args) => ({ step: claim, args })),
      fc.record({ expected: fc.option(value), value, ttlMs: lives() }).map((args) => ({ step: swap, args })),
      fc.record({ expected: value }).map((args) => ({ step: drop, args })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(withWait(move), { maxLength: 60, size: 'max' }),
        (moves) => runner.compare(1_000_000, moves),
      ),
      { numRuns: 500 },
    );
  });
});

function histories(algorithm: LimitAlgorithm): fc.Arbitrary<[windowUs: number, moves: Move[]]> {
  const numbers = fc.record({
    limit: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 2 ** 31 })),
    windowUs: fc.oneof(
      fc.integer({ min: 1000, max: 100_000 }),
      fc.constantFrom(1_000_000, 3_600_000_000, TEN_YEARS_US),
      fc.integer({ min: 1000, max: TEN_YEARS_US }),
    ),
    burst: algorithm === gcra ? fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }) : fc.constant(undefined),
  });
  return numbers.filter((chosen) => compiled(algorithm, chosen) !== undefined).chain((chosen) => {
    const { limit, windowUs } = chosen;
    const unit = compiled(algorithm, chosen);
    const cost = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(0, 1, 1, 2, 3) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(limit, limit + 1, Math.ceil(limit / 2), chosen.burst ?? 1, Number.MAX_SAFE_INTEGER),
      },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 * limit }) },
      { weight: 3, arbitrary: fc.constantFrom(-1, -1, -2, -3) },
      { weight: 1, arbitrary: fc.constantFrom(-limit, -Math.ceil(limit / 2), -Number.MAX_SAFE_INTEGER) },
      { weight: 1, arbitrary: fc.integer({ min: -2 * limit, max: -1 }) },
    );
    const forget = algorithm === gcra ? forgetDebt : forgetValue;
    const move = fc.oneof(
      { weight: 20, arbitrary: cost.map((units) => ({ step: algorithm.step, args: { ...unit, cost: units } })) },
      { weight: 1, arbitrary: fc.constantFrom({ step: forget, args: null }, { step: veto, args: null }) },
    );
    return fc.array(withWait(move), { maxLength: 50, size: 'max' }).map((moves): [number, Move[]] => [windowUs, moves]);
  });
}

/** What the step is passed for numbers that the algorithm takes. */
function compiled(algorithm: LimitAlgorithm, numbers: Parameters<LimitAlgorithm['compile']>[0]): Cost | undefined {
  try {
    return algorithm.compile(numbers);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
