import { booleanOption, refuseUnknownOptions } from '../core/option.ts';
import type { CryptoKey } from '../crypto/crypto-key.ts';
import { algorithmOption, algorithmRow, type JwtAlgorithm, RSA_MIN_BITS } from './algorithm.ts';
import { bindKey, type JwtKey, keyIdOption } from './key.ts';
import { describeFailure } from './platform.ts';
import { jwkThumbprint } from './thumbprint.ts';

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

const ACTION = 'generate JWT key pair';

/**
 * Makes a fresh key pair for one algorithm. RSA keys have 2,048 bits. A secret for HMAC is no pair: see `importHmacSecret`.
 *
 * It stores nothing: unless the private key is extractable it ends with the process.
 *
 * @param algorithm any but HS256, HS384 and HS512
 * @param options the pair's id, and whether the private key may be exported
 * @returns a frozen pair of frozen keys
 * @throws {TypeError} when the algorithm or an option is unknown, the platform lacks the algorithm, or keyId is not 1 to 256 characters
 * @see RFC 7518 sections 3.3 to 3.5, RFC 8037 section 3.1
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
  refuseUnknownOptions(ACTION, options, ['keyId', 'extractable']);
  const { keyType, keyParams } = algorithmRow(algorithmOption(ACTION, algorithm));
  if (keyType === 'oct') {
    throw new TypeError(`Cannot ${ACTION}: ${algorithm} has one secret and no pair; see importHmacSecret.`);
  }
  const extractable = booleanOption(ACTION, 'extractable', options.extractable ?? false);
  const given = keyIdOption(ACTION, options.keyId);
  const rsaParams = { modulusLength: RSA_MIN_BITS, publicExponent: new Uint8Array([1, 0, 1]) };
  const pair = await generate(keyType === 'RSA' ? { ...keyParams, ...rsaParams } : keyParams, extractable);
  const keyId = given ?? await jwkThumbprint(await crypto.subtle.exportKey('jwk', pair.publicKey));
  return Object.freeze({
    publicKey: bindKey(algorithm, keyId, pair.publicKey),
    privateKey: bindKey(algorithm, keyId, pair.privateKey),
  });
}

async function generate(
  params: { readonly name: string },
  extractable: boolean,
): Promise<{ readonly publicKey: CryptoKey; readonly privateKey: CryptoKey }> {
  try {
    const pair = await crypto.subtle.generateKey(params, extractable, ['sign', 'verify']);
    if ('publicKey' in pair) return pair;
  } catch (error) {
    throw new TypeError(`Cannot ${ACTION}: ${describeFailure(error, params.name) ?? 'the platform failed'}.`, {
      cause: error,
    });
  }
  throw new TypeError(`Cannot ${ACTION}: the platform made no pair.`);
}
