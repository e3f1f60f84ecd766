import { isRefusal } from '../../src/core/refusal.ts';
import { encodeBase64Url } from '../../src/encoding/base64url.ts';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import {
  createJwtVerifier,
  generateJwtKeyPair,
  type JwtKey,
  type JwtKeyPair,
  type JwtVerifier,
  type JwtVerifierOptions,
} from '../../src/jwt/index.ts';

export const NOW_SECONDS = 1_800_000_000;
export const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: 'one' } as const;
export const CLAIMS = {
  iss: 'https://id.test',
  aud: 'https://api.test',
  sub: 'ada',
  iat: 1_800_000_000,
  exp: 1_800_000_060,
} as const;

/** A segment as an attacker writes it: an object, raw text, or raw bytes. */
export type Segment = object | string | Uint8Array;

export function segment(part: Segment): string {
  if (part instanceof Uint8Array) return encodeBase64Url(part);
  return encodeBase64Url(encodeUtf8(typeof part === 'string' ? part : JSON.stringify(part)));
}

/** Signs any two segments with a real key, whatever they say. */
export async function forge(key: JwtKey, payload: Segment = CLAIMS, header: Segment = HEADER): Promise<string> {
  const signed = `${segment(header)}.${segment(payload)}`;
  const params = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(params, key.cryptoKey, encodeUtf8(signed));
  return `${signed}.${encodeBase64Url(new Uint8Array(signature))}`;
}

export interface Desk extends JwtKeyPair {
  readonly verify: JwtVerifier;
}

/** A verifier for {@linkcode CLAIMS} at {@linkcode NOW_SECONDS}, and the keys behind it. */
export async function openDesk(options: Partial<JwtVerifierOptions> = {}): Promise<Desk> {
  const pair = await generateJwtKeyPair('ES256', { keyId: 'one' });
  return { ...pair, verify: createJwtVerifier({ ...expectations(pair.publicKey), ...options }) };
}

export function expectations(...keys: readonly JwtKey[]): Omit<JwtVerifierOptions, 'claims' | 'isRevoked'> {
  return {
    issuer: CLAIMS.iss,
    audience: CLAIMS.aud,
    algorithms: ['ES256'],
    type: 'at+jwt',
    keys,
    clock: () => NOW_SECONDS * 1000,
  };
}

/** The code of the refusal that some work ends in; `accepted` when it ends well. Any other error is passed on. */
export async function outcome(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    if (isRefusal(error)) return error.code;
    throw error;
  }
}
