import { createVerifier } from 'fast-jwt';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { createJwtVerifier, createKeySet, importJwk } from 'sallyport/jwt';
import { compare, type Contender, type Effort, type Report } from './harness.ts';
import { createIssuer, createRawVerify } from './issuer.ts';
import { countCalls, makeGarbage, refuses, type Verifier } from './jwt.garbage.ts';

export const rivals: readonly string[] = ['jose', 'fast-jwt'];

const TOKENS = 256;
const IN_FLIGHT = 64;
const HUGE = 100_000;

export async function* run(effort: Effort): AsyncGenerator<Report> {
  const issuer = await createIssuer(TOKENS);
  const { jwk, audience, type, pem, publicKey, tokens } = issuer;
  const keys = createKeySet({ keys: [await importJwk(jwk)] });
  const joseKeys = createLocalJWKSet({ keys: [jwk] });
  const joseOptions = { issuer: issuer.issuer, audience, typ: type, algorithms: ['ES256'] };
  const fast = (cache: number | false): (token: string) => unknown =>
    createVerifier({
      key: pem,
      algorithms: ['ES256'],
      allowedIss: issuer.issuer,
      allowedAud: audience,
      checkTyp: type,
      cache,
    });

  const floor: Verifier = {
    name: 'crypto.subtle.verify alone',
    kind: 'floor',
    verify: await createRawVerify(issuer),
  };
  const ours: Verifier = {
    name: 'sallyport (key set)',
    kind: 'ours',
    verify: createJwtVerifier({ issuer: issuer.issuer, audience, type, algorithms: ['ES256'], keys }),
  };
  const joseKey: Verifier = {
    name: 'jose (key)',
    kind: 'rival',
    verify: (token) => jwtVerify(token, publicKey, joseOptions),
  };
  const joseSet: Verifier = {
    name: 'jose (key set)',
    kind: 'rival',
    verify: (token) => jwtVerify(token, joseKeys, joseOptions),
  };
  const fastJwt: Verifier = {
    name: 'fast-jwt (key; node:crypto, blocks the thread)',
    kind: 'rival',
    verify: fast(false),
  };
  const fastCached: Verifier = {
    name: 'fast-jwt (its cache, every token seen before)',
    kind: 'rival',
    verify: fast(2 * TOKENS),
  };

  const verifiers = [floor, ours, joseKey, joseSet, fastJwt, fastCached];
  yield await compare({
    id: 'jwt/es256-sequential',
    title: `ES256 verification, one after another, ${TOKENS} distinct tokens`,
    unit: 'us',
    contenders: verifiers.map((verifier) => ({ ...verifier, run: sequential(verifier, tokens) })),
  }, effort);
  yield await compare({
    id: 'jwt/es256-in-flight',
    title: `ES256 verification, ${IN_FLIGHT} in flight, each`,
    unit: 'us',
    jobsPerOperation: IN_FLIGHT,
    contenders: verifiers.map((verifier) => ({ ...verifier, run: inFlight(verifier, tokens) })),
  }, effort);

  const garbage = makeGarbage(tokens[0] ?? '');
  for (const size of ['small', 'huge'] as const) {
    const bad = garbage.filter(({ token }) => (token.length > HUGE) === (size === 'huge'));
    const list = bad.map(({ name }) => name).join(', ');
    yield await compare({
      id: `jwt/garbage-${size}`,
      title: `Refusing garbage ${size === 'huge' ? 'of 1 to 2 MB' : "of a token's size"}: ${list}; each`,
      unit: 'us',
      contenders: [ours, joseSet, fastJwt].map((verifier) => ({
        ...verifier,
        run: refusing(verifier, bad.map(({ token }) => token)),
      })),
    }, effort);
  }
  // fast-jwt does not use Web Crypto.
  yield await countCalls([ours, joseSet], garbage);
}

function sequential({ verify }: Verifier, tokens: readonly string[]): Contender['run'] {
  let at = 0;
  return async (operations) => {
    for (let operation = 0; operation < operations; operation++) await verify(tokens[at++ % tokens.length] ?? '');
  };
}

function inFlight({ verify }: Verifier, tokens: readonly string[]): Contender['run'] {
  let at = 0;
  return async (operations) => {
    for (let operation = 0; operation < operations; operation++) {
      const pending: unknown[] = [];
      for (let job = 0; job < IN_FLIGHT; job++) pending.push(verify(tokens[at++ % tokens.length] ?? ''));
      await Promise.all(pending);
    }
  };
}

function refusing(verifier: Verifier, tokens: readonly string[]): Contender['run'] {
  let at = 0;
  return async (operations) => {
    for (let operation = 0; operation < operations; operation++) {
      const refused = await refuses(verifier, tokens[at++ % tokens.length] ?? '');
      if (!refused) throw new Error(`${verifier.name} believed garbage.`);
    }
  };
}
