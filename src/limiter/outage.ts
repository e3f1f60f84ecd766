import type { Clock, MaybePromise } from '../core/clock.ts';
import { createDeadline, isLate, lateError } from '../core/deadline.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import type { Store } from '../store/store.ts';
import type { Decision } from './decision.ts';
import { askStore, type Question } from './question.ts';

/** What a limiter does when its store cannot decide: refuse, admit, or ask another store, which must answer at once. */
export type StoreFailureMode = 'closed' | 'open' | Store;

/** How a store is asked. */
export interface OutageOptions {
  readonly store: Store;
  readonly mode: StoreFailureMode;
  readonly timeoutMs: number;
  readonly onStoreError: ((error: unknown) => void) | undefined;
  readonly clock: Clock;
}

/** How long a store that did not answer is left alone; then one question tries it, and all others when that was answered. */
const PAUSE_MS = 1000;

/**
 * Makes a function that asks a store within a deadline and falls back as declared. Without the pause each request of an outage would wait for the
 * whole deadline. A store that fails at once is asked each time: what it cannot decide for one key, it may for another. A limiter that fails closed has no
 * pause, since one fault of the network would else refuse everybody for a second.
 */
export function createOutageGuard(options: OutageOptions): (question: Question) => MaybePromise<Decision> {
  const { store, mode, timeoutMs, onStoreError, clock } = options;
  const late = lateError('The store is late.');
  const inTime = createDeadline(timeoutMs, () => late);
  let pausedFrom: number | undefined;
  /** How often the store has answered. */
  let answered = 0;

  function isPaused(): boolean {
    if (pausedFrom === undefined) return false;
    const now = clock();
    // A clock that went back must not make the pause longer.
    if (now >= pausedFrom && now < pausedFrom + PAUSE_MS) return true;
    pausedFrom = now;
    return false;
  }

  function fallBack(question: Question): Decision {
    if (typeof mode === 'string') return { allowed: true, reason: 'unavailable', limits: [], retryAfterSeconds: 0 };
    let decision: MaybePromise<Decision>;
    try {
      decision = askStore(mode, question);
    } catch (cause) {
      throw refuse(cause);
    }
    if (decision instanceof Promise) {
      decision.catch(ignore);
      // It could fail as the first one did, and nobody would be there for it.
      throw refuse(new Error('The second store answers late.'));
    }
    return { ...decision, reason: 'degraded' };
  }

  function fail(error: unknown, question: Question, answeredBefore: number): Decision {
    try {
      const told: unknown = onStoreError?.(error);
      Promise.resolve(told).catch(ignore);
    } catch {
      // Who listens must not decide.
    }
    if (mode === 'closed') throw refuse(error);
    // Whoever is answered in the meantime is answered by what works: one server of several that hangs is no outage of them all.
    if (isLate(error) && answered === answeredBefore) pausedFrom = clock();
    return fallBack(question);
  }

  return (question) => {
    if (isPaused()) return fallBack(question);
    const before = answered;
    try {
      const answer = askStore(store, question);
      if (!(answer instanceof Promise)) {
        pausedFrom = undefined;
        answered++;
        return answer;
      }
      return inTime(answer).then((decision) => {
        pausedFrom = undefined;
        answered++;
        return decision;
      }, (error: unknown) => fail(error, question, before));
    } catch (error) {
      return fail(error, question, before);
    }
  };
}

function refuse(cause: unknown): Refusal {
  return isRefusal(cause) ? cause : new Refusal('store_unavailable', { cause });
}

function ignore(): void {}
