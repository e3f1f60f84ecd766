import * as fc from 'fast-check';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cost, LimitAlgorithm } from '../../src/limiter/algorithm.ts';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { lease, release } from '../../src/limiter/lease.ts';
import { slidingLog, strictWindow } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { claim } from '../../src/store/claim.ts';
import { createScriptBook } from '../../src/store/redis-script.ts';
import type { Step } from '../../src/store/step.ts';
import { drop, swap } from '../../src/store/swap.ts';
import { LIMITER_STEPS } from '../vectors/limiter-steps.ts';
import { describeRedis, type RedisServer, startRedis } from './redis-server.ts';

/** How long before a step the clock moves: a share of the window, or to where the last refusal said, or to just before. */
type Wait = number | 'retry' | 'before';

/** One step of a history. */
interface Move {
  readonly step: Step;
  readonly args: unknown;
  readonly wait: Wait;
}

/** What a step decided, in a form that both sides can take. */
interface Seen {
  readonly ok: boolean;
  /** The next state as it stands in Redis, or null for none; not told where nothing is written. */
  readonly state: string | null | undefined;
  readonly ttlMs: number;
  readonly result: unknown;
}

const STEPS: readonly Step[] = [
  ...[gcra, fixedWindow, slidingWindow, slidingLog].map(({ step }) => step),
  lease,
  release,
  claim,
  swap,
  drop,
];
const ALGORITHMS = { gcra, fixedWindow, slidingWindow, slidingLog, strictWindow };
const START_US = 1_700_000_000_000_000;
const TEN_YEARS_US = 315_360_000_000_000;
const TIME = "local time = redis.call('TIME')";
/** Stands where the script asks for the time: runs one history, each move with its number, its time and its arguments. */
const RUNNER = `local at, state, answer = 0, false, {}
local function take()
  at = at + 1
  return ARGV[at]
end
while at < #ARGV do
  local step, now, args = tonumber(take()), tonumber(take()), {}
  for i = 1, tonumber(take()) do args[i] = take() end
  local yes, after, ttl, result = steps[step](state, args, now)
  if yes then state = after end
  answer[#answer + 1] = { yes and 1 or 0, after, spell(ttl), result }
end
return answer`;

describeRedis('a step and its twin', () => {
  let server: RedisServer;
  let client: Redis;
  let sha: string;

  beforeAll(async () => {
    server = await startRedis();
    client = await server.connect();
    const book = createScriptBook();
    for (const step of STEPS) book.write({ step, space: '', key: '', args: someArgs(step) });
    const { source } = await book.read();
    const [head = '', rest] = source.split(TIME);
    if (rest === undefined) throw new Error('The script does not ask for the time as it did.');
    sha = String(await client.script('LOAD', head + RUNNER));
  });
  afterAll(() => server?.close());

  /** Runs a history on the server, at these times. */
  async function runThere(moves: readonly Omit<Move, 'wait'>[], times: readonly number[]): Promise<readonly Seen[]> {
    const words = moves.flatMap(({ step, args }, index) => {
      const encoded = step.twin?.encode(args) ?? [];
      return [String(STEPS.indexOf(step) + 1), String(times[index]), String(encoded.length), ...encoded];
    });
    // The runner answers a list of four for each move; the comparison finds out if it did not.
    const replies = await client.evalsha(sha, 0, ...words) as readonly [number, string | null, string, unknown[]][];
    return replies.map(([ok, state, ttl, result], index) => ({
      ok: ok === 1,
      state: ok === 1 ? state : undefined,
      ttlMs: Number(ttl),
      result: moves[index]?.step.twin?.decode(result),
    }));
  }

  async function compare(windowUs: number, moves: readonly Move[]): Promise<void> {
    const { times, seen } = runHere(windowUs, moves);
    expect(await runThere(moves, times)).toEqual(seen);
  }

  test.each(LIMITER_STEPS)('decide as the table says: $name', async ({ calls }) => {
    const seen = await runThere(calls, calls.map(({ nowUs }) => nowUs));
    expect(seen.map(({ ok, result }) => ({ ok, result }))).toEqual(calls.map(({ ok, result }) => ({ ok, result })));
  });

  test.each(Object.keys(ALGORITHMS))('decide alike: %s', async (name) => {
    const algorithm = new Map<string, LimitAlgorithm>(Object.entries(ALGORITHMS)).get(name) ?? gcra;
    await fc.assert(
      fc.asyncProperty(histories(algorithm), ([windowUs, moves]) => compare(windowUs, moves)),
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
      fc.asyncProperty(fc.array(withWait(move), { maxLength: 40, size: 'max' }), (moves) => compare(5_000_000, moves)),
      { numRuns: 500 },
    );
  });

  test('decide alike: a thousand leases', async () => {
    const moves = Array.from({ length: 1002 }, (_, index) => ({
      step: lease,
      args: { holder: `job-${index}`, slots: 1000, ttlMs: 60_000 + index },
      wait: 0,
    }));
    await compare(1, moves);
  });

  test('decide alike: a log as long as one may be', async () => {
    const args = slidingLog.compile({ limit: 1000, windowUs: 60_000_000, burst: undefined });
    const moves = Array.from({ length: 1200 }, (_, index) => ({ step: slidingLog.step, args, wait: index % 7 }));
    await compare(10_000, moves);
  });

  test('decide alike: claim, swap and drop', async () => {
    const value = fc.constantFrom('', '0', '1', 'false', 'a b', 'nil', '{}', '\n', '\0', 'é😀', '%s');
    const move = fc.oneof(
      fc.record({ value, ttlMs: lives() }).map((args) => ({ step: claim, args })),
      fc.record({ expected: fc.option(value), value, ttlMs: lives() }).map((args) => ({ step: swap, args })),
      fc.record({ expected: value }).map((args) => ({ step: drop, args })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(withWait(move), { maxLength: 60, size: 'max' }), (moves) => compare(1_000_000, moves)),
      { numRuns: 500 },
    );
  });
});

