import { parseScope } from '../access/scope.ts';
import type { MaybePromise } from '../core/clock.ts';
import { functionOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { type Challenge, formatChallenge, parseAuthorization } from '../net/authorization.ts';
import type { Authenticator, Principal } from './authenticator.ts';

/** Also as the second of two headers, and without a token: credentials of this kind, good or bad. */
const SCHEME = /(?:^|,)[\t ]*bearer(?:[\t ,]|$)/i;

/** Options of {@linkcode createBearerAuth}. */
export interface BearerAuthOptions<Claims extends object> {
  /** Verifies a token: a verifier of `createJwtVerifier`, or anything that resolves with proved claims or throws a `Refusal`. */
  readonly verify: (token: string) => MaybePromise<{ readonly claims: Claims }>;
  /** Named in challenges. Default: none. */
  readonly realm?: string;
}

/**
 * Creates an authenticator for `Authorization: Bearer` tokens. The principal is the token's `sub`, its scopes the token's `scope`.
 *
 * One header alone is a source of tokens: one in the query (`access_token`) is refused, one in a body is never looked for. It refuses
 * with credentials_missing, credentials_malformed, jwt_claim_missing, and whatever the verifier refuses with.
 *
 * @param options the verifier
 * @returns an authenticator for a policy's `auth`
 * @throws {TypeError} for an unknown option or a realm that cannot stand in a header
 * @see RFC 6750, RFC 9700 section 4.3.2
 *
 * @example
 * ```ts
 * import { createBearerAuth } from 'sallyport';
 * import { createJwtVerifier, createRemoteKeySet } from 'sallyport/jwt';
 *
 * const keys = createRemoteKeySet('https://id.test/jwks.json');
 * const auth = createBearerAuth({
 *   verify: createJwtVerifier({ issuer: 'https://id.test', audience: 'api', algorithms: ['ES256'], type: 'at+jwt', keys }),
 * });
 * ```
 */
export function createBearerAuth<Claims extends object>(
  options: BearerAuthOptions<Claims>,
): Authenticator<Principal<Claims>> {
  if (typeof options === 'function') throw new TypeError('Cannot create bearer auth: pass the verifier as { verify }.');
  refuseUnknownOptions('create bearer auth', options, ['verify', 'realm']);
  const { verify, realm } = options;
  functionOption('create bearer auth', 'verify', verify);
  // Formatted once for its check: a bad realm must fail now, not in the first 401.
  formatChallenge('Bearer', { realm });
  return Object.freeze({
    ambient: false,
    requestHeaders: Object.freeze(['authorization']),
    isPresented: ({ headers, url }: Request): boolean =>
      SCHEME.test(headers.get('authorization') ?? '') || hasTokenInQuery(url),
    // A token that is remembered is answered without a promise, and so is what is refused at once.
    authenticate(request: Request): MaybePromise<Principal<Claims>> {
      const credentials = parseAuthorization(request.headers);
      if (hasTokenInQuery(request.url)) throw new Refusal('credentials_malformed');
      if (credentials?.scheme !== 'bearer') throw new Refusal('credentials_missing');
      const verified = verify(credentials.token);
      // Own `claims`: every promise has those of a polluted prototype.
      return 'then' in verified || !Object.hasOwn(verified, 'claims')
        ? Promise.resolve(verified).then(({ claims }) => toPrincipal(claims))
        : toPrincipal(verified.claims);
    },
    challenge: (challenge: Challenge): string => formatChallenge('Bearer', { ...challenge, realm }),
  });
}

function toPrincipal<Claims extends object>(claims: Claims): Principal<Claims> {
  const id = ownText(claims, 'sub');
  if (id === undefined) throw new Refusal('jwt_claim_missing', { message: 'The token names no subject.' });
  return Object.freeze({
    id,
    issuer: ownText(claims, 'iss'),
    scopes: parseScope(Object.hasOwn(claims, 'scope') ? Reflect.get(claims, 'scope') : undefined),
    claims,
  });
}

/** Own properties alone: a polluted prototype must not name a subject. */
function ownText(claims: object, name: string): string | undefined {
  const value: unknown = Object.hasOwn(claims, name) ? Reflect.get(claims, name) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** RFC 6750 section 2: no more than one way of sending the token; RFC 9700: never in the query, which is logged. */
function hasTokenInQuery(url: string): boolean {
  // Asked of the parsed query: `access%5Ftoken` is the same name.
  return url.includes('?') && new URL(url).searchParams.has('access_token');
}
