import type { MaybePromise } from '../core/clock.ts';
import { Refusal } from '../core/refusal.ts';
import type { Group, StepCall } from '../store/step.ts';
import type { Store, StoreAnswer } from '../store/store.ts';
import { decide, type Decision } from './decision.ts';
import type { Limit } from './limit.ts';

/** What a limiter asks a store: whether a key may take so many units of limits. */
export interface Question {
  readonly limits: readonly Limit[];
  readonly key: string;
  readonly cost: number;
  /** What is asked with it, in the same group. */
  readonly beside: Beside | undefined;
}

/** Steps that stand in one group with those of the limits, and what they make of the decision. */
export interface Beside {
  readonly calls: readonly StepCall[];
  /** Reads their results into a decision; throws for what is none. */
  readonly read: (decision: Decision, results: readonly unknown[]) => Decision;
}

/** Asks a store, once. Throws, or rejects, when it cannot decide; a senseless answer is none: never allow on it. */
export function askStore(store: Store, question: Question): MaybePromise<Decision> {
  const answer = store.run([writeGroup(question)]);
  return answer instanceof Promise ? answer.then((late) => readAnswer(late, question)) : readAnswer(answer, question);
}

/** Written without closures and copies: under a flood, making objects is most of what a decision in memory costs. */
function writeGroup({ limits, key, cost, beside }: Question): Group {
  const group: StepCall[] = new Array(limits.length);
  for (let index = 0; index < limits.length; index++) {
    const limit = limits[index];
    if (limit === undefined) continue;
    const { algorithm: { step }, space, unit, sharedKey = key } = limit;
    group[index] = { step, space, key: sharedKey, args: cost === 1 ? unit : { ...unit, cost } };
  }
  return beside === undefined ? group : [...group, ...beside.calls];
}

function readAnswer(answer: StoreAnswer, { limits, cost, beside }: Question): Decision {
  const group = answer.groups[0];
  const isWhole = typeof group?.ok === 'boolean' &&
    group.results.length === limits.length + (beside === undefined ? 0 : beside.calls.length);
  const decision = isWhole ? decide(limits, group.results, cost, group.ok) : undefined;
  if (decision === undefined) throw nonsense();
  return beside === undefined ? decision : beside.read(decision, group?.results.slice(limits.length) ?? []);
}

/** What is thrown for an answer that makes no sense. */
export function nonsense(): Refusal {
  return new Refusal('store_unavailable', { message: 'The store answered nonsense.' });
}
