import type { MaybePromise } from '../core/clock.ts';
import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import { createUtf8Encoder } from '../encoding/utf8.ts';
import type { AlgorithmRow } from './algorithm.ts';
import { checkClaims, checkTimes, readTimes, type VerifiedClaims } from './claims.ts';
import { checkConfirmation, type ProofOfPossession } from './confirmation.ts';
import type { JwtKey } from './key.ts';
import { createReadMemory, DEFAULT_MAX_TOKEN_LENGTH, type JsonObject, type JwtParts, own, splitJwt } from './parse.ts';
import { admitHeader, findKeys, proveSignature, readGeneration } from './prove.ts';
import { compileRules, ISSUER_OPTIONS, type JwtIssuerOptions, type JwtRules, type VerifiedJwt } from './rules.ts';
import type { CachedToken, TokenCache } from './token-cache.ts';
import { freezeData, shapeClaims } from './typed-claims.ts';

/** What holds for tokens of whatever issuer. */
export interface TokenOptions {
  /** Remembers what was proved, from `createTokenCache`. Default: nothing is remembered. */
  readonly cache?: TokenCache;
  /** The most characters of a token, checked before anything else. Default: 8,192. */
  readonly maxTokenLength?: number;
}

/** What a token must be for {@linkcode createJwtVerifier} to believe it. */
export interface JwtVerifierOptions<Claims = VerifiedClaims> extends JwtIssuerOptions<Claims>, TokenOptions {}

/**
 * Proves one token; made by {@linkcode createJwtVerifier}. It refuses at once where it can: call it in `try` and `await` it. A token that
 * is remembered is answered without a promise. `proof` is what you have proved about its sender, for tokens that are bound to a key.
 */
export type JwtVerifier<Claims = VerifiedClaims> = (
  token: string,
  proof?: ProofOfPossession,
) => MaybePromise<VerifiedJwt<Claims>>;

/** A token on its way, taken apart and with its rules chosen. */
interface Job {
  readonly token: string;
  readonly parts: JwtParts;
  readonly rules: JwtRules;
  readonly row: AlgorithmRow;
  readonly generation: number | undefined;
  readonly proof: ProofOfPossession | undefined;
}

const ACTION = 'create JWT verifier';
/** Every key of {@linkcode TokenOptions}. */
export const TOKEN_OPTIONS: readonly (keyof TokenOptions)[] = ['cache', 'maxTokenLength'];

/**
 * Compiles what you expect of a token into a function that proves tokens, or refuses them: malformed first, then signature, then
 * claims. Make it once and keep it.
 *
 * Keys come from `keys` alone: `jwk`, `jku`, `x5u` and `x5c` of a header are never read. It decides no permission (see `sallyport/access`). A
 * stolen token works until it expires, unless `isRevoked` knows of it or it is bound to a key that the thief lacks.
 *
 * @param options issuer, audience, algorithms, type and keys, and what may be relaxed
 * @returns a frozen function; it answers with frozen header and claims
 * @throws {TypeError} when an option is missing, unknown or of the wrong kind
 * @throws {RangeError} when a number is out of bounds
 * @throws {Refusal} from the function: jwt_malformed, jwt_too_large, jwt_critical_header_unsupported, jwt_algorithm_not_allowed,
 * jwt_type_mismatch, jwt_key_not_found, jwt_signature_invalid, jwt_claim_invalid, jwt_claim_missing, jwt_issuer_mismatch,
 * jwt_audience_mismatch, jwt_expired, jwt_not_yet_valid, jwt_issued_in_future, jwt_confirmation_mismatch, jwt_revoked, key_set_unavailable, store_unavailable
 * @see RFC 8725
 *
 * @example
 * ```ts
 * import { createJwtVerifier, createRemoteKeySet } from 'sallyport/jwt';
 *
 * const keys = createRemoteKeySet('https://id.test/jwks.json');
 * const verify = createJwtVerifier({ issuer: 'https://id.test', audience: 'api', type: 'at+jwt', algorithms: ['ES256'], keys });
 * ```
 */
export function createJwtVerifier<Claims = VerifiedClaims>(options: JwtVerifierOptions<Claims>): JwtVerifier<Claims> {
  refuseUnknownOptions(ACTION, options, [...ISSUER_OPTIONS, ...TOKEN_OPTIONS]);
  const rules = compileRules(ACTION, options);
  return buildVerifier(ACTION, [rules], () => rules, options);
}

/**
 * Proves one token. It compiles the options on each call: where many tokens meet the same options, make a verifier once with
 * {@linkcode createJwtVerifier}.
 *
 * @param token a compact JWT
 * @param options as for {@linkcode createJwtVerifier}
 * @returns frozen header and claims
 * @throws {Refusal} as the function of {@linkcode createJwtVerifier} does
 * @throws {TypeError} when an option is missing, unknown or of the wrong kind
 * @throws {RangeError} when a number is out of bounds
 * @see RFC 7519 section 7.2
 *
 * @example
 * ```ts
 * import { generateJwtKeyPair, signJwt, verifyJwt } from 'sallyport/jwt';
 *
 * const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
 * const [issuer, audience, type] = ['https://id.test', 'https://api.test', 'at+jwt'];
 * const token = await signJwt({ iss: issuer, aud: audience }, privateKey, { type, expiresInSeconds: 60 });
 * await verifyJwt(token, { issuer, audience, type, algorithms: ['ES256'], keys: [publicKey] });
 * ```
 */
