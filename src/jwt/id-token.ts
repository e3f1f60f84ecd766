import { type Clock, systemClock } from '../core/clock.ts';
import { numberOption, refuseUnknownOptions, stringListOption, stringOption } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { isStandardSchema, type StandardSchema } from '../core/standard-schema.ts';
import { digest } from '../crypto/digest.ts';
import { encodeBase64Url } from '../encoding/base64url.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import { type AlgorithmRow, algorithmRow, isAlgorithm } from './algorithm.ts';
import { isNumericDate, type VerifiedClaims } from './claims.ts';
import { isObject, type JsonObject, own } from './parse.ts';
import { compileRules, type JwtIssuerOptions, type JwtRules, type VerifiedJwt } from './rules.ts';
import { freezeData, shapeClaims } from './typed-claims.ts';
import { buildVerifier } from './verifier.ts';

/** What an ID token must be for {@linkcode createIdTokenVerifier} to believe it. */
export interface IdTokenVerifierOptions<Claims = IdTokenClaims>
  extends Pick<JwtIssuerOptions, 'issuer' | 'algorithms' | 'keys' | 'clockToleranceSeconds' | 'requiredClaims'> {
  /** The id under which the provider knows you. The token's `aud` must name it. Required. */
  readonly clientId: string;
  /** Others that `aud` may name beside you. Default: none. */
  readonly trustedAudiences?: readonly string[];
  /** Any Standard Schema; it sees all claims, and its output, frozen where it is plain data, is what you get. Default: the claims as signed. */
  readonly claims?: StandardSchema<unknown, Claims>;
  /** Tells the time in milliseconds. Default: the platform's clock. */
  readonly clock?: Clock;
  /** The most characters of a token, checked before anything else. Default: 8,192. */
  readonly maxTokenLength?: number;
}

/** What the one sign-in that the token answers to was asked for and gave. */
export interface IdTokenExpectations {
  /** The nonce that you sent; null when you sent none, and then the token must hold none. Required. */
  readonly nonce: string | null;
  /** The access token that came with it, if `at_hash` is to bind the two: then it must be there. Default: not looked at. */
  readonly accessToken?: string;
  /** The authorization code that came with it, if `c_hash` is to bind the two: then it must be there. Default: not looked at. */
  readonly code?: string;
  /** The `max_age` that you sent, in seconds; makes `auth_time` compulsory. Default: any age. */
  readonly maxAuthAgeSeconds?: number;
}

/** What every ID token says. */
export interface IdTokenClaims extends VerifiedClaims {
  /** Who signed in. */
  readonly sub: string;
  /** When the token ends, in seconds since the Unix epoch. */
  readonly exp: number;
  /** When it was issued, in seconds since the Unix epoch. */
  readonly iat: number;
}

/** Proves one ID token; made by {@linkcode createIdTokenVerifier}. */
export type IdTokenVerifier<Claims = IdTokenClaims> = (
  token: string,
  expected: IdTokenExpectations,
) => Promise<VerifiedJwt<Claims>>;

const ACTION = 'create ID token verifier';
const VERIFY = 'verify ID token';
const KNOWN_OPTIONS = [
  'issuer',
  'algorithms',
  'keys',
  'clockToleranceSeconds',
  'requiredClaims',
  'clientId',
  'trustedAudiences',
  'claims',
  'clock',
  'maxTokenLength',
] as const satisfies readonly (keyof IdTokenVerifierOptions)[];
const EXPECTATIONS = [
  'nonce',
  'accessToken',
  'code',
  'maxAuthAgeSeconds',
] as const satisfies readonly (keyof IdTokenExpectations)[];

