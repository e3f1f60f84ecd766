import type { MaybePromise } from '../core/clock.ts';
import { refuseUnknownOptions } from '../core/option.ts';
import { type JwtKey, requireKey } from './key.ts';

/** Where a verifier finds keys: {@linkcode createKeySet}, `createRemoteKeySet`, or your own. */
export interface KeySet {
  /**
   * Finds the public keys that may have signed a token. Both arguments come from the token and are not to be trusted.
   *
   * @param algorithm the header's `alg`, already one that the verifier allows
   * @param keyId the header's `kid`, if it has one
   * @returns the keys to try, in order; none when no key fits
   */
  readonly find: (algorithm: string, keyId: string | undefined) => MaybePromise<readonly JwtKey[]>;
  /**
   * A number that changes whenever a key has left the set; undefined while no key is believed without asking. Asked on every use of a remembered
   * token. A set without it serves no verifier that has a token cache.
   */
  readonly generation?: () => number | undefined;
}

/** A set whose keys are all here already. */
export interface LocalKeySet extends KeySet {
  /** As in {@linkcode KeySet}, without waiting. */
  readonly find: (algorithm: string, keyId: string | undefined) => readonly JwtKey[];
  /** Always the same: no key ever leaves. */
  readonly generation: () => number;
}

/** Options of {@linkcode createKeySet}. */
export interface KeySetOptions {
  /** Public keys and secrets; of one algorithm at most 3 keys, and no two secrets, may share an id. Required. */
  readonly keys: readonly JwtKey[];
}

/** The most keys that one token may make us try: a verification each is what an attacker would multiply. */
export const MAX_CANDIDATES = 3;
const NONE: readonly JwtKey[] = /* @__PURE__ */ Object.freeze([]);

/**
 * Makes a set of public keys and secrets that never changes.
 *
 * A token that names a `kid` meets only keys of that id and its algorithm; a token that names none meets the first 3 of its algorithm.
 *
 * @param options the keys
 * @returns a frozen set
 * @throws {TypeError} when there is no key, when one is private or no key at all, or when too many share an id
 * @see RFC 7517 section 4.5
 *
 * @example
 * ```ts
 * import { createKeySet, generateJwtKeyPair } from 'sallyport/jwt';
 *
 * const { publicKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
 * console.log(createKeySet({ keys: [publicKey] }).find('ES256', 'two').length); // 0
 * ```
 */
export function createKeySet(options: KeySetOptions): LocalKeySet {
  const action = 'create key set';
  refuseUnknownOptions(action, options, ['keys']);
  const { keys } = options;
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new TypeError(`Cannot ${action}: keys must be a list of at least one key.`);
  }
  for (const key of keys) requireKey(action, key, 'verify');
  for (const key of keys) {
    const twins = keys.filter((other) => other.algorithm === key.algorithm && other.keyId === key.keyId);
    // Two secrets under one id are a mistake of whoever keeps them: nobody else can have named them so.
    const most = key.type === 'secret' ? 1 : MAX_CANDIDATES;
    if (key.keyId !== undefined && twins.length > most) {
      throw new TypeError(`Cannot ${action}: more than ${most} of one algorithm share an id.`);
    }
  }
  return indexKeys(keys);
}

/** Indexes keys by algorithm and id, once; each list is cut to what a token may try. */
export function indexKeys(keys: readonly JwtKey[]): LocalKeySet {
  // Maps, never objects: the ids that are looked up come from tokens, and `__proto__` is one.
  const byAlgorithm = new Map<string, Map<string | undefined, JwtKey[]>>();
  for (const key of keys) {
    const byId = byAlgorithm.get(key.algorithm) ?? new Map<string | undefined, JwtKey[]>();
    byAlgorithm.set(key.algorithm, byId);
    // Under `undefined` stands what a token without a `kid` may try.
    for (const id of key.keyId === undefined ? [undefined] : [undefined, key.keyId]) {
      const list = byId.get(id) ?? [];
      if (list.length < MAX_CANDIDATES) list.push(key);
      byId.set(id, list);
    }
  }
  for (const byId of byAlgorithm.values()) for (const list of byId.values()) Object.freeze(list);
  return Object.freeze({
    find: (algorithm: string, keyId: string | undefined): readonly JwtKey[] =>
      byAlgorithm.get(algorithm)?.get(keyId) ?? NONE,
    generation: () => 0,
  });
}

/** Tells a set from a list of keys. */
export function isKeySet(keys: KeySet | readonly JwtKey[]): keys is KeySet {
  return typeof keys === 'object' && keys !== null && 'find' in keys && !Array.isArray(keys) &&
    typeof keys.find === 'function';
}
