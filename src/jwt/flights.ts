import type { Clock } from '../core/clock.ts';

/** A value that is fetched again and again: one fetch at a time, none within a cooldown, and what landed last is kept. */
export interface Flights<T> {
  readonly readClock: Clock;
  /** What landed last, and when; until it is forgotten. */
  readonly landed: () => Landed<T> | undefined;
  readonly status: (now: number) => FlightStatus;
  /** Why the last fetch failed, if one has since what landed last. */
  readonly failure: () => unknown;
  /** When the cooldown ends. */
  readonly nextAt: () => number;
  /** Begins a fetch that nobody waits for. Its failure is kept for whoever waits in vain later. */
  readonly startBehind: (now: number) => void;
  /** Resolves when something newer has landed. Rejects with why nothing has, at once during a cooldown, unless the caller insists. */
  readonly next: (insist: boolean) => Promise<void>;
  /** Forgets what landed and what is on its way, and ends the cooldown. */
  readonly forget: () => void;
}

/** May one begin (idle), not yet (cooling), is one on its way (flying), or did one begin that never ended (lost)? */
export type FlightStatus = 'idle' | 'cooling' | 'flying' | 'lost';

/** What a fetch brought. */
export interface Landed<T> {
  readonly value: T;
  at: number;
}

/** How to fetch, and how often. */
export interface FlightOptions<T> {
  /** Settles within timeoutMs, where the platform lets it end. */
  readonly load: (previous: T | undefined) => Promise<T>;
  readonly timeoutMs: number;
  readonly cooldownMs: number;
  readonly clock: Clock;
  readonly waitUntil: ((work: Promise<void>) => void) | undefined;
}

/** A fetch under way. Nobody awaits its promise but who began it. */
interface Flight {
  overdueAt: number;
  hasLanded: boolean;
  error: unknown;
}

/** How much later than its timeout a fetch is taken for lost: a busy thread fires timers late. */
const GRACE_MS = 1000;
/** When one who waits for another's fetch looks first whether it has ended; from then on after a quarter of the time waited, at most the other. */
const LOOK_AGAIN_MS = 10;
const LOOK_AGAIN_AT_MOST_MS = 250;
/** How many fetches one waits for that are forgotten or lost on their way. */
const MAX_ATTEMPTS = 3;

/**
 * Makes flights.
 *
 * It is tempting to let all who wait await one promise. However on workerd a promise belongs to the request that made it, and never settles
 * once that request is over. So who waits looks now and then whether the fetch has ended, under timers of its own, and takes its place
 * when it is lost. Only plain data pass from one request to another.
 */
export function createFlights<T>(options: FlightOptions<T>): Flights<T> {
  const { load, cooldownMs, clock, waitUntil } = options;
  const patienceMs = options.timeoutMs + GRACE_MS;
  let flight: Flight | undefined;
  let landed: Landed<T> | undefined;
  let failure: unknown;
  let nextAt = -Infinity;
  let latest = -Infinity;

  /**
   * A clock that was a year ahead would otherwise, once it is set right, keep a value young and every fetch forbidden for that year. So
   * nothing is dated later than now, and nothing waits longer than from now on.
   */
  function readClock(): number {
    const now = clock();
    if (now < latest) {
      nextAt = Math.min(nextAt, now + cooldownMs);
      if (landed !== undefined) landed.at = Math.min(landed.at, now);
      if (flight !== undefined) flight.overdueAt = Math.min(flight.overdueAt, now + patienceMs);
    }
    latest = now;
    return now;
  }

  function status(now: number): FlightStatus {
    if (flight !== undefined) return now >= flight.overdueAt ? 'lost' : 'flying';
    return now >= nextAt ? 'idle' : 'cooling';
  }

  /** Says whether it brought something: what comes after it was forgotten, or given up for another, is older than that decision. */
  async function fly(now: number): Promise<boolean> {
    const mine: Flight = { overdueAt: now + patienceMs, hasLanded: false, error: undefined };
    flight = mine;
    nextAt = now + cooldownMs;
    try {
      const value = await load(landed?.value);
      if (flight !== mine) return false;
      // What it says was true when it was asked, and may be no longer when it comes (RFC 9111 section 4.2.3).
      landed = { value, at: Math.min(now, readClock()) };
      failure = undefined;
      mine.hasLanded = true;
    } catch (error) {
      // Whatever a fetch rejects with, who waits must see that it did.
      mine.error = error ?? new Error('The fetch failed.');
      if (flight === mine) failure = mine.error;
      throw mine.error;
    } finally {
      if (flight === mine) flight = undefined;
    }
    return true;
  }

  function start(now: number): Promise<boolean> {
    const work = fly(now);
    try {
      const answer: unknown = waitUntil?.(work.then(ignore, ignore));
      Promise.resolve(answer).catch(ignore);
    } catch {
      // The fetch runs all the same.
    }
    return work;
  }

  async function join(other: Flight): Promise<boolean> {
    let waitedMs = 0;
    while (flight === other && status(readClock()) === 'flying') {
      const pauseMs = Math.min(LOOK_AGAIN_AT_MOST_MS, Math.max(LOOK_AGAIN_MS, waitedMs / 4));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      waitedMs += pauseMs;
      // Also under a clock that stands still.
      if (waitedMs > patienceMs) other.overdueAt = -Infinity;
    }
    if (other.error !== undefined) throw other.error;
    return other.hasLanded;
  }

  async function next(insist: boolean): Promise<void> {
    const before = landed;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const now = readClock();
      const state = status(now);
      if (state === 'cooling' && !(insist && attempt === 0)) {
        throw failure ?? new Error('It is too soon to fetch again.');
      }
      let hasLanded = false;
      try {
        hasLanded = await (flight !== undefined && state === 'flying' ? join(flight) : start(now));
      } catch (error) {
        if (landed === undefined || landed === before) throw error;
      }
      // Or another's has landed, which took the place of this one.
      if (landed !== undefined && (hasLanded || landed !== before)) return;
    }
    throw new Error(`${MAX_ATTEMPTS} fetches were forgotten or lost on their way.`);
  }

  function forget(): void {
    flight = undefined;
    landed = undefined;
    failure = undefined;
    nextAt = -Infinity;
  }

  return {
    readClock,
    landed: () => landed,
    status,
    failure: () => failure,
    nextAt: () => nextAt,
    startBehind: (now) => void start(now).catch(ignore),
    next,
    forget,
  };
}

function ignore(): void {}
