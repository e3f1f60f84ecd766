import type { MaybePromise } from '../../core/clock.ts';
import { isRefusal, Refusal } from '../../core/refusal.ts';
import type { Consume } from '../../limiter/consume.ts';
import type { Decision } from '../../limiter/decision.ts';
import { formatDraft, formatQuotaExceeded, type RateLimitHeaders } from '../../limiter/format.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** What a stage of limits counts, and who is told when the store stops to decide, and when it begins again. */
export interface LimitStageOptions {
  readonly consume: Consume;
  readonly keyOf: (exchange: Exchange) => string;
  readonly costOf: ((exchange: Exchange) => number) | undefined;
  readonly tell: (exchange: Exchange, outcome: 'degraded' | 'recovered') => void;
}

/** Takes units of the budget that `keyOf` names, or refuses (rate_limited, store_unavailable). */
export function limitStage({ consume, keyOf, costOf, tell }: LimitStageOptions): Stage {
  let isDown = false;

  function settle(exchange: Exchange, decision: Decision): undefined {
    const { allowed, reason } = decision;
    note(exchange, reason === 'degraded' || reason === 'unavailable');
    exchange.decisions = Object.freeze([...exchange.decisions, decision]);
    exchange.formatLimits = formatDecisions;
    if (allowed) return undefined;
    exchange.limit = decision.limits.find(({ retryAfterSeconds }) => retryAfterSeconds > 0)?.name;
    throw new Refusal('rate_limited', { problem: formatQuotaExceeded(decision) });
  }

  function fail(exchange: Exchange, error: unknown): never {
    if (isRefusal(error)) note(exchange, true);
    throw error;
  }

  /** Once for each outage: a line for every request of it would bury the first. */
  function note(exchange: Exchange, down: boolean): void {
    if (down === isDown) return;
    isDown = down;
    tell(exchange, down ? 'degraded' : 'recovered');
  }

  function ask(exchange: Exchange): MaybePromise<Decision> {
    // What the policy's own functions throw is no outage.
    const key = keyOf(exchange);
    const options = costOf && { cost: costOf(exchange) };
    try {
      return consume(key, options);
    } catch (error) {
      return fail(exchange, error);
    }
  }

  return (exchange: Exchange) => {
    const answer = ask(exchange);
    if (!(answer instanceof Promise)) return settle(exchange, answer);
    return answer.then((decision) => settle(exchange, decision), (error: unknown) => fail(exchange, error));
  };
}

/** The headers of all that was decided: of a denial, what the last one says. */
function formatDecisions(decisions: readonly Decision[]): RateLimitHeaders {
  const [only] = decisions;
  return decisions.length === 1 && only !== undefined ? formatDraft(only) : formatDraft(join(decisions));
}

function join(decisions: readonly Decision[]): Decision {
  const last = decisions[decisions.length - 1];
  return {
    allowed: last?.allowed ?? true,
    reason: last?.reason ?? 'ok',
    limits: decisions.flatMap((decision) => decision.limits),
    retryAfterSeconds: last?.retryAfterSeconds ?? 0,
  };
}
