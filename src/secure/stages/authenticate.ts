import { isRefusal, Refusal } from '../../core/refusal.ts';
import type { Challenge } from '../../net/authorization.ts';
import type { Authenticator, Principal } from '../authenticator.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** The authenticators of a policy, in their order; none for a public one. */
export type Authenticators = readonly Authenticator<Principal<unknown>>[];

/**
 * Proves the principal, or refuses with a challenge (credentials_missing, credentials_malformed, and whatever a verifier refuses with).
 * Only an authenticator that finds nothing of its own passes the request on to the next: credentials that prove nothing are the end.
 */
export function authenticateStage(authenticators: Authenticators): Stage {
  function ask(exchange: Exchange, index: number): undefined | Promise<undefined> {
    const authenticator = authenticators[index];
    if (authenticator === undefined) throw challenged(authenticators, new Refusal('credentials_missing'));
    const accept = (principal: unknown): undefined => {
      if (!isPrincipal(principal)) throw new TypeError('An authenticator resolved without a principal.');
      exchange.principal = Object.freeze(principal);
      exchange.authenticator = authenticator;
    };
    const fail = (error: unknown): undefined | Promise<undefined> => {
      if (!isRefusal(error)) throw error;
      if (error.code === 'credentials_missing') return ask(exchange, index + 1);
      throw challenged([authenticator], error);
    };
    let principal: unknown;
    try {
      principal = authenticator.authenticate(exchange.request);
    } catch (error) {
      return fail(error);
    }
    // Also what is no promise of this realm's, and one that has an id of its own: of a call that has not been answered.
    return isPrincipal(principal) && !('then' in principal)
      ? accept(principal)
      : Promise.resolve(principal).then(accept, fail);
  }

  return (exchange: Exchange) => {
    // Two identities in one request: whoever comes first would decide which of them the others' checks have seen.
    if (authenticators.length > 1 && isAmbiguous(exchange.request)) {
      throw challenged(authenticators, new Refusal('credentials_malformed'));
    }
    return ask(exchange, 0);
  };

  function isAmbiguous(request: Request): boolean {
    return authenticators.filter((one) => one.isPresented?.(request)).length > 1;
  }
}

/** Without an id all principals would share one budget, and own each other's resources that have no owner. */
function isPrincipal(value: unknown): value is Principal<unknown> {
  // Own: every promise has that of a polluted prototype.
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'id')) return false;
  const id: unknown = Reflect.get(value, 'id');
  return typeof id === 'string' && id !== '';
}

/** Adds `WWW-Authenticate`: without credentials there is no error to name (RFC 6750 section 3.1). */
function challenged(authenticators: Authenticators, refusal: Refusal): Refusal {
  const { code, status, headers } = refusal;
  if (status !== 401 && code !== 'credentials_malformed') return refusal;
  const error = code === 'credentials_missing' ? undefined : status === 401 ? 'invalid_token' : 'invalid_request';
  return new Refusal(code, {
    headers: { ...headers, 'www-authenticate': formatChallenges(authenticators, { error }) },
    cause: refusal,
  });
}

/** One challenge of each (RFC 9110 section 11.6.1). */
export function formatChallenges(authenticators: Authenticators, challenge: Challenge): string {
  // Cookies have no scheme to name, and an empty element is no challenge.
  return authenticators.map((one) => one.challenge(challenge)).filter(Boolean).join(', ');
}
