import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  createAccessTokenVerifier,
  createIdTokenVerifier,
  createJwtVerifier,
  createMultiIssuerVerifier,
  createRemoteKeySet,
  exportPublicJwk,
  generateJwtKeyPair,
  jwkThumbprint,
  type JwtKeyPair,
  type KeySet,
  type RemoteKeySetOptions,
  signJws,
} from '../../src/jwt/index.ts';
import { createPkce, type Pkce } from '../../src/pkce/index.ts';
import { outcome } from '../jwt/forge.ts';
import { ALGORITHMS, apiOf, clientOf, MACHINE, type OpenIdProvider, REDIRECT_URI, startProvider } from './provider.ts';

let provider: OpenIdProvider;
let keys: KeySet;
let fetches = 0;

beforeAll(async () => {
  provider = await startProvider();
  keys = keysOf(provider, {
    fetch: (url, init) => {
      fetches++;
      return fetch(url, init);
    },
  });
}, 60_000);

afterAll(async () => {
  await provider.stop();
  vi.restoreAllMocks();
});

/** As a verifier finds them: from what the provider publishes about itself. */
function keysOf({ metadata }: OpenIdProvider, options: RemoteKeySetOptions = {}): KeySet {
  return createRemoteKeySet(metadata.jwks_uri, { dangerouslyAllowHttpLoopback: true, ...options });
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('The provider answered no text there.');
  return value;
}

async function accessToken(from: OpenIdProvider, algorithm: string, headers: HeadersInit = {}): Promise<string> {
  const form = { ...MACHINE, resource: apiOf(algorithm), scope: 'orders:read' };
  return text((await from.exchange(form, headers)).body['access_token']);
}

/** The request of a sign-in, and what is kept to check its answer. */
async function signIn(algorithm: string, responseType = 'code'): Promise<{ answer: URLSearchParams; pkce: Pkce }> {
  const pkce = await createPkce();
  const answer = await provider.signIn({
    client_id: clientOf(algorithm),
    response_type: responseType,
    scope: 'openid orders:read',
    resource: apiOf(algorithm),
    state: 'state-1',
    nonce: 'nonce-1',
    max_age: '300',
    code_challenge: pkce.challenge,
    code_challenge_method: pkce.method,
  });
  return { answer, pkce };
}

function redeem(algorithm: string, answer: URLSearchParams, verifier: string): ReturnType<OpenIdProvider['exchange']> {
  return provider.exchange({
    grant_type: 'authorization_code',
    client_id: clientOf(algorithm),
    redirect_uri: REDIRECT_URI,
    code: answer.get('code') ?? '',
    code_verifier: verifier,
  });
}

