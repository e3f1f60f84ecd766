import type { MaybePromise } from '../../core/clock.ts';
import { isRefusal, Refusal } from '../../core/refusal.ts';
import type { Precondition } from '../../net/if-match.ts';
import type { Exchange, Stage } from '../exchange.ts';
import { refuse } from './roles.ts';

/** Loads what the request is about (not_found). What the policy's function throws is the server's error. */
export function resourceStage(load: (exchange: Exchange) => MaybePromise<unknown>): Stage {
  const take = (exchange: Exchange, resource: unknown): undefined => {
    if (resource === undefined || resource === null) throw new Refusal('not_found');
    exchange.resource = resource;
    return undefined;
  };
  return async (exchange: Exchange) => take(exchange, await load(exchange));
}

/** Asks whether the principal may (forbidden, or not_found where that is hidden). What the policy's function throws is no permission. */
export function authorizeStage(authorize: (exchange: Exchange) => MaybePromise<unknown>, isHidden: boolean): Stage {
  return async (exchange: Exchange): Promise<undefined> => {
    try {
      // `true` itself, after the await: a forgotten promise, a row or "yes" is no permission.
      if (await authorize(exchange) !== true) throw new Refusal('forbidden');
    } catch (error) {
      // Also what it throws of its own: a check of roles or scopes would tell that there is something to be had.
      throw isHidden && isRefusal(error) && error.status === 403 ? new Refusal('not_found', { cause: error }) : error;
    }
  };
}

/** Asks whether the client has seen the version that it is about to change (precondition_failed, precondition_required). */
export function preconditionStage(precondition: Precondition<never>): Stage {
  // The policy's types say that it is made for what `resource` loads.
  return ({ request, resource }: Exchange) => refuse(precondition.check(request, resource as never));
}
