import { checkScopes } from '../../access/scope.ts';
import { Refusal } from '../../core/refusal.ts';
import type { Exchange, Stage } from '../exchange.ts';
import { type Authenticators, formatChallenges } from './authenticate.ts';

/** Refuses a principal that lacks a scope (insufficient_scope), naming all that are needed (RFC 6750 section 3.1). */
export function scopesStage(scopes: readonly string[], authenticators: Authenticators): Stage {
  const scope = scopes.join(' ');
  return ({ principal, authenticator }: Exchange): undefined => {
    const refusal = checkScopes(principal?.scopes ?? [], scopes);
    if (refusal === undefined) return undefined;
    const challenge = formatChallenges(authenticator === undefined ? authenticators : [authenticator], {
      error: 'insufficient_scope',
      scope,
    });
    throw new Refusal(refusal.code, { headers: { 'www-authenticate': challenge } });
  };
}
