import { MemoryStore as ExpressStore } from 'express-rate-limit';
import { MemoryStore as HonoStore } from 'hono-rate-limiter';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { createLimiter, type Limiter } from 'sallyport/limiter';
import { memoryStore, type Store } from 'sallyport/store';
import type { Contender } from './harness.ts';

/** A limiter that is yet to be made: timing makes all in one process, memory each in its own. */
export interface LimiterContender {
  readonly name: string;
  readonly kind: Contender['kind'];
  /** Makes it, with room for that many keys; `run` meets each of them once, in order, and then again at random. */
  readonly create: (keys: number) => Contender['run'];
}

// Nobody is refused: what is compared is the way that almost every request takes.
const LIMIT = 1_000_000;
const WINDOW_SECONDS = 3600;
const BURST = 2 ** 31;

/** Makes a fresh string for each request, as a server does from the peer's address. */
function createKeys(keys: number): () => string {
  let met = 0;
  let random = 1;
  return () => {
    // Whole numbers of 32 bits throughout: a larger one is allocated, and its remainder is taken as a fraction's, which takes longer than all else here.
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0;
    const key = met < keys ? met++ : (random >>> 1) % keys;
    return `c:10.${key >>> 16}.${(key >>> 8) & 255}.${key & 255}`;
  };
}

/** One for all of our limiters, as a program has it: with each other store in the process a decision takes some 50 ns longer. */
const stores = new Map<number, Store>();

function ourStore(keys: number): Store {
  const known = stores.get(keys);
  if (known !== undefined) return known;
  // Twice the keys: a table of sets that is nearly full lets keys of full sets share their debts.
  const store = memoryStore({ maxKeys: 2 * keys });
  stores.set(keys, store);
  return store;
}

function ourLimiter(keys: number, names: readonly string[]): Limiter {
  return createLimiter({
    store: ourStore(keys),
    limits: names.map((name) => ({
      name,
      limit: LIMIT,
      windowSeconds: WINDOW_SECONDS,
      burst: BURST,
    })),
  });
}

function ours(names: readonly string[]): LimiterContender['create'] {
  return (keys) => {
    const limiter = ourLimiter(keys, names);
    const next = createKeys(keys);
    return (operations) => {
      for (let operation = 0; operation < operations; operation++) {
        const decision = limiter.consume(next());
        if (decision instanceof Promise || !decision.allowed) {
          throw new Error('The limiter refused.');
        }
      }
    };
  };
}

export const LIMITERS: readonly LimiterContender[] = [
  {
    name: 'building the key alone',
    kind: 'floor',
    create(keys) {
      const next = createKeys(keys);
      let length = 0;
      return (operations) => {
        for (let operation = 0; operation < operations; operation++) {
          // Read, and not only glued together: whoever decides has to.
          length += next().charCodeAt(4);
        }
        if (length < 0) {
          throw new Error(
            'Never: it keeps the loop from being optimised away.',
          );
        }
      };
    },
  },
  { name: 'sallyport', kind: 'ours', create: ours(['a']) },
  {
    name: 'sallyport, awaited',
    kind: 'ours',
    create(keys) {
      const limiter = ourLimiter(keys, ['a']);
      const next = createKeys(keys);
      return async (operations) => {
        for (let operation = 0; operation < operations; operation++) {
          const decision = await limiter.consume(next());
          if (!decision.allowed) throw new Error('The limiter refused.');
        }
      };
    },
  },
  {
    name: 'sallyport, three limits at once',
    kind: 'ours',
    create: ours(['a', 'b', 'c']),
  },
  {
    name: 'rate-limiter-flexible (RateLimiterMemory)',
    kind: 'rival',
    create(keys) {
      const limiter = new RateLimiterMemory({
        points: BURST,
        duration: WINDOW_SECONDS,
      });
      const next = createKeys(keys);
      return async (operations) => {
        for (let operation = 0; operation < operations; operation++) {
          const answer = await limiter.consume(next());
          if (answer.remainingPoints <= 0) {
            throw new Error('The limiter refused.');
          }
        }
      };
    },
  },
  {
    name: 'express-rate-limit (MemoryStore alone)',
    kind: 'rival',
    create(keys) {
      const store = new ExpressStore();
      // Its type asks for the whole middleware's options; the store reads one of them.
      store.init(
        { windowMs: WINDOW_SECONDS * 1000 } as Parameters<
          ExpressStore['init']
        >[0],
      );
      const next = createKeys(keys);
      return async (operations) => {
        for (let operation = 0; operation < operations; operation++) {
          const info = await store.increment(next());
          if (info.totalHits > BURST) throw new Error('The limiter refused.');
        }
      };
    },
  },
  {
    name: 'hono-rate-limiter (MemoryStore alone)',
    kind: 'rival',
    create(keys) {
      const store = new HonoStore();
      store.init(
        { windowMs: WINDOW_SECONDS * 1000 } as Parameters<HonoStore['init']>[0],
      );
      const next = createKeys(keys);
      return (operations) => {
        for (let operation = 0; operation < operations; operation++) {
          const info = store.increment(next());
          if (info instanceof Promise || info.totalHits > BURST) {
            throw new Error('The limiter refused.');
          }
        }
      };
    },
  },
];
