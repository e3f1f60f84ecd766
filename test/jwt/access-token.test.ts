import { describe, expect, test, vi } from 'vitest';
import type { StandardSchema } from '../../src/core/standard-schema.ts';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import {
  type AccessTokenVerifierOptions,
  createAccessTokenVerifier,
  createTokenCache,
  generateJwtKeyPair,
  importHmacSecret,
  signJws,
} from '../../src/jwt/index.ts';
import { CLAIMS, expectations, forge, HEADER, outcome } from './forge.ts';

const ACCESS = {
  ...CLAIMS,
  client_id: 's6BhdRkqt3',
  jti: 'dbe39bf3a3ba4238a513f51d6e1691c4',
  scope: 'openid profile reademail',
};

async function judge(
  claims: object,
  header: object = HEADER,
  more: Partial<AccessTokenVerifierOptions> = {},
): Promise<string> {
  const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
  const { type: _type, ...expected } = expectations(publicKey);
  const verify = createAccessTokenVerifier({ ...expected, ...more });
  const token = await forge(privateKey, claims, header);
  return await outcome(() => verify(token));
}

describe('createAccessTokenVerifier()', () => {
  test.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt'])(
    'accepts an access token of type %j',
    async (typ) => {
      expect(await judge(ACCESS, { ...HEADER, typ })).toBe('accepted');
    },
  );

  // RFC 9068 section 4 and RFC 8725 section 3.11: another kind of token must not pass for this one.
  test.each([
    'JWT',
    'jwt',
    'application/jwt',
    'dpop+jwt',
    'logout+jwt',
    'secevent+jwt',
    'token-introspection+jwt',
    'at',
    'at+jwt ',
    'xat+jwt',
    'application/application/at+jwt',
    'text/at+jwt',
    'at+jwt;v=1',
    'ａt+jwt',
    '',
  ])(
    'refuses the type %j',
    async (typ) => {
      expect(await judge(ACCESS, { ...HEADER, typ })).toBe('jwt_type_mismatch');
    },
  );

  test('refuses a token without a type', async () => {
    expect(await judge(ACCESS, { alg: 'ES256', kid: 'one' })).toBe('jwt_type_mismatch');
  });

  // RFC 9068 section 2.2.
  test.each(['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])('refuses a token without %s', async (name) => {
    const rest = Object.fromEntries(Object.entries(ACCESS).filter(([key]) => key !== name));
    expect(await judge(rest)).toBe('jwt_claim_missing');
  });

  test.each(['sub', 'client_id', 'jti'])('refuses a %s that says nothing', async (name) => {
    for (const value of ['', 7, {}, ['x']]) expect(await judge({ ...ACCESS, [name]: value })).toBe('jwt_claim_invalid');
  });

  // What is on every object is nobody's decision; no option of this name exists here that could refuse it.
  test('believes no token without exp because every object allows it', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const { type: _type, ...expected } = expectations(publicKey);
    const { exp: _exp, ...rest } = ACCESS;
    Object.assign(Object.prototype, { dangerouslyAllowMissingExpiry: true });
    let verify: ReturnType<typeof createAccessTokenVerifier>;
    try {
      verify = createAccessTokenVerifier(expected);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'dangerouslyAllowMissingExpiry');
    }
    expect(await outcome(async () => verify(await forge(privateKey, rest)))).toBe('jwt_claim_missing');
    expect(await outcome(async () => verify(await forge(privateKey, ACCESS)))).toBe('accepted');
  });

  test('demands what else it is told to', async () => {
    expect(await judge(ACCESS, HEADER, { requiredClaims: ['acr'] })).toBe('jwt_claim_missing');
    expect(await judge({ ...ACCESS, acr: '1' }, HEADER, { requiredClaims: ['acr'] })).toBe('accepted');
  });

  test.each(['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])('takes null for no %s', async (name) => {
    expect(await judge({ ...ACCESS, [name]: null })).toMatch(/^jwt_claim_(missing|invalid)$/);
  });

  test('demands its own claims where it is told of others, and of one of them twice', async () => {
    const { jti: _jti, ...rest } = ACCESS;
    expect(await judge({ ...rest, acr: '1' }, HEADER, { requiredClaims: ['acr', 'sub'] })).toBe('jwt_claim_missing');
    expect(await judge({ ...ACCESS, acr: '1' }, HEADER, { requiredClaims: ['acr', 'sub'] })).toBe('accepted');
  });

  // RFC 9068 figure 2, with the type as it is spelt there.
  test('accepts the example of RFC 9068', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('RS256', { keyId: 'RjEwOwOA' });
    const claims = {
      iss: 'https://authorization-server.example.com/',
      sub: '5ba552d67',
      aud: 'https://rs.example.com/',
      exp: 1639528912,
      iat: 1618354090,
      jti: 'dbe39bf3a3ba4238a513f51d6e1691c4',
      client_id: 's6BhdRkqt3',
      scope: 'openid profile reademail',
    };
    const token = await signJws(encodeUtf8(JSON.stringify(claims)), privateKey, { header: { typ: 'at+JWT' } });
    const verify = createAccessTokenVerifier({
      issuer: claims.iss,
      audience: claims.aud,
      algorithms: ['RS256'],
      keys: [publicKey],
      clock: () => 1618354091_000,
    });
    const verified = await verify(token);
    expect(verified).toEqual({ header: { alg: 'RS256', typ: 'at+JWT', kid: 'RjEwOwOA' }, claims });
    // The annotations are the test: the profile's claims are there, and so they are typed.
    const texts: string[] = [verified.claims.sub, verified.claims.client_id, verified.claims.jti];
    const times: number[] = [verified.claims.exp, verified.claims.iat];
    expect([texts.length, times.length, Object.isFrozen(verified.claims)]).toEqual([3, 2, true]);
  });

  test('accepts a token that a secret signed, where it is told to', async () => {
    const secret = await importHmacSecret(new Uint8Array(32).fill(7), 'HS256', { keyId: 'one' });
    const token = await signJws(encodeUtf8(JSON.stringify(ACCESS)), secret, { header: { typ: 'at+jwt' } });
    const { type: _type, ...expected } = expectations(secret);
    expect(await outcome(() => createAccessTokenVerifier({ ...expected, algorithms: ['HS256'] })(token))).toBe(
      'accepted',
    );
    expect(await outcome(() => createAccessTokenVerifier(expected)(token))).toBe('jwt_algorithm_not_allowed');
  });

  // RFC 9068 section 4: another's key, another's audience, another time.
  test.each<[string, object, string]>([
    ['issuer', { iss: `${CLAIMS.iss}/` }, 'jwt_issuer_mismatch'],
    ['audience', { aud: ['https://other.test'] }, 'jwt_audience_mismatch'],
    ['time', { exp: CLAIMS.iat }, 'jwt_expired'],
    ['time of issue', { iat: CLAIMS.iat + 1 }, 'jwt_issued_in_future'],
    ['kind of audience', { aud: [CLAIMS.aud, 7] }, 'jwt_claim_invalid'],
  ])('refuses another %s', async (_what, change, expected) => {
    expect(await judge({ ...ACCESS, ...change })).toBe(expected);
  });

  test('refuses a forged token by its signature, whatever it lacks', async () => {
    const { publicKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const stranger = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const { type: _type, ...expected } = expectations(publicKey);
    const verify = createAccessTokenVerifier(expected);
    for (const claims of [ACCESS, {}, { ...ACCESS, client_id: 7 }]) {
      expect(await outcome(async () => verify(await forge(stranger.privateKey, claims)))).toBe('jwt_signature_invalid');
    }
  });

  // RFC 9449 section 7, RFC 8705 section 3: a bound token is no bearer token.
  test('asks for the proof that a token is bound to, also of a remembered one', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const { type: _type, ...expected } = expectations(publicKey);
    const verify = createAccessTokenVerifier({ ...expected, cache: createTokenCache() });
    const dpopThumbprint = 'k'.repeat(43);
    const token = await forge(privateKey, { ...ACCESS, cnf: { jkt: dpopThumbprint } });
    expect(await outcome(() => verify(token))).toBe('jwt_confirmation_mismatch');
    const verified = await verify(token, { dpopThumbprint });
    expect(verify(token, { dpopThumbprint })).toBe(verified);
    expect(await outcome(() => verify(token))).toBe('jwt_confirmation_mismatch');
  });

  test('hands what a schema makes of the claims to isRevoked, after the profile is fulfilled', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const { type: _type, ...expected } = expectations(publicKey);
    const asked: string[] = [];
    const claims: StandardSchema<unknown, { client_id: string }> = {
      '~standard': { version: 1, vendor: 'test', validate: () => ({ value: { client_id: ACCESS.client_id } }) },
    };
    const verify = createAccessTokenVerifier({
      ...expected,
      claims,
      isRevoked: ({ claims: { client_id } }) => asked.push(client_id) > 1,
    });
    const token = await forge(privateKey, ACCESS);
    const verified = await verify(token);
    // The annotation is the test: the schema's output is the type.
    const shaped: { client_id: string } = verified.claims;
    expect([shaped, asked]).toEqual([{ client_id: ACCESS.client_id }, [ACCESS.client_id]]);
    expect(await outcome(() => verify(token))).toBe('jwt_revoked');
    const { jti: _jti, ...rest } = ACCESS;
    expect(await outcome(async () => verify(await forge(privateKey, rest)))).toBe('jwt_claim_missing');
    expect(asked.length).toBe(2);
  });

  // The length is checked before anything is looked at; whoever allows less gets less.
  test('refuses a token longer than maxTokenLength, 8,192 by default', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const { type: _type, ...expected } = expectations(publicKey);
    const token = await forge(privateKey, ACCESS);
    const capped = (maxTokenLength: number): Promise<string> =>
      outcome(() => createAccessTokenVerifier({ ...expected, maxTokenLength })(token));
    expect([await capped(token.length), await capped(token.length - 1)]).toEqual(['accepted', 'jwt_too_large']);
    const verify = createAccessTokenVerifier(expected);
    expect(await outcome(() => verify('e'.repeat(8192)))).toBe('jwt_malformed');
    expect(await outcome(() => verify('e'.repeat(8193)))).toBe('jwt_too_large');
  });

  test('asks for no key where the type is another', async () => {
    const find = vi.fn(() => []);
    const { privateKey } = await generateJwtKeyPair('ES256');
    const { type: _type, ...expected } = expectations();
    const verify = createAccessTokenVerifier({ ...expected, keys: { find } });
    const token = await forge(privateKey, ACCESS, { ...HEADER, typ: 'JWT' });
    expect([await outcome(() => verify(token)), find.mock.calls.length]).toEqual(['jwt_type_mismatch', 0]);
  });

  test.each<object>([
    { type: 'JWT' },
    { type: 'at+jwt' },
    { dangerouslyAllowMissingExpiry: true },
    { dangerouslyAllowMissingExpiry: false },
    { requiredClaims: 'acr' },
    { requiredClaims: [''] },
    { requiredClaims: null },
    { audience: undefined },
    { audience: [] },
    { issuer: undefined },
    { issuer: /id/ },
    { algorithms: undefined },
    { algorithms: ['none'] },
    { keys: [] },
    { claims: {} },
    { isRevoked: true },
    { cache: {} },
    { clientId: 's6BhdRkqt3' },
  ])('refuses the option %j', async (option) => {
    // The cast is the mistake.
    await expect(judge(ACCESS, HEADER, option as Partial<AccessTokenVerifierOptions>)).rejects.toThrow(TypeError);
  });
});
