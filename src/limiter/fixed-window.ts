import type { Step, StepOutcome } from '../store/step.ts';
import {
  type Cost,
  decodeWindow,
  describeWindow,
  type LimitAlgorithm,
  type LimitNumbers,
  refuseBurst,
  type WindowResult,
} from './algorithm.ts';

/** What {@linkcode fixedWindow} is passed. */
export interface FixedWindowArgs extends Cost {
  /** Units per window. */
  readonly limit: number;
  /** The window in microseconds. */
  readonly windowUs: number;
}

/** When the window began, in microseconds since the Unix epoch, and the units taken in it. */
type State = readonly [startUs: number, used: number];

const step: Step<State, FixedWindowArgs, WindowResult> = /* @__PURE__ */ Object.freeze({
  name: 'fixedWindow',
  kind: 'value',
  apply(
    state: State | undefined,
    { limit, windowUs, cost }: FixedWindowArgs,
    nowUs: number,
  ): StepOutcome<State, WindowResult> {
    const alignedUs = nowUs - nowUs % windowUs;
    // A clock that went back stays in the window that it was in.
    const [startUs, used] = state !== undefined && state[0] >= alignedUs ? state : [alignedUs, 0];
    const endUs = startUs + windowUs - nowUs;
    const ok = cost < 0 || used + cost <= limit;
    const after = Math.max(0, used + cost);
    const waitUs = ok ? 0 : cost > limit ? Infinity : endUs;
    const result = { used, waitUs, resetUs: used > 0 ? endUs : 0, resetAfterUs: after > 0 ? endUs : 0 };
    return { ok, state: [startUs, after], ttlMs: Math.ceil(endUs / 1000), result };
  },
  twin: {
    lua: `local window, limit, cost = integer(args[1]), integer(args[2]), tonumber(args[3])
local start, used = now - now % window, 0
if state then
  local before = integers(state)
  if #before ~= 2 then error('no window') end
  if before[1] >= start then start, used = before[1], before[2] end
end
local ends = start + window - now
local ok = cost < 0 or used + cost <= limit
local after = math.max(0, used + cost)
local wait = ok and 0 or cost > limit and -1 or ends
return ok, spell(start, after), math.ceil(ends / 1000),
  { used, wait, used > 0 and ends or 0, after > 0 and ends or 0 }`,
    encode: ({ windowUs, limit, cost }: FixedWindowArgs): readonly string[] => [windowUs, limit, cost].map(String),
    decode: decodeWindow,
  },
});

/**
 * Counts within windows that begin at whole multiples of their length since the Unix epoch: what a contract calls "100 an hour, on the hour".
 *
 * Envelope: at most `limit` units in each aligned window, and so at most `2 × limit` in any window of that length. A store keeps two numbers a
 * key. Where a burst over the boundary hurts, take `gcra` or `strictWindow`.
 */
export const fixedWindow: LimitAlgorithm<FixedWindowArgs> = /* @__PURE__ */ Object.freeze({
  step,
  givesBack: true,
  compile(numbers: LimitNumbers): FixedWindowArgs {
    refuseBurst('fixedWindow', numbers);
    return Object.freeze({ limit: numbers.limit, windowUs: numbers.windowUs, cost: 1 });
  },
  describe: describeWindow,
});
