import type { MaybePromise } from '../core/clock.ts';
import { Refusal } from '../core/refusal.ts';
import type { Group, Step, StepCall, StepOutcome } from '../store/step.ts';
import type { Store, StoreAnswer } from '../store/store.ts';
import { decide, type Decision } from './decision.ts';
import type { Limit } from './limit.ts';

/** What a limiter asks a store: whether a key may take so many units of limits, or, with `isPeek`, whether it might. */
export interface Question {
  readonly limits: readonly Limit[];
  readonly key: string;
  readonly cost: number;
  readonly isPeek: boolean;
}

/** A step that says no, so that its group is decided and not written. */
const veto: Step<never, null, true> = /* @__PURE__ */ Object.freeze({
  name: 'veto',
  kind: 'value',
  apply: (): StepOutcome<never, true> => ({ ok: false, state: undefined, ttlMs: 1, result: true }),
  twin: {
    lua: 'return false, false, 1, { 1 }',
    encode: (): readonly string[] => [],
    // Nobody asks what it says.
    decode: (): true => true,
  },
});

/** Asks a store, once. Throws, or rejects, when it cannot decide; a senseless answer is none: never allow on it. */
export function askStore(store: Store, question: Question): MaybePromise<Decision> {
  const answer = store.run([writeGroup(question)]);
  return answer instanceof Promise ? answer.then((late) => readAnswer(late, question)) : readAnswer(answer, question);
}

function writeGroup({ limits, key, cost, isPeek }: Question): Group {
  const group = limits.map(({ algorithm: { step }, space, unit }): StepCall => {
    return { step, space, key, args: cost === 1 ? unit : { ...unit, cost } };
  });
  return isPeek ? [...group, { step: veto, space: 'veto', key, args: null }] : group;
}

function readAnswer(answer: StoreAnswer, { limits, cost, isPeek }: Question): Decision {
  const group = answer.groups[0];
  const results = isPeek ? group?.results.slice(0, -1) : group?.results;
  const decision = results && typeof group?.ok === 'boolean' ? decide(limits, results, cost, group.ok) : undefined;
  if (decision === undefined) {
    throw new Refusal('store_unavailable', { message: 'The store answered nonsense.' });
  }
  if (!isPeek) return decision;
  const allowed = decision.retryAfterSeconds === 0;
  return { ...decision, allowed, reason: allowed ? 'ok' : 'limited' };
}