describe('createAccessTokenVerifier() and a provider that nobody here wrote', () => {
  const options = (algorithm: (typeof ALGORITHMS)[number]) => ({
    issuer: provider.metadata.issuer,
    audience: apiOf(algorithm),
    algorithms: [algorithm],
    keys,
  });

  test.each(ALGORITHMS)('accepts its access tokens signed with %s', async (algorithm) => {
    const { header, claims } = await createAccessTokenVerifier(options(algorithm))(
      await accessToken(provider, algorithm),
    );
    expect(header).toMatchObject({ alg: algorithm, typ: 'at+jwt', kid: `key-${algorithm}` });
    expect(claims).toMatchObject({ sub: 'machine', client_id: 'machine', scope: 'orders:read' });
  });

  test('accepts them through createJwtVerifier() as well, after one fetch for all of them', async () => {
    const verify = createJwtVerifier({ ...options('ES256'), type: 'at+jwt' });
    const tokens = await Promise.all([1, 2, 3].map(() => accessToken(provider, 'ES256')));
    expect(await Promise.all(tokens.map((token) => outcome(() => verify(token))))).toEqual(Array(3).fill('accepted'));
    expect(fetches).toBe(1);
  });

  test.each<[string, (issuer: string) => object, string]>([
    ['for another API', () => ({ audience: apiOf('RS256') }), 'jwt_audience_mismatch'],
    ['of another issuer', () => ({ issuer: 'https://id.test' }), 'jwt_issuer_mismatch'],
    // OpenID Connect Discovery 1.0 section 4.3: issuers are compared exactly, and a slash is a character.
    ['of an issuer without the last slash', (issuer) => ({ issuer: `${issuer}/` }), 'jwt_issuer_mismatch'],
    ['with another algorithm', () => ({ algorithms: ['RS256'] }), 'jwt_algorithm_not_allowed'],
    ['after its time', () => ({ clock: (): number => Date.now() + 301_000 }), 'jwt_expired'],
  ])('refuses a token %s', async (_what, other, code) => {
    const verify = createAccessTokenVerifier({ ...options('ES256'), ...other(provider.metadata.issuer) });
    expect(await outcome(async () => verify(await accessToken(provider, 'ES256')))).toBe(code);
  });

  // RFC 9449: bound to a key, a token is worth nothing to who steals it, as long as nobody takes it for a Bearer token.
  test('refuses a DPoP-bound token without its proof, and accepts it with', async () => {
    const pair = await generateJwtKeyPair('ES256');
    const token = await accessToken(provider, 'ES256', { dpop: await proveToTokenEndpoint(pair) });
    const verify = createAccessTokenVerifier(options('ES256'));
    const dpopThumbprint = await jwkThumbprint(await exportPublicJwk(pair.publicKey));
    expect(await outcome(() => verify(token))).toBe('jwt_confirmation_mismatch');
    expect(await outcome(() => verify(token, { dpopThumbprint: 'A'.repeat(43) }))).toBe('jwt_confirmation_mismatch');
    expect((await verify(token, { dpopThumbprint })).claims['cnf']).toEqual({ jkt: dpopThumbprint });
  });

  test('refuses an unbound token that is sent as a bound one', async () => {
    const verify = createAccessTokenVerifier(options('ES256'));
    const token = await accessToken(provider, 'ES256');
    expect(await outcome(() => verify(token, { dpopThumbprint: 'A'.repeat(43) }))).toBe('jwt_confirmation_mismatch');
  });

  async function proveToTokenEndpoint({ publicKey, privateKey }: JwtKeyPair): Promise<string> {
    const { x, y } = await exportPublicJwk(publicKey);
    const claims = {
      htm: 'POST',
      htu: provider.metadata.token_endpoint,
      iat: Math.floor(Date.now() / 1000),
      jti: crypto.randomUUID(),
    };
    const header = { typ: 'dpop+jwt', jwk: { kty: 'EC', crv: 'P-256', x: text(x), y: text(y) } };
    return await signJws(new TextEncoder().encode(JSON.stringify(claims)), privateKey, { header });
  }
});

