import type { Contender, Target } from './harness.ts';

/** So many are made ready at a time: few enough to stay near the processor. */
export const BATCH = 256;

/** One way of changing something that is fresh each time, and made beforehand. */
export interface FreshJob<T> {
  readonly name: string;
  readonly kind: Contender['kind'];
  readonly make: () => T;
  readonly change: (fresh: T) => unknown;
  readonly target?: Target;
}

/** Times what is done to something, and not what makes it. */
export function onFresh<T>({ make, change, ...rest }: FreshJob<T>): Contender {
  let fresh: readonly T[] = [];
  return {
    ...rest,
    prepare(operations) {
      fresh = Array.from({ length: operations }, make);
    },
    run() {
      for (const one of fresh) change(one);
    },
  };
}

/** The same for what answers later: a middleware that awaits what comes after it cannot do with less than being awaited itself. */
export function onFreshLater<T>({ make, change, ...rest }: FreshJob<T>): Contender {
  let fresh: readonly T[] = [];
  return {
    ...rest,
    prepare(operations) {
      fresh = Array.from({ length: operations }, make);
    },
    async run() {
      for (const one of fresh) await change(one);
    },
  };
}
