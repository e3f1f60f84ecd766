import { createDecoder } from 'fast-jwt';
import { decode as honoDecode } from 'hono/jwt';
import { type CryptoKey, decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { generateJwtKeyPair, importHmacSecret, type JwtKey, parseJwt, signJwt } from 'sallyport/jwt';
import { compare, type Contender, type Effort, type Report } from './harness.ts';
import { createIssuer } from './issuer.ts';

const CLAIMS = {
  iss: 'https://issuer.example',
  aud: 'https://api.example/orders',
  sub: 'user-1',
  scope: 'orders:read',
};
const LIFETIME_SECONDS = 3600;

/** Signing and reading, for information: nobody asked for a bound. */
export async function* signingReports(effort: Effort): AsyncGenerator<Report> {
  const { privateKey } = await generateJwtKeyPair('ES256', { keyId: 'key-1' });
  const secret = await importHmacSecret(crypto.getRandomValues(new Uint8Array(32)), 'HS256', { keyId: 'key-1' });
  yield await signing(privateKey, { name: 'ECDSA', hash: 'SHA-256' }, effort);
  yield await signing(secret, { name: 'HMAC' }, effort);
  yield await reading(effort);
}

function signing(
  key: JwtKey,
  params: { readonly name: string; readonly hash?: string },
  effort: Effort,
): Promise<Report> {
  const { algorithm: alg } = key;
  // The cast: it is the platform's key, which both of us describe in our own words.
  const cryptoKey = key.cryptoKey as CryptoKey;
  const signed = new Uint8Array(300);
  const contenders: readonly Contender[] = [
    {
      name: 'crypto.subtle.sign alone',
      kind: 'floor',
      run: loop(() => crypto.subtle.sign(params, cryptoKey, signed)),
    },
    {
      name: 'sallyport',
      kind: 'ours',
      run: loop(() => signJwt(CLAIMS, key, { type: 'at+jwt', expiresInSeconds: LIFETIME_SECONDS })),
    },
    {
      name: 'jose',
      kind: 'rival',
      run: loop(() =>
        new SignJWT({ ...CLAIMS }).setProtectedHeader({ alg, typ: 'at+jwt', kid: 'key-1' })
          .setIssuedAt().setExpirationTime('1h').sign(cryptoKey)
      ),
    },
  ];
  return compare({
    id: `jwt/sign-${alg.toLowerCase()}`,
    title: `Signing with ${alg}`,
    unit: 'us',
    contenders,
  }, effort);
}

async function reading(effort: Effort): Promise<Report> {
  const { tokens } = await createIssuer(256);
  const fastDecode = createDecoder({ complete: true });
  const readers: readonly (readonly [string, Contender['kind'], (token: string) => unknown])[] = [
    ['sallyport', 'ours', parseJwt],
    ['jose', 'rival', (token) => [decodeProtectedHeader(token), decodeJwt(token)]],
    ['fast-jwt', 'rival', fastDecode],
    ['jsonwebtoken', 'rival', (token) => jsonwebtoken.decode(token, { complete: true })],
    ['hono/jwt', 'rival', honoDecode],
  ];
  return await compare({
    id: 'jwt/parse',
    title: 'Reading what a token says, proving nothing',
    unit: 'us',
    contenders: readers.map(([name, kind, read]) => {
      let at = 0;
      return {
        name,
        kind,
        run: (operations) => {
          for (let operation = 0; operation < operations; operation++) {
            read(tokens[at++ % tokens.length] ?? '');
          }
        },
      };
    }),
  }, effort);
}

function loop(action: () => Promise<unknown>): Contender['run'] {
  return async (operations) => {
    for (let operation = 0; operation < operations; operation++) await action();
  };
}
