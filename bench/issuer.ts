import { base64url, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';

/** One ES256 key, in every form that somebody takes it in, and tokens made with it by a library that is not ours. */
export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  readonly type: string;
  readonly publicKey: CryptoKey;
  readonly pem: string;
  readonly jwk: JWK;
  /** Distinct tokens of an hour, each of its own subject. */
  readonly tokens: readonly string[];
}

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'https://api.example/orders';
const TYPE = 'at+jwt';
const KEY_ID = 'key-1';

/** Makes a key and that many tokens. */
export async function createIssuer(count: number): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', {
    extractable: true,
  });
  const tokens: string[] = [];
  for (let index = 0; index < count; index++) {
    tokens.push(
      await new SignJWT({
        scope: 'orders:read orders:write',
        client_id: 'shop',
      })
        .setProtectedHeader({ alg: 'ES256', typ: TYPE, kid: KEY_ID })
        .setIssuer(ISSUER).setAudience(AUDIENCE).setSubject(`user-${index}`)
        .setJti(`token-${index}`)
        .setIssuedAt().setExpirationTime('1h')
        .sign(privateKey),
    );
  }
  const jwk = await exportJWK(publicKey);
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    type: TYPE,
    // As a key set's keys are: on Deno a key that was generated takes twice as long to verify with as one that was imported.
    publicKey: await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']),
    pem: await exportSPKI(publicKey),
    jwk: {
      ...await exportJWK(publicKey),
      alg: 'ES256',
      use: 'sig',
      kid: KEY_ID,
    },
    tokens,
  };
}

/** The least that anybody who verifies on Web Crypto pays: the call itself, with signatures and signed bytes decoded beforehand. */
export async function createRawVerify({ publicKey, tokens }: Issuer): Promise<(token: string) => Promise<void>> {
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const parts = new Map(tokens.map((token) => {
    const dot = token.lastIndexOf('.');
    const signature = new Uint8Array(base64url.decode(token.slice(dot + 1)));
    return [token, { signature, signed: new TextEncoder().encode(token.slice(0, dot)) }];
  }));
  async function verify(token: string): Promise<void> {
    const part = parts.get(token);
    if (part === undefined || !await crypto.subtle.verify(algorithm, publicKey, part.signature, part.signed)) {
      throw new Error('The signature is wrong.');
    }
  }
  await verify(tokens[0] ?? '');
  return verify;
}
