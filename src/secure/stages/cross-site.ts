import type { CrossOriginCheck } from '../../cross-origin/cross-origin-check.ts';
import type { Exchange, Stage } from '../exchange.ts';
import type { Authenticators } from './authenticate.ts';
import { refuse } from './roles.ts';

/** Refuses what a page of another site made a browser send (cross_site_request). */
export function crossSiteStage(crossOriginCheck: CrossOriginCheck, authenticators: Authenticators): Stage {
  const shown = authenticators.filter((one) => !one.ambient);
  const isMixed = shown.length < authenticators.length;
  return ({ request, client, authenticator }: Exchange): undefined => {
    // Of several: whoever has shown what no browser sends by itself was not made to send it.
    if (isMixed && shown.some((one) => one === authenticator)) return undefined;
    return refuse(crossOriginCheck.check(request, client));
  };
}
