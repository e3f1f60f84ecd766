import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JwtVerifierOptions } from '../../src/jwt/index.ts';
import { CLAIMS, forge, NOW_SECONDS, openDesk, outcome, type Segment } from './forge.ts';

async function judge(claims: Segment, options: Partial<JwtVerifierOptions> = {}): Promise<string> {
  const { verify, privateKey } = await openDesk(options);
  const token = await forge(privateKey, claims);
  return await outcome(() => verify(token));
}

function without(name: keyof typeof CLAIMS): object {
  return Object.fromEntries(Object.entries(CLAIMS).filter(([key]) => key !== name));
}

describe('createJwtVerifier() time', () => {
  // RFC 7519 section 4.1.4: "on or after" exp the token is expired.
  test.each([
    [NOW_SECONDS + 1, 'accepted'],
    [NOW_SECONDS + 0.5, 'accepted'],
    [NOW_SECONDS, 'jwt_expired'],
    [NOW_SECONDS - 1, 'jwt_expired'],
    [0, 'jwt_expired'],
    [Number.MAX_SAFE_INTEGER, 'accepted'],
  ])('judges exp %d', async (exp, expected) => {
    expect(await judge({ ...CLAIMS, exp })).toBe(expected);
  });

  test.each([
    [NOW_SECONDS, 'accepted'],
    [NOW_SECONDS + 0.5, 'jwt_not_yet_valid'],
    [NOW_SECONDS + 1, 'jwt_not_yet_valid'],
    [0, 'accepted'],
  ])('judges nbf %d', async (nbf, expected) => {
    expect(await judge({ ...CLAIMS, nbf })).toBe(expected);
  });

  // A token from the future comes from a broken clock or a forger's calendar.
  test.each([
    [NOW_SECONDS, 'accepted'],
    [NOW_SECONDS + 1, 'jwt_issued_in_future'],
    [NOW_SECONDS + 9999, 'jwt_issued_in_future'],
  ])('judges iat %d', async (iat, expected) => {
    expect(await judge({ ...CLAIMS, iat })).toBe(expected);
  });

  // RFC 7519 section 2, NumericDate. Elsewhere a string compares as NaN, a list as its first item, and neither is ever past.
  test.each(['exp', 'nbf', 'iat'].flatMap((name) => [
    [name, String(NOW_SECONDS)] as const,
    [name, null] as const,
    [name, [NOW_SECONDS]] as const,
    [name, {}] as const,
    [name, true] as const,
    [name, -1] as const,
    [name, 2 ** 53] as const,
    [name, 1e300] as const,
  ]))('refuses %s %j', async (name, value) => {
    expect(await judge({ ...CLAIMS, [name]: value })).toBe('jwt_claim_invalid');
  });

  test.each(['exp', 'nbf', 'iat'])('refuses %s beyond the range of a double', async (name) => {
    expect(await judge(JSON.stringify({ ...CLAIMS, [name]: 'X' }).replace('"X"', '1e999'))).toBe('jwt_malformed');
    expect(await judge(JSON.stringify({ ...CLAIMS, [name]: 'X' }).replace('"X"', '-1e999'))).toBe('jwt_malformed');
  });

  test('refuses a token without exp, unless that is dangerously allowed', async () => {
    expect(await judge(without('exp'))).toBe('jwt_claim_missing');
    expect(await judge(without('exp'), { dangerouslyAllowMissingExpiry: true })).toBe('accepted');
  });

  test('refuses an expired token even when a missing exp is allowed', async () => {
    expect(await judge({ ...CLAIMS, exp: NOW_SECONDS }, { dangerouslyAllowMissingExpiry: true })).toBe('jwt_expired');
  });

  test.each([
    [{ exp: NOW_SECONDS - 4 }, 'accepted'],
    [{ exp: NOW_SECONDS - 5 }, 'jwt_expired'],
    [{ nbf: NOW_SECONDS + 5 }, 'accepted'],
    [{ nbf: NOW_SECONDS + 6 }, 'jwt_not_yet_valid'],
    [{ iat: NOW_SECONDS + 5 }, 'accepted'],
    [{ iat: NOW_SECONDS + 6 }, 'jwt_issued_in_future'],
  ])('stretches %j by a tolerance of 5 seconds', async (claims, expected) => {
    expect(await judge({ ...CLAIMS, ...claims }, { clockToleranceSeconds: 5 })).toBe(expected);
  });

  test.each([
    [NOW_SECONDS - 100, 'accepted'],
    [NOW_SECONDS - 101, 'jwt_expired'],
  ])('judges iat %d by a maxAgeSeconds of 100', async (iat, expected) => {
    expect(await judge({ ...CLAIMS, iat }, { maxAgeSeconds: 100 })).toBe(expected);
  });

  test('refuses a token without iat when there is a maxAgeSeconds', async () => {
    expect(await judge(without('iat'))).toBe('accepted');
    expect(await judge(without('iat'), { maxAgeSeconds: 100 })).toBe('jwt_claim_missing');
  });

  // NaN passes every comparison that is written the wrong way round.
  test('refuses every token when the clock is broken', async () => {
    expect(await judge(CLAIMS, { clock: () => NaN })).toBe('jwt_expired');
    expect(await judge(without('exp'), { clock: () => NaN, dangerouslyAllowMissingExpiry: true })).toBe('jwt_expired');
  });

  test('accepts exactly from nbf until exp', async () => {
    let now = NOW_SECONDS;
    const { verify, privateKey } = await openDesk({ clock: () => now * 1000 });
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 100 }),
        fc.nat({ max: 100 }),
        fc.integer({ min: -10, max: 210 }),
        async (wait, life, after) => {
          const [nbf, exp] = [NOW_SECONDS + wait, NOW_SECONDS + wait + life];
          now = NOW_SECONDS + after;
          const token = await forge(privateKey, { iss: CLAIMS.iss, aud: CLAIMS.aud, nbf, exp });
          expect(await outcome(() => verify(token)) === 'accepted').toBe(now >= nbf && now < exp);
        },
      ),
    );
  });
});

