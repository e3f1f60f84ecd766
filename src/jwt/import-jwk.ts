import { refuseUnknownOptions } from '../core/option.ts';
import type { CryptoKey } from '../crypto/crypto-key.ts';
import { decodeBase64Url } from '../encoding/base64url.ts';
import { algorithmOption, type AlgorithmRow, algorithmRow, type JwtAlgorithm } from './algorithm.ts';
import { importSecret, type SecretUse } from './hmac-secret.ts';
import type { Jwk } from './jwk.ts';
import { bindKey, type JwtKey, keyIdOption } from './key.ts';
import { describeFailure } from './platform.ts';
import { isStrongExponent, isStrongModulus } from './rsa.ts';
import { isSmallOrder } from './small-order.ts';

/** Options of {@linkcode importJwk}. */
export interface ImportJwkOptions {
  /** The algorithm to bind the key to. Default: the JWK's `alg`; one of the two must be there, and they must agree. */
  readonly algorithm?: JwtAlgorithm;
  /** The key's id, 1 to 256 characters. Default: the JWK's `kid`. */
  readonly keyId?: string;
}

/** The members of a JWK that are the key itself. */
type Material = Record<string, string>;
type Member = 'x' | 'y' | 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi';

const ACTION = 'import JWK';
/** What a key of each family consists of, its public half first (RFC 7518 section 6, RFC 8037 section 2). */
const MEMBERS: Readonly<
  Record<Exclude<AlgorithmRow['keyType'], 'oct'>, readonly [readonly Member[], readonly Member[]]>
> = {
  EC: [['x', 'y'], ['d']],
  OKP: [['x'], ['d']],
  RSA: [['n', 'e'], ['d', 'p', 'q', 'dp', 'dq', 'qi']],
};

/**
 * Imports a JSON Web Key and binds it to one algorithm. Do it once, not per request.
 *
 * A JWK with `d` becomes a private key that signs and cannot be exported; one with `k` a secret; any other a public key that verifies. What the
 * JWK says beyond the key itself (`x5c`, `x5u`, …) is ignored. Moduli made by a broken generator (ROCA) are not recognized.
 *
 * @param jwk the key as it is written
 * @param options the algorithm and id, where the JWK does not name them
 * @returns a frozen key
 * @throws {TypeError} when the JWK names no algorithm, another one, or one that is not supported; when `use` or `key_ops` forbid it; when `kty`,
 * `crv` or a number is wrong, or an RSA key is weaker than 2,048 bits
 * @throws {RangeError} when a secret is shorter than the hash
 * @see RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2
 *
 * @example
 * ```ts
 * import { importJwk } from 'sallyport/jwt';
 *
 * const [x, y] = ['f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0'];
 * const key = await importJwk({ kty: 'EC', crv: 'P-256', alg: 'ES256', kid: 'one', x, y });
 * ```
 */
export async function importJwk(jwk: Jwk, options: ImportJwkOptions = {}): Promise<JwtKey> {
  refuseUnknownOptions(ACTION, options, ['algorithm', 'keyId']);
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) throw refuse('it must be an object');
  // Own members only, each read once: neither a prototype nor a getter decides what a key is.
  const own: Jwk = Object.assign(Object.create(null), jwk);
  const algorithm = readAlgorithm(own.alg, options.algorithm);
  const row = algorithmRow(algorithm);
  if (own.kty !== row.keyType) throw refuse(`its kty must be ${row.keyType}`);
  if (own.use !== undefined && own.use !== 'sig') throw refuse('its use is not sig');
  const keyId = keyIdOption(ACTION, options.keyId ?? own.kid);
  if (row.keyType === 'oct') {
    const secret = typeof own.k === 'string' ? decodeBase64Url(own.k) : undefined;
    if (secret === undefined) throw refuse('its k must be base64url');
    return await importSecret(ACTION, secret, algorithm, keyId, readUses(own.key_ops, ['sign', 'verify']));
  }
  const isPrivate = own.d !== undefined;
  readUses(own.key_ops, [isPrivate ? 'sign' : 'verify']);
  const material = readMaterial(own, row, MEMBERS[row.keyType][0]);
  const secrets = isPrivate ? readMaterial(own, row, MEMBERS[row.keyType][1]) : undefined;
  return bindKey(algorithm, keyId, await importAndTry(material, secrets, row));
}

