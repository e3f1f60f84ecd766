import type { MaybePromise } from '../../core/clock.ts';
import { Refusal } from '../../core/refusal.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** What the stage is made of: the policy's functions, over an exchange. */
export interface ResourceFunctions {
  readonly resource: ((exchange: Exchange) => MaybePromise<unknown>) | undefined;
  readonly authorize: (exchange: Exchange) => MaybePromise<unknown>;
  readonly hideForbidden: boolean;
}

/**
 * Loads the resource and asks whether the principal may (not_found, forbidden). What either throws is the server's error, and no
 * permission.
 */
export function resourceStage({ resource, authorize, hideForbidden }: ResourceFunctions): Stage {
  return async (exchange: Exchange): Promise<undefined> => {
    if (resource !== undefined) {
      exchange.resource = await resource(exchange);
      if (exchange.resource === undefined || exchange.resource === null) throw new Refusal('not_found');
    }
    // `true` itself, after the await: a forgotten promise, a row or "yes" is no permission.
    if (await authorize(exchange) !== true) throw new Refusal(hideForbidden ? 'not_found' : 'forbidden');
    return undefined;
  };
}