describe('createJwtVerifier() issuer', () => {
  test.each([
    ['https://id.test/', 'jwt_issuer_mismatch'],
    ['HTTPS://ID.TEST', 'jwt_issuer_mismatch'],
    ['https://id.test.evil.test', 'jwt_issuer_mismatch'],
    ['', 'jwt_issuer_mismatch'],
    // RFC 7519 section 4.1.1: one string. A list that holds the right one beside the attacker's chooses the wrong keys.
    [['https://evil.test', 'https://id.test'], 'jwt_claim_invalid'],
    [['https://id.test'], 'jwt_claim_invalid'],
    [{ toString: 'https://id.test' }, 'jwt_claim_invalid'],
    [null, 'jwt_claim_invalid'],
    [1, 'jwt_claim_invalid'],
  ])('refuses iss %j', async (iss, expected) => {
    expect(await judge({ ...CLAIMS, iss })).toBe(expected);
  });

  test('refuses a token without iss', async () => {
    expect(await judge(without('iss'))).toBe('jwt_claim_missing');
  });
});

describe('createJwtVerifier() audience', () => {
  test.each([
    ['https://api.test'],
    [['https://api.test']],
    [['https://other.test', 'https://api.test']],
  ])('accepts aud %j', async (aud) => {
    expect(await judge({ ...CLAIMS, aud })).toBe('accepted');
  });

  test('accepts any of several audiences of its own', async () => {
    expect(await judge(CLAIMS, { audience: ['https://old.test', 'https://api.test'] })).toBe('accepted');
  });

  test.each([
    ['https://api.test/', 'jwt_audience_mismatch'],
    ['HTTPS://API.TEST', 'jwt_audience_mismatch'],
    ['https://api.test.evil.test', 'jwt_audience_mismatch'],
    ['https://api', 'jwt_audience_mismatch'],
    ['', 'jwt_audience_mismatch'],
    [[], 'jwt_audience_mismatch'],
    [['https://other.test'], 'jwt_audience_mismatch'],
    [[['https://api.test']], 'jwt_claim_invalid'],
    [['https://api.test', 1], 'jwt_claim_invalid'],
    [['https://api.test', null], 'jwt_claim_invalid'],
    [{ 0: 'https://api.test', length: 1 }, 'jwt_claim_invalid'],
    [null, 'jwt_claim_invalid'],
    [true, 'jwt_claim_invalid'],
  ])('refuses aud %j', async (aud, expected) => {
    expect(await judge({ ...CLAIMS, aud })).toBe(expected);
  });

  test('refuses a token without aud', async () => {
    expect(await judge(without('aud'))).toBe('jwt_claim_missing');
  });

  test('refuses 10,000 other audiences, by their length unless somebody allows it', async () => {
    const aud = Array.from({ length: 10_000 }, (_, index) => `https://${index}.test`);
    expect(await judge({ ...CLAIMS, aud })).toBe('jwt_too_large');
    expect(await judge({ ...CLAIMS, aud }, { maxTokenLength: 1_000_000 })).toBe('jwt_audience_mismatch');
  });
});

describe('createJwtVerifier() other claims', () => {
  test.each([['sub', 1], ['sub', null], ['sub', ['ada']], ['jti', 1], ['jti', {}]])(
    'refuses %s %j',
    async (name, value) => {
      expect(await judge({ ...CLAIMS, [name]: value })).toBe('jwt_claim_invalid');
    },
  );

  test.each([
    ['scope', { scope: 'read' }, 'accepted'],
    ['scope', { scope: '' }, 'accepted'],
    ['scope', { scope: null }, 'jwt_claim_missing'],
    ['scope', {}, 'jwt_claim_missing'],
    ['toString', {}, 'jwt_claim_missing'],
    ['constructor', {}, 'jwt_claim_missing'],
  ])('requires %s of %j', async (name, claims, expected) => {
    expect(await judge({ ...CLAIMS, ...claims }, { requiredClaims: [name] })).toBe(expected);
  });
});
