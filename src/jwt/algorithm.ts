/** The parameters of one algorithm: what its keys look like and how it is called in Web Crypto. */
export interface AlgorithmRow {
  /** What `kty` of a JWK must be. */
  readonly keyType: string;
  /** What `crv` of a JWK and `namedCurve` of a CryptoKey must be. */
  readonly curve: string;
  /** The base64url members of a public JWK, in the order in which they are exported. */
  readonly publicMembers: readonly ('x' | 'y')[];
  /** The length in bytes of each of those members, and of `d`. */
  readonly memberBytes: number;
  /** For `importKey` and `generateKey`. */
  readonly keyParams: { readonly name: string; readonly namedCurve: string };
  /** For `sign` and `verify`. */
  readonly signParams: { readonly name: string; readonly hash: string };
  /** Whether bytes can be a signature at all, decided without any cryptography. */
  readonly isSignature: (bytes: Uint8Array) => boolean;
}

/** The signature algorithms that exist here, by their names in RFC 7518. There is no `none`, and no option that adds it. */
export type JwtAlgorithm = 'ES256';

/** One row per algorithm: adding one is adding its name above and its row here. */
const ALGORITHMS: Readonly<Record<JwtAlgorithm, AlgorithmRow>> = {
  ES256: {
    keyType: 'EC',
    curve: 'P-256',
    publicMembers: ['x', 'y'],
    memberBytes: 32,
    keyParams: { name: 'ECDSA', namedCurve: 'P-256' },
    signParams: { name: 'ECDSA', hash: 'SHA-256' },
    isSignature: (bytes) => isEcdsaSignature(bytes, 32),
  },
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
 * Both halves must be there and neither may be zero. Web Crypto is specified to check that as well; a platform that once forgot it
 * accepted the all-zero signature for every message and every key (the "psychic signature").
 */
function isEcdsaSignature(bytes: Uint8Array, half: number): boolean {
  return bytes.length === 2 * half && holdsOne(bytes, 0, half) && holdsOne(bytes, half, 2 * half);
}

function holdsOne(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (bytes[index] !== 0) return true;
  return false;
}
