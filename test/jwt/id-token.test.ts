import { describe, expect, test } from 'vitest';
import { digest } from '../../src/crypto/digest.ts';
import { encodeBase64Url } from '../../src/encoding/base64url.ts';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import {
  createIdTokenVerifier,
  generateJwtKeyPair,
  type IdTokenExpectations,
  type IdTokenVerifierOptions,
  type JwtAlgorithm,
  signJwt,
} from '../../src/jwt/index.ts';
import { CLAIMS, forge, NOW_SECONDS, outcome } from './forge.ts';

const CLIENT = 's6BhdRkqt3';
const HEADER = { alg: 'ES256', kid: 'one' };
const ID = { ...CLAIMS, aud: CLIENT, nonce: 'n-0S6_WzA2Mj' };
const ASKED: IdTokenExpectations = { nonce: 'n-0S6_WzA2Mj' };
/** OpenID Connect Core 1.0 appendix A.3, A.4 and A.6: what the hashes of these two are with SHA-256. */
const ACCESS_TOKEN = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y';
const AT_HASH = '77QmUPtjPfzWtF2AnpK9RQ';
const CODE = 'Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk';
const C_HASH = 'LDktKdoQak3Pk0cnXxCltA';

async function judge(
  claims: object,
  expected: unknown = ASKED,
  more: Partial<IdTokenVerifierOptions> = {},
  header: object = HEADER,
): Promise<string> {
  const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
  const verify = createIdTokenVerifier({
    issuer: CLAIMS.iss,
    clientId: CLIENT,
    algorithms: ['ES256'],
    keys: [publicKey],
    clock: () => NOW_SECONDS * 1000,
    ...more,
  });
  const token = await forge(privateKey, claims, header);
  return await outcome(() => verify(token, expected as IdTokenExpectations)); // the cast: some are mistakes
}

