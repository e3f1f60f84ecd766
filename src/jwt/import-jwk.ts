import { refuseUnknownOptions } from '../core/option.ts';
import type { CryptoKey } from '../crypto/crypto-key.ts';
import { decodeBase64Url } from '../encoding/base64url.ts';
import { algorithmOption, type AlgorithmRow, algorithmRow, type JwtAlgorithm } from './algorithm.ts';
import type { Jwk } from './jwk.ts';
import { bindKey, type JwtKey, keyIdOption } from './key.ts';

/** Options of {@linkcode importJwk}. */
export interface ImportJwkOptions {
  /** The algorithm to bind the key to. Default: the JWK's `alg`; one of the two must be there, and they must agree. */
  readonly algorithm?: JwtAlgorithm;
  /** The key's id, 1 to 256 characters. Default: the JWK's `kid`. */
  readonly keyId?: string;
}

/** The members of a JWK that are the key itself. */
type Material = Record<string, string>;

const ACTION = 'import JWK';

/**
 * Imports a JSON Web Key and binds it to one algorithm. Do it once, not per request.
 *
 * A JWK with `d` becomes a private key that signs and cannot be exported; one without, a public key that verifies. What the JWK says
 * beyond the key itself (`x5c`, `x5u`, …) is ignored.
 *
 * @param jwk the key as it is written
 * @param options the algorithm and id, where the JWK does not name them
 * @returns a frozen key
 * @throws {TypeError} when the JWK names no algorithm, another one, or one that is not supported; when `use` or `key_ops` forbid it; when `kty`,
 * `crv` or a coordinate is wrong
 * @see RFC 7517 section 4, RFC 7518 section 6.2
 *
 * @example
 * ```ts
 * import { importJwk } from 'sallyport/jwt';
 *
 * const key = await importJwk({
 *   kty: 'EC', crv: 'P-256', alg: 'ES256', kid: 'one',
 *   x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
 *   y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
 * });
 * ```
 */
export async function importJwk(jwk: Jwk, options: ImportJwkOptions = {}): Promise<JwtKey> {
  refuseUnknownOptions(ACTION, options, ['algorithm', 'keyId']);
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) {
    throw new TypeError(`Cannot ${ACTION}: it must be an object.`);
  }
  // Own members only, each read once: neither a prototype nor a getter decides what a key is.
  const own: Jwk = { ...jwk };
  const algorithm = readAlgorithm(own.alg, options.algorithm);
  const isPrivate = own.d !== undefined;
  const usage = isPrivate ? 'sign' : 'verify';
  checkUse(own, usage);
  const row = algorithmRow(algorithm);
  const keyId = keyIdOption(ACTION, options.keyId ?? own.kid);
  const material = readMaterial(own, row, isPrivate);
  let cryptoKey: CryptoKey;
  try {
    cryptoKey = await importAndTry(material, row, isPrivate);
  } catch {
    // No cause: a platform's message may quote the key.
    throw new TypeError(`Cannot ${ACTION}: its numbers are no ${row.curve} key.`);
  }
  return bindKey(algorithm, keyId, cryptoKey);
}

/**
 * Imports a key and uses it once. It is tempting to leave its numbers to `importKey`. However Deno's takes a point that is not on the
 * curve, throws at the first verification with it, and takes a private number that belongs to another point.
 */
async function importAndTry(material: Material, row: AlgorithmRow, isPrivate: boolean): Promise<CryptoKey> {
  const { d: _d, ...publicMaterial } = material;
  const sample = new Uint8Array(2 * row.memberBytes).fill(1);
  const publicKey = await crypto.subtle.importKey('jwk', publicMaterial, row.keyParams, true, ['verify']);
  if (!isPrivate) {
    await crypto.subtle.verify(row.signParams, publicKey, sample, sample);
    return publicKey;
  }
  const privateKey = await crypto.subtle.importKey('jwk', material, row.keyParams, false, ['sign']);
  const signature = await crypto.subtle.sign(row.signParams, privateKey, sample);
  if (await crypto.subtle.verify(row.signParams, publicKey, signature, sample)) return privateKey;
  throw new Error('The private number belongs to another point.');
}

function readAlgorithm(named: unknown, chosen: unknown): JwtAlgorithm {
  // A key without an algorithm would be used as the token's header says: that is algorithm confusion (RFC 8725 section 3.1).
  if (named === undefined && chosen === undefined) {
    throw new TypeError(`Cannot ${ACTION}: it has no alg, so the option algorithm must name one.`);
  }
  if (named !== undefined && chosen !== undefined && named !== chosen) {
    throw new TypeError(`Cannot ${ACTION}: its alg is not the algorithm that the option names.`);
  }
  return algorithmOption(ACTION, chosen ?? named);
}

function checkUse({ use, key_ops }: Jwk, usage: 'sign' | 'verify'): void {
  if (use !== undefined && use !== 'sig') throw new TypeError(`Cannot ${ACTION}: its use is not sig.`);
  if (key_ops !== undefined && !(Array.isArray(key_ops) && key_ops.includes(usage))) {
    throw new TypeError(`Cannot ${ACTION}: its key_ops do not allow it to ${usage}.`);
  }
}

/** Returns the members that are the key, and nothing else, each of exactly its length. */
function readMaterial(jwk: Jwk, row: AlgorithmRow, isPrivate: boolean): Material {
  const { keyType, curve, publicMembers, memberBytes } = row;
  if (jwk.kty !== keyType) throw new TypeError(`Cannot ${ACTION}: its kty must be ${keyType}.`);
  if (jwk.crv !== curve) throw new TypeError(`Cannot ${ACTION}: its crv must be ${curve}.`);
  const material: Material = { kty: keyType, crv: curve };
  for (const name of isPrivate ? [...publicMembers, 'd' as const] : publicMembers) {
    const value: unknown = jwk[name];
    if (typeof value !== 'string' || decodeBase64Url(value)?.length !== memberBytes) {
      throw new TypeError(`Cannot ${ACTION}: its ${name} must be base64url of ${memberBytes} bytes.`);
    }
    material[name] = value;
  }
  return material;
}
