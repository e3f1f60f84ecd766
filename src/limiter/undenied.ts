import type { Clock } from '../core/clock.ts';
import type { Ask } from './consume.ts';
import type { Decision } from './decision.ts';
import type { DenyCache } from './deny-cache.ts';

/** Asks only what was not denied before. */
export interface Undenied {
  readonly ask: Ask;
  /** Forgets what a key was denied, also what it is being denied now. */
  readonly forget: (key: string) => void;
}

/** Puts a memory of denials in front of a store. */
export function askUndenied(denials: DenyCache, clock: Clock, askStore: Ask): Undenied {
  let forgets = 0;

  function forget(key: string): void {
    forgets++;
    denials.forget(key);
  }

  const ask: Ask = (question) => {
    const { limits, key, cost } = question;
    // Before the answer: the store counts from when it decided.
    const askedMs = clock();
    const denied = denials.find(limits, key, cost, askedMs);
    if (denied !== undefined) return denied;
    const asked = forgets;
    const remember = (decision: Decision): Decision => {
      const isNo = decision.reason === 'limited' || decision.reason === 'blocked';
      // What was asked before something was given back may hold no more when its answer comes.
      if (isNo && asked === forgets) denials.add(limits, key, cost, askedMs, decision);
      return decision;
    };
    const decision = askStore(question);
    return decision instanceof Promise ? decision.then(remember) : remember(decision);
  };

  return { ask, forget };
}
