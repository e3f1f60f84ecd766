import { Refusal } from '../core/refusal.ts';
import { timingSafeEqual } from '../crypto/equal.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import { deriveChallenge } from './challenge.ts';
import { isVerifier } from './verifier.ts';

const CHALLENGE_SHAPE = /^[\w-]{43}$/;

/** What the authorization request brought, as it was stored with the code. */
export interface PkceExpectation {
  /** `code_challenge`. */
  readonly challenge: unknown;
  /** `code_challenge_method`; when the client left it out, RFC 7636 means `plain`, which is refused. */
  readonly method: unknown;
}

/**
 * Proves that whoever redeems an authorization code started the flow: the verifier hashes to the stored challenge.
 *
 * Only S256 exists here. It does not make a code single-use: claim the code before calling it.
 *
 * @param verifier `code_verifier` as it came to the token endpoint
 * @param expected challenge and method of the authorization request
 * @throws {Refusal} pkce_method_unsupported, pkce_challenge_malformed, pkce_verifier_malformed, pkce_mismatch
 * @see RFC 7636 section 4.6
 *
 * @example
 * ```ts
 * import { createPkce, verifyPkce } from 'sallyport/pkce';
 *
 * const { verifier, challenge, method } = await createPkce();
 * await verifyPkce(verifier, { challenge, method }); // throws when they do not belong together
 * ```
 */
export async function verifyPkce(verifier: unknown, expected: PkceExpectation): Promise<void> {
  const { challenge, method } = expected;
  if (method !== 'S256') throw new Refusal('pkce_method_unsupported');
  if (typeof challenge !== 'string' || !CHALLENGE_SHAPE.test(challenge)) throw new Refusal('pkce_challenge_malformed');
  if (!isVerifier(verifier)) throw new Refusal('pkce_verifier_malformed');
  const derived = await deriveChallenge(verifier);
  if (!timingSafeEqual(encodeUtf8(derived), encodeUtf8(challenge))) throw new Refusal('pkce_mismatch');
}
