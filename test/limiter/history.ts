import * as fc from 'fast-check';
import type { Cost, LimitAlgorithm, LimitReading } from '../../src/limiter/algorithm.ts';
import type { StepOutcome } from '../../src/store/step.ts';

/** A request: when, in microseconds since the Unix epoch, and how many units it wants; less than none for what it gives back. */
export interface Request {
  readonly nowUs: number;
  readonly cost: number;
}

/** A limit, and the requests that come to it under one key. */
export interface History {
  readonly limit: number;
  readonly windowUs: number;
  readonly burst: number | undefined;
  readonly requests: readonly Request[];
}

/** A request, and what a step made of it. */
export interface Moment extends Request {
  readonly args: Cost;
  /** What was remembered before, frozen: a step that writes into it throws. */
  readonly state: unknown;
  readonly outcome: StepOutcome<unknown, unknown>;
  readonly reading: LimitReading;
}

/** Which histories to make. */
export interface HistoryOptions {
  /** The greatest limit for a window. Default: 2^31. */
  readonly maxLimit?: (windowUs: number) => number;
  /** Whether the clock goes back now and then. Default: false. */
  readonly goesBack?: boolean;
  /** Whether units are given back now and then. Default: false. */
  readonly givesBack?: boolean;
  /** Whether limits have a burst. Default: false. */
  readonly hasBurst?: boolean;
}

export const TEN_YEARS_US = 315_360_000_000_000;
const START_US = 1_700_000_000_000_123;
/** The year 2109: until then a clock that tells milliseconds as a double tells every microsecond. */
const LATEST_US = 2 ** 42 * 1000;
const HUGE = 1000;

const windows = fc.oneof(
  fc.constantFrom(1000, 1001, 60_000_000, 3_600_000_000, TEN_YEARS_US),
  fc.integer({ min: 1000, max: 5000 }),
  fc.integer({ min: 1000, max: TEN_YEARS_US }),
);

const limits = fc.oneof(
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: 1, max: 2 ** 31 }),
  fc.constant(2 ** 31),
);

/** A wait as a share of the window, and microseconds more or less. */
type Wait = readonly [share: number, extraUs: number];
const near = fc.integer({ min: -2, max: 2 });
const sixteenths = (min: number, max: number) => fc.integer({ min, max }).map((count) => count / 16);
const onwards = [
  { weight: 4, arbitrary: fc.constant<Wait>([0, 0]) },
  { weight: 2, arbitrary: fc.tuple(fc.constant(0), fc.integer({ min: 0, max: 3000 })) },
  { weight: 6, arbitrary: fc.tuple(sixteenths(0, 16), near) },
  { weight: 3, arbitrary: fc.tuple(sixteenths(16, 40), near) },
  { weight: 3, arbitrary: fc.tuple(fc.integer({ min: 0, max: 1_000_000 }).map((share) => share / 1_000_000), near) },
  { weight: 1, arbitrary: fc.tuple(fc.constant(HUGE), near) },
];
const back = { weight: 2, arbitrary: fc.tuple(sixteenths(-40, 0), near) };

/** A cost as a share of the limit, and units more or less. */
const costs = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant(0), fc.integer({ min: 0, max: 3 })) },
  { weight: 4, arbitrary: fc.tuple(sixteenths(0, 16), near) },
  { weight: 1, arbitrary: fc.constant([1, 1] as const) },
  { weight: 1, arbitrary: fc.constant([0, Number.MAX_SAFE_INTEGER] as const) },
);

/** Histories that meet the edges of their windows and limits often. */
export function histories(options: HistoryOptions = {}): fc.Arbitrary<History> {
  const { maxLimit = () => 2 ** 31, goesBack = false, givesBack = false, hasBurst = false } = options;
  const waits = goesBack ? fc.oneof(...onwards, back) : fc.oneof(...onwards);
  const signs = givesBack ? fc.constantFrom(1, 1, -1) : fc.constant(1);
  const calls = fc.array(fc.tuple(waits, costs, signs), { maxLength: 40 });
  return fc.tuple(windows, limits, limits, calls).map(([windowUs, wantedLimit, wantedBurst, steps]) => {
    const limit = Math.min(wantedLimit, maxLimit(windowUs));
    const burst = hasBurst ? Math.min(wantedBurst, Math.floor(2 ** 52 / Math.ceil(windowUs / limit))) : undefined;
    let nowUs = START_US;
    const requests = steps.map(([[share, extraUs], [part, more], sign]) => {
      const waitUs = Math.floor(windowUs * share) + extraUs;
      nowUs = Math.min(LATEST_US, Math.max(0, nowUs + (goesBack ? waitUs : Math.max(0, waitUs))));
      const most = burst ?? limit;
      const units = Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.floor(most * part) + more));
      return { nowUs, cost: units === 0 ? 0 : sign * units };
    });
    return { limit, windowUs, burst, requests };
  });
}

/** Passes every request of a history to the step itself: there is no store that could forget. */
export function replay(algorithm: LimitAlgorithm, history: History): readonly Moment[] {
  const unit = algorithm.compile(history);
  let state: unknown;
  return history.requests.map(({ nowUs, cost }) => {
    const args = Object.freeze({ ...unit, cost });
    const before = Object.freeze(state);
    const outcome = algorithm.step.apply(before, args, nowUs);
    if (outcome.ok) state = outcome.state;
    // Nobody reads the answer to what gives back; what stands then is what a question is told.
    const reading = cost < 0
      ? readAt(algorithm, state, args, nowUs)
      : algorithm.describe(outcome.result, args, outcome.ok);
    if (reading === undefined) throw new Error('The algorithm cannot read what its own step told.');
    return { nowUs, cost, args, state: before, outcome, reading };
  });
}

/** What a limit tells whoever asks, and takes nothing. */
export function readAt(
  { step, describe }: LimitAlgorithm,
  state: unknown,
  args: Cost,
  nowUs: number,
): LimitReading | undefined {
  const asked = { ...args, cost: 0 };
  const { ok, result } = step.apply(state, asked, nowUs);
  return describe(result, asked, ok);
}

/** Which requests were admitted. */
export function verdicts(moments: readonly Moment[]): readonly boolean[] {
  return moments.map(({ outcome }) => outcome.ok);
}

/** The most units admitted, less those given back, in any half-open window of that length, where the clock never went back. */
export function mostWithin(moments: readonly Moment[], windowUs: number): number {
  const admitted = moments.filter(({ outcome }) => outcome.ok);
  let most = 0;
  for (let first = 0; first < admitted.length; first++) {
    let units = 0;
    for (const { nowUs, cost } of admitted.slice(first)) {
      if (nowUs - (admitted[first]?.nowUs ?? 0) < windowUs) units += cost;
      most = Math.max(most, units);
    }
  }
  return most;
}
