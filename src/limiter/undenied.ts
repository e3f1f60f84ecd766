import type { Clock } from '../core/clock.ts';
import type { Ask } from './consume.ts';
import type { Decision } from './decision.ts';
import { type DenyCache, nameOf } from './deny-cache.ts';

/** Asks only what was not denied before. */
export interface Undenied {
  readonly ask: Ask;
  /** Forgets what a key was denied, also what it is being denied now. */
  readonly forget: (key: string) => void;
}

/** Puts a memory of denials in front of a store. */
export function askUndenied(denials: DenyCache, clock: Clock, askStore: Ask): Undenied {
  /** The questions on their way, by key: how many, and whether something was given back meanwhile. */
  const asking = new Map<string, { count: number; isForgotten: boolean }>();

  function forget(key: string): void {
    const name = nameOf(key);
    const flight = asking.get(name);
    if (flight !== undefined) flight.isForgotten = true;
    // What is asked from now on is in another: else a flood, which never ends, would never be remembered again.
    asking.delete(name);
    denials.forget(key);
  }

  const ask: Ask = (question) => {
    const { limits, key, cost } = question;
    // Before the answer: the store counts from when it decided.
    const askedMs = clock();
    const denied = denials.find(limits, key, cost, askedMs);
    if (denied !== undefined) return denied;
    const remember = (decision: Decision): Decision => {
      if (decision.reason === 'limited' || decision.reason === 'blocked') {
        denials.add(question, decision, askedMs, clock());
      }
      return decision;
    };
    const answer = askStore(question);
    return answer instanceof Promise ? follow(nameOf(key), answer, remember) : remember(answer);
  };

  async function follow(
    name: string,
    answer: Promise<Decision>,
    remember: (decision: Decision) => Decision,
  ): Promise<Decision> {
    const flight = asking.get(name) ?? { count: 0, isForgotten: false };
    asking.set(name, flight);
    flight.count++;
    try {
      const decision = await answer;
      // What was asked before something was given back may hold no more when its answer comes.
      return flight.isForgotten ? decision : remember(decision);
    } finally {
      if (--flight.count === 0 && asking.get(name) === flight) asking.delete(name);
    }
  }

  return { ask, forget };
}
