import { createJwtVerifier, createKeySet, createTokenCache, importJwk } from 'sallyport/jwt';
import type { Issuer } from './issuer.ts';
import { fastVerify, type Verifier } from './jwt.verifiers.ts';

/** A verifier that remembers, and what it says that its memory takes; NaN where it does not say. */
export interface Remembering {
  readonly verify: Verifier['verify'];
  readonly estimate: () => number;
}

/** Makes ours or the rival's, with room for that many tokens. */
export async function createRemembering(name: string, made: Issuer, maxEntries: number): Promise<Remembering> {
  const { issuer, audience, type, pem, jwk } = made;
  if (name === 'fast-jwt') {
    return { verify: fastVerify(made, pem, maxEntries), estimate: () => NaN };
  }
  if (name !== 'sallyport') {
    throw new TypeError(`There is no verifier ${name} that remembers.`);
  }
  const cache = createTokenCache({ maxEntries, maxBytes: 2 ** 30 });
  const keys = createKeySet({ keys: [await importJwk(jwk)] });
  const verify = createJwtVerifier({ issuer, audience, type, algorithms: ['ES256'], keys, cache });
  return { verify, estimate: () => cache.bytes };
}
