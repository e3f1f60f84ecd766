/**
 * JSON Web Tokens: keys bound to one algorithm, key sets, signing, and verification that is strict where others are lax.
 *
 * @module
 */
export type { JwtAlgorithm } from './algorithm.ts';
export {
  exportPublicJwk,
  generateJwtKeyPair,
  type GenerateJwtKeyPairOptions,
  type JwtKey,
  type JwtKeyPair,
} from './key.ts';
export type { Jwk } from './jwk.ts';
export { importJwk, type ImportJwkOptions } from './import-jwk.ts';
export { jwkThumbprint } from './thumbprint.ts';
export { createKeySet, type KeySet, type KeySetOptions, type LocalKeySet } from './key-set.ts';
export { createRemoteKeySet, type RemoteKeySet, type RemoteKeySetOptions } from './remote-key-set.ts';
export type { JwksFetch } from './jwks.ts';
export { type JsonObject, type JwtHeader, type ParsedJwt, parseJwt } from './parse.ts';
export type { JwtClaims, UnsignedClaims, VerifiedClaims } from './claims.ts';
export { signJwt, type SignJwtOptions } from './sign.ts';
export {
  createJwtVerifier,
  type JwtVerifier,
  type JwtVerifierOptions,
  type VerifiedJwt,
  verifyJwt,
} from './verifier.ts';
