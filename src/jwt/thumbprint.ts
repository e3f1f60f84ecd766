import { sha256 } from '../crypto/digest.ts';
import { encodeBase64Url } from '../encoding/base64url.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import type { Jwk } from './jwk.ts';

/** The members that make a key what it is, by `kty`, in the order in which they are hashed (RFC 7638 section 3.2, RFC 8037 section 2). */
const MEMBERS: ReadonlyMap<unknown, readonly (keyof Jwk)[]> = /* @__PURE__ */ new Map<unknown, readonly (keyof Jwk)[]>([
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
  ['RSA', ['e', 'kty', 'n']],
]);

/**
 * Computes the SHA-256 thumbprint of a public or private JWK: the same key has the same thumbprint, whatever its `kid`, `use` or `alg`.
 *
 * A secret (`oct`) has none here: its thumbprint would let anybody test guesses.
 *
 * @param jwk a JWK whose members are strings
 * @returns base64url of the digest, 43 characters
 * @throws {TypeError} when a member that is hashed is missing
 * @see RFC 7638 section 3
 *
 * @example
 * ```ts
 * import { exportPublicJwk, generateJwtKeyPair, jwkThumbprint } from 'sallyport/jwt';
 *
 * const { publicKey } = await generateJwtKeyPair('ES256');
 * console.log(await jwkThumbprint(await exportPublicJwk(publicKey)) === publicKey.keyId); // true
 * ```
 */
export async function jwkThumbprint(jwk: Jwk): Promise<string> {
  return encodeBase64Url(await sha256(encodeUtf8(thumbprintInput(jwk))));
}

/** Writes what is hashed: the same text, the same key. Throws the TypeError of {@linkcode jwkThumbprint}. */
export function thumbprintInput(jwk: Jwk): string {
  const members = MEMBERS.get(jwk.kty);
  if (members === undefined) throw new TypeError('Cannot compute JWK thumbprint: kty must be EC, OKP or RSA.');
  const pairs = members.map((name): string => {
    const value = Object.hasOwn(jwk, name) ? jwk[name] : undefined;
    if (typeof value !== 'string') throw new TypeError(`Cannot compute JWK thumbprint: ${name} must be a string.`);
    return `"${name}":${JSON.stringify(value)}`;
  });
  return `{${pairs.join()}}`;
}
