import type { Jwk } from './jwk.ts';
import { type JwtKey, requireKey } from './key.ts';

const ACTION = 'export public JWK';
const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const;

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
  requireKey(ACTION, key, 'verify');
  if (key.type !== 'public') throw new TypeError(`Cannot ${ACTION}: a secret is not for anybody to see.`);
  const exported: Jwk = await crypto.subtle.exportKey('jwk', key.cryptoKey);
  const jwk: { -readonly [Name in keyof Jwk]: Jwk[Name] } = {};
  // Member by member: what a platform may add to its export one day is not published.
  for (const name of PUBLIC_MEMBERS) if (exported[name] !== undefined) jwk[name] = exported[name];
  jwk.alg = key.algorithm;
  jwk.use = 'sig';
  if (key.keyId !== undefined) jwk.kid = key.keyId;
  return Object.freeze(jwk);
}
