import { base64url, type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';

/** One key, in every form that somebody takes it in, and tokens made with it by a library that is not ours. */
export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  readonly type: string;
  readonly algorithm: PublicAlgorithm;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly pem: string;
  readonly jwk: JWK;
  /** Distinct tokens of an hour, each of its own subject. */
  readonly tokens: readonly string[];
}

/** The same with a secret. */
export interface SecretIssuer extends Pick<Issuer, 'issuer' | 'audience' | 'type' | 'tokens'> {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly cryptoKey: CryptoKey;
}

/** The public-key algorithms that are measured. `EdDSA`, because the rivals do not all know `Ed25519`. */
export type PublicAlgorithm = 'ES256' | 'RS256' | 'EdDSA';

/** What a token names, and who signs it. */
interface Signer {
  readonly alg: string;
  readonly keyId: string;
  readonly key: CryptoKey;
}

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'https://api.example/orders';
const TYPE = 'at+jwt';

/** For `importKey` and for `verify`, which take different ones. */
const PARAMS = {
  ES256: [{ name: 'ECDSA', namedCurve: 'P-256' }, { name: 'ECDSA', hash: 'SHA-256' }],
  RS256: [{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, { name: 'RSASSA-PKCS1-v1_5' }],
  EdDSA: [{ name: 'Ed25519' }, { name: 'Ed25519' }],
  HS256: [{ name: 'HMAC', hash: 'SHA-256' }, { name: 'HMAC' }],
} as const;

/** Makes a key and that many tokens. */
export async function createIssuer(
  count: number,
  algorithm: PublicAlgorithm = 'ES256',
  keyId: string = 'key-1',
): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    type: TYPE,
    algorithm,
    privateKey,
    // As a key set's keys are: on Deno a key that was generated takes twice as long to verify with as one that was imported.
    publicKey: await crypto.subtle.importKey('jwk', jwk, PARAMS[algorithm][0], false, ['verify']),
    pem: await exportSPKI(publicKey),
    jwk: { ...jwk, alg: algorithm, use: 'sig', kid: keyId },
    tokens: await signTokens(count, { alg: algorithm, keyId, key: privateKey }),
  };
}

/** Makes a secret and that many tokens. */
export async function createSecretIssuer(count: number): Promise<SecretIssuer> {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const cryptoKey = await crypto.subtle.importKey('raw', bytes, PARAMS.HS256[0], false, ['sign', 'verify']);
  const tokens = await signTokens(count, { alg: 'HS256', keyId: 'key-1', key: cryptoKey });
  return { issuer: ISSUER, audience: AUDIENCE, type: TYPE, bytes, cryptoKey, tokens };
}

/** Signs one token; the number makes it distinct. */
export async function signToken({ alg, keyId, key }: Signer, index: number): Promise<string> {
  return await new SignJWT({ scope: 'orders:read orders:write', client_id: 'shop' })
    .setProtectedHeader({ alg, typ: TYPE, kid: keyId })
    .setIssuer(ISSUER).setAudience(AUDIENCE).setSubject(`user-${index}`)
    .setJti(`token-${index}`)
    .setIssuedAt().setExpirationTime('1h')
    .sign(key);
}

/** The least that anybody who verifies on Web Crypto pays: the call itself, with signatures and signed bytes decoded beforehand. */
export async function createRawVerify(
  { algorithm, publicKey, tokens }: {
    readonly algorithm: keyof typeof PARAMS;
    readonly publicKey: CryptoKey;
    readonly tokens: readonly string[];
  },
): Promise<(token: string) => Promise<void>> {
  const [, params] = PARAMS[algorithm];
  const parts = new Map(tokens.map((token) => {
    const dot = token.lastIndexOf('.');
    const signature = new Uint8Array(base64url.decode(token.slice(dot + 1)));
    return [token, { signature, signed: new TextEncoder().encode(token.slice(0, dot)) }];
  }));
  async function verify(token: string): Promise<void> {
    const part = parts.get(token);
    if (part === undefined || !await crypto.subtle.verify(params, publicKey, part.signature, part.signed)) {
      throw new Error('The signature is wrong.');
    }
  }
  await verify(tokens[0] ?? '');
  return verify;
}

async function signTokens(count: number, signer: Signer): Promise<readonly string[]> {
  const tokens: string[] = [];
  for (let index = 0; index < count; index++) {
    tokens.push(await signToken(signer, index));
  }
  return tokens;
}
