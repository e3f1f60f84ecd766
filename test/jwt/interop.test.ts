import fc from 'fast-check';
import { base64url, CompactSign, compactVerify, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  createJwtVerifier,
  exportPublicJwk,
  generateJwtKeyPair,
  importHmacSecret,
  importJwk,
  type JwtAlgorithm,
  type JwtKey,
  signJws,
  signJwt,
  verifyJws,
} from '../../src/jwt/index.ts';
import { PRIVATE_MEMBERS, PUBLIC_JWK } from '../vectors/rfc7515-a2.ts';

const ASYMMETRIC: readonly JwtAlgorithm[] = [
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
];
const SYMMETRIC: readonly (readonly [JwtAlgorithm, number])[] = [['HS256', 32], ['HS384', 48], ['HS512', 64]];
const EXPECTED = { issuer: 'https://id.test', audience: 'https://api.test' };

/** Names that no option and no rule of a verifier decides, so that any JSON may stand there. */
const anyClaims = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((name) =>
    !/^(iss|sub|aud|exp|nbf|iat|jti|cnf|__proto__|constructor)$/.test(name)
  ),
  fc.jsonValue({ maxDepth: 3 }),
  { maxKeys: 5 },
).filter((claims) => !JSON.stringify(claims).includes('proto'));

/** Making RSA keys takes long, so theirs come from RFC 7515 appendix A.2. */
function isRsa(algorithm: JwtAlgorithm): boolean {
  return algorithm.startsWith('RS') || algorithm.startsWith('PS');
}

type JoseKey = Parameters<SignJWT['sign']>[0];

/** Signs claims with each and has the other verify them. */
async function exchange(
  algorithm: JwtAlgorithm,
  ours: { readonly sign: JwtKey; readonly verify: JwtKey },
  theirs: { readonly sign: JoseKey; readonly verify: JoseKey },
): Promise<void> {
  const verify = createJwtVerifier({ ...EXPECTED, type: 'at+jwt', algorithms: [algorithm], keys: [ours.verify] });
  await fc.assert(
    fc.asyncProperty(anyClaims, async (claims) => {
      const registered = { iss: EXPECTED.issuer, aud: EXPECTED.audience };
      const mine = await signJwt({ ...claims, ...registered }, ours.sign, { type: 'at+jwt', expiresInSeconds: 60 });
      const read = await jwtVerify(mine, theirs.verify, { ...EXPECTED, typ: 'at+jwt', algorithms: [algorithm] });
      expect(read.payload).toMatchObject(JSON.parse(JSON.stringify(claims)));
      const josed = await new SignJWT({ ...claims, ...registered })
        .setProtectedHeader({ alg: algorithm, typ: 'at+jwt' }).setIssuedAt().setExpirationTime('1m').sign(theirs.sign);
      expect((await verify(josed)).claims).toMatchObject(JSON.parse(JSON.stringify(claims)));
    }),
    { numRuns: 6 },
  );
}

