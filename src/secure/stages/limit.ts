import { Refusal } from '../../core/refusal.ts';
import type { Limiter } from '../../limiter/limiter.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** Takes one unit of the budget that `keyOf` names, or refuses (rate_limited, store_unavailable). */
export function limitStage(limiter: Limiter, keyOf: (exchange: Exchange) => string): Stage {
  return async (exchange: Exchange): Promise<undefined> => {
    const answer = limiter.consume(keyOf(exchange));
    const decision = answer instanceof Promise ? await answer : answer;
    exchange.decisions = [...exchange.decisions, decision];
    if (!decision.allowed) throw new Refusal('rate_limited');
    return undefined;
  };
}
