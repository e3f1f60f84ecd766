import { isRefusal, Refusal } from '../../core/refusal.ts';
import type { Authenticator, Principal } from '../authenticator.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** Proves the principal, or refuses with a challenge (credentials_missing, credentials_malformed, and whatever the verifier refuses with). */
export function authenticateStage(auth: Authenticator<Principal<unknown>>): Stage {
  return async (exchange: Exchange): Promise<undefined> => {
    try {
      exchange.principal = await auth.authenticate(exchange.request);
    } catch (error) {
      throw isRefusal(error) ? challenged(auth, error) : error;
    }
    if (!isPrincipal(exchange.principal)) throw new TypeError('An authenticator resolved without a principal.');
    return undefined;
  };
}

/** Without an id all principals would share one budget, and own each other's resources that have no owner. */
function isPrincipal(value: unknown): boolean {
  const id: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'id') : undefined;
  return typeof id === 'string' && id !== '';
}

/** Adds `WWW-Authenticate`: without credentials there is no error to name (RFC 6750 section 3.1). */
function challenged(auth: Authenticator<Principal<unknown>>, refusal: Refusal): Refusal {
  if (refusal.status !== 401 && refusal.code !== 'credentials_malformed') return refusal;
  const error = refusal.code === 'credentials_missing'
    ? undefined
    : refusal.status === 401
    ? 'invalid_token'
    : 'invalid_request';
  return new Refusal(refusal.code, {
    message: refusal.message,
    headers: { ...refusal.headers, 'www-authenticate': auth.challenge({ error }) },
    cause: refusal,
  });
}
