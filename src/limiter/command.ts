import type { MaybePromise } from '../core/clock.ts';
import { createDeadline, lateError } from '../core/deadline.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import type { Group, Step, StepOutcome } from '../store/step.ts';
import type { Store, StoreAnswer } from '../store/store.ts';
import type { Limit } from './limit.ts';
import { nonsense } from './question.ts';
import type { LimiterSettings } from './settings.ts';

/** Forgets a debt. */
export const forgetDebt: Step<number, null, null> = /* @__PURE__ */ Object.freeze({
  name: 'forgetDebt',
  kind: 'debt',
  apply: (): StepOutcome<number, null> => ({ ok: true, state: 0, ttlMs: 1, result: null }),
  twin: { lua: `return true, '0', 1, {}`, encode: (): readonly string[] => [], decode: (): null => null },
});

/** Forgets a value, whatever it is. */
export const forgetValue: Step<unknown, null, null> = /* @__PURE__ */ Object.freeze({
  name: 'forgetValue',
  kind: 'value',
  apply: (): StepOutcome<unknown, null> => ({ ok: true, state: undefined, ttlMs: 1, result: null }),
  twin: { lua: 'return true, false, 1, {}', encode: (): readonly string[] => [], decode: (): null => null },
});

/** Writes the calls that give units back to all limits of a key. */
export function refundCalls(limits: readonly Limit[], key: string, cost: number): Group {
  return limits.map(({ algorithm, name, space, unit }) => {
    const { step, givesBack } = algorithm;
    // An own property: on a polluted Object.prototype it would hand out units that nobody has taken.
    if (givesBack !== true || !Object.hasOwn(algorithm, 'givesBack')) {
      throw new TypeError(`Cannot refund: the algorithm of limit ${name} gives nothing back.`);
    }
    return { step, space, key, args: { ...unit, cost: -cost } };
  });
}

/** Writes the calls that make a key one that nobody has seen. */
export function resetCalls(limits: readonly Limit[], key: string): Group {
  return limits.map(({ algorithm: { step: { kind } }, space }) => {
    return { step: kind === 'debt' ? forgetDebt : forgetValue, space, key, args: null };
  });
}

/** The call that forgets a value. */
export function forgetCall(place: { readonly space: string; readonly key: string }): Group[number] {
  return { ...place, step: forgetValue, args: null };
}

/**
 * Makes a function that runs a group which cannot be refused. Whoever gives the order must not believe that it was carried out when it was not: it throws
 * whatever the limiter does when its store fails.
 */
export function createCommander(settings: LimiterSettings): (group: Group) => MaybePromise<void> {
  const { store, timeoutMs, onStoreError } = settings;
  const inTime = createDeadline(timeoutMs, () => lateError('The store is late.'));

  function fail(cause: unknown): never {
    try {
      const told: unknown = onStoreError?.(cause);
      Promise.resolve(told).catch(ignore);
    } catch {
      // Who listens must not decide.
    }
    throw isRefusal(cause) ? cause : new Refusal('store_unavailable', { cause });
  }

  return (group) => {
    try {
      const answer = store.run([group]);
      return answer instanceof Promise ? inTime(answer).then(check).catch(fail) : check(answer);
    } catch (error) {
      return fail(error);
    }
  };
}

/** Runs a group on a store that stands in for another, and does not mind when it cannot. */
export function tryOn(store: Store, group: Group): void {
  try {
    Promise.resolve(store.run([group])).catch(ignore);
  } catch {
    // It holds what it held, and is asked only in an outage.
  }
}

function check(answer: StoreAnswer): void {
  if (answer.groups[0]?.ok !== true) throw nonsense();
}

function ignore(): void {}
