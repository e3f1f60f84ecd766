import { describe, expect, test } from 'vitest';
import { decodeBase64Url, encodeBase64Url } from '../../src/encoding/base64url.ts';
import { decodeUtf8, encodeUtf8 } from '../../src/encoding/utf8.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { algorithmRow, type JwtAlgorithm } from '../../src/jwt/algorithm.ts';
import { importJwk } from '../../src/jwt/import-jwk.ts';
import type { Jwk } from '../../src/jwt/jwk.ts';
import { signJws, type VerifiedJws, verifyJws } from '../../src/jwt/jws.ts';
import type { JwtKey } from '../../src/jwt/key.ts';
import { jwkThumbprint } from '../../src/jwt/thumbprint.ts';
import * as a1 from '../vectors/rfc7515-a1.ts';
import * as a2 from '../vectors/rfc7515-a2.ts';
import * as a3 from '../vectors/rfc7515-a3.ts';
import * as a4 from '../vectors/rfc7515-a4.ts';
import * as unencoded from '../vectors/rfc7797-4.ts';
import * as cookbook from '../vectors/rfc7520-4.ts';
import * as ed25519 from '../vectors/rfc8037-a.ts';

/** A JWS of an RFC, with the key that made it. */
export interface JwsVector {
  readonly section: string;
  readonly algorithm: JwtAlgorithm;
  readonly token: string;
  /** The public half, or the secret. */
  readonly jwk: Jwk;
  /** What the private half has beyond that; undefined for a secret. */
  readonly privateMembers: Readonly<Record<string, string>> | undefined;
  /** The header's members, in their order there. */
  readonly header: Readonly<Record<string, string>>;
  readonly payload: string;
  /** Whether the algorithm gives one message one signature. */
  readonly isDeterministic: boolean;
}

const CLAIMS = '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}';
const BILBO = 'bilbo.baggins@hobbiton.example';
const FRODO = { jwk: cookbook.RSA_PUBLIC_JWK, privateMembers: cookbook.RSA_PRIVATE_MEMBERS };

export const JWS_VECTORS: readonly JwsVector[] = [
  {
    section: 'RFC 7515 A.1',
    algorithm: 'HS256',
    token: a1.TOKEN,
    jwk: a1.SECRET_JWK,
    privateMembers: undefined,
    header: { typ: 'JWT', alg: 'HS256' },
    payload: CLAIMS,
    isDeterministic: true,
  },
  {
    section: 'RFC 7515 A.2',
    algorithm: 'RS256',
    token: a2.TOKEN,
    jwk: a2.PUBLIC_JWK,
    privateMembers: a2.PRIVATE_MEMBERS,
    header: { alg: 'RS256' },
    payload: CLAIMS,
    isDeterministic: true,
  },
  {
    section: 'RFC 7515 A.3',
    algorithm: 'ES256',
    token: a3.TOKEN,
    jwk: a3.PUBLIC_JWK,
    privateMembers: { d: a3.D },
    header: { alg: 'ES256' },
    payload: CLAIMS,
    isDeterministic: false,
  },
  {
    section: 'RFC 7515 A.4',
    algorithm: 'ES512',
    token: a4.TOKEN,
    jwk: a4.PUBLIC_JWK,
    privateMembers: { d: a4.D },
    header: { alg: 'ES512' },
    payload: 'Payload',
    isDeterministic: false,
  },
  {
    section: 'RFC 7520 4.1',
    algorithm: 'RS256',
    token: cookbook.RS256_TOKEN,
    ...FRODO,
    header: { alg: 'RS256', kid: BILBO },
    payload: cookbook.PAYLOAD_TEXT,
    isDeterministic: true,
  },
  {
    section: 'RFC 7520 4.2',
    algorithm: 'PS384',
    token: cookbook.PS384_TOKEN,
    ...FRODO,
    header: { alg: 'PS384', kid: BILBO },
    payload: cookbook.PAYLOAD_TEXT,
    isDeterministic: false,
  },
  {
    section: 'RFC 7520 4.3',
    algorithm: 'ES512',
    token: cookbook.ES512_TOKEN,
    jwk: cookbook.EC_PUBLIC_JWK,
    privateMembers: { d: cookbook.EC_D },
    header: { alg: 'ES512', kid: BILBO },
    payload: cookbook.PAYLOAD_TEXT,
    isDeterministic: false,
  },
  {
    section: 'RFC 7520 4.4',
    algorithm: 'HS256',
    token: cookbook.HS256_TOKEN,
    jwk: cookbook.SECRET_JWK,
    privateMembers: undefined,
    header: { alg: 'HS256', kid: cookbook.SECRET_JWK.kid },
    payload: cookbook.PAYLOAD_TEXT,
    isDeterministic: true,
  },
  {
    section: 'RFC 8037 A.4',
    algorithm: 'EdDSA',
    token: ed25519.TOKEN,
    jwk: ed25519.PUBLIC_JWK,
    privateMembers: { d: ed25519.D },
    header: { alg: 'EdDSA' },
    payload: 'Example of Ed25519 signing',
    isDeterministic: true,
  },
];

