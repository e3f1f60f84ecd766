import { describe, expect, test, vi } from 'vitest';
import { encodeBase64Url } from '../../src/encoding/base64url.ts';
import { importJwk } from '../../src/jwt/index.ts';
import { D, PUBLIC_JWK } from '../vectors/rfc7515-a3.ts';

const JWK = { ...PUBLIC_JWK, alg: 'ES256', kid: 'one' } as const;
const SHORT = encodeBase64Url(new Uint8Array(31).fill(1));
const LONG = encodeBase64Url(new Uint8Array(33).fill(1));

/** JWKs that no verifier may use; shared with the remote key set, which skips them. */
const UNUSABLE: readonly (readonly [string, object, RegExp])[] = [
  ['without alg', { ...JWK, alg: undefined }, /no alg/],
  // RFC 8725 section 3.1.
  ['with another alg', { ...JWK, alg: 'ES384' }, /crv must be P-384/],
  ['with alg ES256K', { ...JWK, alg: 'ES256K' }, /algorithm must be one of/],
  ['with alg constructor', { ...JWK, alg: 'constructor' }, /algorithm must be one of/],
  ['with alg none', { ...JWK, alg: 'none' }, /algorithm must be one of/],
  // RFC 7518 section 4.1: algorithms that encrypt. None of them is here, and a JWK that names one serves no signature.
  ['with alg RSA-OAEP', { ...JWK, kty: 'RSA', alg: 'RSA-OAEP' }, /algorithm must be one of/],
  ['with alg dir', { kty: 'oct', k: 'A'.repeat(43), alg: 'dir' }, /algorithm must be one of/],
  ['with alg A128KW', { kty: 'oct', k: 'A'.repeat(22), alg: 'A128KW' }, /algorithm must be one of/],
  ['with alg PBES2', { kty: 'oct', k: 'A'.repeat(43), alg: 'PBES2-HS256+A128KW' }, /algorithm must be one of/],
  ['for encryption', { ...JWK, use: 'enc' }, /use is not sig/],
  ['with key_ops that cannot verify', { ...JWK, key_ops: ['sign'] }, /key_ops do not allow it to verify/],
  ['with empty key_ops', { ...JWK, key_ops: [] }, /key_ops do not allow/],
  ['with key_ops that is a string', { ...JWK, key_ops: 'verify' }, /key_ops do not allow/],
  ['without kty', { ...JWK, kty: undefined }, /kty must be EC/],
  ['of kty RSA', { ...JWK, kty: 'RSA' }, /kty must be EC/],
  ['of kty oct', { kty: 'oct', k: 'c2VjcmV0', alg: 'ES256' }, /kty must be EC/],
  ['of kty OKP', { ...JWK, kty: 'OKP' }, /kty must be EC/],
  ['on P-384', { ...JWK, crv: 'P-384' }, /crv must be P-256/],
  ['on secp256k1', { ...JWK, crv: 'secp256k1' }, /crv must be P-256/],
  ['without y', { ...JWK, y: undefined }, /y must be base64url of 32 bytes/],
  ['with a short x', { ...JWK, x: SHORT }, /x must be base64url of 32 bytes/],
  ['with a long x', { ...JWK, x: LONG }, /x must be base64url of 32 bytes/],
  ['with a padded x', { ...JWK, x: `${JWK.x}=` }, /x must be base64url/],
  ['with an x that is a number', { ...JWK, x: 1 }, /x must be base64url/],
  // An invalid-curve point; whoever computes with it leaks or accepts nonsense.
  ['whose point is not on the curve', { ...JWK, y: JWK.x }, /no P-256 key/],
  [
    'whose point is zero',
    { ...JWK, x: encodeBase64Url(new Uint8Array(32)), y: encodeBase64Url(new Uint8Array(32)) },
    /no P-256 key/,
  ],
  ['with a kid that is a number', { ...JWK, kid: 1 }, /key id must be a string/],
  ['with an empty kid', { ...JWK, kid: '' }, /key id must be a string/],
  ['with a kid of 257 characters', { ...JWK, kid: 'k'.repeat(257) }, /key id must be a string/],
  // Prototype pollution: members that are not the JWK's own.
  ['with inherited members', Object.create(JWK), /no alg/],
  ['that is all in a __proto__', JSON.parse(`{"__proto__":${JSON.stringify(JWK)}}`), /no alg/],
];

