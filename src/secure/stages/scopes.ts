import { checkScopes } from '../../access/scope.ts';
import { Refusal } from '../../core/refusal.ts';
import type { Authenticator, Principal } from '../authenticator.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** Refuses a principal that lacks a scope (insufficient_scope), naming all that are needed (RFC 6750 section 3.1). */
export function scopesStage(scopes: readonly string[], auth: Authenticator<Principal<unknown>>): Stage {
  const headers = Object.freeze({
    'www-authenticate': auth.challenge({ error: 'insufficient_scope', scope: scopes.join(' ') }),
  });
  return ({ principal }: Exchange): undefined => {
    const refusal = checkScopes(principal?.scopes ?? [], scopes);
    if (refusal !== undefined) throw new Refusal(refusal.code, { headers });
    return undefined;
  };
}
