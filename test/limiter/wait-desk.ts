import type { MaybePromise } from '../../src/core/clock.ts';
import type { Decision } from '../../src/limiter/decision.ts';
import type { LimitOptions } from '../../src/limiter/limit.ts';
import { createLimiter, type Limiter, type LimiterOptions } from '../../src/limiter/limiter.ts';
import { createWait, type WaitOptions } from '../../src/limiter/wait.ts';
import { memoryStore } from '../../src/store/memory.ts';

/** One unit a second, and one at once. */
export const EACH_SECOND: readonly LimitOptions[] = [{ name: 'a', limit: 1, windowSeconds: 1 }];

/** What has become of a call of `wait`, and when, in milliseconds since the desk was opened. */
export interface Ended {
  readonly name: string;
  readonly atMs: number;
  /** Whether it was admitted, or what it was rejected with. */
  readonly end: unknown;
}

/** A limiter in memory under fake timers, and a log of who left the line. */
export interface WaitDesk {
  readonly limiter: Limiter;
  readonly log: Ended[];
  /** Waits, and writes down under a name how that ends. */
  readonly wait: (name: string, options?: WaitOptions, key?: string) => Promise<void>;
  /** Moves the clock, and no timer. */
  readonly skew: (ms: number) => void;
  readonly clock: () => number;
}

export function openWaitDesk(options: Partial<LimiterOptions> = {}): WaitDesk {
  const startMs = Date.now();
  let skewMs = 1_700_000_000_000 - startMs;
  const clock = (): number => Date.now() + skewMs;
  const limiter = createLimiter({
    store: memoryStore({ clock }),
    limits: EACH_SECOND,
    clock,
    blockable: true,
    ...options,
  });
  const log: Ended[] = [];

  async function wait(name: string, waitOptions?: WaitOptions, key = 'k'): Promise<void> {
    const end = await limiter.wait(key, waitOptions).then(({ allowed }) => allowed, (error: unknown) => error);
    log.push({ name, atMs: Date.now() - startMs, end });
  }

  return { limiter, log, wait, clock, skew: (ms) => void (skewMs += ms) };
}

export function allowed(): Decision {
  return { allowed: true, reason: 'ok', limits: [], retryAfterSeconds: 0 };
}

export function denied(retryAfterSeconds: number): Decision {
  return { allowed: false, reason: 'limited', limits: [], retryAfterSeconds };
}

/** A line whose decisions a test writes: one for each question, and the last for all that follow. */
export function openScript(
  decisions: readonly (() => MaybePromise<Decision>)[],
  clock: () => number,
): { readonly wait: ReturnType<typeof createWait>; readonly asked: () => number } {
  let asked = 0;
  function consume(): MaybePromise<Decision> {
    const next = decisions[Math.min(asked++, decisions.length - 1)];
    if (next === undefined) throw new Error('There is no decision.');
    return next();
  }
  return { wait: createWait({ consume, maxWaiting: 1000, clock }), asked: () => asked };
}
