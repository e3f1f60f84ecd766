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

/** What {@linkcode slidingLog} and {@linkcode strictWindow} are passed. */
export interface SlidingLogArgs extends Cost {
  /** Units per window. */
  readonly limit: number;
  /** The window in microseconds. */
  readonly windowUs: number;
  /** Times are rounded up to whole multiples of this many microseconds: requests that fall together take one entry. */
  readonly quantumUs: number;
}

/** When units were taken, in microseconds since the Unix epoch, and how many, in turn; the oldest first. */
type State = readonly number[];

/** A list of more entries makes each request read and write that many: whoever wants more wants {@linkcode strictWindow}. */
const MAX_ENTRIES = 1000;
const STRICT_PARTS = 16;

const step: Step<State, SlidingLogArgs, WindowResult> = /* @__PURE__ */ Object.freeze({
  name: 'slidingLog',
  kind: 'value',
  apply(
    state: State | undefined,
    { limit, windowUs, quantumUs, cost }: SlidingLogArgs,
    nowUs: number,
  ): StepOutcome<State, WindowResult> {
    const log = dropBefore(state ?? [], nowUs - windowUs);
    const used = sum(log);
    const last = log.at(-2) ?? 0;
    const ok = cost < 0 || used + cost <= limit;
    const waitUs = ok ? 0 : cost > limit ? Infinity : freedAt(log, used + cost - limit) + windowUs - nowUs;
    const resetUs = log.length === 0 ? 0 : last + windowUs - nowUs;
    // A clock that went back adds to what came last.
    const stampUs = Math.max(last, Math.ceil(nowUs / quantumUs) * quantumUs);
    const after = cost < 0 ? takeBack(log, -cost) : append(log, stampUs, cost);
    const resetAfterUs = after === undefined ? 0 : (after.at(-2) ?? 0) + windowUs - nowUs;
    return {
      ok,
      state: after,
      ttlMs: Math.max(1, Math.ceil(resetAfterUs / 1000)),
      result: { used, waitUs, resetUs, resetAfterUs },
    };
  },
  twin: {
    lua: `local window, limit, quantum, cost = integer(args[1]), integer(args[2]), integer(args[3]), tonumber(args[4])
local log, used = {}, 0
if state then
  local before = integers(state)
  if #before == 0 or #before % 2 == 1 then error('no log') end
  for i = 1, #before, 2 do
    if before[i] > now - window then
      log[#log + 1], log[#log + 2] = before[i], before[i + 1]
      used = used + before[i + 1]
    end
  end
end
local last = log[#log - 1] or 0
local ok = cost < 0 or used + cost <= limit
local wait = ok and 0 or -1
if not ok and cost <= limit then
  local short, i = used + cost - limit, 1
  while short > log[i + 1] do short, i = short - log[i + 1], i + 2 end
  wait = log[i] + window - now
end
local reset = #log == 0 and 0 or last + window - now
local stamp = math.max(last, math.ceil(now / quantum) * quantum)
if cost > 0 then
  if #log > 0 and last == stamp then log[#log] = log[#log] + cost else log[#log + 1], log[#log + 2] = stamp, cost end
end
while cost < 0 and #log > 0 do
  local units = log[#log] + cost
  if units > 0 then log[#log], cost = units, 0
  else log[#log], log[#log - 1], cost = nil, nil, units end
end
local after = #log == 0 and 0 or log[#log - 1] + window - now
return ok, ok and #log > 0 and spell(unpack(log)), math.max(1, math.ceil(after / 1000)), { used, wait, reset, after }`,
    encode: ({ windowUs, limit, quantumUs, cost }: SlidingLogArgs): readonly string[] =>
      [windowUs, limit, quantumUs, cost].map(String),
    decode: decodeWindow,
  },
});

function dropBefore(log: State, thenUs: number): State {
  let first = 0;
  while (first < log.length && (log[first] ?? 0) <= thenUs) first += 2;
  return first === 0 ? log : log.slice(first);
}

function sum(log: State): number {
  let units = 0;
  for (let index = 1; index < log.length; index += 2) units += log[index] ?? 0;
  return units;
}

/** When so many of the oldest units were taken. */
function freedAt(log: State, units: number): number {
  let short = units;
  let index = 0;
  while (index + 2 < log.length && short > (log[index + 1] ?? 0)) {
    short -= log[index + 1] ?? 0;
    index += 2;
  }
  return log[index] ?? 0;
}

/** Takes units off the end: what is given back was most likely taken last. */
function takeBack(log: State, units: number): State | undefined {
  let left = units;
  let length = log.length;
  while (length > 0 && left >= (log[length - 1] ?? 0)) {
    left -= log[length - 1] ?? 0;
    length -= 2;
  }
  if (length === 0) return undefined;
  return [...log.slice(0, length - 1), (log[length - 1] ?? 0) - left];
}

function append(log: State, stampUs: number, cost: number): State | undefined {
  if (cost === 0) return log.length === 0 ? undefined : log;
  if (log.at(-2) !== stampUs) return [...log, stampUs, cost];
  return [...log.slice(0, -1), (log.at(-1) ?? 0) + cost];
}

function compile(name: string, numbers: LimitNumbers, quantumUs: number): SlidingLogArgs {
  refuseBurst(name, numbers);
  return Object.freeze({ limit: numbers.limit, windowUs: numbers.windowUs, quantumUs, cost: 1 });
}

/**
 * Remembers when each unit was taken, to the microsecond.
 *
 * Envelope: at most `limit` units in every window of that length, and never one less than that allows. A store keeps two numbers a request,
 * and each request reads and writes them all, which takes a Redis server 0.7 ms at 1,000: that is why `limit` is no larger.
 */
export const slidingLog: LimitAlgorithm<SlidingLogArgs> = /* @__PURE__ */ Object.freeze({
  step,
  givesBack: true,
  compile(numbers: LimitNumbers): SlidingLogArgs {
    if (numbers.limit > MAX_ENTRIES) {
      throw new RangeError(
        `Cannot create limiter: slidingLog takes limits of at most ${MAX_ENTRIES}; see strictWindow.`,
      );
    }
    return compile('slidingLog', numbers, 1);
  },
  describe: describeWindow,
});

/**
 * Remembers how many units were taken in each sixteenth of the window, and lets each count until the last of them must not.
 *
 * Envelope: at most `limit` units in every window of that length; units are free again up to a sixteenth of it later than they need be. A store
 * keeps at most 34 numbers a key, whatever the limit.
 */
export const strictWindow: LimitAlgorithm<SlidingLogArgs> = /* @__PURE__ */ Object.freeze({
  step,
  givesBack: true,
  compile: (numbers: LimitNumbers): SlidingLogArgs =>
    compile('strictWindow', numbers, Math.ceil(numbers.windowUs / STRICT_PARTS)),
  describe: describeWindow,
});