export async function verifyJwt<Claims = VerifiedClaims>(
  token: string,
  options: JwtVerifierOptions<Claims>,
): Promise<VerifiedJwt<Claims>> {
  return await createJwtVerifier(options)(token);
}

/** Builds the function: one set of rules or several, of which `select` chooses by claims that nobody has proved yet. */
export function buildVerifier<Claims>(
  action: string,
  members: readonly JwtRules[],
  select: (claims: JsonObject) => JwtRules,
  { cache, maxTokenLength = DEFAULT_MAX_TOKEN_LENGTH }: TokenOptions,
): JwtVerifier<Claims> {
  numberOption(action, 'maxTokenLength', maxTokenLength, { min: 1, integer: true });
  checkCache(action, cache, members);
  const owners = new Map<object, JwtRules>(members.map((rules) => [rules, rules]));
  const memory = createReadMemory();
  const encode = createUtf8Encoder();

  function verify(token: string, proof?: ProofOfPossession): MaybePromise<VerifiedJwt<Claims>> {
    const hit = typeof token === 'string' && token.length <= maxTokenLength ? cache?.get(token) : undefined;
    const owner = hit === undefined ? undefined : owners.get(hit.owner);
    if (hit !== undefined && owner !== undefined && readGeneration(owner.keys) === hit.generation) {
      return reuse(hit, owner, proof);
    }
    const parts = splitJwt(token, maxTokenLength, memory);
    const rules = select(parts.claims);
    const row = admitHeader(parts, rules.algorithms, rules.isType);
    // Read before the keys are: a key that leaves the set from here on leaves an entry that no longer counts.
    const generation = cache === undefined ? undefined : readGeneration(rules.keys);
    const found = findKeys(rules.keys, parts.header);
    const job: Job = { token, parts, rules, row, generation, proof };
    return 'then' in found ? found.then((late) => prove(job, late)) : prove(job, found);
  }

  function reuse(
    hit: CachedToken,
    rules: JwtRules,
    proof: ProofOfPossession | undefined,
  ): MaybePromise<VerifiedJwt<Claims>> {
    const refusal = checkTimes(hit.times, rules, rules.clock() / 1000) ?? checkConfirmation(hit.confirmation, proof);
    if (refusal !== undefined) throw refusal;
    // The cast: only this verifier's own entries come here, and it made them of this type.
    return admit(hit.verified as VerifiedJwt<Claims>, rules);
  }

  async function prove(
    { token, parts, rules, row, generation, proof }: Job,
    candidates: readonly JwtKey[],
  ): Promise<VerifiedJwt<Claims>> {
    await proveSignature(parts, row, candidates, encode);
    const { header, claims } = parts;
    const times = readTimes(claims);
    const confirmation = own(claims, 'cnf');
    const refusal = checkClaims(claims, rules) ?? checkTimes(times, rules, rules.clock() / 1000) ??
      checkConfirmation(confirmation, proof);
    if (refusal !== undefined) throw refusal;
    const shaped = rules.schema === undefined ? claims : await shapeClaims(rules.schema, claims);
    const isFrozen = shaped === claims || freezeData(shaped);
    // The cast: checkClaims has looked at every member that VerifiedClaims names, and a schema's output is what its type says.
    const verified: VerifiedJwt<Claims> = Object.freeze({ header, claims: shaped as Claims });
    const admitted = admit(verified, rules);
    if ('then' in admitted) await admitted;
    if (isFrozen && generation !== undefined) {
      cache?.set(token, { owner: rules, generation, times, confirmation, verified });
    }
    return verified;
  }

  return Object.freeze(verify);
}

/** Asks last whether a token is revoked. Only the answer `false` says that it is not; no answer is a reason to refuse as well. */
function admit<Claims>(verified: VerifiedJwt<Claims>, { isRevoked }: JwtRules): MaybePromise<VerifiedJwt<Claims>> {
  if (isRevoked === undefined) return verified;
  let answer: MaybePromise<boolean>;
  try {
    // The cast: the caller's function takes what the caller's schema makes.
    answer = isRevoked(verified as VerifiedJwt<never>);
  } catch (cause) {
    return cannotAsk(cause);
  }
  if (answer === false) return verified;
  // What is answered at once is refused at once.
  if (typeof answer !== 'object' || answer === null) throw new Refusal('jwt_revoked');
  return Promise.resolve(answer).catch(cannotAsk).then((late) => {
    if (late !== false) throw new Refusal('jwt_revoked');
    return verified;
  });
}

function cannotAsk(cause: unknown): never {
  throw isRefusal(cause) ? cause : new Refusal('store_unavailable', { cause });
}

function checkCache(action: string, cache: TokenCache | undefined, members: readonly JwtRules[]): void {
  if (cache === undefined) return;
  // A Map has `get` and `set` as well, and no bound.
  if (typeof cache?.get !== 'function' || typeof cache.set !== 'function' || typeof cache.bytes !== 'number') {
    throw new TypeError(`Cannot ${action}: cache must come from createTokenCache.`);
  }
  // Without it, a token would be believed for as long as it is remembered, whatever becomes of its key.
  if (members.some(({ keys }) => typeof keys.generation !== 'function')) {
    throw new TypeError(`Cannot ${action}: a cache needs a key set that tells its generation.`);
  }
}
