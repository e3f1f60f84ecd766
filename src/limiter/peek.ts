import type { Step, StepOutcome } from '../store/step.ts';
import type { Decision } from './decision.ts';
import type { Beside } from './question.ts';

/** A step that says no, so that its group is decided and not written. */
export const veto: Step<never, null, true> = /* @__PURE__ */ Object.freeze({
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

/** Turns a question into one that takes nothing. */
export function withVeto(key: string, beside: Beside | undefined): Beside {
  return {
    calls: [...beside?.calls ?? [], { step: veto, space: 'veto', key, args: null }],
    read(vetoed: Decision, results: readonly unknown[]): Decision {
      const decision = beside === undefined ? vetoed : beside.read(vetoed, results);
      // The veto has made a no of it; what it would have been tell the waits.
      if (decision.retryAfterSeconds > 0) return decision;
      return { ...decision, allowed: true, reason: 'ok' };
    },
  };
}
