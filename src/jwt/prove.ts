import type { MaybePromise } from '../core/clock.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import { type AlgorithmRow, isSignature } from './algorithm.ts';
import type { JwtKey } from './key.ts';
import { type KeySet, MAX_CANDIDATES } from './key-set.ts';
import { type JwsParts, own } from './parse.ts';

/** The algorithms that a caller believes, by the name that a header gives them. */
export type AllowedAlgorithms = ReadonlyMap<string, AlgorithmRow>;

/** Decides everything about a header that can be decided before a key is looked for. Throws the Refusal. */
export function admitHeader(
  { header, signature }: JwsParts,
  algorithms: AllowedAlgorithms,
  isType?: (typ: unknown) => boolean,
): AlgorithmRow {
  // No extension is understood here, so RFC 7515 section 4.1.11 demands a refusal whatever `crit` holds. `b64` changes what was signed
  // and must not be in a JWT (RFC 7797 section 7); who ignores it without `crit` reads another payload than who honours it.
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) {
    throw new Refusal('jwt_critical_header_unsupported');
  }
  const row = algorithms.get(header.alg);
  if (row === undefined) throw new Refusal('jwt_algorithm_not_allowed');
  if (isType !== undefined && !isType(own(header, 'typ'))) throw new Refusal('jwt_type_mismatch');
  // Before the keys are asked, so that no such token makes anybody fetch one.
  if (!isSignature(row, signature)) throw new Refusal('jwt_signature_invalid');
  return row;
}

/** Asks a key set, which may be anybody's: what breaks its contract is no key set that one could decide with. */
export function findKeys(keys: KeySet, header: JwsParts['header']): MaybePromise<readonly JwtKey[]> {
  try {
    const keyId = own(header, 'kid');
    // The header's reader has let no other kind of id pass.
    const found = keys.find(header.alg, typeof keyId === 'string' ? keyId : undefined);
    // Through a real promise: a thenable of somebody's own whose `then` answers nothing would read as an answer.
    return Array.isArray(found) ? found : Promise.resolve(found).then(requireList).catch(unavailable);
  } catch (cause) {
    return unavailable(cause);
  }
}

/** Asks a key set for its generation; one that cannot tell makes a verifier neither remember nor believe what it remembers. */
export function readGeneration(keys: KeySet): number | undefined {
  try {
    return keys.generation?.();
  } catch {
    return undefined;
  }
}

/**
 * Proves that one of the candidates made the signature, trying each in turn. A set of keys may be anybody's, so that a key's algorithm
 * and the number of candidates are checked here once more, at the point of use.
 */
export async function proveSignature(
  { header, signed, signature }: JwsParts,
  { keyType, signParams }: AlgorithmRow,
  candidates: readonly JwtKey[],
  encode: (text: string) => Uint8Array<ArrayBuffer> = encodeUtf8,
): Promise<void> {
  let tried = 0;
  const bytes = encode(signed);
  // An HMAC takes less time than reading a token: jobs that come one by one would wake the platform's threads for each. So all tokens of this
  // turn are read first (HS256, 64 in flight: 8.5 us a token instead of 16). Other signatures keep the threads busy meanwhile.
  if (keyType === 'oct') await undefined;
  for (const key of candidates) {
    if (key?.algorithm !== header.alg || tried === MAX_CANDIDATES) continue;
    tried++;
    // Of an RSA key's signatures only the key knows the length.
    if (key.signatureBytes !== signature.length) continue;
    try {
      if (await crypto.subtle.verify(signParams, key.cryptoKey, signature, bytes)) return;
    } catch (cause) {
      unavailable(cause);
    }
  }
  throw new Refusal(tried === 0 ? 'jwt_key_not_found' : 'jwt_signature_invalid');
}

function requireList(found: unknown): readonly JwtKey[] {
  if (Array.isArray(found)) return found;
  throw new TypeError('A key set answered no list of keys.');
}

function unavailable(cause: unknown): never {
  throw isRefusal(cause) ? cause : new Refusal('key_set_unavailable', { cause });
}