/**
 * Imports a key and uses it once. It is tempting to leave its numbers to `importKey`. However Deno's takes a point that is not on the
 * curve, throws at the first verification with it, and takes a private number that belongs to another point.
 */
async function importAndTry(material: Material, secrets: Material | undefined, row: AlgorithmRow): Promise<CryptoKey> {
  const { keyParams, signParams, signatureBytes: [length] } = row;
  const sample = new Uint8Array(length).fill(1);
  try {
    const publicKey = await crypto.subtle.importKey('jwk', material, keyParams, true, ['verify']);
    if (secrets === undefined) {
      await crypto.subtle.verify(signParams, publicKey, sample, sample);
      return publicKey;
    }
    const privateKey = await crypto.subtle.importKey('jwk', { ...material, ...secrets }, keyParams, false, ['sign']);
    const signature = await crypto.subtle.sign(signParams, privateKey, sample);
    if (await crypto.subtle.verify(signParams, publicKey, signature, sample)) return privateKey;
  } catch (error) {
    const reason = describeFailure(error, keyParams.namedCurve ?? keyParams.name);
    if (reason !== undefined) throw refuse(reason);
    // No cause: a platform's message may quote the key.
  }
  throw refuse(`its numbers are no ${keyParams.namedCurve ?? keyParams.name} key`);
}

function readAlgorithm(named: unknown, chosen: unknown): JwtAlgorithm {
  // A key without an algorithm would be used as the token's header says: that is algorithm confusion (RFC 8725 section 3.1).
  if (named === undefined && chosen === undefined) throw refuse('it has no alg, so the option algorithm must name one');
  if (named !== undefined && chosen !== undefined && named !== chosen) {
    throw refuse('its alg is not the algorithm that the option names');
  }
  return algorithmOption(ACTION, chosen ?? named);
}

/** Returns which of the possible uses `key_ops` allows: all, where it is not there. */
function readUses(operations: unknown, possible: readonly SecretUse[]): readonly SecretUse[] {
  const uses = operations === undefined
    ? possible
    : possible.filter((use) => Array.isArray(operations) && operations.includes(use));
  if (uses.length === 0) throw refuse(`its key_ops do not allow it to ${possible.join(' or ')}`);
  return uses;
}

/** Returns members that are the key, and nothing else, each spelled as its family spells it. */
function readMaterial(
  jwk: Jwk,
  { keyType, keyParams, signatureBytes: [length] }: AlgorithmRow,
  names: readonly Member[],
): Material {
  const material: Material = { kty: keyType };
  if (keyType !== 'RSA') {
    material['crv'] = keyParams.namedCurve ?? keyParams.name;
    if (jwk.crv !== material['crv']) throw refuse(`its crv must be ${material['crv']}`);
  } else if (Reflect.get(jwk, 'oth') !== undefined) {
    throw refuse('it has more than two primes');
  }
  for (const name of names) {
    const value: unknown = jwk[name];
    const bytes = typeof value === 'string' ? decodeBase64Url(value) : undefined;
    const isSized = keyType === 'RSA' || bytes?.length === length / 2;
    if (typeof value !== 'string' || bytes === undefined || !isSized) {
      throw refuse(`its ${name} must be base64url${keyType === 'RSA' ? '' : ` of ${length / 2} bytes`}`);
    }
    if (keyType === 'RSA') checkRsaNumber(name, bytes);
    if (keyType === 'OKP' && name === 'x' && isSmallOrder(bytes)) throw refuse('its x is of small order');
    material[name] = value;
  }
  return material;
}

function checkRsaNumber(name: Member, bytes: Uint8Array): void {
  // RFC 7518 section 2, Base64urlUInt: no zero octet in front, so that one number has one spelling and one thumbprint.
  if (bytes.length === 0 || bytes[0] === 0) throw refuse(`its ${name} must be a number without a zero in front`);
  if (name === 'n' && !isStrongModulus(bytes)) throw refuse('its n must be odd and of 2048 to 8192 bits');
  if (name === 'e' && !isStrongExponent(bytes)) throw refuse('its e must be odd, at least 3 and of at most 4 bytes');
}

function refuse(reason: string): TypeError {
  return new TypeError(`Cannot ${ACTION}: ${reason}.`);
}
