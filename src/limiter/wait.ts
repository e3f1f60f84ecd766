import type { Clock, MaybePromise } from '../core/clock.ts';
import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { checkKey, type ConsumeOptions, readCost } from './consume.ts';
import type { Decision } from './decision.ts';

/** Options of {@linkcode Limiter.wait}. */
export interface WaitOptions extends ConsumeOptions {
  /** For how many milliseconds at most, 0 to 2^31 - 1. Default: 10,000. */
  readonly maxWaitMs?: number;
  /** Ends the wait, which then rejects with the signal's reason. Default: nothing does. */
  readonly signal?: AbortSignal;
}

/** Who stands in a line. */
interface Place {
  /** Ends its sleep: it is the first now, or its time is over. */
  wake: () => void;
}

/** What the waiting needs of its limiter. */
export interface WaitSettings {
  readonly consume: (key: string, options?: ConsumeOptions) => MaybePromise<Decision>;
  readonly maxWaiting: number;
  readonly clock: Clock;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/** Makes the function that waits for units: one line a key, whose first asks the store and sleeps for as long as it is told. */
export function createWait(settings: WaitSettings): (key: string, options?: WaitOptions) => Promise<Decision> {
  const { consume, maxWaiting, clock } = settings;
  const lines = new Map<string, Set<Place>>();
  let waiting = 0;

  async function wait(key: string, options: WaitOptions = {}): Promise<Decision> {
    checkKey('wait', key);
    refuseUnknownOptions('wait', options, ['cost', 'maxWaitMs', 'signal']);
    const cost = readCost('wait', options);
    const { maxWaitMs = 10_000, signal } = options;
    numberOption('wait', 'maxWaitMs', maxWaitMs, { min: 0, max: MAX_TIMER_MS });
    signal?.throwIfAborted();
    if (waiting >= maxWaiting || maxWaitMs === 0) return await consume(key, { cost });
    const endMs = clock() + maxWaitMs;
    const place: Place = { wake: ignore };
    // The colon keeps keys from being array indexes, whose hash is weak.
    const leave = enter(`:${key}`, place);
    let leftMs = maxWaitMs;
    let alarm: ReturnType<typeof setTimeout> | undefined;
    try {
      if (!leave.isFirst) {
        // It goes on when the turn has come: how long was waited for it, a clock that goes back does not tell.
        alarm = setTimeout(() => {
          leftMs = 0;
          place.wake();
        }, maxWaitMs);
        // Who has waited in vain asks out of its turn, once: what it is told is then true, and may be a yes.
        await sleep(undefined, signal, place);
      }
      for (;;) {
        const decision = await consume(key, { cost });
        // By the clock for what the store took, and by what was slept for a clock that goes back.
        leftMs = Math.min(leftMs, endMs - clock());
        const sleepMs = Math.max(1, Math.ceil(decision.retryAfterSeconds * 1000));
        if (decision.allowed || !(sleepMs <= leftMs)) return decision;
        await sleep(sleepMs, signal, place);
        leftMs -= sleepMs;
      }
    } finally {
      clearTimeout(alarm);
      leave.now();
    }
  }

  function enter(name: string, place: Place): { readonly isFirst: boolean; readonly now: () => void } {
    const line = lines.get(name) ?? new Set();
    lines.set(name, line.add(place));
    waiting++;
    function now(): void {
      const [first] = line;
      line.delete(place);
      waiting--;
      const [next] = line;
      if (next === undefined) lines.delete(name);
      else if (first === place) next.wake();
    }
    return { isFirst: line.size === 1, now };
  }

  return wait;
}

/** Sleeps for a time, where there is one, or until the place is woken; rejects when the signal says so. */
function sleep(ms: number | undefined, signal: AbortSignal | undefined, place: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = ms === undefined ? undefined : setTimeout(wake, ms);
    function stop(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
    function wake(): void {
      stop();
      resolve();
    }
    function abort(): void {
      stop();
      reject(signal?.reason);
    }
    place.wake = wake;
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

function ignore(): void {}
