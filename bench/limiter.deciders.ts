import { MemoryStore as ExpressStore } from 'express-rate-limit';
import { MemoryStore as HonoStore } from 'hono-rate-limiter';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { createLimiter } from 'sallyport/limiter';
import { claim, memoryStore } from 'sallyport/store';
import type { Contender } from './harness.ts';

/** What is asked of a limiter in memory. */
export interface DeciderOptions {
  readonly limit: number;
  readonly windowSeconds: number;
  readonly maxKeys: number;
  /** Tells the time in milliseconds to those that can be told it. */
  readonly clock: () => number;
}

/** Tells whether a key is admitted. */
export type Decide = (key: string) => boolean | Promise<boolean>;

/** A limiter in memory that decides on whatever key it is given. */
export interface Decider {
  readonly name: string;
  readonly kind: Contender['kind'];
  readonly open: (options: DeciderOptions) => Decide;
}

export const OURS: Decider = {
  name: 'sallyport',
  kind: 'ours',
  open({ limit, windowSeconds, maxKeys, clock }): Decide {
    const limiter = createLimiter({
      store: memoryStore({ maxKeys, clock }),
      limits: [{ name: 'a', limit, windowSeconds }],
    });
    return (key) => {
      const decision = limiter.consume(key);
      if (decision instanceof Promise) throw new Error('The memory store must be synchronous.');
      return decision.allowed;
    };
  },
};

/** Values take another way through the store than debts do. */
export const OUR_CLAIMS: Decider = {
  name: 'sallyport, claim',
  kind: 'ours',
  open({ windowSeconds, maxKeys, clock }): Decide {
    const store = memoryStore({ maxKeys, clock });
    const args = { value: 'used', ttlMs: windowSeconds * 1000 };
    return (key) => {
      const answer = store.run([[{ step: claim, space: 'a', key, args }]]);
      if (answer instanceof Promise) throw new Error('The memory store must be synchronous.');
      return answer.groups[0]?.ok === true;
    };
  },
};

export const RIVALS: readonly Decider[] = [
  {
    name: 'rate-limiter-flexible (RateLimiterMemory)',
    kind: 'rival',
    open({ limit, windowSeconds }): Decide {
      const limiter = new RateLimiterMemory({ points: limit, duration: windowSeconds });
      return async (key) => {
        try {
          await limiter.consume(key);
          return true;
        } catch (refusal) {
          if (refusal instanceof RateLimiterRes) return false;
          throw refusal;
        }
      };
    },
  },
  {
    name: 'express-rate-limit (MemoryStore alone)',
    kind: 'rival',
    open({ limit, windowSeconds }): Decide {
      const store = new ExpressStore();
      // Of all the options of the middleware it reads this alone.
      Reflect.apply(store.init, store, [{ windowMs: windowSeconds * 1000 }]);
      return async (key) => (await store.increment(key)).totalHits <= limit;
    },
  },
  {
    name: 'hono-rate-limiter (MemoryStore alone)',
    kind: 'rival',
    open({ limit, windowSeconds }): Decide {
      const store = new HonoStore();
      // Of all the options of the middleware it reads this alone.
      Reflect.apply(store.init, store, [{ windowMs: windowSeconds * 1000 }]);
      return async (key) => (await store.increment(key)).totalHits <= limit;
    },
  },
];
