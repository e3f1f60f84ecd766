import { describe, expect, test, vi } from 'vitest';
import { decodeBase64 } from '../../src/encoding/base64.ts';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import {
  createJwtVerifier,
  exportPublicJwk,
  generateJwtKeyPair,
  importHmacSecret,
  importJwk,
  type JwtKey,
  signJws,
  verifyJws,
  verifyJwt,
} from '../../src/jwt/index.ts';
import { RSA } from '../vectors/pem-keys.ts';
import { PUBLIC_JWK } from '../vectors/rfc7515-a2.ts';
import { countVerifications } from './count-verifications.ts';
import { CLAIMS, expectations, HEADER, outcome, segment } from './forge.ts';

/** An HS256 token whose secret is a text, as whoever confuses algorithms makes one. */
async function forgeHmac(secret: Uint8Array, header: object): Promise<string> {
  const key = await importHmacSecret(secret, 'HS256');
  return await signJws(encodeUtf8(JSON.stringify(CLAIMS)), key, { header: { ...header } });
}

describe('createJwtVerifier() and verifyJws()', () => {
  // CVE-2015-9235, CVE-2022-29217, CVE-2024-33663: RS256 turned into HS256, with the public key for a secret. What stands before it gets
  // past a check that looks for a PEM at the start of a secret.
  test.each<[string, Uint8Array]>([
    ['a PEM', encodeUtf8(RSA.publicKey)],
    ['a PEM without the last line feed', encodeUtf8(RSA.publicKey.trimEnd())],
    ['a line feed and a PEM', encodeUtf8(`\n${RSA.publicKey}`)],
    ['junk, a line feed and a PEM', encodeUtf8(`junk\n${RSA.publicKey}`)],
    ['SubjectPublicKeyInfo', decodeBase64(RSA.publicKey.replace(/-----.*-----|\n/g, '')) ?? new Uint8Array(0)],
    ['a JWK', encodeUtf8(JSON.stringify(PUBLIC_JWK))],
  ])('believe no HMAC by the RSA public key as %s', async (_what, secret) => {
    const keys = [await importJwk(PUBLIC_JWK, { algorithm: 'RS256' })];
    const token = await forgeHmac(secret, { typ: 'at+jwt' });
    const algorithms = ['RS256', 'HS256'] as const;
    const judge = async (): Promise<readonly string[]> => [
      await outcome(() => verifyJwt(token, { ...expectations(), keys, algorithms })),
      await outcome(() => verifyJws(token, { keys, algorithms })),
      await outcome(() => verifyJws(token, { keys, algorithms: ['RS256'] })),
    ];
    expect(
      await countVerifications(async () =>
        expect(await judge()).toEqual(['jwt_key_not_found', 'jwt_key_not_found', 'jwt_algorithm_not_allowed'])
      ),
    ).toBe(0);
  });

  // RFC 7518 section 4.8.1.2 and CVE-2023-52428: two billion rounds that the sender chooses. Nothing here derives a key from a header.
  test('refuse a header of PBES2 without asking for a key', async () => {
    const find = vi.fn(() => []);
    const header = { ...HEADER, alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2s: 'A'.repeat(22), p2c: 2 ** 31 - 1 };
    const token = `${segment(header)}.${segment(CLAIMS)}.${'A'.repeat(86)}`;
    const keys = { find };
    expect([
      await outcome(() => verifyJwt(token, { ...expectations(), keys, algorithms: ['ES256', 'HS256'] })),
      await outcome(() => verifyJws(token, { keys, algorithms: ['ES256', 'HS256'] })),
    ]).toEqual(['jwt_algorithm_not_allowed', 'jwt_algorithm_not_allowed']);
    expect(find).not.toHaveBeenCalled();
  });
});

describe('createJwtVerifier()', () => {
  // RFC 9101 section 10.8 and draft-ietf-oauth-rfc7523bis: requests and client assertions, whose servers allow HS256 for clients with
  // a secret beside ES256 for those with a key pair.
  test.each(['oauth-authz-req+jwt', 'client-authentication+jwt'])(
    'believes no HMAC by the public JWK of a client in a token of type %j',
    async (type) => {
      const { publicKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
      const verify = createJwtVerifier({ ...expectations(publicKey), type, algorithms: ['ES256', 'HS256'] });
      const jwk = encodeUtf8(JSON.stringify(await exportPublicJwk(publicKey)));
      const forged = await forgeHmac(jwk, { typ: type, kid: 'one' });
      expect(
        await countVerifications(async () => expect(await outcome(() => verify(forged))).toBe('jwt_key_not_found')),
      )
        .toBe(0);
      // RFC 8725 section 3.11: what the same client signed for another purpose.
      for (const typ of ['at+jwt', 'JWT', `${type}x`, type.replace('+jwt', '')]) {
        const other = await forgeHmac(jwk, { typ, kid: 'one' });
        expect(await outcome(() => verify(other))).toBe('jwt_type_mismatch');
      }
    },
  );

  // A kid is looked up in a map, never in a file or a table: a secret of any content stands behind none of these.
  test.each(['two', '', '../../dev/null', "' OR 1=1 --", "x' UNION SELECT 'secret", '__proto__', 'k'.repeat(256)])(
    'finds no secret by the unknown kid %j',
    async (kid) => {
      const bytes = new Uint8Array(32).fill(7);
      const verify = createJwtVerifier({
        ...expectations(await importHmacSecret(bytes, 'HS256', { keyId: 'one' })),
        algorithms: ['HS256'],
      });
      const judge = async (id: string): Promise<string> => {
        const signed = `${segment({ ...HEADER, alg: 'HS256', kid: id })}.${segment(CLAIMS)}`;
        const key = await importHmacSecret(bytes, 'HS256');
        return await outcome(async () => verify(await sign(signed, key)));
      };
      expect(await countVerifications(async () => expect(await judge(kid)).toBe('jwt_key_not_found'))).toBe(0);
      expect(await judge('one')).toBe('accepted');
    },
  );
});

/** What signJws() would refuse to sign, such as an empty kid. */
async function sign(signed: string, { cryptoKey }: JwtKey): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', cryptoKey, encodeUtf8(signed));
  return `${signed}.${segment(new Uint8Array(mac))}`;
}
