import { type Clock, type MaybePromise, systemClock } from '../core/clock.ts';
import {
  booleanOption,
  functionOption,
  numberOption,
  refuseUnknownOptions,
  stringListOption,
  stringOption,
} from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import { algorithmOption, type AlgorithmRow, algorithmRow, type JwtAlgorithm } from './algorithm.ts';
import { checkClaims, type ClaimRules, type VerifiedClaims } from './claims.ts';
import type { JwtKey } from './key.ts';
import { createKeySet, isKeySet, type KeySet, MAX_CANDIDATES } from './key-set.ts';
import { DEFAULT_MAX_TOKEN_LENGTH, type JwtHeader, type JwtParts, own, splitJwt } from './parse.ts';

/** What a token must be for {@linkcode createJwtVerifier} to believe it. */
export interface JwtVerifierOptions {
  /** The `iss` that the token must carry, compared exactly. Required. */
  readonly issuer: string;
  /** The token's `aud` must name at least one of these, compared exactly. Required. */
  readonly audience: string | readonly string[];
  /** The signature algorithms that are believed. Required. */
  readonly algorithms: readonly JwtAlgorithm[];
  /** The `typ` that the header must carry, without regard to case or to a prefix `application/`: `at+jwt`. Required. */
  readonly type: string;
  /** Where keys come from: a set, or a list of public keys. Required. */
  readonly keys: KeySet | readonly JwtKey[];
  /** How far the issuer's clock may differ from ours, in seconds, 0 to 300. Default: 0; 5 is usual across machines. */
  readonly clockToleranceSeconds?: number;
  /** The greatest age since `iat`, in seconds; makes `iat` compulsory. Default: any age. */
  readonly maxAgeSeconds?: number;
  /** Claims that must be there besides `iss`, `aud` and `exp`; null counts as absent. Default: none. */
  readonly requiredClaims?: readonly string[];
  /** Tells the time in milliseconds. Default: the platform's clock. */
  readonly clock?: Clock;
  /** The most characters of a token, checked before anything else. Default: 8,192. */
  readonly maxTokenLength?: number;
  /** Whether a token without `exp`, which is valid for ever, is believed. Default: false. */
  readonly dangerouslyAllowMissingExpiry?: boolean;
}

/** What was proved. Frozen all the way down, so that a handler cannot change what the next one sees. */
export interface VerifiedJwt {
  /** The header that the signature covers. */
  readonly header: JwtHeader;
  /** The claims that the signature covers. */
  readonly claims: VerifiedClaims;
}

/** Proves one token; made by {@linkcode createJwtVerifier}. It refuses at once where it can: call it in `try` and `await` it. */
export type JwtVerifier = (token: string) => MaybePromise<VerifiedJwt>;

const ACTION = 'create JWT verifier';
const TYPE_PREFIX = 'application/';
/** More would keep expired tokens alive: who needs it has a clock to mend. */
const MAX_TOLERANCE_SECONDS = 300;
const KNOWN_OPTIONS = [
  'issuer',
  'audience',
  'algorithms',
  'type',
  'keys',
  'clockToleranceSeconds',
  'maxAgeSeconds',
  'requiredClaims',
  'clock',
  'maxTokenLength',
  'dangerouslyAllowMissingExpiry',
] as const satisfies readonly (keyof JwtVerifierOptions)[];

/**
 * Compiles what you expect of a token into a function that proves tokens, or refuses them: malformed first, then signature, then
 * claims. Make it once and keep it.
 *
 * Keys come from `keys` alone: `jwk`, `jku`, `x5u` and `x5c` of a header are never read. It decides no permission (see `sallyport/access`) and
 * remembers no token: a stolen one works until it expires.
 *
 * @param options issuer, audience, algorithms, type and keys, and what may be relaxed
 * @returns a frozen function; it resolves with frozen header and claims
 * @throws {TypeError} when an option is missing, unknown or of the wrong kind
 * @throws {RangeError} when a number is out of bounds
 * @throws {Refusal} from the function: jwt_malformed, jwt_too_large, jwt_critical_header_unsupported, jwt_algorithm_not_allowed,
 * jwt_type_mismatch, jwt_key_not_found, jwt_signature_invalid, jwt_claim_invalid, jwt_claim_missing, jwt_issuer_mismatch,
 * jwt_audience_mismatch, jwt_expired, jwt_not_yet_valid, jwt_issued_in_future, key_set_unavailable
 * @see RFC 8725
 *
 * @example
 * ```ts
 * import { createJwtVerifier, generateJwtKeyPair, signJwt } from 'sallyport/jwt';
 *
 * const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
 * const [issuer, audience, type] = ['https://id.test', 'https://api.test', 'at+jwt'];
 * const verify = createJwtVerifier({ issuer, audience, type, algorithms: ['ES256'], keys: [publicKey] });
 * const token = await signJwt({ iss: issuer, aud: audience, sub: 'ada' }, privateKey, { type, expiresInSeconds: 60 });
 * console.log((await verify(token)).claims.sub); // ada
 * ```
 */
