import { createJwtVerifier, createKeySet, importJwk } from 'sallyport/jwt';
import { compare, type Effort, type Report } from './harness.ts';
import { createIssuer, createSecretIssuer, type Issuer } from './issuer.ts';
import { cachedReports, floodReports, memoryReport } from './jwt.cached.ts';
import { garbageReports } from './jwt.garbage.ts';
import { IN_FLIGHT, inFlight, sequential } from './jwt.loops.ts';
import { keepUsable, ourVerify, publicKeyVerifiers, secretVerifiers, type Verifier } from './jwt.verifiers.ts';
import { signingReports } from './jwt.signing.ts';

export const rivals: readonly string[] = ['jose', 'fast-jwt', 'jsonwebtoken', 'hono'];

const TOKENS = 256;
const KEYS = 10;
const BAD_TOKENS = 1_000_000;
const QUICK_BAD_TOKENS = 20_000;
/** Fewer are a look while working. */
const FULL_ROUNDS = 10;

export async function* run(effort: Effort): AsyncGenerator<Report> {
  const issuer = await createIssuer(TOKENS);
  const { usable, notes } = await keepUsable(await publicKeyVerifiers(issuer), issuer.tokens[0] ?? '');
  yield { ...await oneByOne('ES256', usable, issuer.tokens, effort), notes };
  yield await together('ES256', usable, issuer.tokens, effort);
  yield await tenKeys(effort);
  yield* cachedReports(effort);
  yield* garbageReports(usable, issuer.tokens, effort);
  yield* await floodReports(effort.rounds < FULL_ROUNDS ? QUICK_BAD_TOKENS : BAD_TOKENS);
  yield await memoryReport();

  const secret = await createSecretIssuer(TOKENS);
  const withSecret = await keepUsable(await secretVerifiers(secret), secret.tokens[0] ?? '');
  yield { ...await oneByOne('HS256', withSecret.usable, secret.tokens, effort), notes: withSecret.notes };
  yield await together('HS256', withSecret.usable, secret.tokens, effort);

  for (const algorithm of ['RS256', 'EdDSA'] as const) {
    const other = await createIssuer(TOKENS, algorithm);
    // For information: issue 3 sets bounds for ES256 and HS256.
    const all = (await publicKeyVerifiers(other)).map(({ name, kind, verify }) => ({ name, kind, verify }));
    const kept = await keepUsable(all, other.tokens[0] ?? '');
    yield { ...await oneByOne(algorithm, kept.usable, other.tokens, effort), notes: kept.notes };
  }
  yield* signingReports(effort);
}

function oneByOne(
  algorithm: string,
  verifiers: readonly Verifier[],
  tokens: readonly string[],
  effort: Effort,
): Promise<Report> {
  return compare({
    id: `jwt/${algorithm.toLowerCase()}-sequential`,
    title: `${algorithm} verification, one after another, ${TOKENS} distinct tokens`,
    unit: 'us',
    contenders: verifiers.map((verifier) => ({ ...verifier, run: sequential(verifier, tokens) })),
  }, effort);
}

function together(
  algorithm: string,
  verifiers: readonly Verifier[],
  tokens: readonly string[],
  effort: Effort,
): Promise<Report> {
  return compare({
    id: `jwt/${algorithm.toLowerCase()}-in-flight`,
    title: `${algorithm} verification, ${IN_FLIGHT} in flight, each`,
    unit: 'us',
    jobsPerOperation: IN_FLIGHT,
    contenders: verifiers.map((verifier) => ({ ...verifier, run: inFlight(verifier, tokens) })),
  }, effort);
}

/** A set of ten keys of which one signs, as when an issuer keeps old ones; and of which all sign in turn, which nobody does. */
async function tenKeys(effort: Effort): Promise<Report> {
  const issuers: Issuer[] = [];
  for (let index = 0; index < KEYS; index++) {
    issuers.push(await createIssuer(TOKENS, 'ES256', `key-${index}`));
  }
  const [first] = issuers;
  if (first === undefined) throw new Error('There is no issuer.');
  const keys = createKeySet({ keys: await Promise.all(issuers.map(({ jwk }) => importJwk(jwk))) });
  const { issuer, audience, type, tokens } = first;
  const verify = createJwtVerifier({ issuer, audience, type, algorithms: ['ES256'], keys });
  const inTurn = tokens.map((_, index) => issuers[index % KEYS]?.tokens[index] ?? '');
  const ours = { name: 'sallyport (10 keys)', kind: 'ours', verify } as const;
  const single = { name: 'sallyport (1 key)', kind: 'ours', verify: await ourVerify(first) } as const;
  return await compare({
    id: 'jwt/es256-ten-keys',
    title: `ES256 through a key set of ${KEYS} keys, ${IN_FLIGHT} in flight, each`,
    unit: 'us',
    jobsPerOperation: IN_FLIGHT,
    contenders: [
      { ...ours, run: inFlight(ours, tokens) },
      { ...single, run: inFlight(single, tokens), target: { of: 'ratio', atLeast: 1 / 1.03 } },
      { ...ours, name: 'sallyport (10 keys, which sign in turn)', run: inFlight(ours, inTurn) },
    ],
  }, effort);
}
