import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { decodeBase64Url, encodeBase64Url } from '../encoding/base64url.ts';
import type { JwtAlgorithm } from './algorithm.ts';
import { signCompact } from './compact.ts';
import { type JwtKey, keyIdOption, requireKey } from './key.ts';
import type { KeySet } from './key-set.ts';
import { type JsonObject, type JwtHeader, splitJws } from './parse.ts';
import { copyJsonObject, encodeSegment } from './plain-json.ts';
import { admitHeader, findKeys, proveSignature } from './prove.ts';
import { compileAlgorithms, keysOption } from './rules.ts';

/** What {@linkcode signJws} puts beside the payload. */
export interface SignJwsOptions {
  /** More members of the header, plain JSON data: `typ`, `cty`, `kid`, your own. Not `alg`, `crit` or `b64`. Default: none. */
  readonly header?: JsonObject;
}

/** What a JWS must be for {@linkcode verifyJws} to believe it. */
export interface VerifyJwsOptions {
  /** Where keys come from: a set, or a list of public keys and secrets. Required. */
  readonly keys: KeySet | readonly JwtKey[];
  /** The signature algorithms that are believed. Required. */
  readonly algorithms: readonly JwtAlgorithm[];
  /** The most characters of the whole text, checked before anything else. Default: 65,536. */
  readonly maxLength?: number;
}

/** What was proved of a JWS. */
export interface VerifiedJws {
  /** The header that the signature covers, frozen. */
  readonly header: JwtHeader;
  /** The bytes that the signature covers. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

const SIGN = 'sign JWS';
const VERIFY = 'verify JWS';
const DEFAULT_MAX_LENGTH = 65_536;
/** The key decides the first; the others change what a verifier must do, and none of those things is done here. */
const RESERVED = ['alg', 'crit', 'b64'];

/**
 * Signs bytes as a compact JWS. For claims use `signJwt`, whose tokens end.
 *
 * It signs and does not encrypt; and it dates nothing: a JWS that must not be replayed needs a time and an id of its own in the payload.
 *
 * @param payload the bytes, whatever they are
 * @param key a private key or a secret; its algorithm is the header's
 * @param options more members of the header
 * @returns the compact serialization
 * @throws {TypeError} when the payload is no Uint8Array, the key cannot sign, or the header is no plain JSON data or names `alg`, `crit` or `b64`
 * @see RFC 7515 section 5.1
 *
 * @example
 * ```ts
 * import { generateJwtKeyPair, signJws, verifyJws } from 'sallyport/jwt';
 *
 * const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
 * const jws = await signJws(new Uint8Array([1, 2, 3]), privateKey, { header: { typ: 'receipt' } });
 * console.log((await verifyJws(jws, { keys: [publicKey], algorithms: ['ES256'] })).payload); // Uint8Array [1, 2, 3]
 * ```
 */
export async function signJws(payload: Uint8Array, key: JwtKey, options: SignJwsOptions = {}): Promise<string> {
  refuseUnknownOptions(SIGN, options, ['header']);
  requireKey(SIGN, key, 'sign');
  if (!(payload instanceof Uint8Array)) throw new TypeError(`Cannot ${SIGN}: the payload must be a Uint8Array.`);
  const context = { action: SIGN, name: 'header' };
  const { header: wanted = {} } = options;
  const more = copyJsonObject(wanted, context);
  for (const name of RESERVED) {
    if (name in more) throw new TypeError(`Cannot ${SIGN}: the header must not name ${name}.`);
  }
  if (more['typ'] !== undefined && typeof more['typ'] !== 'string') {
    throw new TypeError(`Cannot ${SIGN}: the header's typ must be a string.`);
  }
  const { kid = key.keyId } = more;
  const keyId = keyIdOption(SIGN, kid);
  const header = { alg: key.algorithm, ...(keyId === undefined ? {} : { kid: keyId }), ...more };
  return await signCompact(encodeSegment(header, context), encodeBase64Url(payload), key);
}

/**
 * Proves who signed bytes, and gives them back. For tokens with claims use `createJwtVerifier`: this checks no issuer, audience, type or time.
 *
 * As there, keys come from `keys` alone and every spelling but the canonical one is refused. Check `header.typ` where you sign several
 * kinds of things with one key.
 *
 * @param token a compact JWS
 * @param options keys, algorithms, and the cap on its length
 * @returns the frozen header, and the payload's bytes
 * @throws {Refusal} jwt_malformed, jwt_too_large, jwt_critical_header_unsupported, jwt_algorithm_not_allowed, jwt_key_not_found, jwt_signature_invalid,
 * key_set_unavailable
 * @throws {TypeError} when an option is missing, unknown or of the wrong kind
 * @throws {RangeError} when maxLength is no whole number from 1
 * @see RFC 7515 section 5.2
 *
 * @example
 * ```ts
 * import { importHmacSecret, signJws, verifyJws } from 'sallyport/jwt';
 *
 * const secret = await importHmacSecret(crypto.getRandomValues(new Uint8Array(32)), 'HS256');
 * const { header } = await verifyJws(await signJws(new Uint8Array(8), secret), { keys: [secret], algorithms: ['HS256'] });
 * console.log(header.alg); // HS256
 * ```
 */
export async function verifyJws(token: string, options: VerifyJwsOptions): Promise<VerifiedJws> {
  refuseUnknownOptions(VERIFY, options, ['keys', 'algorithms', 'maxLength']);
  const { maxLength = DEFAULT_MAX_LENGTH } = options;
  numberOption(VERIFY, 'maxLength', maxLength, { min: 1, integer: true });
  const algorithms = compileAlgorithms(VERIFY, options.algorithms);
  const keys = keysOption(options.keys);
  const parts = splitJws(token, maxLength);
  // Malformed comes before wrong: the payload is decoded before the signature over its text is looked at.
  const payload = decodeBase64Url(parts.payload);
  if (payload === undefined) throw new Refusal('jwt_malformed');
  const row = admitHeader(parts, algorithms);
  await proveSignature(parts, row, await findKeys(keys, parts.header));
  return Object.freeze({ header: parts.header, payload });
}