const CASES: readonly (readonly [string, JwsVector])[] = JWS_VECTORS.map((vector) => [vector.section, vector]);

function importVerifier({ jwk, algorithm }: JwsVector): Promise<JwtKey> {
  return importJwk(jwk, { algorithm });
}

function importSigner({ jwk, privateMembers, algorithm }: JwsVector): Promise<JwtKey> {
  return importJwk({ ...jwk, ...privateMembers }, { algorithm });
}

function verify(token: string, key: JwtKey): Promise<VerifiedJws> {
  return verifyJws(token, { keys: [key], algorithms: [key.algorithm] });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return isRefusal(error) ? error.code : String(error);
  }
}

/** About a hundred of the copies of a segment that differ in one bit each; an odd stride meets every bit of a byte. */
function flipBits(segment: string): readonly string[] {
  const bytes = decodeBase64Url(segment) ?? new Uint8Array();
  const flipped: string[] = [];
  for (let bit = 0; bit < bytes.length * 8; bit += 2 * Math.floor(bytes.length * 0.04) + 1) {
    const copy = bytes.slice();
    copy[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    flipped.push(encodeBase64Url(copy));
  }
  return flipped;
}

describe('verifyJws()', () => {
  test.each(CASES)('verifyJws() proves the JWS of %s', async (_section, vector) => {
    const { header, payload } = await verify(vector.token, await importVerifier(vector));
    expect(header).toEqual(vector.header);
    expect(decodeUtf8(payload)).toBe(vector.payload);
  });

  test.each(CASES)('verifyJws() refuses every single flipped bit of %s', async (_section, vector) => {
    const key = await importVerifier(vector);
    const [header = '', payload = '', signature = ''] = vector.token.split('.');
    for (const flipped of flipBits(payload)) {
      expect(await codeOf(verify(`${header}.${flipped}.${signature}`, key))).toBe('jwt_signature_invalid');
    }
    for (const flipped of flipBits(signature)) {
      expect(await codeOf(verify(`${header}.${payload}.${flipped}`, key))).toBe('jwt_signature_invalid');
    }
    for (const flipped of flipBits(header)) {
      // What a header says no longer may be no JSON, another algorithm or another key before the signature is looked at.
      expect(await codeOf(verify(`${flipped}.${payload}.${signature}`, key))).toMatch(
        /^jwt_(malformed|algorithm_not_allowed|key_not_found|signature_invalid)$/,
      );
    }
  });

  // RFC 9864: two names of one algorithm, and a key is bound to one of them.
  test('verifyJws() refuses the JWS of RFC 8037 A.4 for a key of the newer name', async () => {
    const key = await importJwk(ed25519.PUBLIC_JWK, { algorithm: 'Ed25519' });
    expect(await codeOf(verifyJws(ed25519.TOKEN, { keys: [key], algorithms: ['Ed25519'] }))).toBe(
      'jwt_algorithm_not_allowed',
    );
    expect(await codeOf(verifyJws(ed25519.TOKEN, { keys: [key], algorithms: ['Ed25519', 'EdDSA'] }))).toBe(
      'jwt_key_not_found',
    );
  });

  // RFC 8725 section 3.1: one RSA key, two algorithms, and the header chooses neither.
  test('verifyJws() refuses the JWS of RFC 7520 4.1 for the same key bound to PS384', async () => {
    const key = await importJwk(cookbook.RSA_PUBLIC_JWK, { algorithm: 'PS384' });
    expect(await codeOf(verifyJws(cookbook.RS256_TOKEN, { keys: [key], algorithms: ['PS384'] }))).toBe(
      'jwt_algorithm_not_allowed',
    );
    expect(await codeOf(verifyJws(cookbook.RS256_TOKEN, { keys: [key], algorithms: ['RS256', 'PS384'] }))).toBe(
      'jwt_key_not_found',
    );
  });
});

describe('verifyJws() of what RFCs sign otherwise', () => {
  // RFC 7515 appendix F: what was detached is nothing here, and nothing is not what was signed.
  test('verifyJws() refuses the detached JWS of RFC 7520 4.5, and takes it with its payload', async () => {
    const key = await importJwk(cookbook.SECRET_JWK);
    expect(await codeOf(verify(cookbook.DETACHED_TOKEN, key))).toBe('jwt_signature_invalid');
    expect(cookbook.DETACHED_TOKEN.replace('..', `.${cookbook.PAYLOAD}.`)).toBe(cookbook.HS256_TOKEN);
  });

  // RFC 7797 section 6: a signature over other bytes than those of a JWS, which crit says; whoever reads on reads another payload.
  test('verifyJws() refuses the unencoded payload of RFC 7797 4.2, detached, attached or encoded', async () => {
    const key = await importJwk(a1.SECRET_JWK, { algorithm: 'HS256' });
    const signed = encodeUtf8(`${unencoded.HEADER}.${unencoded.PAYLOAD_TEXT}`);
    const signature = await crypto.subtle.sign('HMAC', key.cryptoKey, signed);
    expect(encodeBase64Url(new Uint8Array(signature))).toBe(unencoded.SIGNATURE);
    expect(await codeOf(verify(unencoded.DETACHED_TOKEN, key))).toBe('jwt_critical_header_unsupported');
    const withPayload = (payload: string): string => `${unencoded.HEADER}.${payload}.${unencoded.SIGNATURE}`;
    const encoded = withPayload(encodeBase64Url(encodeUtf8(unencoded.PAYLOAD_TEXT)));
    expect(await codeOf(verify(encoded, key))).toBe('jwt_critical_header_unsupported');
    expect(await codeOf(verify(withPayload(unencoded.PAYLOAD_TEXT), key))).toBe('jwt_malformed');
  });
});

describe('signJws()', () => {
  test.each(CASES)('signJws() makes a JWS by the key of %s that its other half proves', async (_section, vector) => {
    const token = await signJws(encodeUtf8(vector.payload), await importSigner(vector));
    const { header, payload } = await verify(token, await importVerifier(vector));
    expect(header.alg).toBe(vector.algorithm);
    expect(decodeUtf8(payload)).toBe(vector.payload);
  });

  // The header of A.1 puts `typ` before `alg`, and white space between them; no signer here spells it so.
  const same = CASES.filter(([section, { isDeterministic }]) => isDeterministic && section !== 'RFC 7515 A.1');
  test.each(same)('signJws() makes the very JWS of %s', async (_section, vector) => {
    expect(await signJws(encodeUtf8(vector.payload), await importSigner(vector))).toBe(vector.token);
  });
});

describe('importJwk()', () => {
  test('importJwk() binds the secret of RFC 7515 A.1, which signs its signing input as there', async () => {
    const { cryptoKey, algorithm } = await importJwk(a1.SECRET_JWK, { algorithm: 'HS256' });
    const signed = encodeUtf8(`${a1.HEADER}.${a3.PAYLOAD}`);
    const signature = await crypto.subtle.sign(algorithmRow(algorithm).signParams, cryptoKey, signed);
    expect(encodeBase64Url(new Uint8Array(signature))).toBe(a1.SIGNATURE);
  });
});

describe('jwkThumbprint()', () => {
  test('jwkThumbprint() computes the thumbprint of RFC 8037 A.3, of either half', async () => {
    expect(await jwkThumbprint(ed25519.PUBLIC_JWK)).toBe(ed25519.THUMBPRINT);
    expect(await jwkThumbprint({ ...ed25519.PUBLIC_JWK, d: ed25519.D })).toBe(ed25519.THUMBPRINT);
  });
});
