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

/** What {@linkcode slidingWindow} is passed. */
export interface SlidingWindowArgs extends Cost {
  /** Units per window. */
  readonly limit: number;
  /** The window in milliseconds; times the limit at most 2^53, so that every comparison is exact. */
  readonly windowMs: number;
}

/** When the window began, in milliseconds since the Unix epoch, the units taken in it, and those of the window before. */
type State = readonly [startMs: number, current: number, previous: number];

const step: Step<State, SlidingWindowArgs, WindowResult> = /* @__PURE__ */ Object.freeze({
  name: 'slidingWindow',
  kind: 'value',
  apply(
    state: State | undefined,
    { limit, windowMs, cost }: SlidingWindowArgs,
    nowUs: number,
  ): StepOutcome<State, WindowResult> {
    const nowMs = Math.floor(nowUs / 1000);
    const [startMs, current, previous] = moveTo(state, nowMs - nowMs % windowMs, windowMs);
    // What is left of the window before, in units times milliseconds. After a clock went back all of it counts.
    const carried = previous * (windowMs - Math.max(0, nowMs - startMs));
    const ok = cost < 0 || carried <= (limit - current - cost) * windowMs;
    const fromNow = (ms: number): number => (startMs + ms) * 1000 - nowUs;
    const waitUs = ok ? 0 : cost > limit ? Infinity : fromNow(waitMs(limit - cost, current, previous, windowMs));
    const endUs = fromNow(2 * windowMs);
    const reset = (later: number, earlier: number): number => later > 0 ? endUs : earlier > 0 ? fromNow(windowMs) : 0;
    const used = current + Math.ceil(carried / windowMs);
    // Units that are given back are taken from the later window first: they weigh the most, and were most likely taken last.
    const after = Math.max(0, current + cost);
    const before = Math.max(0, previous + Math.min(0, current + cost));
    return {
      ok,
      state: [startMs, after, before],
      ttlMs: Math.ceil(endUs / 1000),
      result: { used, waitUs, resetUs: reset(current, previous), resetAfterUs: reset(after, before) },
    };
  },
  twin: {
    lua: `local window, limit, cost = integer(args[1]), integer(args[2]), tonumber(args[3])
local ms = math.floor(now / 1000)
local start, current, previous = ms - ms % window, 0, 0
if state then
  local before = integers(state)
  if #before ~= 3 then error('no windows') end
  if before[1] >= start then start, current, previous = before[1], before[2], before[3]
  elseif before[1] == start - window then previous = before[2] end
end
local carried = previous * (window - math.max(0, ms - start))
local ok = cost < 0 or carried <= (limit - current - cost) * window
local wait = ok and 0 or -1
if not ok and cost <= limit then
  local room = limit - cost
  local after
  if current <= room then after = window - math.floor((room - current) * window / previous)
  else after = 2 * window - math.floor(room * window / current) end
  wait = (start + after) * 1000 - now
end
local ends = (start + 2 * window) * 1000 - now
local function reset(later, earlier) return later > 0 and ends or earlier > 0 and ends - window * 1000 or 0 end
local after, before = math.max(0, current + cost), math.max(0, previous + math.min(0, current + cost))
return ok, spell(start, after, before), math.ceil(ends / 1000),
  { current + math.ceil(carried / window), wait, reset(current, previous), reset(after, before) }`,
    encode: ({ windowMs, limit, cost }: SlidingWindowArgs): readonly string[] => [windowMs, limit, cost].map(String),
    decode: decodeWindow,
  },
});

/** The counts as they stand in the window that begins then. */
function moveTo(state: State | undefined, startMs: number, windowMs: number): State {
  // A clock that went back stays in the window that it was in.
  if (state !== undefined && state[0] >= startMs) return state;
  return [startMs, 0, state !== undefined && state[0] === startMs - windowMs ? state[1] : 0];
}

/** How long after the start of the window so much room is there for what the two windows hold, when there is none now. */
function waitMs(room: number, current: number, previous: number, windowMs: number): number {
  if (current <= room) return windowMs - Math.floor((room - current) * windowMs / previous);
  // In the next window what is taken now is the window before.
  return 2 * windowMs - Math.floor(room * windowMs / current);
}

/**
 * Counts within two neighbouring windows, and weighs the earlier by how much of it the last window's length still covers.
 *
 * Envelope: at most `2 × limit` units in any window of that length; at most `limit` where those of the earlier window were taken evenly all over it,
 * as the weighing assumes. Requests that come evenly, but too fast, are not taken so. A store keeps three numbers a key. Where no burst may pass,
 * take `strictWindow`.
 */
export const slidingWindow: LimitAlgorithm<SlidingWindowArgs> = /* @__PURE__ */ Object.freeze({
  step,
  givesBack: true,
  compile(numbers: LimitNumbers): SlidingWindowArgs {
    refuseBurst('slidingWindow', numbers);
    // Rounded up: never more than the limit.
    const windowMs = Math.ceil(numbers.windowUs / 1000);
    if (numbers.limit * windowMs > Number.MAX_SAFE_INTEGER) {
      throw new RangeError('Cannot create limiter: slidingWindow counts no such limit over so long a window exactly.');
    }
    return Object.freeze({ limit: numbers.limit, windowMs, cost: 1 });
  },
  describe: describeWindow,
});
