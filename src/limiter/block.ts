import type { Step, StepCall, StepOutcome } from '../store/step.ts';
import { isCount } from './algorithm.ts';
import type { Decision } from './decision.ts';
import type { Limit } from './limit.ts';
import { type Beside, nonsense } from './question.ts';

/** How long a key is to be blocked. */
export interface BlockArgs {
  readonly ttlMs: number;
}

/** Blocks a key until a time, or for longer where it was blocked for longer; tells for how many microseconds. */
export const block: Step<number, BlockArgs, number> = /* @__PURE__ */ Object.freeze({
  name: 'block',
  kind: 'value',
  apply(state: number | undefined, { ttlMs }: BlockArgs, nowUs: number): StepOutcome<number, number> {
    const untilUs = Math.max(state ?? 0, nowUs + ttlMs * 1000);
    return { ok: true, state: untilUs, ttlMs: Math.ceil((untilUs - nowUs) / 1000), result: untilUs - nowUs };
  },
  twin: {
    lua: `local till = now + integer(args[1]) * 1000
if state and integer(state) > till then till = integer(state) end
return true, spell(till), math.ceil((till - now) / 1000), { till - now }`,
    encode: ({ ttlMs }: BlockArgs): readonly string[] => [String(ttlMs)],
    decode: decodeCount,
  },
});

/** Says no while a key is blocked, and for how many microseconds it still is. */
export const blocked: Step<number, null, number> = /* @__PURE__ */ Object.freeze({
  name: 'blocked',
  kind: 'value',
  apply(state: number | undefined, _args: null, nowUs: number): StepOutcome<number, number> {
    const leftUs = Math.max(0, (state ?? 0) - nowUs);
    return { ok: leftUs === 0, state: undefined, ttlMs: 1, result: leftUs };
  },
  twin: {
    lua: `local left = state and math.max(0, integer(state) - now) or 0
return left == 0, false, 1, { left }`,
    encode: (): readonly string[] => [],
    decode: decodeCount,
  },
});

/** Where a limiter keeps who is blocked. */
export interface Blocks {
  /** Names the place of a key's block. */
  readonly placeOf: (limits: readonly Limit[], key: string) => { readonly space: string; readonly key: string };
  /** The call that blocks a key. */
  readonly block: (limits: readonly Limit[], key: string, seconds: number) => StepCall;
  /** What is asked beside the limits. */
  readonly beside: (limits: readonly Limit[], key: string) => Beside;
}

/** Makes the place: of this name, or else that of the limits' names, so that blocks outlast a change of the numbers. */
export function createBlocks(name?: string): Blocks {
  const spaces = new WeakMap<readonly Limit[], string>();

  function spaceOf(limits: readonly Limit[]): string {
    if (name !== undefined) return `blocks\n${name}`;
    let space = spaces.get(limits);
    if (space === undefined) {
      space = `block\n${limits.map((limit) => limit.name).sort().join('\n')}`;
      spaces.set(limits, space);
    }
    return space;
  }

  function placeOf(limits: readonly Limit[], key: string): { readonly space: string; readonly key: string } {
    return { space: spaceOf(limits), key };
  }

  return {
    placeOf,
    block(limits: readonly Limit[], key: string, seconds: number): StepCall {
      return { ...placeOf(limits, key), step: block, args: { ttlMs: Math.ceil(seconds * 1000) } };
    },
    beside(limits: readonly Limit[], key: string): Beside {
      return { calls: [{ ...placeOf(limits, key), step: blocked, args: null }], read: readBlocked };
    },
  };
}

function readBlocked(decision: Decision, [leftUs]: readonly unknown[]): Decision {
  if (!isCount(leftUs)) throw nonsense();
  if (leftUs === 0) return decision;
  const retryAfterSeconds = Math.max(decision.retryAfterSeconds, leftUs / 1_000_000);
  return { ...decision, allowed: false, reason: 'blocked', retryAfterSeconds };
}

function decodeCount([value]: readonly unknown[]): number | undefined {
  return isCount(value) ? value : undefined;
}
