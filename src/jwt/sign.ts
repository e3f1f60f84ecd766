import { type Clock, systemClock } from '../core/clock.ts';
import { functionOption, numberOption, refuseUnknownOptions, stringOption } from '../core/option.ts';
import { isAudience, isString, type PlainJson, type UnsignedClaims } from './claims.ts';
import { signCompact } from './compact.ts';
import { type JwtKey, keyIdOption, requireKey } from './key.ts';
import { copyJsonObject, encodeSegment, type FreshJsonObject } from './plain-json.ts';

/** How {@linkcode signJwt} dates and labels a token. */
export interface SignJwtOptions {
  /** The header's `typ`, which verifiers demand: `at+jwt`. Required. */
  readonly type: string;
  /** How long the token lives, in whole seconds. Required. */
  readonly expiresInSeconds: number;
  /** When it begins, in seconds since the Unix epoch. Default: it has no `nbf`. */
  readonly notBefore?: number;
  /** The header's `kid`. Default: the key's own id. */
  readonly keyId?: string;
  /** The claim `jti`. Default: it has none. */
  readonly jwtId?: string;
  /** Tells the time in milliseconds. Default: the platform's clock. */
  readonly clock?: Clock;
}

const ACTION = 'sign JWT';
const KNOWN_OPTIONS = [
  'type',
  'expiresInSeconds',
  'notBefore',
  'keyId',
  'jwtId',
  'clock',
] as const satisfies readonly (keyof SignJwtOptions)[];
/** These come from the options, so that no token carries two ideas of its own life. */
const OWN_CLAIMS = ['exp', 'nbf', 'iat', 'jti'] as const;
const CONTEXT = { action: ACTION, name: 'claims' };

/**
 * Signs claims as a compact JWT that ends: `iat` and `exp` are always there.
 *
 * It signs and does not encrypt: whoever holds the token reads the claims.
 *
 * @param claims plain JSON data, usually with `iss`, `aud` and `sub`; not `exp`, `nbf`, `iat` or `jti`, which the options decide
 * @param key a private key or a secret; its algorithm is the token's, and no header can be passed in
 * @param options type, lifetime, and what else dates or names the token
 * @returns the token
 * @throws {TypeError} when claims are no plain JSON data or hold a claim that the options decide, when the key cannot sign, or an option is unknown
 * @throws {RangeError} when a time is no finite number
 * @see RFC 7515 section 5.1, RFC 7519 section 4.1
 *
 * @example
 * ```ts
 * import { generateJwtKeyPair, signJwt } from 'sallyport/jwt';
 *
 * const { privateKey } = await generateJwtKeyPair('ES256');
 * const token = await signJwt({ iss: 'https://id.test', sub: 'ada' }, privateKey, { type: 'at+jwt', expiresInSeconds: 300 });
 * console.log(token.split('.').length); // 3
 * ```
 */
export async function signJwt<Claims extends UnsignedClaims>(
  claims: Claims & PlainJson<Claims>,
  key: JwtKey,
  options: SignJwtOptions,
): Promise<string> {
  refuseUnknownOptions(ACTION, options, KNOWN_OPTIONS);
  requireKey(ACTION, key, 'sign');
  const { keyId: wanted = key.keyId } = options;
  const keyId = keyIdOption(ACTION, wanted);
  const header = {
    alg: key.algorithm,
    typ: readText('type', options.type),
    ...(keyId === undefined ? {} : { kid: keyId }),
  };
  return await signCompact(encodeSegment(header, CONTEXT), encodeSegment(datedClaims(claims, options), CONTEXT), key);
}

function datedClaims(claims: unknown, options: SignJwtOptions): FreshJsonObject {
  const payload = copyJsonObject(claims, CONTEXT);
  for (const name of OWN_CLAIMS) {
    if (name in payload) throw new TypeError(`Cannot ${ACTION}: claims must not hold ${name}; an option decides it.`);
  }
  for (const name of ['iss', 'sub']) {
    if (name in payload && !isString(payload[name])) {
      throw new TypeError(`Cannot ${ACTION}: claims.${name} must be a string.`);
    }
  }
  if ('aud' in payload && !isAudience(payload['aud'])) {
    throw new TypeError(`Cannot ${ACTION}: claims.aud must be a string or a list of strings.`);
  }
  const { clock = systemClock, notBefore, jwtId } = options;
  const now = Math.floor(numberOption(ACTION, 'the time', functionOption(ACTION, 'clock', clock)(), { min: 0 }) / 1000);
  const lifetime = numberOption(ACTION, 'expiresInSeconds', options.expiresInSeconds, { above: 0, integer: true });
  payload['iat'] = now;
  payload['exp'] = numberOption(ACTION, 'exp', now + lifetime, { integer: true });
  if (notBefore !== undefined) payload['nbf'] = numberOption(ACTION, 'notBefore', notBefore, { min: 0 });
  if (jwtId !== undefined) payload['jti'] = readText('jwtId', jwtId);
  return payload;
}

function readText(name: string, value: unknown): string {
  const text = stringOption(ACTION, name, value);
  if (!text.isWellFormed()) throw new TypeError(`Cannot ${ACTION}: ${name} holds half a surrogate pair.`);
  return text;
}
