import type { LimitAlgorithm } from '../../src/limiter/algorithm.ts';
import type { Decision } from '../../src/limiter/decision.ts';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import type { LimitOptions } from '../../src/limiter/limit.ts';
import { createLimiter, type Limiter } from '../../src/limiter/limiter.ts';
import { slidingLog, strictWindow } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { memoryStore } from '../../src/store/memory.ts';

export const PER_SECOND: LimitOptions = { name: 'second', limit: 10, windowSeconds: 1 };

export type AlgorithmName = 'gcra' | 'fixedWindow' | 'slidingWindow' | 'slidingLog' | 'strictWindow';

export const ALGORITHMS: readonly (readonly [AlgorithmName, LimitAlgorithm])[] = [
  ['gcra', gcra],
  ['fixedWindow', fixedWindow],
  ['slidingWindow', slidingWindow],
  ['slidingLog', slidingLog],
  ['strictWindow', strictWindow],
];

/** A limiter in memory whose clock a test moves. */
export function setUp(
  ...limits: LimitOptions[]
): { limiter: Limiter; consume: (key: string, cost?: number) => Decision; advance: (ms: number) => void } {
  let nowMs = 1_700_000_000_000;
  const limiter = createLimiter({ store: memoryStore({ clock: () => nowMs }), limits });
  return {
    limiter,
    advance: (ms) => void (nowMs += ms),
    consume(key, cost = 1) {
      const decision = limiter.consume(key, { cost });
      if (decision instanceof Promise) throw new Error('A synchronous store must give a synchronous decision.');
      return decision;
    },
  };
}
