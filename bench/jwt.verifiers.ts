import { Buffer } from 'node:buffer';
import { createPublicKey, createSecretKey } from 'node:crypto';
import { type Algorithm, createVerifier } from 'fast-jwt';
import { verify as honoVerify } from 'hono/jwt';
import { createLocalJWKSet, jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { createJwtVerifier, createKeySet, importHmacSecret, importJwk } from 'sallyport/jwt';
import type { Contender, Target } from './harness.ts';
import { createRawVerify, type Issuer, type SecretIssuer } from './issuer.ts';

/** A way to verify a token: it throws or rejects where it refuses. */
export interface Verifier {
  readonly name: string;
  readonly kind: Contender['kind'];
  readonly verify: (token: string) => unknown;
  readonly target?: Target;
}

/** The verifiers that run here, and a line about each that does not. */
export interface Usable<Kind extends Verifier> {
  readonly usable: readonly Kind[];
  readonly notes: readonly string[];
}

/** What issue 3 asks for. */
const NO_SLOWER: Target = { of: 'ratio', atLeast: 1 };
const TEN_PERCENT_OVER: Target = { of: 'ratio', atLeast: 1 / 1.1 };
const TWICE: Target = { of: 'ratio', atLeast: 2 };

/** The verifiers of one public key: the least that anybody pays, ours, and everybody else's at his best. */
export async function publicKeyVerifiers(made: Issuer): Promise<readonly Verifier[]> {
  const { algorithm, issuer, audience, type, publicKey, pem, jwk } = made;
  const joseOptions = { issuer, audience, typ: type, algorithms: [algorithm] };
  const joseKeys = createLocalJWKSet({ keys: [jwk] });
  const verifiers: Verifier[] = [
    {
      name: 'crypto.subtle.verify alone',
      kind: 'floor',
      verify: await createRawVerify(made),
      target: TEN_PERCENT_OVER,
    },
    { name: 'sallyport (key set)', kind: 'ours', verify: await ourVerify(made) },
    {
      name: 'jose (key)',
      kind: 'rival',
      verify: (token) => jwtVerify(token, publicKey, joseOptions),
      target: NO_SLOWER,
    },
    {
      name: 'jose (key set)',
      kind: 'rival',
      verify: (token) => jwtVerify(token, joseKeys, joseOptions),
      target: NO_SLOWER,
    },
    {
      name: 'hono/jwt (key)',
      kind: 'rival',
      verify: (token) => honoVerify(token, publicKey, { alg: algorithm, iss: issuer, aud: audience, typ: type }),
    },
    {
      name: 'fast-jwt (key; node:crypto, blocks the thread)',
      kind: 'rival',
      verify: fastVerify(made, pem, false),
    },
  ];
  // It knows no Edwards curve.
  if (algorithm === 'EdDSA') return verifiers;
  const keyObject = createPublicKey(pem);
  const algorithms = [algorithm];
  verifiers.push({
    name: 'jsonwebtoken (key; node:crypto, blocks the thread)',
    kind: 'rival',
    verify: (token) => jsonwebtoken.verify(token, keyObject, { algorithms, issuer, audience }),
  });
  return verifiers;
}

/** The same with a secret. */
export async function secretVerifiers(made: SecretIssuer): Promise<readonly Verifier[]> {
  const { issuer, audience, type, bytes, cryptoKey } = made;
  const joseOptions = { issuer, audience, typ: type, algorithms: ['HS256'] };
  const keyObject = createSecretKey(bytes);
  const secret = await importHmacSecret(bytes, 'HS256', { keyId: 'key-1' });
  return [
    {
      name: 'crypto.subtle.verify alone',
      kind: 'floor',
      verify: await createRawVerify({ ...made, algorithm: 'HS256', publicKey: cryptoKey }),
    },
    {
      name: 'sallyport (secret, imported once)',
      kind: 'ours',
      verify: createJwtVerifier({ issuer, audience, type, algorithms: ['HS256'], keys: [secret] }),
    },
    {
      name: 'jose (CryptoKey)',
      kind: 'rival',
      verify: (token) => jwtVerify(token, cryptoKey, joseOptions),
      target: NO_SLOWER,
    },
    { name: 'jose (bytes)', kind: 'rival', verify: (token) => jwtVerify(token, bytes, joseOptions), target: TWICE },
    {
      name: 'hono/jwt (CryptoKey)',
      kind: 'rival',
      verify: (token) => honoVerify(token, cryptoKey, { alg: 'HS256', iss: issuer, aud: audience, typ: type }),
    },
    {
      name: 'fast-jwt (bytes; node:crypto, on the thread)',
      kind: 'rival',
      verify: fastVerify({ issuer, audience, type, algorithm: 'HS256' }, Buffer.from(bytes), false),
    },
    {
      name: 'jsonwebtoken (key; node:crypto, on the thread)',
      kind: 'rival',
      verify: (token) => jsonwebtoken.verify(token, keyObject, { algorithms: ['HS256'], issuer, audience }),
    },
  ];
}

/** Ours, with a key set of one key. */
export async function ourVerify({ issuer, audience, type, algorithm, jwk }: Issuer): Promise<Verifier['verify']> {
  const keys = createKeySet({ keys: [await importJwk(jwk)] });
  return createJwtVerifier({ issuer, audience, type, algorithms: [algorithm], keys });
}

/** What fast-jwt makes, with a cache of that many tokens or none. */
export function fastVerify(
  { issuer, audience, type, algorithm }: Pick<Issuer, 'issuer' | 'audience' | 'type'> & {
    readonly algorithm: Algorithm;
  },
  key: string | Buffer,
  cache: number | false,
): (token: string) => unknown {
  return createVerifier({
    key,
    algorithms: [algorithm],
    allowedIss: issuer,
    allowedAud: audience,
    checkTyp: type,
    cache,
  });
}

/** Tries each on a token, and leaves out the rivals that do not run here. */
export async function keepUsable<Kind extends Verifier>(
  verifiers: readonly Kind[],
  token: string,
): Promise<Usable<Kind>> {
  const usable: Kind[] = [];
  const notes: string[] = [];
  for (const verifier of verifiers) {
    try {
      await verifier.verify(token);
      usable.push(verifier);
    } catch (error) {
      if (verifier.kind !== 'rival') throw error;
      notes.push(`${verifier.name} does not run here: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { usable, notes };
}