describe('createIdTokenVerifier()', () => {
  test.each([[{}], [{ typ: 'JWT' }], [{ typ: 'jwt' }]])('accepts a token whose header has %j', async (more) => {
    expect(await judge(ID, ASKED, {}, { ...HEADER, ...more })).toBe('accepted');
  });

  test.each(['at+jwt', 'logout+jwt', 'dpop+jwt', 'application/at+jwt', '', 'secevent+jwt'])(
    'refuses the type %j',
    async (typ) => {
      expect(await judge(ID, ASKED, {}, { ...HEADER, typ })).toBe('jwt_type_mismatch');
    },
  );

  test.each(['iss', 'aud', 'sub', 'exp', 'iat'])('refuses a token without %s', async (name) => {
    expect(await judge(Object.fromEntries(Object.entries(ID).filter(([key]) => key !== name)))).toBe(
      'jwt_claim_missing',
    );
  });

  // Section 3.1.3.7, 3 to 5.
  test.each<[string, object, string]>([
    ['one that names you in a list', { aud: [CLIENT] }, 'accepted'],
    ['one that names you as the party', { azp: CLIENT }, 'accepted'],
    ['one for a trusted other and you, who asked', { aud: [CLIENT, 'partner'], azp: CLIENT }, 'accepted'],
    ['one for others and you, that names no party', { aud: [CLIENT, 'partner'] }, 'jwt_audience_mismatch'],
    ['one for somebody you do not trust', { aud: [CLIENT, 'stranger'], azp: CLIENT }, 'jwt_audience_mismatch'],
    ['one that another party asked for', { aud: [CLIENT, 'partner'], azp: 'partner' }, 'jwt_audience_mismatch'],
    ['one for you alone that another party asked for', { azp: 'partner' }, 'jwt_audience_mismatch'],
    ['one whose party is a list', { azp: [CLIENT] }, 'jwt_audience_mismatch'],
    ['one whose party is null', { azp: null }, 'jwt_audience_mismatch'],
    ['one for another', { aud: 'stranger' }, 'jwt_audience_mismatch'],
    ['one for a trusted other alone', { aud: 'partner' }, 'jwt_audience_mismatch'],
  ])('judges %s', async (_what, change, expected) => {
    expect(await judge({ ...ID, ...change }, ASKED, { trustedAudiences: ['partner'] })).toBe(expected);
  });

  // Section 3.1.3.7, 11: a token of another sign-in is refused.
  test.each<[string, unknown, unknown, string]>([
    ['the nonce that was sent', 'a', 'a', 'accepted'],
    ['another', 'a', 'b', 'jwt_nonce_mismatch'],
    ['one of another case', 'a', 'A', 'jwt_nonce_mismatch'],
    ['a list of it', ['a'], 'a', 'jwt_nonce_mismatch'],
    ['none where one was sent', undefined, 'a', 'jwt_nonce_mismatch'],
    ['null where one was sent', null, 'a', 'jwt_nonce_mismatch'],
    ['none where none was sent', undefined, null, 'accepted'],
    ['one where none was sent', 'a', null, 'jwt_nonce_mismatch'],
    ['an empty one where none was sent', '', null, 'jwt_nonce_mismatch'],
  ])('judges %s', async (_what, nonce, sent, expected) => {
    const { nonce: _nonce, ...rest } = ID;
    expect(await judge(nonce === undefined ? rest : { ...rest, nonce }, { nonce: sent })).toBe(expected);
  });

  // Section 3.1.3.7, 13.
  test.each<[string, object, string]>([
    ['in time', { auth_time: NOW_SECONDS - 60 }, 'accepted'],
    ['too long ago', { auth_time: NOW_SECONDS - 61 }, 'jwt_authentication_too_old'],
    ['at no time', {}, 'jwt_claim_missing'],
    ['at a time that is a string', { auth_time: String(NOW_SECONDS) }, 'jwt_claim_invalid'],
    ['at a time that is null', { auth_time: null }, 'jwt_claim_invalid'],
    ['before 1970', { auth_time: -1 }, 'jwt_claim_invalid'],
  ])('judges who signed in %s', async (_what, change, expected) => {
    expect(await judge({ ...ID, ...change }, { ...ASKED, maxAuthAgeSeconds: 60 })).toBe(expected);
  });

  test('allows for clocks that differ', async () => {
    const claims = { ...ID, auth_time: NOW_SECONDS - 63 };
    expect(await judge(claims, { ...ASKED, maxAuthAgeSeconds: 60 }, { clockToleranceSeconds: 5 })).toBe('accepted');
  });

  // A time in milliseconds would never be too long ago.
  test('refuses who signed in later than now', async () => {
    const judged = await judge({ ...ID, auth_time: NOW_SECONDS * 1000 }, { ...ASKED, maxAuthAgeSeconds: 60 });
    expect(judged).toBe('jwt_claim_invalid');
  });

  // Back-Channel Logout 1.0 section 2.4: signed by the same keys for the same audience, perhaps without a typ.
  test('refuses a logout token', async () => {
    const { nonce: _nonce, ...rest } = ID;
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    expect(await judge({ ...rest, events }, { nonce: null })).toBe('jwt_type_mismatch');
  });

  test('believes no token without exp because every object allows it', async () => {
    Object.defineProperty(Object.prototype, 'dangerouslyAllowMissingExpiry', { value: true, configurable: true });
    let judged: unknown;
    try {
      const { exp: _exp, ...rest } = ID;
      judged = await judge(rest).catch(() => 'refused');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'dangerouslyAllowMissingExpiry');
    }
    expect(['jwt_claim_missing', 'refused']).toContain(judged);
  });

  test('does not look at auth_time unless it is told to', async () => {
    expect(await judge({ ...ID, auth_time: 0 })).toBe('accepted');
  });

  // Sections 3.1.3.6 and 3.3.2.11, with the values of appendix A.
  test.each<[string, object, object, string]>([
    ['both hashes', { at_hash: AT_HASH, c_hash: C_HASH }, { accessToken: ACCESS_TOKEN, code: CODE }, 'accepted'],
    [
      'the hash of another access token',
      { at_hash: AT_HASH },
      { accessToken: `${ACCESS_TOKEN}x` },
      'jwt_hash_mismatch',
    ],
    ['the hash of another code', { c_hash: C_HASH }, { code: `${CODE}x` }, 'jwt_hash_mismatch'],
    ['no hash of the access token', {}, { accessToken: ACCESS_TOKEN }, 'jwt_hash_mismatch'],
    ['no hash of the code', {}, { code: CODE }, 'jwt_hash_mismatch'],
    ['a hash in a list', { at_hash: [AT_HASH] }, { accessToken: ACCESS_TOKEN }, 'jwt_hash_mismatch'],
    ['hashes that nobody asked about', { at_hash: 'x', c_hash: 'y' }, {}, 'accepted'],
  ])('judges %s', async (_what, change, more, expected) => {
    expect(await judge({ ...ID, ...change }, { ...ASKED, ...more })).toBe(expected);
  });

  test.each<[JwtAlgorithm, 'SHA-256' | 'SHA-384' | 'SHA-512', number]>([
    ['ES256', 'SHA-256', 16],
    ['ES384', 'SHA-384', 24],
    ['ES512', 'SHA-512', 32],
    ['EdDSA', 'SHA-512', 32],
  ])('hashes for %s with %s and keeps %i bytes', async (algorithm, hash, length) => {
    const { publicKey, privateKey } = await generateJwtKeyPair(algorithm);
    const at_hash = encodeBase64Url((await digest(hash, encodeUtf8(ACCESS_TOKEN))).subarray(0, length));
    const clock = (): number => NOW_SECONDS * 1000;
    const options = { issuer: CLAIMS.iss, clientId: CLIENT, algorithms: [algorithm], keys: [publicKey], clock };
    const claims = { iss: CLAIMS.iss, aud: CLIENT, sub: 'ada', nonce: 'n', at_hash };
    const token = await signJwt(claims, privateKey, { type: 'JWT', expiresInSeconds: 60, clock });
    const { claims: proved } = await createIdTokenVerifier(options)(token, { nonce: 'n', accessToken: ACCESS_TOKEN });
    expect(proved.sub).toBe('ada');
  });

  test('gives what a schema makes of the claims, frozen, after all else', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    let calls = 0;
    const claims = {
      '~standard': { version: 1, vendor: 'test', validate: () => (calls++, { value: { who: ['ada'] } }) },
    } as const;
    const verify = createIdTokenVerifier({
      issuer: CLAIMS.iss,
      clientId: CLIENT,
      algorithms: ['ES256'],
      keys: [publicKey],
      clock: () => NOW_SECONDS * 1000,
      claims,
    });
    const token = await forge(privateKey, ID, HEADER);
    expect(await outcome(() => verify(token, { nonce: 'other' }))).toBe('jwt_nonce_mismatch');
    expect(calls).toBe(0);
    const verified = await verify(token, ASKED);
    // The annotation is the test: the schema's output is the type of the claims.
    const who: string[] = verified.claims.who;
    expect([Object.isFrozen(verified), Object.isFrozen(who), calls]).toEqual([true, true, 1]);
  });

  // The length is checked before anything is looked at; whoever allows less gets less.
  test('refuses a token longer than maxTokenLength, 8,192 by default', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const token = await forge(privateKey, ID, HEADER);
    const options = { issuer: CLAIMS.iss, clientId: CLIENT, algorithms: ['ES256'], keys: [publicKey] } as const;
    const clock = (): number => NOW_SECONDS * 1000;
    const capped = (maxTokenLength: number): Promise<string> =>
      outcome(() => createIdTokenVerifier({ ...options, clock, maxTokenLength })(token, ASKED));
    expect([await capped(token.length), await capped(token.length - 1)]).toEqual(['accepted', 'jwt_too_large']);
    const verify = createIdTokenVerifier({ ...options, clock });
    expect(await outcome(() => verify('e'.repeat(8192), ASKED))).toBe('jwt_malformed');
    expect(await outcome(() => verify('e'.repeat(8193), ASKED))).toBe('jwt_too_large');
  });

  test.each<unknown>([undefined, {}, { nonce: undefined }, { nonce: '' }, { nonce: 7 }, { ...ASKED, nonces: 1 }, {
    ...ASKED,
    code: '',
  }, {
    ...ASKED,
    accessToken: 7,
  }])('refuses the expectations %j', async (expected) => {
    await expect(judge(ID, expected === undefined ? null : expected)).rejects.toThrow(TypeError);
  });

  test.each<object>([
    { algorithms: undefined },
    { algorithms: [] },
    { algorithms: ['none'] },
    { issuer: undefined },
    {
      keys: [],
    },
    { clientId: /c/ },
    { trustedAudiences: [/c/] },
    { clientId: '' },
    { clientId: undefined },
    { trustedAudiences: 'partner' },
    { claims: {} },
    {
      type: 'JWT',
    },
    {
      cache: {},
    },
    { requiredClaims: 'acr' },
  ])('refuses the option %j', async (option) => {
    await expect(judge(ID, ASKED, option)).rejects.toThrow(TypeError);
  });
});
