import { refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import type { VerifiedClaims } from './claims.ts';
import { type JsonObject, own } from './parse.ts';
import { compileRules, ISSUER_OPTIONS, type JwtIssuerOptions, type JwtRules } from './rules.ts';
import { buildVerifier, type JwtVerifier, TOKEN_OPTIONS, type TokenOptions } from './verifier.ts';

/** Options of {@linkcode createMultiIssuerVerifier}. */
export interface MultiIssuerVerifierOptions<Claims = VerifiedClaims> extends TokenOptions {
  /** What each issuer's tokens must be; no issuer twice. Required. */
  readonly issuers: readonly JwtIssuerOptions<Claims>[];
}

const ACTION = 'create multi-issuer verifier';

/**
 * Compiles what you expect of the tokens of several issuers into one function. The token's `iss`, compared exactly, chooses the rules before
 * any key is touched: no issuer's key ever proves another's token.
 *
 * A token of an issuer that is not listed costs no cryptography and no fetch. Never list issuers by what tokens say.
 *
 * @param options one set of rules per issuer, and what holds for all tokens
 * @returns a frozen function; it answers as that of `createJwtVerifier` does
 * @throws {TypeError} when an option is missing, unknown or of the wrong kind, or an issuer is listed twice
 * @throws {RangeError} when a number is out of bounds
 * @throws {Refusal} from the function, as that of `createJwtVerifier` does; jwt_issuer_mismatch already before the signature is looked at
 * @see RFC 8725 section 3.8
 *
 * @example
 * ```ts
 * import { createMultiIssuerVerifier, createRemoteKeySet } from 'sallyport/jwt';
 *
 * const expected = { audience: 'api', type: 'at+jwt', algorithms: ['ES256'] } as const;
 * const verify = createMultiIssuerVerifier({
 *   issuers: ['https://one.test', 'https://two.test'].map((issuer) => (
 *     { ...expected, issuer, keys: createRemoteKeySet(`${issuer}/jwks.json`) }
 *   )),
 * });
 * ```
 */
export function createMultiIssuerVerifier<Claims = VerifiedClaims>(
  options: MultiIssuerVerifierOptions<Claims>,
): JwtVerifier<Claims> {
  refuseUnknownOptions(ACTION, options, ['issuers', ...TOKEN_OPTIONS]);
  const { issuers } = options;
  if (!Array.isArray(issuers) || issuers.length === 0) {
    throw new TypeError(`Cannot ${ACTION}: issuers must be a list of at least one.`);
  }
  const byIssuer = new Map<unknown, JwtRules>();
  for (const issuer of issuers) {
    refuseUnknownOptions(ACTION, issuer, ISSUER_OPTIONS);
    const rules = compileRules(ACTION, issuer);
    if (byIssuer.has(rules.issuer)) throw new TypeError(`Cannot ${ACTION}: an issuer is listed twice.`);
    byIssuer.set(rules.issuer, rules);
  }

  function select(claims: JsonObject): JwtRules {
    // A list or an object is no key of the map, whatever it would print as (CVE-2025-30144).
    const rules = byIssuer.get(own(claims, 'iss'));
    if (rules === undefined) throw new Refusal('jwt_issuer_mismatch');
    return rules;
  }

  return buildVerifier(ACTION, [...byIssuer.values()], select, options);
}
