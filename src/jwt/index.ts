/**
 * JSON Web Tokens: keys bound to one algorithm, key sets, signing, and verification that is strict where others are lax.
 *
 * @module
 */
export type { JwtAlgorithm } from './algorithm.ts';
export type { JwtKey } from './key.ts';
export { generateJwtKeyPair, type GenerateJwtKeyPairOptions, type JwtKeyPair } from './generate-key.ts';
export { exportPublicJwk } from './export-jwk.ts';
export { importHmacSecret, type ImportHmacSecretOptions } from './hmac-secret.ts';
export type { Jwk } from './jwk.ts';
export { importJwk, type ImportJwkOptions } from './import-jwk.ts';
export { importPem, type ImportPemOptions } from './pem.ts';
export { jwkThumbprint } from './thumbprint.ts';
export { createKeySet, type KeySet, type KeySetOptions, type LocalKeySet } from './key-set.ts';
export { createRemoteKeySet, type RemoteKeySet } from './remote-key-set.ts';
export type { RemoteKeySetOptions } from './jwks-source.ts';
export type { JwksFetch } from './jwks.ts';
export { type JsonObject, type JwtHeader, type ParsedJwt, parseJwt } from './parse.ts';
export type { JwtClaims, PlainJson, TokenTimes, UnsignedClaims, VerifiedClaims } from './claims.ts';
export { signJwt, type SignJwtOptions } from './sign.ts';
export { signJws, type SignJwsOptions, type VerifiedJws, verifyJws, type VerifyJwsOptions } from './jws.ts';
export type { JwtIssuerOptions, VerifiedJwt } from './rules.ts';
export type { ProofOfPossession } from './confirmation.ts';
export { type CachedToken, createTokenCache, type TokenCache, type TokenCacheOptions } from './token-cache.ts';
export {
  createJwtVerifier,
  type JwtVerifier,
  type JwtVerifierOptions,
  type TokenOptions,
  verifyJwt,
} from './verifier.ts';
export { createMultiIssuerVerifier, type MultiIssuerVerifierOptions } from './multi-issuer.ts';
export { type AccessTokenClaims, type AccessTokenVerifierOptions, createAccessTokenVerifier } from './access-token.ts';
export {
  createIdTokenVerifier,
  type IdTokenClaims,
  type IdTokenExpectations,
  type IdTokenVerifier,
  type IdTokenVerifierOptions,
} from './id-token.ts';