/**
 * Compiles what you expect of OpenID Connect ID tokens, for a client that signs people in.
 *
 * An ID token tells you who signed in to **you**. It is no permission for an API: APIs take access tokens. Its `typ` may be absent or `JWT`; the
 * type of anything else, such as `at+jwt`, is refused, and so is a logout token without one.
 *
 * @param options issuer, client id, algorithms and keys
 * @returns a frozen function; it takes a token and what the sign-in was asked for, and resolves with frozen header and claims
 * @throws {TypeError} when an option is missing, unknown or of the wrong kind
 * @throws {RangeError} when a number is out of bounds
 * @throws {Refusal} from the function, as that of `createJwtVerifier` does, and jwt_nonce_mismatch, jwt_hash_mismatch, jwt_authentication_too_old
 * @see OpenID Connect Core 1.0 sections 2, 3.1.3.7 and 3.3.2.11
 *
 * @example
 * ```ts
 * import { createIdTokenVerifier, createRemoteKeySet } from 'sallyport/jwt';
 *
 * const keys = createRemoteKeySet('https://id.test/jwks.json');
 * const verify = createIdTokenVerifier({ issuer: 'https://id.test', clientId: 'shop', algorithms: ['RS256'], keys });
 * // const { claims } = await verify(idToken, { nonce });
 * ```
 */
export function createIdTokenVerifier<Claims = IdTokenClaims>(
  options: IdTokenVerifierOptions<Claims>,
): IdTokenVerifier<Claims> {
  refuseUnknownOptions(ACTION, options, KNOWN_OPTIONS);
  const { clientId, trustedAudiences = [], claims: schema, clock = systemClock, maxTokenLength, ...issuer } = options;
  if (schema !== undefined && !isStandardSchema(schema)) {
    throw new TypeError(`Cannot ${ACTION}: claims must be a Standard Schema.`);
  }
  const audience = stringOption(ACTION, 'clientId', clientId);
  const trusted = new Set<unknown>([audience, ...listOption(trustedAudiences)]);
  // The waiver is spelt out: no option here, it would else be read from whatever is on every object.
  const profile = { ...issuer, audience, clock, type: 'JWT', dangerouslyAllowMissingExpiry: false };
  const rules: JwtRules = {
    ...compileRules(ACTION, profile, ['sub', 'iat']),
    texts: ['sub'],
    isType: (typ) => typ === undefined || (typeof typ === 'string' && typ.toLowerCase() === 'jwt'),
  };
  const verifySigned = buildVerifier<VerifiedClaims>(
    ACTION,
    [rules],
    () => rules,
    maxTokenLength === undefined ? {} : { maxTokenLength },
  );

  async function verify(token: string, expected: IdTokenExpectations): Promise<VerifiedJwt<Claims>> {
    const asked = readExpectations(expected);
    const { header, claims } = await verifySigned(token);
    const refusal = checkKind(claims) ?? checkAudiences(claims, audience, trusted) ??
      checkNonce(claims, asked.nonce) ??
      checkAuthTime(claims, asked.maxAuthAgeSeconds, clock() / 1000, rules.toleranceSeconds);
    if (refusal !== undefined) throw refusal;
    // The header's alg is one of the options' and so of ours; without a row there would be nothing to compare with.
    const row = isAlgorithm(header.alg) ? algorithmRow(header.alg) : undefined;
    await requireHash(claims, 'at_hash', asked.accessToken, row);
    await requireHash(claims, 'c_hash', asked.code, row);
    const shaped = schema === undefined ? claims : await shapeClaims(schema, claims);
    if (shaped !== claims) freezeData(shaped);
    // The cast: a schema's output is what its type says, and without one every member that IdTokenClaims names was looked at.
    return Object.freeze({ header, claims: shaped as Claims });
  }

  return Object.freeze(verify);
}

/**
 * A logout token is signed by the same keys for the same audience, and may lack a `typ`: its events tell (Back-Channel Logout 1.0 sections 2.4
 * and 4.1). That it holds no nonce protects those alone who sent one.
 */
function checkKind(claims: JsonObject): Refusal | undefined {
  return isObject(own(claims, 'events')) ? new Refusal('jwt_type_mismatch') : undefined;
}

