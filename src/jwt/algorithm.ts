/** The parameters of one algorithm: what its keys look like and how it is called in Web Crypto. */
export interface AlgorithmRow {
  /** What `kty` of a JWK must be. */
  readonly keyType: 'EC' | 'OKP' | 'RSA' | 'oct';
  /** The hash that it uses, which is also the one of `at_hash` and `c_hash`. */
  readonly hash: 'SHA-256' | 'SHA-384' | 'SHA-512';
  /** The least and the most bytes of a signature, known before any key is; equal for all but RSA. */
  readonly signatureBytes: readonly [least: number, most: number];
  /** For `importKey` and `generateKey`. */
  readonly keyParams: { readonly name: string; readonly namedCurve?: string; readonly hash?: string };
  /** For `sign` and `verify`. */
  readonly signParams: { readonly name: string; readonly hash?: string; readonly saltLength?: number };
}

/**
 * The signature algorithms that exist here, by their names in RFC 7518 and RFC 9864. There is no `none`, and no option that adds it.
 * `EdDSA` is the older name of `Ed25519`: they are two names of one algorithm, and a key that is bound to one serves no token of the other.
 */
export type JwtAlgorithm =
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'Ed25519'
  | 'EdDSA'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'HS256'
  | 'HS384'
  | 'HS512';

/** RFC 7518 section 3.3 sets the lower bound of a modulus; the upper bounds what one verification can cost. */
export const RSA_MIN_BITS = 2048;
/** See {@linkcode RSA_MIN_BITS}. */
export const RSA_MAX_BITS = 8192;

/** One row per algorithm: adding one is adding its name above and its row here. */
const ALGORITHMS: Readonly<Record<JwtAlgorithm, AlgorithmRow>> = {
  ES256: /* @__PURE__ */ ecdsa('P-256', 32, 'SHA-256'),
  ES384: /* @__PURE__ */ ecdsa('P-384', 48, 'SHA-384'),
  ES512: /* @__PURE__ */ ecdsa('P-521', 66, 'SHA-512'),
  Ed25519: /* @__PURE__ */ ed25519(),
  EdDSA: /* @__PURE__ */ ed25519(),
  RS256: /* @__PURE__ */ rsa('RSASSA-PKCS1-v1_5', 'SHA-256'),
  RS384: /* @__PURE__ */ rsa('RSASSA-PKCS1-v1_5', 'SHA-384'),
  RS512: /* @__PURE__ */ rsa('RSASSA-PKCS1-v1_5', 'SHA-512'),
  PS256: /* @__PURE__ */ rsa('RSA-PSS', 'SHA-256', 32),
  PS384: /* @__PURE__ */ rsa('RSA-PSS', 'SHA-384', 48),
  PS512: /* @__PURE__ */ rsa('RSA-PSS', 'SHA-512', 64),
  HS256: /* @__PURE__ */ hmac('SHA-256', 32),
  HS384: /* @__PURE__ */ hmac('SHA-384', 48),
  HS512: /* @__PURE__ */ hmac('SHA-512', 64),
};

/** Tells whether a name from outside names one of our algorithms; own rows only, so that `constructor` is none. */
export function isAlgorithm(name: unknown): name is JwtAlgorithm {
  return typeof name === 'string' && Object.hasOwn(ALGORITHMS, name);
}

/** Returns an algorithm that an option or a JWK names. */
export function algorithmOption(action: string, name: unknown): JwtAlgorithm {
  if (isAlgorithm(name)) return name;
  throw new TypeError(`Cannot ${action}: the algorithm must be one of ${Object.keys(ALGORITHMS).join(', ')}.`);
}

/** Returns the parameters of an algorithm. */
export function algorithmRow(algorithm: JwtAlgorithm): AlgorithmRow {
  return ALGORITHMS[algorithm];
}

/**
 * Tells whether bytes can be a signature of an algorithm at all, without any cryptography: of a possible length, and no number in them
 * zero. Web Crypto is specified to check the latter as well; a platform that once forgot it accepted the all-zero signature for every
 * message and every key (the "psychic signature", CVE-2022-21449).
 */
export function isSignature({ keyType, signatureBytes: [least, most] }: AlgorithmRow, bytes: Uint8Array): boolean {
  const { length } = bytes;
  if (length < least || length > most) return false;
  const half = length / 2;
  return keyType !== 'EC' || (holdsOne(bytes, 0, half) && holdsOne(bytes, half, length));
}

function holdsOne(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (bytes[index] !== 0) return true;
  return false;
}

function ecdsa(namedCurve: string, bytes: number, hash: AlgorithmRow['hash']): AlgorithmRow {
  const name = 'ECDSA';
  const both = 2 * bytes;
  return {
    keyType: 'EC',
    hash,
    signatureBytes: [both, both],
    keyParams: { name, namedCurve },
    signParams: { name, hash },
  };
}

function ed25519(): AlgorithmRow {
  const params = { name: 'Ed25519' };
  return { keyType: 'OKP', hash: 'SHA-512', signatureBytes: [64, 64], keyParams: params, signParams: params };
}

function rsa(name: string, hash: AlgorithmRow['hash'], saltLength?: number): AlgorithmRow {
  return {
    keyType: 'RSA',
    hash,
    signatureBytes: [RSA_MIN_BITS / 8, RSA_MAX_BITS / 8],
    keyParams: { name, hash },
    signParams: saltLength === undefined ? { name } : { name, saltLength },
  };
}

function hmac(hash: AlgorithmRow['hash'], bytes: number): AlgorithmRow {
  const name = 'HMAC';
  return { keyType: 'oct', hash, signatureBytes: [bytes, bytes], keyParams: { name, hash }, signParams: { name } };
}
