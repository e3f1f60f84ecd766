import type { Clock, MaybePromise } from '../core/clock.ts';
import { createDeadline, isLate, lateError } from '../core/deadline.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import type { Store } from '../store/store.ts';
import type { Decision } from './decision.ts';
import { askStore, type Question } from './question.ts';
import type { StandIn } from './stand-in.ts';

/** How a store is asked. */
export interface OutageOptions {
  readonly store: Store;
  readonly mode: 'closed' | 'open' | StandIn;
  readonly timeoutMs: number;
  readonly onStoreError: ((error: unknown) => void) | undefined;
  readonly clock: Clock;
}

/** How long a store that did not answer is left alone; then one question tries it, and all others when that was answered. */
const PAUSE_MS = 1000;
/** So many faults in so long, with no answer between them, and it is left alone as well. */
const MAX_FAULTS = 5;
const FAULTS_MS = 10_000;

/**
 * Makes a function that asks a store within a deadline and falls back as declared. Without the pause each request of an outage would wait for the
 * whole deadline, or for a fault that comes over the network.
 *
 * One fault that comes at once is no reason: what a store cannot decide for one key, it may for another. And where nobody counts meanwhile (`open`), no number
 * of them is: whoever can make the decision of one key fail could else lift the limits of all others. A limiter that fails closed has no
 * pause, since one fault of the network would else refuse everybody for a second.
 */
export function createOutageGuard(options: OutageOptions): (question: Question) => MaybePromise<Decision> {
  const { store, mode, timeoutMs, onStoreError, clock } = options;
  const late = lateError('The store is late.');
  const inTime = createDeadline(timeoutMs, () => late);
  let pausedFrom: number | undefined;
  /** How often the store has answered. */
  let answered = 0;
  /** How often it has failed since `faultsFrom` and its last answer. */
  let faults = 0;
  let faultsFrom = 0;

  function isPaused(): boolean {
    if (pausedFrom === undefined) return false;
    const now = clock();
    // A clock that went back must not make the pause longer.
    if (now >= pausedFrom && now < pausedFrom + PAUSE_MS) return true;
    pausedFrom = now;
    return false;
  }

  function noteAnswer(): void {
    pausedFrom = undefined;
    faults = 0;
    answered++;
  }

  /** Whether it has failed as often as it may. */
  function noteFault(now: number): boolean {
    if (faults === 0 || now < faultsFrom || now >= faultsFrom + FAULTS_MS) {
      faults = 0;
      faultsFrom = now;
    }
    return ++faults >= MAX_FAULTS;
  }

  function fallBack(question: Question): Decision {
    if (typeof mode === 'string') return { allowed: true, reason: 'unavailable', limits: [], retryAfterSeconds: 0 };
    let decision: MaybePromise<Decision>;
    try {
      decision = askStore(mode.store, { ...question, limits: mode.shareOf(question.limits) });
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
    if (answered === answeredBefore) {
      const now = clock();
      const isBroken = noteFault(now) && mode !== 'open';
      if (isBroken || isLate(error)) pausedFrom = now;
    }
    return fallBack(question);
  }

  return (question) => {
    if (isPaused()) return fallBack(question);
    const before = answered;
    try {
      const answer = askStore(store, question);
      if (!(answer instanceof Promise)) {
        noteAnswer();
        return answer;
      }
      return inTime(answer).then((decision) => {
        noteAnswer();
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
