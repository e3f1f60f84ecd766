import * as fc from 'fast-check';
import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import { block, blocked } from '../../src/limiter/block.ts';
import { forgetDebt, forgetValue } from '../../src/limiter/command.ts';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { lease, release } from '../../src/limiter/lease.ts';
import { veto } from '../../src/limiter/peek.ts';
import { slidingLog } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { claim } from '../../src/store/claim.ts';
import { BATCH } from '../../src/store/redis-lua.ts';
import { createScriptBook } from '../../src/store/redis-script.ts';
import type { Step } from '../../src/store/step.ts';
import { drop, swap } from '../../src/store/swap.ts';

/** How long before a step the clock moves: a share of the window, or to where the last refusal said, or to just before. */
export type Wait = number | 'retry' | 'before';

/** One step of a history. */
export interface Move {
  readonly step: Step;
  readonly args: unknown;
  readonly wait: Wait;
}

/** What a step decided, in a form that both sides can take. */
export interface Seen {
  readonly ok: boolean;
  /** The next state as it stands in Redis, or null for none; it and its time to live are not told where nothing is written. */
  readonly state: string | null | undefined;
  readonly ttlMs: number | undefined;
  readonly result: unknown;
}

/** Runs histories on a server, and here. */
export interface TwinRunner {
  /** Runs a history on the server, at these times. */
  readonly runThere: (moves: readonly Omit<Move, 'wait'>[], times: readonly number[]) => Promise<readonly Seen[]>;
  /** Expects both to decide alike; shares of the window are what the waits are told in. */
  readonly compare: (windowUs: number, moves: readonly Move[]) => Promise<void>;
}

const STEPS: readonly Step[] = [
  ...[gcra, fixedWindow, slidingWindow, slidingLog].map(({ step }) => step),
  ...[lease, release, claim, swap, drop],
  ...[block, blocked, forgetDebt, forgetValue, veto],
];
const START_US = 1_700_000_000_000_000;
export const TEN_YEARS_US = 315_360_000_000_000;
/** Ends the script in the place of what runs groups: runs one history, each move with its number, its time and its arguments. */
const RUNNER = `}
local at, state, answer = 0, false, {}
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

/** Loads a script with all steps that runs histories. */
export async function createTwinRunner(client: Redis): Promise<TwinRunner> {
  const book = createScriptBook();
  for (const step of STEPS) book.write({ step, space: '', key: '', args: someArgs(step) });
  const { source } = (await book.read()).batch;
  if (!source.endsWith(BATCH)) throw new Error('The script does not end as it did.');
  const sha = String(await client.script('LOAD', source.slice(0, -BATCH.length) + RUNNER));

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
      ttlMs: ok === 1 ? Number(ttl) : undefined,
      result: moves[index]?.step.twin?.decode(Array.isArray(result) ? result : [result]),
    }));
  }

  async function compare(windowUs: number, moves: readonly Move[]): Promise<void> {
    const { times, seen } = runHere(windowUs, moves);
    expect(await runThere(moves, times)).toEqual(seen);
  }

  return { runThere, compare };
}

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
    seen.push({ ok, state: ok ? spell(after) : undefined, ttlMs: ok ? ttlMs : undefined, result });
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

/** Most moves follow closely, some a window later, and now and then the clock goes back. */
export function withWait<T>(move: fc.Arbitrary<T>): fc.Arbitrary<T & { readonly wait: Wait }> {
  const wait = fc.oneof<fc.Arbitrary<Wait>[]>(
    fc.constantFrom(0, 0, 0.001, 0.0625, 0.1, 0.5, 1, 2),
    fc.double({ min: 0, max: 0.3, noNaN: true }),
    fc.double({ min: 0, max: 3, noNaN: true }),
    fc.constantFrom<Wait[]>('retry', 'before'),
    fc.double({ min: -1.5, max: 0, noNaN: true }),
  );
  return fc.tuple(move, wait).map(([made, chosen]) => ({ ...made, wait: chosen }));
}

/** Times to live, in milliseconds. */
export function lives(): fc.Arbitrary<number> {
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
