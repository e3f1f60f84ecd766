import { Refusal } from '../core/refusal.ts';
import type { JsonValue } from '../encoding/json.ts';
import { isObject, own } from './parse.ts';

/** What a caller has proved about the sender of a token, apart from the token. */
export interface ProofOfPossession {
  /** The RFC 7638 thumbprint of the key of a DPoP proof that was verified. The token must then be bound to it. */
  readonly dpopThumbprint?: string | undefined;
  /** The base64url SHA-256 of the DER client certificate of the connection. A token may then be bound to it. */
  readonly certificateThumbprint?: string | undefined;
}

/** A SHA-256 in base64url: anything else, an empty string above all, must never be equal to what a token names. */
const THUMBPRINT_LENGTH = 43;

/**
 * Checks that the sender holds what the token is bound to. A bound token without its proof is a stolen one for all we know, and who ignores
 * a binding that he does not understand turns it into a bearer token (RFC 7800 section 3.1, RFC 8705 section 3, RFC 9449 section 7).
 */
export function checkConfirmation(
  cnf: JsonValue | undefined,
  proof: ProofOfPossession | undefined,
): Refusal | undefined {
  const dpop = proof?.dpopThumbprint;
  // RFC 9449 section 7.1: who sends a token as DPoP must be refused where the token is not bound to the key.
  if (cnf === undefined && dpop === undefined) return undefined;
  if (isObject(cnf)) {
    const [method = '', ...others] = Object.keys(cnf);
    const proved = method === 'jkt' ? dpop : method === 'x5t#S256' ? proof?.certificateThumbprint : undefined;
    const isOnly = others.length === 0 && (dpop === undefined || method === 'jkt');
    if (isOnly && proved?.length === THUMBPRINT_LENGTH && proved === own(cnf, method)) return undefined;
  }
  return new Refusal('jwt_confirmation_mismatch');
}
