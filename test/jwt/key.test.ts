import { describe, expect, test } from 'vitest';
import { exportPublicJwk, generateJwtKeyPair, importJwk, jwkThumbprint, signJwt } from '../../src/jwt/index.ts';

describe('generateJwtKeyPair()', () => {
  test('makes a frozen pair bound to its algorithm', async () => {
    const pair = await generateJwtKeyPair('ES256');
    expect([pair, pair.publicKey, pair.privateKey].every(Object.isFrozen)).toBe(true);
    expect(pair.publicKey).toMatchObject({ algorithm: 'ES256', type: 'public' });
    expect(pair.privateKey).toMatchObject({ algorithm: 'ES256', type: 'private' });
  });

  test('names both keys by the thumbprint of the public key', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
    expect(publicKey.keyId).toBe(await jwkThumbprint(await exportPublicJwk(publicKey)));
    expect(privateKey.keyId).toBe(publicKey.keyId);
  });

  test('takes an id', async () => {
    expect((await generateJwtKeyPair('ES256', { keyId: 'one' })).privateKey.keyId).toBe('one');
  });

  test('keeps the private key inside unless asked otherwise', async () => {
    expect((await generateJwtKeyPair('ES256')).privateKey.cryptoKey.extractable).toBe(false);
    expect((await generateJwtKeyPair('ES256', { extractable: true })).privateKey.cryptoKey.extractable).toBe(true);
  });

  test.each([
    ['none', {}],
    ['constructor', {}],
    [undefined, {}],
    ['ES256', { keyId: '' }],
    ['ES256', { keyId: 1 }],
    ['ES256', { keyId: 'k'.repeat(257) }],
    ['ES256', { keyId: '\ud800' }],
    ['ES256', { extractable: 'yes' }],
    ['ES256', { kid: 'one' }],
  ])('refuses %j with %j', async (algorithm, options) => {
    // The casts are the mistake that is tested.
    await expect(generateJwtKeyPair(algorithm as 'ES256', options as object)).rejects.toThrow(TypeError);
  });
});

describe('exportPublicJwk()', () => {
  test('exports public members only, and what binds the key', async () => {
    const { publicKey } = await generateJwtKeyPair('ES256', { keyId: 'one', extractable: true });
    const jwk = await exportPublicJwk(publicKey);
    expect(Object.keys(jwk)).toEqual(['kty', 'crv', 'x', 'y', 'alg', 'use', 'kid']);
    expect(jwk).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: 'one' });
    expect(Object.isFrozen(jwk)).toBe(true);
  });

  test('is undone by importJwk()', async () => {
    const { publicKey } = await generateJwtKeyPair('ES256');
    const jwk = await exportPublicJwk(publicKey);
    expect(await exportPublicJwk(await importJwk(jwk))).toEqual(jwk);
  });

  test('refuses a private key', async () => {
    const { privateKey } = await generateJwtKeyPair('ES256', { extractable: true });
    await expect(exportPublicJwk(privateKey)).rejects.toThrow(TypeError);
  });

  // A key put together by hand: a private key under the label of a public one.
  test('refuses a private key that calls itself public', async () => {
    const { privateKey } = await generateJwtKeyPair('ES256', { extractable: true });
    await expect(exportPublicJwk({ ...privateKey, type: 'public' })).rejects.toThrow(TypeError);
  });
});

describe('signJwt() key', () => {
  test('refuses a public key, a platform key of another curve, and no key', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
    const other = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, false, ['sign', 'verify']);
    const options = { type: 'at+jwt', expiresInSeconds: 60 };
    for (
      const key of [
        publicKey,
        { ...privateKey, cryptoKey: other.privateKey },
        other.privateKey,
        'secret',
        null,
        undefined,
      ]
    ) {
      // The cast is the mistake that is tested.
      await expect(signJwt({}, key as typeof privateKey, options)).rejects.toThrow(TypeError);
    }
  });
});