describe('signJwt() and createJwtVerifier() with jose', () => {
  it.each(ASYMMETRIC.filter((algorithm) => !isRsa(algorithm)))(
    'understand each other in %s, with a key of ours',
    async (algorithm) => {
      const { publicKey, privateKey } = await generateJwtKeyPair(algorithm, { extractable: true });
      const jwk = await crypto.subtle.exportKey('jwk', privateKey.cryptoKey);
      const pair = {
        sign: await importJWK({ ...jwk, alg: algorithm }, algorithm),
        verify: await importJWK(JSON.parse(JSON.stringify(await exportPublicJwk(publicKey))), algorithm),
      };
      await exchange(algorithm, { sign: privateKey, verify: publicKey }, pair);
    },
  );

  // One pair for all six: making it takes long, and what differs between them is not the key.
  it('understand each other in RS* and PS*, with a key of ours', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('RS256', { extractable: true });
    const { alg: _alg, key_ops: _ops, ...jwk } = await crypto.subtle.exportKey('jwk', privateKey.cryptoKey);
    const { alg: _named, use: _use, ...publicJwk } = await exportPublicJwk(publicKey);
    for (const algorithm of ASYMMETRIC.filter(isRsa)) {
      const pair = {
        sign: await importJWK({ ...jwk }, algorithm),
        verify: await importJWK(JSON.parse(JSON.stringify(publicJwk)), algorithm),
      };
      const [sign, verify] = algorithm === 'RS256'
        ? [privateKey, publicKey]
        : await Promise.all([importJwk(jwk, { algorithm }), importJwk(publicJwk, { algorithm })]);
      await exchange(algorithm, { sign, verify }, pair);
    }
  });

  it.each(ASYMMETRIC)('understand each other in %s, with a key of jose, or for RSA of an RFC', async (algorithm) => {
    const pair = isRsa(algorithm) ? undefined : await generateKeyPair(algorithm, { extractable: true });
    const jwk = pair === undefined ? { ...PUBLIC_JWK, ...PRIVATE_MEMBERS } : await exportJWK(pair.privateKey);
    const publicJwk = pair === undefined ? PUBLIC_JWK : await exportJWK(pair.publicKey);
    const [sign, verify] = await Promise.all([importJwk(jwk, { algorithm }), importJwk(publicJwk, { algorithm })]);
    const theirs = {
      sign: await importJWK({ ...jwk }, algorithm),
      verify: await importJWK({ ...publicJwk }, algorithm),
    };
    await exchange(algorithm, { sign, verify }, theirs);
  });

  it.each(SYMMETRIC)('understand each other in %s', async (algorithm, length) => {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const secret = await importHmacSecret(bytes, algorithm);
    const same = await importJwk({ kty: 'oct', k: base64url.encode(bytes), alg: algorithm });
    await exchange(algorithm, { sign: secret, verify: same }, { sign: bytes, verify: bytes });
  });
});

describe('signJws() and verifyJws() with jose', () => {
  /** Signs bytes with each and has the other verify them. */
  async function exchangeBytes(
    algorithm: JwtAlgorithm,
    ours: { readonly sign: JwtKey; readonly verify: JwtKey },
    theirs: { readonly sign: JoseKey; readonly verify: JoseKey },
  ): Promise<void> {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const { payload } = await compactVerify(await signJws(bytes, ours.sign), theirs.verify);
        expect([...payload]).toEqual([...bytes]);
        const josed = await new CompactSign(bytes).setProtectedHeader({ alg: algorithm }).sign(theirs.sign);
        const proved = await verifyJws(josed, { keys: [ours.verify], algorithms: [algorithm] });
        expect([...proved.payload]).toEqual([...bytes]);
      }),
      // No bytes at all are a payload as well, and no token of claims.
      { numRuns: 8, examples: [[new Uint8Array(0)]] },
    );
  }

  it.each(ASYMMETRIC)('understand each other about any bytes in %s', async (algorithm) => {
    const pair = isRsa(algorithm) ? undefined : await generateKeyPair(algorithm, { extractable: true });
    const jwk = pair === undefined ? { ...PUBLIC_JWK, ...PRIVATE_MEMBERS } : await exportJWK(pair.privateKey);
    const publicJwk = pair === undefined ? PUBLIC_JWK : await exportJWK(pair.publicKey);
    const [sign, verify] = await Promise.all([importJwk(jwk, { algorithm }), importJwk(publicJwk, { algorithm })]);
    const theirs = {
      sign: await importJWK({ ...jwk }, algorithm),
      verify: await importJWK({ ...publicJwk }, algorithm),
    };
    await exchangeBytes(algorithm, { sign, verify }, theirs);
  });

  it.each(SYMMETRIC)('understand each other about any bytes in %s', async (algorithm, length) => {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const secret = await importHmacSecret(bytes, algorithm);
    await exchangeBytes(algorithm, { sign: secret, verify: secret }, { sign: bytes, verify: bytes });
  });
});
