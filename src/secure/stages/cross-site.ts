import type { CrossOriginCheck } from '../../cross-origin/cross-origin-check.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** Refuses what a page of another site made a browser send. */
export function crossSiteStage(crossOriginCheck: CrossOriginCheck): Stage {
  return ({ request, client }: Exchange): undefined => {
    const refusal = crossOriginCheck.check(request, client);
    if (refusal !== undefined) throw refusal;
    return undefined;
  };
}
