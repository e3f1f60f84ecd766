import { booleanOption, refuseUnknownOptions } from '../core/option.ts';
import type { CryptoKey } from '../crypto/crypto-key.ts';
import { algorithmOption, algorithmRow, isAlgorithm, type JwtAlgorithm } from './algorithm.ts';
import type { Jwk } from './jwk.ts';
import { jwkThumbprint } from './thumbprint.ts';

/** A key that is bound to one algorithm: a token's header can never choose what the key is used for. */
export interface JwtKey {
  /** The one algorithm that this key serves. */
  readonly algorithm: JwtAlgorithm;
  /** A public key verifies, a private key signs. */
  readonly type: 'public' | 'private';
  /** The `kid` that tokens name it by; without one it serves only tokens that name none. */
  readonly keyId: string | undefined;
  /** The platform's key, imported once. */
  readonly cryptoKey: CryptoKey;
}

/** What {@linkcode generateJwtKeyPair} makes. */
export interface JwtKeyPair {
  /** For verifiers; may be published with {@linkcode exportPublicJwk}. */
  readonly publicKey: JwtKey;
  /** For the signer alone. */
  readonly privateKey: JwtKey;
}

/** Options of {@linkcode generateJwtKeyPair}. */
export interface GenerateJwtKeyPairOptions {
  /** The id of both keys, 1 to 256 characters. Default: the public key's RFC 7638 thumbprint. */
  readonly keyId?: string;
  /** Whether the private key may leave Web Crypto, to be stored. Default: false. */
  readonly extractable?: boolean;
}

const MAX_KEY_ID_LENGTH = 256;

/**
 * Makes a fresh key pair for one algorithm.
 *
 * It stores nothing: unless the private key is extractable it ends with the process.
 *
 * @param algorithm `ES256`
 * @param options the pair's id, and whether the private key may be exported
 * @returns a frozen pair of frozen keys
 * @throws {TypeError} when the algorithm or an option is unknown, or keyId is not 1 to 256 characters
 * @see RFC 7518 section 3.4
 *
 * @example
 * ```ts
 * import { generateJwtKeyPair } from 'sallyport/jwt';
 *
 * const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
 * console.log(publicKey.keyId === privateKey.keyId, privateKey.cryptoKey.extractable); // true false
 * ```
 */
export async function generateJwtKeyPair(
  algorithm: JwtAlgorithm,
  options: GenerateJwtKeyPairOptions = {},
): Promise<JwtKeyPair> {
  const action = 'generate JWT key pair';
  refuseUnknownOptions(action, options, ['keyId', 'extractable']);
  const { keyParams } = algorithmRow(algorithmOption(action, algorithm));
  const extractable = booleanOption(action, 'extractable', options.extractable ?? false);
  const given = keyIdOption(action, options.keyId);
  const pair = await crypto.subtle.generateKey(keyParams, extractable, ['sign', 'verify']);
  const keyId = given ?? await jwkThumbprint(await crypto.subtle.exportKey('jwk', pair.publicKey));
  return Object.freeze({
    publicKey: bindKey(algorithm, keyId, pair.publicKey),
    privateKey: bindKey(algorithm, keyId, pair.privateKey),
  });
}

/**
 * Exports a public key for a JWKS document: `{ "keys": [ … ] }`.
 *
 * @param key a public key
 * @returns a frozen JWK with its public members, `alg`, `use` and `kid`
 * @throws {TypeError} when the key is not a public key
 * @see RFC 7517 sections 4 and 5
 *
 * @example
 * ```ts
 * import { exportPublicJwk, generateJwtKeyPair } from 'sallyport/jwt';
 *
 * const { publicKey } = await generateJwtKeyPair('ES256', { keyId: '2026-11' });
 * const jwks = JSON.stringify({ keys: [await exportPublicJwk(publicKey)] });
 * ```
 */
export async function exportPublicJwk(key: JwtKey): Promise<Jwk> {
  requireKey('export public JWK', key, 'public');
  const { publicMembers } = algorithmRow(key.algorithm);
  const exported: Jwk = await crypto.subtle.exportKey('jwk', key.cryptoKey);
  const jwk: { -readonly [Name in keyof Jwk]: Jwk[Name] } = { kty: exported.kty, crv: exported.crv };
  // Member by member: what a platform may add to its export one day is not published.
  for (const name of publicMembers) jwk[name] = exported[name];
  jwk.alg = key.algorithm;
  jwk.use = 'sig';
  if (key.keyId !== undefined) jwk.kid = key.keyId;
  return Object.freeze(jwk);
}

/** Joins a platform key to the one algorithm it serves. */
export function bindKey(algorithm: JwtAlgorithm, keyId: string | undefined, cryptoKey: CryptoKey): JwtKey {
  return Object.freeze({ algorithm, type: cryptoKey.type === 'private' ? 'private' : 'public', keyId, cryptoKey });
}

/** Refuses what is no key of ours for this use, also one put together by hand around a platform key of another kind. */
export function requireKey(action: string, key: JwtKey, type: JwtKey['type']): void {
  const isKey = typeof key === 'object' && key !== null && isAlgorithm(key.algorithm) && key.type === type &&
    fits(key.cryptoKey, key.algorithm) && key.cryptoKey.usages.includes(type === 'public' ? 'verify' : 'sign');
  if (!isKey) throw new TypeError(`Cannot ${action}: a ${type} key from importJwk or generateJwtKeyPair is needed.`);
}

/** Returns the id that an option or a JWK gives a key. */
export function keyIdOption(action: string, keyId: unknown): string | undefined {
  if (keyId === undefined) return undefined;
  if (typeof keyId === 'string' && keyId !== '' && keyId.length <= MAX_KEY_ID_LENGTH && keyId.isWellFormed()) {
    return keyId;
  }
  throw new TypeError(`Cannot ${action}: the key id must be a string of 1 to ${MAX_KEY_ID_LENGTH} characters.`);
}

function fits(cryptoKey: CryptoKey, algorithm: JwtAlgorithm): boolean {
  const { name, namedCurve } = algorithmRow(algorithm).keyParams;
  return cryptoKey?.algorithm?.name === name && Reflect.get(cryptoKey.algorithm, 'namedCurve') === namedCurve;
}