export function createJwtVerifier(options: JwtVerifierOptions): JwtVerifier {
  refuseUnknownOptions(ACTION, options, KNOWN_OPTIONS);
  const { clock = systemClock, maxTokenLength = DEFAULT_MAX_TOKEN_LENGTH } = options;
  functionOption(ACTION, 'clock', clock);
  numberOption(ACTION, 'maxTokenLength', maxTokenLength, { min: 1, integer: true });
  const rules = compileRules(options);
  const type = normalizeType(stringOption(ACTION, 'type', options.type));
  const rows = new Map<string, AlgorithmRow>();
  for (const name of stringListOption(ACTION, 'algorithms', options.algorithms)) {
    rows.set(name, algorithmRow(algorithmOption(ACTION, name)));
  }
  const keys = isKeySet(options.keys) ? options.keys : createKeySet({ keys: options.keys });

  function verify(token: string): MaybePromise<VerifiedJwt> {
    const parts = splitJwt(token, maxTokenLength);
    const { header } = parts;
    // No extension is understood here, so RFC 7515 section 4.1.11 demands a refusal whatever `crit` holds. `b64` changes what was signed
    // and must not be in a JWT (RFC 7797 section 7); who ignores it without `crit` reads another payload than who honours it.
    if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) {
      throw new Refusal('jwt_critical_header_unsupported');
    }
    const row = rows.get(header.alg);
    if (row === undefined) throw new Refusal('jwt_algorithm_not_allowed');
    if (!isType(own(header, 'typ'), type)) throw new Refusal('jwt_type_mismatch');
    // Before the keys are asked, so that no such token makes anybody fetch one.
    if (!row.isSignature(parts.signature)) throw new Refusal('jwt_signature_invalid');
    const found = keys.find(header.alg, header.kid);
    // Through a real promise: a thenable of somebody's own whose `then` answers nothing would read as a token that was proved.
    return 'then' in found ? Promise.resolve(found).then((late) => prove(parts, row, late)) : prove(parts, row, found);
  }

  async function prove(parts: JwtParts, row: AlgorithmRow, candidates: readonly JwtKey[]): Promise<VerifiedJwt> {
    await proveSignature(parts, row, candidates);
    const refusal = checkClaims(parts.claims, rules, clock() / 1000);
    if (refusal !== undefined) throw refusal;
    // The one cast: checkClaims has just looked at every member that the type names.
    return Object.freeze({ header: parts.header, claims: parts.claims as VerifiedClaims });
  }

  return Object.freeze(verify);
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
export async function verifyJwt(token: string, options: JwtVerifierOptions): Promise<VerifiedJwt> {
  return await createJwtVerifier(options)(token);
}

/**
 * Proves that one of the candidates made the signature, trying each in turn. A set of keys may be anybody's, so that a key's algorithm
 * and the number of candidates are checked here once more, at the point of use.
 */
export async function proveSignature(parts: JwtParts, row: AlgorithmRow, candidates: readonly JwtKey[]): Promise<void> {
  let tried = 0;
  const signed = encodeUtf8(parts.signed);
  for (const key of candidates) {
    if (key.algorithm !== parts.header.alg || tried === MAX_CANDIDATES) continue;
    tried++;
    if (await crypto.subtle.verify(row.signParams, key.cryptoKey, parts.signature, signed)) return;
  }
  throw new Refusal(tried === 0 ? 'jwt_key_not_found' : 'jwt_signature_invalid');
}

function compileRules(options: JwtVerifierOptions): ClaimRules {
  const { clockToleranceSeconds = 0, maxAgeSeconds, requiredClaims = [], dangerouslyAllowMissingExpiry = false } =
    options;
  const required = ['iss', 'aud'];
  if (!booleanOption(ACTION, 'dangerouslyAllowMissingExpiry', dangerouslyAllowMissingExpiry)) required.push('exp');
  if (maxAgeSeconds !== undefined) {
    numberOption(ACTION, 'maxAgeSeconds', maxAgeSeconds, { above: 0 });
    required.push('iat');
  }
  if (!Array.isArray(requiredClaims)) throw new TypeError(`Cannot ${ACTION}: requiredClaims must be a list.`);
  if (requiredClaims.length > 0) required.push(...stringListOption(ACTION, 'requiredClaims', requiredClaims));
  return {
    issuer: stringOption(ACTION, 'issuer', options.issuer),
    audiences: new Set(stringListOption(ACTION, 'audience', options.audience)),
    required,
    toleranceSeconds: numberOption(ACTION, 'clockToleranceSeconds', clockToleranceSeconds, {
      min: 0,
      max: MAX_TOLERANCE_SECONDS,
    }),
    maxAgeSeconds: maxAgeSeconds ?? Infinity,
  };
}

/** RFC 7515 section 4.1.9: media types are compared without regard to case, and `application/` may be left out. */
function normalizeType(type: string): string {
  const lower = type.toLowerCase();
  return lower.startsWith(TYPE_PREFIX) && lower.indexOf('/', TYPE_PREFIX.length) < 0
    ? lower.slice(TYPE_PREFIX.length)
    : lower;
}

function isType(typ: unknown, expected: string): boolean {
  return typ === expected || (typeof typ === 'string' && normalizeType(typ) === expected);
}
