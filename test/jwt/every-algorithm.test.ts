import { describe, expect, test, vi } from 'vitest';
import { decodeBase64Url, encodeBase64Url } from '../../src/encoding/base64url.ts';
import {
  createKeySet,
  exportPublicJwk,
  generateJwtKeyPair,
  importHmacSecret,
  importJwk,
  type Jwk,
  jwkThumbprint,
  type JwtAlgorithm,
  type JwtKey,
  type JwtKeyPair,
  signJwt,
  verifyJwt,
} from '../../src/jwt/index.ts';
import { countVerifications } from './count-verifications.ts';
import { outcome } from './forge.ts';

const EXPECTED = { issuer: 'https://id.test', audience: 'https://api.test', type: 'at+jwt' };
const LENGTHS: readonly (readonly [JwtAlgorithm, number])[] = [
  ['ES256', 64],
  ['ES384', 96],
  ['ES512', 132],
  ['Ed25519', 64],
  ['EdDSA', 64],
  ['RS256', 256],
  ['RS384', 256],
  ['RS512', 256],
  ['PS256', 256],
  ['PS384', 256],
  ['PS512', 256],
];

const pairs = new Map<JwtAlgorithm, JwtKeyPair>();

/** One pair for each algorithm: RSA keys take long to make. */
async function pairOf(algorithm: JwtAlgorithm): Promise<JwtKeyPair> {
  const pair = pairs.get(algorithm) ?? await generateJwtKeyPair(algorithm, { keyId: 'one', extractable: true });
  pairs.set(algorithm, pair);
  return pair;
}

async function sign(key: JwtKey): Promise<string> {
  return await signJwt({ iss: EXPECTED.issuer, aud: EXPECTED.audience }, key, { type: 'at+jwt', expiresInSeconds: 60 });
}

async function judge(token: string, algorithm: JwtAlgorithm, ...keys: readonly JwtKey[]): Promise<string> {
  return await outcome(() => verifyJwt(token, { ...EXPECTED, algorithms: [algorithm], keys }));
}

describe('every algorithm', () => {
  test.each(LENGTHS)(
    '%s: generates, signs, verifies, exports and imports, with signatures of %i bytes',
    async (algorithm, length) => {
      const { publicKey, privateKey } = await pairOf(algorithm);
      expect([publicKey.signatureBytes, privateKey.signatureBytes]).toEqual([length, length]);
      const token = await sign(privateKey);
      expect(decodeBase64Url(token.split('.')[2] ?? '')?.length).toBe(length);
      expect(await judge(token, algorithm, publicKey)).toBe('accepted');

      const jwk = await exportPublicJwk(publicKey);
      const imported = await importJwk(jwk);
      expect(imported).toMatchObject({ algorithm, type: 'public', keyId: publicKey.keyId, signatureBytes: length });
      expect(await jwkThumbprint(jwk)).toBe(await jwkThumbprint(await exportPublicJwk(imported)));
      expect(await judge(token, algorithm, imported)).toBe('accepted');

      const secret = await crypto.subtle.exportKey('jwk', privateKey.cryptoKey);
      const { alg: _alg, key_ops: _ops, ...material } = secret;
      const again = await importJwk(material, { algorithm, keyId: publicKey.keyId ?? '' });
      expect([again.type, again.cryptoKey.extractable]).toEqual(['private', false]);
      expect(await judge(await sign(again), algorithm, publicKey)).toBe('accepted');
    },
  );

  test.each(LENGTHS)(
    '%s: refuses a changed signature, one of another length, and nothing but zeros',
    async (algorithm, length) => {
      const { publicKey, privateKey } = await pairOf(algorithm);
      const token = await sign(privateKey);
      const [header, payload, signature = ''] = token.split('.');
      const bytes = decodeBase64Url(signature) ?? new Uint8Array(0);
      const changed = Uint8Array.from(bytes, (byte, index) => index === length - 1 ? byte ^ 1 : byte);
      const refuse = async (...signatures: readonly Uint8Array[]): Promise<void> => {
        for (const bad of signatures) {
          expect(await judge(`${header}.${payload}.${encodeBase64Url(bad)}`, algorithm, publicKey)).toBe(
            'jwt_signature_invalid',
          );
        }
      };
      await refuse(changed, new Uint8Array(length));
      // RFC 7518 sections 3.3 to 3.5: the length is part of the algorithm, and of an RSA key; what is not of it costs no verification.
      const lengths = [bytes.slice(1), bytes.slice(0, -1), Uint8Array.of(...bytes, 0), Uint8Array.of(0, ...bytes)];
      expect(await countVerifications(() => refuse(...lengths))).toBe(0);
    },
  );

  // RFC 8725 section 3.1: the key says what it is for, the header says nothing.
  test('none believes a token of another under its own key', async () => {
    const all = await Promise.all(LENGTHS.map(async ([algorithm]) => await pairOf(algorithm)));
    const secrets = await Promise.all(
      (['HS256', 'HS384', 'HS512'] as const).map(async (algorithm) =>
        await importHmacSecret(crypto.getRandomValues(new Uint8Array(64)), algorithm, { keyId: 'one' })
      ),
    );
    const signers = [...all.map(({ privateKey }) => privateKey), ...secrets];
    const verifiers = [...all.map(({ publicKey }) => publicKey), ...secrets];
    const algorithms = verifiers.map(({ algorithm }) => algorithm);
    for (const signer of signers) {
      const token = await sign(signer);
      const others = verifiers.filter(({ algorithm }) => algorithm !== signer.algorithm);
      expect(await outcome(() => verifyJwt(token, { ...EXPECTED, algorithms, keys: others }))).toBe(
        'jwt_key_not_found',
      );
      expect(await outcome(() => verifyJwt(token, { ...EXPECTED, algorithms, keys: verifiers }))).toBe('accepted');
    }
  });

  // Web Crypto would take it: the same modulus serves PS512 as well as RS256.
  test('one RSA key serves the one algorithm that it was bound to', async () => {
    const { publicKey, privateKey } = await pairOf('RS256');
    const { alg: _alg, use: _use, ...jwk } = await exportPublicJwk(publicKey);
    const bound = await importJwk(jwk, { algorithm: 'PS512' });
    expect(createKeySet({ keys: [bound] }).find('RS256', publicKey.keyId)).toEqual([]);
    expect(await judge(await sign(privateKey), 'RS256', bound)).toBe('jwt_key_not_found');
  });
});

