import { Refusal } from '../../core/refusal.ts';
import type { Consumer } from '../../limiter/consume.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** Takes one unit of the budget that `keyOf` names, or refuses (rate_limited, store_unavailable). */
export function limitStage(limiter: Pick<Consumer, 'consume'>, keyOf: (exchange: Exchange) => string): Stage {
  // Made once: under a flood the stack trace of an error is most of what a refusal costs.
  const limited = new Refusal('rate_limited');
  return async (exchange: Exchange): Promise<undefined> => {
    const answer = limiter.consume(keyOf(exchange));
    const decision = answer instanceof Promise ? await answer : answer;
    exchange.decisions = [...exchange.decisions, decision];
    if (!decision.allowed) throw limited;
    return undefined;
  };
}
