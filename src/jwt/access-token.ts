import { refuseUnknownOptions } from '../core/option.ts';
import type { VerifiedClaims } from './claims.ts';
import { compileRules, ISSUER_OPTIONS, type JwtIssuerOptions, type JwtRules } from './rules.ts';
import { buildVerifier, type JwtVerifier, TOKEN_OPTIONS, type TokenOptions } from './verifier.ts';

/** Options of {@linkcode createAccessTokenVerifier}: those of `createJwtVerifier` that RFC 9068 leaves open. */
export interface AccessTokenVerifierOptions<Claims = AccessTokenClaims>
  extends Omit<JwtIssuerOptions<Claims>, 'type' | 'dangerouslyAllowMissingExpiry'>, TokenOptions {}

/** What every access token of RFC 9068 says. */
export interface AccessTokenClaims extends VerifiedClaims {
  /** Whom the token is about: the resource owner, or the client itself. */
  readonly sub: string;
  /** The client that asked for it. */
  readonly client_id: string;
  /** When it ends, in seconds since the Unix epoch. */
  readonly exp: number;
  /** When it was issued, in seconds since the Unix epoch. */
  readonly iat: number;
  /** Its own id. */
  readonly jti: string;
}

const ACTION = 'create access token verifier';
const DECIDED_HERE: readonly string[] = ['type', 'dangerouslyAllowMissingExpiry'];

/**
 * Compiles what you expect of OAuth access tokens in the profile of RFC 9068: of type `at+jwt`, and with `sub`, `client_id`, `iat`, `exp` and
 * `jti`. For servers that issue other JWTs as access tokens use `createJwtVerifier`, and say what theirs are.
 *
 * It checks no scope (see `sallyport/access`). An ID token is none: its type is another.
 *
 * @param options as for `createJwtVerifier`, without what the profile decides
 * @returns a frozen function; it answers as that of `createJwtVerifier` does
 * @throws {TypeError} when an option is missing, unknown or of the wrong kind
 * @throws {RangeError} when a number is out of bounds
 * @throws {Refusal} from the function, as that of `createJwtVerifier` does
 * @see RFC 9068 sections 2.2 and 4
 *
 * @example
 * ```ts
 * import { createAccessTokenVerifier, createRemoteKeySet } from 'sallyport/jwt';
 *
 * const keys = createRemoteKeySet('https://id.test/jwks.json');
 * createAccessTokenVerifier({ issuer: 'https://id.test', audience: 'https://api.test', algorithms: ['RS256'], keys });
 * ```
 */
export function createAccessTokenVerifier<Claims = AccessTokenClaims>(
  options: AccessTokenVerifierOptions<Claims>,
): JwtVerifier<Claims> {
  const known = [...ISSUER_OPTIONS, ...TOKEN_OPTIONS].filter((name) => !DECIDED_HERE.includes(name));
  refuseUnknownOptions(ACTION, options, known);
  // The waiver is spelt out: no option here, it would else be read from whatever is on every object.
  const profile = { ...options, type: 'at+jwt', dangerouslyAllowMissingExpiry: false };
  const rules: JwtRules = {
    ...compileRules(ACTION, profile, ['sub', 'client_id', 'iat', 'jti']),
    texts: ['sub', 'client_id', 'jti'],
  };
  return buildVerifier(ACTION, [rules], () => rules, options);
}