describe('importJwk() of an RSA key', () => {
  /** The same key with other numbers; nothing is signed with it. */
  async function rsa(change: (jwk: Jwk) => Jwk, isPrivate = false): Promise<JwtKey> {
    const { publicKey, privateKey } = await pairOf('RS256');
    const exported: Jwk = await crypto.subtle.exportKey('jwk', (isPrivate ? privateKey : publicKey).cryptoKey);
    return await importJwk(change({ ...exported, key_ops: undefined }), { algorithm: 'RS256' });
  }

  function modulus(bits: number, last = 1): string {
    const bytes = new Uint8Array(Math.ceil(bits / 8)).fill(0xaa);
    bytes[0] = 1 << ((bits - 1) % 8);
    bytes[bytes.length - 1] = last;
    return encodeBase64Url(bytes);
  }

  test.each<[string, (jwk: Jwk) => Jwk]>([
    // RFC 7518 section 3.3.
    ['of 2047 bits', (jwk) => ({ ...jwk, n: modulus(2047) })],
    ['of 1024 bits', (jwk) => ({ ...jwk, n: modulus(1024) })],
    ['of 8193 bits', (jwk) => ({ ...jwk, n: modulus(8193) })],
    ['with an even modulus', (jwk) => ({ ...jwk, n: modulus(2048, 2) })],
    [
      'with a zero in front of the modulus',
      (jwk) => ({ ...jwk, n: encodeBase64Url(Uint8Array.of(0, ...decodeBase64Url(jwk.n ?? '') ?? [])) }),
    ],
    ['without a modulus', ({ n: _n, ...jwk }) => jwk],
    // An exponent of 1 makes every message its own signature; jose takes it.
    ['with the exponent 1', (jwk) => ({ ...jwk, e: 'AQ' })],
    ['with the exponent 2', (jwk) => ({ ...jwk, e: 'Ag' })],
    ['with an even exponent', (jwk) => ({ ...jwk, e: 'AQAA' })],
    ['with the exponent 0', (jwk) => ({ ...jwk, e: 'AA' })],
    ['with no exponent', (jwk) => ({ ...jwk, e: '' })],
    ['with an exponent of 5 bytes', (jwk) => ({ ...jwk, e: 'AQAAAAE' })],
    ['with a zero in front of the exponent', (jwk) => ({ ...jwk, e: 'AAEAAQ' })],
    ['with a padded exponent', (jwk) => ({ ...jwk, e: 'AQAB====' })],
    ['with more than two primes', (jwk) => ({ ...jwk, oth: [] })],
    ['that calls itself EC', (jwk) => ({ ...jwk, kty: 'EC' })],
  ])('refuses a key %s', async (_what, change) => {
    await expect(rsa(change)).rejects.toThrow(TypeError);
  });

  test.each(['p', 'q', 'dp', 'dq', 'qi'] as const)('refuses a private key without %s', async (name) => {
    await expect(rsa((jwk) => ({ ...jwk, [name]: undefined }), true)).rejects.toThrow(TypeError);
  });

  test('refuses a private number that belongs to another key', async () => {
    const other: Jwk = await crypto.subtle.exportKey(
      'jwk',
      (await pairOf('PS256')).privateKey.cryptoKey,
    );
    const { d, p, q, dp, dq, qi } = other;
    await expect(rsa((jwk) => ({ ...jwk, d, p, q, dp, dq, qi }), true)).rejects.toThrow(TypeError);
  });
});

