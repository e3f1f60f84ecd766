/**
 * Proof Key for Code Exchange, S256 only, for the client that starts a flow and the server that ends it.
 *
 * @module
 */
export { generateVerifier } from './verifier.ts';
export { createPkce, deriveChallenge, type Pkce } from './challenge.ts';
export { type PkceExpectation, verifyPkce } from './verify.ts';
