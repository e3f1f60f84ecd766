import { describe, expect, test } from 'vitest';
import { jwkThumbprint } from '../../src/jwt/index.ts';
import { PUBLIC_JWK } from '../vectors/rfc7515-a3.ts';
import { RSA_JWK, THUMBPRINT } from '../vectors/rfc7638-3.ts';

describe('jwkThumbprint()', () => {
  test('computes the thumbprint of RFC 7638 section 3.1', async () => {
    expect(await jwkThumbprint(RSA_JWK)).toBe(THUMBPRINT);
  });

  test('is the same whatever else the JWK says', async () => {
    const plain = await jwkThumbprint(PUBLIC_JWK);
    expect(await jwkThumbprint({ ...PUBLIC_JWK, kid: 'one', alg: 'ES256', use: 'sig' })).toBe(plain);
    expect(await jwkThumbprint({ ...PUBLIC_JWK, x: PUBLIC_JWK.y })).not.toBe(plain);
  });

  test.each([
    ['a secret', { kty: 'oct' }],
    ['no kty', {}],
    ['a missing member', { kty: 'EC', crv: 'P-256', x: 'AAAA' }],
    ['an inherited member', Object.create({ ...PUBLIC_JWK })],
  ])('refuses %s', async (_what, jwk) => {
    await expect(jwkThumbprint(jwk)).rejects.toThrow(TypeError);
  });
});