/** Section 3.1.3.7, 3 to 5: nobody but you and those you trust is meant, and if others are, you are the one who asked. */
function checkAudiences(claims: JsonObject, clientId: string, trusted: ReadonlySet<unknown>): Refusal | undefined {
  const aud: unknown = own(claims, 'aud');
  const azp = own(claims, 'azp');
  const isTrusted = !Array.isArray(aud) || aud.every((one) => trusted.has(one));
  const isMine = azp === undefined ? !Array.isArray(aud) || aud.length === 1 : azp === clientId;
  if (isTrusted && isMine) return undefined;
  return new Refusal('jwt_audience_mismatch', {
    message: `The claim ${isTrusted ? 'azp is' : 'aud names'} another client.`,
  });
}

/** Section 3.1.3.7, 11. A nonce that nobody asked for belongs to another sign-in. */
function checkNonce(claims: JsonObject, expected: string | null): Refusal | undefined {
  const isExpected = (own(claims, 'nonce') ?? null) === expected;
  return isExpected ? undefined : new Refusal('jwt_nonce_mismatch');
}

/** Section 3.1.3.7, 13. Comparisons are written so that a NaN from a broken clock refuses. */
function checkAuthTime(
  claims: JsonObject,
  maxAgeSeconds: number | undefined,
  now: number,
  toleranceSeconds: number,
): Refusal | undefined {
  if (maxAgeSeconds === undefined) return undefined;
  const time = own(claims, 'auth_time');
  if (time === undefined) return new Refusal('jwt_claim_missing', { message: 'The claim auth_time is missing.' });
  if (!isNumericDate(time)) {
    return new Refusal('jwt_claim_invalid', { message: 'The claim auth_time is not of its type.' });
  }
  // Nobody has signed in later than now: a time in milliseconds, say, would never be too long ago.
  if (!(time <= now + toleranceSeconds)) {
    return new Refusal('jwt_claim_invalid', { message: 'The claim auth_time is in the future.' });
  }
  return now - toleranceSeconds - time <= maxAgeSeconds ? undefined : new Refusal('jwt_authentication_too_old');
}

/** Sections 3.1.3.6 and 3.3.2.11: the left half of the digest that the token's algorithm uses. */
async function requireHash(
  claims: JsonObject,
  name: 'at_hash' | 'c_hash',
  text: string | undefined,
  row: AlgorithmRow | undefined,
): Promise<void> {
  if (text === undefined) return;
  const bytes = row === undefined ? undefined : await digest(row.hash, encodeUtf8(text));
  const half = bytes === undefined ? undefined : encodeBase64Url(bytes.subarray(0, bytes.length / 2));
  if (half !== undefined && own(claims, name) === half) return;
  throw new Refusal('jwt_hash_mismatch', { message: `The claim ${name} belongs to another token.` });
}

/** Reads them once, before anything is waited for: what their owner changes meanwhile changes nothing. */
function readExpectations(expected: IdTokenExpectations): IdTokenExpectations {
  refuseUnknownOptions(VERIFY, expected, EXPECTATIONS);
  const asked = { ...expected };
  const { nonce, accessToken, code, maxAuthAgeSeconds } = asked;
  // Forgotten is not the same as not sent: null says the latter.
  if (nonce !== null) stringOption(VERIFY, 'nonce', nonce);
  if (accessToken !== undefined) stringOption(VERIFY, 'accessToken', accessToken);
  if (code !== undefined) stringOption(VERIFY, 'code', code);
  if (maxAuthAgeSeconds !== undefined) numberOption(VERIFY, 'maxAuthAgeSeconds', maxAuthAgeSeconds, { min: 0 });
  return asked;
}

function listOption(trustedAudiences: readonly string[]): readonly string[] {
  if (!Array.isArray(trustedAudiences)) throw new TypeError(`Cannot ${ACTION}: trustedAudiences must be a list.`);
  return trustedAudiences.length === 0 ? [] : stringListOption(ACTION, 'trustedAudiences', trustedAudiences);
}