describe('importJwk() of an Ed25519 key', () => {
  const key = (hex: string): string =>
    encodeBase64Url(Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16)));
  const VALID = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';

  test('takes the key of RFC 8037 appendix A.2', async () => {
    expect(await importJwk({ kty: 'OKP', crv: 'Ed25519', x: VALID }, { algorithm: 'EdDSA' })).toMatchObject({
      algorithm: 'EdDSA',
    });
  });

  // Such a key verifies one signature for many messages, and nobody need know a private one.
  test.each([
    ['the neutral point', `01${'00'.repeat(31)}`],
    ['the neutral point, its sign set', `01${'00'.repeat(30)}80`],
    ['a point of order 2', `ec${'ff'.repeat(30)}7f`],
    ['zero', '00'.repeat(32)],
    ['zero, its sign set', `${'00'.repeat(31)}80`],
    ['a point of order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['its negative', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
    ['another of order 8', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['zero, spelled as the prime', `ed${'ff'.repeat(30)}7f`],
    ['one, spelled as the prime and one', `ee${'ff'.repeat(30)}7f`],
  ])('refuses %s', async (_what, hex) => {
    await expect(importJwk({ kty: 'OKP', crv: 'Ed25519', alg: 'Ed25519', x: key(hex) })).rejects.toThrow(TypeError);
  });

  test.each([
    ['of 31 bytes', { x: VALID.slice(0, -2) }],
    ['of the curve X25519', { crv: 'X25519' }],
    ['of the curve Ed448', { crv: 'Ed448' }],
    ['that calls itself EC', { kty: 'EC' }],
    ['whose alg is the older name', { alg: 'EdDSA' }],
  ])('refuses a key %s', async (_what, change) => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: VALID, ...change };
    await expect(importJwk(jwk, { algorithm: 'Ed25519' })).rejects.toThrow(TypeError);
  });

  test('says so where the platform lacks the algorithm', async () => {
    const missing = (): Promise<never> => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError'));
    const spies = [vi.spyOn(crypto.subtle, 'importKey'), vi.spyOn(crypto.subtle, 'generateKey')];
    for (const spy of spies) spy.mockImplementation(missing);
    try {
      const jwk = { kty: 'OKP', crv: 'Ed25519', alg: 'Ed25519', x: VALID };
      await expect(importJwk(jwk)).rejects.toThrow('this platform has no Ed25519');
      await expect(generateJwtKeyPair('Ed25519')).rejects.toThrow('this platform has no Ed25519');
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
});

describe('importJwk() of an EC key', () => {
  test.each(['ES256', 'ES384', 'ES512'] as const)('takes a key of its own curve alone for %s', async (algorithm) => {
    for (const other of ['ES256', 'ES384', 'ES512'] as const) {
      const { alg: _alg, ...jwk } = await exportPublicJwk((await generateJwtKeyPair(other)).publicKey);
      const importing = importJwk(jwk, { algorithm }).then(() => 'taken', () => 'refused');
      expect(await importing).toBe(other === algorithm ? 'taken' : 'refused');
    }
  });

  test.each(['ES384', 'ES512'] as const)('refuses a point that is not on the curve of %s', async (algorithm) => {
    const jwk = await exportPublicJwk((await generateJwtKeyPair(algorithm)).publicKey);
    const y = decodeBase64Url(jwk.y ?? '') ?? new Uint8Array(0);
    y[y.length - 1] = (y[y.length - 1] ?? 0) ^ 1;
    await expect(importJwk({ ...jwk, y: encodeBase64Url(y) })).rejects.toThrow(TypeError);
  });
});
