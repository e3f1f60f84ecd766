import type { CryptoKey } from '../crypto/crypto-key.ts';
import { algorithmRow, isAlgorithm, type JwtAlgorithm } from './algorithm.ts';

/** A key that is bound to one algorithm: a token's header can never choose what the key is used for. */
export interface JwtKey {
  /** The one algorithm that this key serves. */
  readonly algorithm: JwtAlgorithm;
  /** A public key verifies, a private key signs, a secret does both. */
  readonly type: 'public' | 'private' | 'secret';
  /** The `kid` that tokens name it by; without one it serves only tokens that name none. */
  readonly keyId: string | undefined;
  /** How long its signatures are, in bytes. */
  readonly signatureBytes: number;
  /** The platform's key, imported once. */
  readonly cryptoKey: CryptoKey;
}

/** The most characters of a key id. */
export const MAX_KEY_ID_LENGTH = 256;

/** Joins a platform key to the one algorithm it serves. */
export function bindKey(algorithm: JwtAlgorithm, keyId: string | undefined, cryptoKey: CryptoKey): JwtKey {
  const { signatureBytes: [least] } = algorithmRow(algorithm);
  const modulusBits: unknown = Reflect.get(cryptoKey.algorithm, 'modulusLength');
  return Object.freeze({
    algorithm,
    type: cryptoKey.type,
    keyId,
    signatureBytes: typeof modulusBits === 'number' ? Math.ceil(modulusBits / 8) : least,
    cryptoKey,
  });
}

/** Refuses what is no key of ours for this use, also one put together by hand around a platform key of another kind. */
export function requireKey(action: string, key: JwtKey, use: 'sign' | 'verify'): void {
  const isKey = typeof key === 'object' && key !== null && isAlgorithm(key.algorithm) &&
    fits(key.cryptoKey, key.algorithm) && key.cryptoKey.type === key.type && key.cryptoKey.usages.includes(use);
  if (isKey) return;
  throw new TypeError(
    `Cannot ${action}: a ${use === 'sign' ? 'private' : 'public'} key or a secret of this package is needed.`,
  );
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
  const { name, namedCurve, hash } = algorithmRow(algorithm).keyParams;
  const actual: unknown = cryptoKey?.algorithm;
  return typeof actual === 'object' && actual !== null && Reflect.get(actual, 'name') === name &&
    Reflect.get(actual, 'namedCurve') === namedCurve && readHash(Reflect.get(actual, 'hash')) === hash;
}

/** Web Crypto spells the hash of a key as an object with a name. */
function readHash(hash: unknown): unknown {
  return typeof hash === 'object' && hash !== null ? Reflect.get(hash, 'name') : hash;
}