describe('createIdTokenVerifier() and a provider that nobody here wrote', () => {
  const open = (algorithm: (typeof ALGORITHMS)[number], more: object = {}) =>
    createIdTokenVerifier({
      issuer: provider.metadata.issuer,
      clientId: clientOf(algorithm),
      algorithms: [algorithm],
      keys,
      ...more,
    });

  test.each(ALGORITHMS)('accepts what a sign-in with PKCE ends in, signed with %s', async (algorithm) => {
    const { answer, pkce } = await signIn(algorithm);
    expect([answer.get('state'), answer.get('iss')]).toEqual(['state-1', provider.metadata.issuer]);
    const { body } = await redeem(algorithm, answer, pkce.verifier);
    const { header, claims } = await open(algorithm)(text(body['id_token']), {
      nonce: 'nonce-1',
      maxAuthAgeSeconds: 300,
    });
    expect(header.alg).toBe(algorithm);
    expect(claims).toMatchObject({ sub: 'ada', aud: clientOf(algorithm), nonce: 'nonce-1' });
    expect(claims['auth_time']).toBeTypeOf('number');
  });

  // The hash is that of the token's algorithm: SHA-512 for Ed25519, SHA-256 for the others here.
  test.each(ALGORITHMS)('binds code and access token that came with it, signed with %s', async (algorithm) => {
    const { answer } = await signIn(algorithm, 'code id_token token');
    const verify = open(algorithm);
    const [token, code, access] = ['id_token', 'code', 'access_token'].map((name) => text(answer.get(name)));
    if (token === undefined || code === undefined || access === undefined) throw new Error('Something is missing.');
    const nonce = 'nonce-1';
    expect((await verify(token, { nonce, code, accessToken: access })).claims).toHaveProperty('at_hash');
    expect(await outcome(() => verify(token, { nonce, code: access }))).toBe('jwt_hash_mismatch');
    expect(await outcome(() => verify(token, { nonce, accessToken: code }))).toBe('jwt_hash_mismatch');
  });

  test('refuses another nonce, another client, an old sign-in, and a hash that is not there', async () => {
    const { answer, pkce } = await signIn('ES256');
    const { body } = await redeem('ES256', answer, pkce.verifier);
    const token = text(body['id_token']);
    const nonce = 'nonce-1';
    const later = (): number => Date.now() + 301_000;
    expect(await outcome(() => open('ES256')(token, { nonce: 'nonce-2' }))).toBe('jwt_nonce_mismatch');
    expect(await outcome(() => open('ES256')(token, { nonce: null }))).toBe('jwt_nonce_mismatch');
    expect(await outcome(() => open('ES256', { clientId: 'other' })(token, { nonce }))).toBe('jwt_audience_mismatch');
    expect(await outcome(() => open('ES256', { clock: later })(token, { nonce, maxAuthAgeSeconds: 300 })))
      .toBe('jwt_authentication_too_old');
    // This provider puts at_hash only into tokens that come through the browser; who asks for it must not get less.
    expect(await outcome(() => open('ES256')(token, { nonce, accessToken: text(body['access_token']) })))
      .toBe('jwt_hash_mismatch');
    expect(await outcome(() => open('ES256')(token, { nonce }))).toBe('accepted');
  });

  // RFC 8725 section 3.11: same issuer, same key, and yet neither is the other.
  test('refuses an access token, as createAccessTokenVerifier() refuses an ID token', async () => {
    const { answer, pkce } = await signIn('ES256');
    const { body } = await redeem('ES256', answer, pkce.verifier);
    const { issuer } = provider.metadata;
    const asIdToken = open('ES256', { clientId: apiOf('ES256') });
    const asAccessToken = createAccessTokenVerifier({
      issuer,
      audience: [apiOf('ES256'), clientOf('ES256')],
      algorithms: ['ES256'],
      keys,
    });
    expect(await outcome(() => asIdToken(text(body['access_token']), { nonce: null }))).toBe('jwt_type_mismatch');
    expect(await outcome(() => asAccessToken(text(body['id_token'])))).toBe('jwt_type_mismatch');
    expect((await asAccessToken(text(body['access_token']))).claims.sub).toBe('ada');
  });
});

describe('createPkce() and a provider that nobody here wrote', () => {
  test('makes challenges for which it takes no verifier but their own', async () => {
    const { answer } = await signIn('ES256');
    const { verifier } = await createPkce();
    expect(await redeem('ES256', answer, verifier)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});

describe('createRemoteKeySet() and a provider whose key names no algorithm', () => {
  let other: OpenIdProvider;
  beforeAll(async () => {
    other = await startProvider({ named: false });
  }, 60_000);
  afterAll(() => other.stop());

  test('skips the key, unless it is told what such keys are for', async () => {
    const token = await accessToken(other, 'RS256');
    const judge = (options: RemoteKeySetOptions): Promise<string> => {
      const { issuer } = other.metadata;
      const expected = { issuer, audience: apiOf('RS256'), algorithms: ['RS256', 'PS256'] as const };
      return outcome(() => createAccessTokenVerifier({ ...expected, keys: keysOf(other, options) })(token));
    };
    expect(await judge({})).toBe('jwt_key_not_found');
    expect(await judge({ defaultAlgorithm: 'PS256' })).toBe('jwt_key_not_found');
    expect(await judge({ defaultAlgorithm: 'RS256' })).toBe('accepted');
  });

  test("serves createMultiIssuerVerifier(), where no issuer proves what is the other one's", async () => {
    const rules = (from: OpenIdProvider, set: KeySet) =>
      ({
        issuer: from.metadata.issuer,
        audience: apiOf('RS256'),
        type: 'at+jwt',
        algorithms: ['RS256'],
        keys: set,
      }) as const;
    const ours = keysOf(other, { defaultAlgorithm: 'RS256' });
    const verify = createMultiIssuerVerifier({ issuers: [rules(provider, keys), rules(other, ours)] });
    const [first, second] = [await accessToken(provider, 'RS256'), await accessToken(other, 'RS256')];
    expect((await verify(first)).claims.iss).toBe(provider.metadata.issuer);
    expect((await verify(second)).claims.iss).toBe(other.metadata.issuer);
    const crossed = createMultiIssuerVerifier({ issuers: [rules(provider, ours), rules(other, keys)] });
    // The kid is the same at both: what differs is the key, and that the signature says.
    expect(await outcome(() => crossed(first))).toBe('jwt_signature_invalid');
  });
});