/** Runs a history in TypeScript. What it says about waiting decides when the next step comes. */
function runHere(windowUs: number, moves: readonly Move[]): { times: readonly number[]; seen: readonly Seen[] } {
  let [nowUs, state, retryUs]: [number, unknown, number] = [START_US, undefined, 0];
  const [times, seen]: [number[], Seen[]] = [[], []];
  for (const { step, args, wait } of moves) {
    const moveUs = wait === 'retry' ? retryUs : wait === 'before' ? Math.max(0, retryUs - 1) : wait * windowUs;
    // Between 1970 and 2112: what comes after has no whole microseconds left for ten years more.
    nowUs = Math.min(Math.max(Math.round(nowUs + moveUs), 0), 4_500_000_000_000_000);
    const { ok, state: after, ttlMs, result } = step.apply(state, args, nowUs);
    if (ok) state = after;
    times.push(nowUs);
    seen.push({ ok, state: ok ? spell(after) : undefined, ttlMs, result });
    retryUs = waitOf(result);
  }
  return { times, seen };
}

function waitOf(result: unknown): number {
  const waitUs: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, 'waitUs') : result;
  return typeof waitUs === 'number' && Number.isFinite(waitUs) ? waitUs : 0;
}

function spell(state: unknown): string | null {
  if (state === undefined) return null;
  return Array.isArray(state) ? state.join(' ') : String(state);
}

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
    );
    const move = cost.map((units) => ({ step: algorithm.step, args: { ...unit, cost: units } }));
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

/** Most moves follow closely, some a window later, and now and then the clock goes back. */
function withWait<T>(move: fc.Arbitrary<T>): fc.Arbitrary<T & { readonly wait: Wait }> {
  const wait = fc.oneof<fc.Arbitrary<Wait>[]>(
    fc.constantFrom(0, 0, 0.001, 0.0625, 0.1, 0.5, 1, 2),
    fc.double({ min: 0, max: 0.3, noNaN: true }),
    fc.double({ min: 0, max: 3, noNaN: true }),
    fc.constantFrom<Wait[]>('retry', 'before'),
    fc.double({ min: -1.5, max: 0, noNaN: true }),
  );
  return fc.tuple(move, wait).map(([made, chosen]) => ({ ...made, wait: chosen }));
}

function lives(): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.constantFrom(0.001, 1.5, TEN_YEARS_US / 1000));
}

function someArgs(step: Step): unknown {
  const unit = gcra.compile({ limit: 1, windowUs: 1000, burst: undefined });
  return {
    ...unit,
    limit: 1,
    windowUs: 1,
    windowMs: 1,
    quantumUs: 1,
    holder: 'a',
    slots: 1,
    ttlMs: 1,
    value: '',
    expected: '',
    step,
  };
}
