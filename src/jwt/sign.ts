import { type Clock, systemClock } from '../core/clock.ts';
import { functionOption, numberOption, refuseUnknownOptions, stringOption } from '../core/option.ts';
import { encodeBase64Url } from '../encoding/base64url.ts';
import { type JsonValue, parseJson } from '../encoding/json.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import { algorithmRow } from './algorithm.ts';
import { isAudience, isString, type UnsignedClaims } from './claims.ts';
import { type JwtKey, keyIdOption, requireKey } from './key.ts';

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
const MAX_DEPTH = 32;

/**
 * Signs claims as a compact JWT that ends: `iat` and `exp` are always there.
 *
 * It signs and does not encrypt: whoever holds the token reads the claims.
 *
 * @param claims plain JSON data, usually with `iss`, `aud` and `sub`; not `exp`, `nbf`, `iat` or `jti`, which the options decide
 * @param key a private key; its algorithm is the token's, and no header can be passed in
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
export async function signJwt(
  claims: UnsignedClaims,
  key: JwtKey,
  options: SignJwtOptions,
): Promise<string> {
  refuseUnknownOptions(ACTION, options, KNOWN_OPTIONS);
  requireKey(ACTION, key, 'private');
  const keyId = keyIdOption(ACTION, options.keyId ?? key.keyId);
  const header = {
    alg: key.algorithm,
    typ: readText('type', options.type),
    ...(keyId === undefined ? {} : { kid: keyId }),
  };
  const signed = `${encodeSegment(header)}.${encodeSegment(datedClaims(claims, options))}`;
  const { signParams } = algorithmRow(key.algorithm);
  const signature = await crypto.subtle.sign(signParams, key.cryptoKey, encodeUtf8(signed));
  return `${signed}.${encodeBase64Url(new Uint8Array(signature))}`;
}

function datedClaims(claims: unknown, options: SignJwtOptions): Record<string, JsonValue> {
  const payload = copyObject(claims, 'claims', 0);
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

/**
 * Copies plain JSON data, reading each member once. It is tempting to hand the claims to JSON.stringify as they are. However it lets
 * `toJSON` replace what was checked, turns NaN into null, and drops what it cannot spell: each signs what nobody wrote.
 */
function copyJson(value: unknown, path: string, depth: number): JsonValue {
  if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
    return value;
  }
  if (typeof value === 'string' && value.isWellFormed()) return value;
  if (Array.isArray(value)) {
    if (depth === MAX_DEPTH) throw new TypeError(`Cannot ${ACTION}: claims are nested deeper than ${MAX_DEPTH}.`);
    return Array.from(value, (item, index) => copyJson(item, `${path}[${index}]`, depth + 1));
  }
  return copyObject(value, path, depth);
}

function copyObject(value: unknown, path: string, depth: number): Record<string, JsonValue> {
  if (!isPlainObject(value)) throw new TypeError(`Cannot ${ACTION}: ${path} must be plain JSON data.`);
  if (depth === MAX_DEPTH) throw new TypeError(`Cannot ${ACTION}: claims are nested deeper than ${MAX_DEPTH}.`);
  // Without a prototype there is no `toJSON` to inherit, and `__proto__` is a name like any other.
  const copy: Record<string, JsonValue> = Object.create(null);
  for (const key of Object.keys(value)) {
    if (!key.isWellFormed()) throw new TypeError(`Cannot ${ACTION}: a key of ${path} holds half a surrogate pair.`);
    copy[key] = copyJson(value[key], `${path}.${key}`, depth + 1);
  }
  return copy;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An Object.prototype, also that of another realm, is the one that inherits from nothing.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function encodeSegment(members: Readonly<Record<string, JsonValue>>): string {
  const text = JSON.stringify(members);
  try {
    // What our own verifier would refuse (`__proto__`, too deep) is not signed in the first place.
    parseJson(text);
  } catch (cause) {
    throw new TypeError(`Cannot ${ACTION}: claims hold a key or a depth that no verifier here would take.`, { cause });
  }
  return encodeBase64Url(encodeUtf8(text));
}