describe('importJwk()', () => {
  test('imports a public key that verifies', async () => {
    const key = await importJwk(JWK);
    expect(key).toMatchObject({ algorithm: 'ES256', type: 'public', keyId: 'one' });
    expect(key.cryptoKey.usages).toEqual(['verify']);
    expect(Object.isFrozen(key)).toBe(true);
  });

  test('imports a private key that signs and cannot be exported', async () => {
    const key = await importJwk({ ...JWK, d: D });
    expect(key).toMatchObject({ algorithm: 'ES256', type: 'private', keyId: 'one' });
    expect(key.cryptoKey.usages).toEqual(['sign']);
    expect(key.cryptoKey.extractable).toBe(false);
  });

  test('binds a JWK without alg to the algorithm of the option', async () => {
    expect((await importJwk(PUBLIC_JWK, { algorithm: 'ES256' })).algorithm).toBe('ES256');
  });

  test('refuses a JWK whose alg is not the option', async () => {
    await expect(importJwk({ ...JWK, alg: 'ES384' }, { algorithm: 'ES256' })).rejects.toThrow(
      /not the algorithm that the option names/,
    );
  });

  test('names the key by the option before the kid', async () => {
    expect((await importJwk(JWK, { keyId: 'two' })).keyId).toBe('two');
    expect((await importJwk(PUBLIC_JWK, { algorithm: 'ES256' })).keyId).toBeUndefined();
  });

  /** Imports while every object has more members, until the platform imports: Node's own importKey reads what is inherited, too. */
  async function importPolluted(jwk: object, members: object): Promise<unknown> {
    const { importKey } = crypto.subtle;
    const clean = (): void => Object.keys(members).forEach((name) => Reflect.deleteProperty(Object.prototype, name));
    const spy = vi.spyOn(crypto.subtle, 'importKey').mockImplementation((...args: readonly unknown[]) => {
      clean();
      return Reflect.apply(importKey, crypto.subtle, args);
    });
    Object.assign(Object.prototype, members);
    try {
      return await importJwk(jwk).catch((error: unknown) => error);
    } finally {
      clean();
      spy.mockRestore();
    }
  }

  // Somebody's careless merge must neither choose the algorithm (RFC 8725 section 3.1) nor make a public key a private one.
  test('reads no alg from a polluted prototype', async () => {
    const error = await importPolluted(PUBLIC_JWK, { alg: 'ES256' });
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/no alg/);
  });

  test('reads no d from a polluted prototype', async () => {
    expect(await importPolluted(JWK, { d: D })).toMatchObject({ type: 'public', keyId: 'one' });
  });

  test('ignores certificates and anything else beside the key', async () => {
    const extra = { ...JWK, x5c: ['MIIB'], x5u: 'https://evil.test', ext: false, constructor: 1 };
    expect((await importJwk(extra)).type).toBe('public');
  });

  test.each(UNUSABLE)('refuses a JWK %s', async (_what, jwk, message) => {
    await expect(importJwk(jwk)).rejects.toThrow(TypeError);
    await expect(importJwk(jwk)).rejects.toThrow(message);
  });

  test.each([
    ['a d that belongs to another point', { ...JWK, d: encodeBase64Url(new Uint8Array(32).fill(1)) }],
    ['a d of zero', { ...JWK, d: encodeBase64Url(new Uint8Array(32)) }],
    ['a short d', { ...JWK, d: SHORT }],
    ['a null d', { ...JWK, d: null }],
    ['key_ops that cannot sign', { ...JWK, d: D, key_ops: ['verify'] }],
  ])('refuses a private key with %s', async (_what, jwk) => {
    // The cast is the mistake that is tested.
    await expect(importJwk(jwk as object)).rejects.toThrow(TypeError);
  });

  test.each([['text', JSON.stringify(JWK)], ['null', null], ['a list', [JWK]]])('refuses %s', async (_what, jwk) => {
    // The cast is the mistake that is tested.
    await expect(importJwk(jwk as object)).rejects.toThrow(TypeError);
  });

  test('refuses an unknown option', async () => {
    // The cast is the mistake that is tested.
    await expect(importJwk(JWK, { alg: 'ES256' } as object)).rejects.toThrow(/unknown option alg/);
  });

  test('never repeats the key in an error', async () => {
    const error = await importJwk({ ...JWK, y: JWK.x, d: D }).catch((caught: unknown) => caught);
    expect(`${error} ${JSON.stringify(error)}`).not.toContain(D);
    expect(error instanceof Error && error.cause).toBeFalsy();
  });
});
