/** A JSON Web Key as it is written. All members are optional, so that what `crypto.subtle.exportKey` returns is one too. */
export interface Jwk {
  /** The family of the key: `EC`, `OKP`, `RSA` or `oct`. */
  readonly kty?: string | undefined;
  /** The curve. */
  readonly crv?: string | undefined;
  /** The point's first coordinate. */
  readonly x?: string | undefined;
  /** The point's second coordinate. */
  readonly y?: string | undefined;
  /** The secret part of a private key. */
  readonly d?: string | undefined;
  /** The modulus of an RSA key. */
  readonly n?: string | undefined;
  /** The exponent of an RSA key. */
  readonly e?: string | undefined;
  /** The first prime of a private RSA key. */
  readonly p?: string | undefined;
  /** The second prime. */
  readonly q?: string | undefined;
  /** The first prime's exponent. */
  readonly dp?: string | undefined;
  /** The second prime's exponent. */
  readonly dq?: string | undefined;
  /** The first prime's coefficient. */
  readonly qi?: string | undefined;
  /** A secret. */
  readonly k?: string | undefined;
  /** The one algorithm that the key serves. */
  readonly alg?: string | undefined;
  /** `sig`, where it is given. */
  readonly use?: string | undefined;
  /** What the key may do. */
  readonly key_ops?: readonly string[] | undefined;
  /** The key's id. */
  readonly kid?: string | undefined;
}
