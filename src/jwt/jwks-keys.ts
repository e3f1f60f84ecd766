import type { JsonValue } from '../encoding/json.ts';
import type { JwtAlgorithm } from './algorithm.ts';
import { importJwk } from './import-jwk.ts';
import type { Jwk } from './jwk.ts';
import type { JwtKey } from './key.ts';
import { isObject, type JsonObject, own } from './parse.ts';
import { thumbprintInput } from './thumbprint.ts';

/** Keys by everything that makes them what they are here: what is hashed for their thumbprint, the algorithm, and the id. */
export type JwksKeys = ReadonlyMap<string, JwtKey>;

/** What no public key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Imports the keys of a JWKS, in their order, but those that are known already and those of no use: a key server may serve encryption
 * keys and algorithms of tomorrow beside the others.
 */
export async function importJwksKeys(
  listed: readonly JsonValue[],
  known: JwksKeys,
  defaultAlgorithm: JwtAlgorithm | undefined,
): Promise<JwksKeys> {
  const jwks = listed.filter((jwk) => isObject(jwk));
  // A private key that somebody published is everybody's key: nothing it signed is worth anything, also where its public half is listed too.
  const exposed = new Set(jwks.filter(holdsPrivate).map(readMaterial));
  const wanted = new Map<string, JsonObject>();
  for (const jwk of jwks) {
    if (holdsPrivate(jwk) || !verifies(jwk) || exposed.has(readMaterial(jwk))) continue;
    const identity = identify(jwk, defaultAlgorithm);
    // Listed twice, it is one key: it must not take the place of others that share its id.
    if (identity !== undefined && !wanted.has(identity)) wanted.set(identity, jwk);
  }
  const imported = await Promise.all(
    [...wanted].map(async ([identity, jwk]): Promise<readonly [string, JwtKey] | undefined> => {
      const key = known.get(identity) ?? await importUsable(jwk, defaultAlgorithm);
      return key === undefined ? undefined : [identity, key];
    }),
  );
  return new Map(imported.filter((entry) => entry !== undefined));
}

function holdsPrivate(jwk: JsonObject): boolean {
  return PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name));
}

/** Asked anew of a key that is known: what it may do is no part of what it is. */
function verifies(jwk: JsonObject): boolean {
  const [use, operations] = [own(jwk, 'use'), own(jwk, 'key_ops')];
  return (use === undefined || use === 'sig') &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify')));
}

function identify(jwk: JsonObject, defaultAlgorithm: JwtAlgorithm | undefined): string | undefined {
  const material = readMaterial(jwk);
  const algorithm = Object.hasOwn(jwk, 'alg') ? own(jwk, 'alg') : defaultAlgorithm;
  const keyId = own(jwk, 'kid');
  if (material === undefined || typeof algorithm !== 'string') return undefined;
  if (keyId !== undefined && typeof keyId !== 'string') return undefined;
  return JSON.stringify([material, algorithm, keyId ?? null]);
}

/** The public half, spelt as it is for the thumbprint. */
function readMaterial(jwk: JsonObject): string | undefined {
  try {
    // The cast: it checks every member it reads, whatever the type says.
    return thumbprintInput(jwk as Jwk);
  } catch {
    return undefined;
  }
}

async function importUsable(jwk: JsonObject, defaultAlgorithm: JwtAlgorithm | undefined): Promise<JwtKey | undefined> {
  const bind = defaultAlgorithm !== undefined && !Object.hasOwn(jwk, 'alg');
  try {
    // The cast: so does importJwk.
    return await importJwk(jwk as Jwk, bind ? { algorithm: defaultAlgorithm } : {});
  } catch {
    return undefined;
  }
}
