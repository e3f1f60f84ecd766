import { Refusal } from '../../core/refusal.ts';
import { isPreflight } from '../../cross-origin/cors.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** Refuses methods that the policy does not name (method_not_allowed); a preflight is not one of them where there is CORS. */
export function methodStage(
  methods: ReadonlySet<string>,
  resourceMethods: ReadonlySet<string>,
  hasCors: boolean,
): Stage {
  const headers = Object.freeze({ allow: [...resourceMethods].join(', ') });
  return ({ request }: Exchange): undefined => {
    if (methods.has(request.method) || (hasCors && isPreflight(request))) return undefined;
    throw new Refusal('method_not_allowed', { headers });
  };
}
