import { Refusal } from '../../core/refusal.ts';
import type { Consume } from '../../limiter/consume.ts';
import { formatQuotaExceeded } from '../../limiter/format.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** Takes one unit of the budget that `keyOf` names, or refuses (rate_limited, store_unavailable). */
export function limitStage(consume: Consume, keyOf: (exchange: Exchange) => string): Stage {
  return async (exchange: Exchange): Promise<undefined> => {
    const answer = consume(keyOf(exchange));
    const decision = answer instanceof Promise ? await answer : answer;
    exchange.decisions = [...exchange.decisions, decision];
    if (!decision.allowed) throw new Refusal('rate_limited', { problem: formatQuotaExceeded(decision) });
    return undefined;
  };
}
