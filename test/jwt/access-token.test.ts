import { describe, expect, test } from 'vitest';
import { type AccessTokenVerifierOptions, createAccessTokenVerifier, generateJwtKeyPair } from '../../src/jwt/index.ts';
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
  test.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])('accepts an access token of type %j', async (typ) => {
    expect(await judge(ACCESS, { ...HEADER, typ })).toBe('accepted');
  });

  // RFC 9068 section 4 and RFC 8725 section 3.11: another kind of token must not pass for this one.
  test.each(['JWT', 'jwt', 'dpop+jwt', 'logout+jwt', 'token-introspection+jwt', ''])(
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

  test('believes no token without exp because every object allows it', async () => {
    const { exp: _exp, ...rest } = ACCESS;
    Object.defineProperty(Object.prototype, 'dangerouslyAllowMissingExpiry', { value: true, configurable: true });
    let judged: unknown;
    try {
      judged = await judge(rest).catch(() => 'refused');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'dangerouslyAllowMissingExpiry');
    }
    expect(['jwt_claim_missing', 'refused']).toContain(judged);
  });

  test('demands what else it is told to', async () => {
    expect(await judge(ACCESS, HEADER, { requiredClaims: ['acr'] })).toBe('jwt_claim_missing');
    expect(await judge({ ...ACCESS, acr: '1' }, HEADER, { requiredClaims: ['acr'] })).toBe('accepted');
  });

  test.each([{ type: 'JWT' }, { dangerouslyAllowMissingExpiry: true }, { requiredClaims: 'acr' }, {
    audience: undefined,
  }])(
    'refuses the option %j',
    async (option) => {
      // The cast is the mistake.
      await expect(judge(ACCESS, HEADER, option as object)).rejects.toThrow(TypeError);
    },
  );
});
