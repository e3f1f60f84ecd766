import { checkRule } from '../../access/rule.ts';
import type { MaybePromise } from '../../core/clock.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** Refuses a principal whose roles do not permit (forbidden). What the rule throws is the server's error, and no permission. */
export function roleStage(rule: (context: { readonly principal: unknown }) => MaybePromise<boolean>): Stage {
  return ({ principal }: Exchange) => {
    const refusal = checkRule(rule, { principal });
    return refusal instanceof Promise ? refusal.then(refuse) : refuse(refusal);
  };
}

/** Refuses what a check refuses. */
export function refuse(refusal: Refusal | undefined): undefined {
  if (refusal !== undefined) throw refusal;
  return undefined;
}
