import { describe, expect, test, vi } from 'vitest';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import { decodeBase64Url, encodeBase64Url } from '../../src/encoding/base64url.ts';
import {
  createKeySet,
  exportPublicJwk,
  importHmacSecret,
  importJwk,
  type JwtAlgorithm,
  signJws,
  verifyJws,
} from '../../src/jwt/index.ts';
import { countVerifications } from './count-verifications.ts';
import { outcome } from './forge.ts';

const BYTES: readonly (readonly [JwtAlgorithm, number])[] = [['HS256', 32], ['HS384', 48], ['HS512', 64]];

function bytes(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => index);
}

describe('importHmacSecret()', () => {
  // RFC 7518 section 3.2; CVE-2026-44351 and CVE-2026-45363 are about the empty one.
  test.each(BYTES)('takes for %s secrets of %i bytes and more, to 1,024', async (algorithm, least) => {
    for (const length of [0, 1, least - 1, 1025]) {
      await expect(importHmacSecret(bytes(length), algorithm)).rejects.toThrow(RangeError);
    }
    for (const length of [least, 1024]) {
      const secret = await importHmacSecret(bytes(length), algorithm, { keyId: 'one' });
      expect(secret).toMatchObject({ algorithm, type: 'secret', keyId: 'one', signatureBytes: least });
      expect([Object.isFrozen(secret), secret.cryptoKey.extractable]).toEqual([true, false]);
    }
  });

  // CVE-2016-10555, CVE-2023-48223: whoever takes a string takes the text of a public key for a secret one day.
  test.each([
    'correct horse battery staple, and then some',
    '-----BEGIN PUBLIC KEY-----\nMFkw…\n-----END PUBLIC KEY-----',
    '{"kty":"EC","crv":"P-256"}',
    undefined,
    null,
    32,
    [1, 2, 3],
    { length: 32 },
    new ArrayBuffer(32),
    new Uint16Array(32),
  ])('refuses %j', async (secret) => {
    // The cast is the mistake.
    await expect(importHmacSecret(secret as unknown as Uint8Array, 'HS256')).rejects.toThrow(TypeError);
  });

  test.each(['ES256', 'RS256', 'Ed25519', 'none', 'hs256', 'constructor', undefined])(
    'refuses the algorithm %j',
    async (algorithm) => {
      await expect(importHmacSecret(bytes(64), algorithm as 'HS256')).rejects.toThrow(TypeError);
    },
  );

  test('refuses an unknown option and a bad id', async () => {
    for (const options of [{ kid: 'one' }, { keyId: '' }, { keyId: 7 }]) {
      await expect(importHmacSecret(bytes(32), 'HS256', options as object)).rejects.toThrow(TypeError);
    }
  });

  test('copies the bytes, and takes a window for what it shows', async () => {
    const memory = bytes(96);
    const window = memory.subarray(32, 64);
    const importing = importHmacSecret(window, 'HS256');
    memory.fill(0);
    const { cryptoKey } = await importing;
    const same = await importHmacSecret(bytes(96).slice(32, 64), 'HS256');
    const [left, right] = await Promise.all(
      [cryptoKey, same.cryptoKey].map((key) => crypto.subtle.sign('HMAC', key, encodeUtf8('message'))),
    );
    expect(new Uint8Array(left ?? new ArrayBuffer(0))).toEqual(new Uint8Array(right ?? new ArrayBuffer(1)));
  });

  test('is never exported', async () => {
    const secret = await importHmacSecret(bytes(32), 'HS256');
    await expect(exportPublicJwk(secret)).rejects.toThrow(TypeError);
  });
});

describe('verifyJws() of an HMAC', () => {
  // RFC 2104 section 5 allows a MAC to be cut, JWS does not: one of a byte is guessed in 256 tries.
  test.each(BYTES)('refuses a MAC of %s that is cut or longer without asking for a key', async (algorithm, length) => {
    const key = await importHmacSecret(bytes(length), algorithm);
    const token = await signJws(bytes(3), key);
    const start = token.lastIndexOf('.') + 1;
    const mac = decodeBase64Url(token.slice(start)) ?? new Uint8Array(0);
    const find = vi.fn(() => [key]);
    const judge = (signature: Uint8Array): Promise<string> => {
      const text = token.slice(0, start) + encodeBase64Url(signature);
      return outcome(() => verifyJws(text, { keys: { find }, algorithms: [algorithm] }));
    };
    expect(await judge(mac)).toBe('accepted');
    find.mockClear();
    const verifications = await countVerifications(async () => {
      for (const kept of new Set([1, 16, length / 2, 32, length - 1])) {
        if (kept < length) expect(await judge(mac.slice(0, kept))).toBe('jwt_signature_invalid');
      }
      expect(await judge(Uint8Array.of(...mac, 0))).toBe('jwt_signature_invalid');
    });
    expect([verifications, find.mock.calls.length]).toEqual([0, 0]);
  });
});

describe('errors about a secret', () => {
  const PHRASE = 'correct horse battery staple, and then some';

  /** What an error tells to whoever logs all of it. */
  async function told(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.then(() => 'no error', (caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    const { message, stack, cause } = error as Error; // the cast: as was just expected
    return `${message} ${stack} ${String(cause)} ${JSON.stringify(error)}`;
  }

  // CWE-532: what is told ends in a log, and logs are read by more people than secrets are.
  test('hold nothing of it', async () => {
    const short = encodeBase64Url(encodeUtf8(PHRASE.slice(0, 31)));
    const whole = encodeBase64Url(encodeUtf8(PHRASE));
    const errors = [
      // The cast is the mistake.
      await told(importHmacSecret(PHRASE as unknown as Uint8Array, 'HS256')),
      await told(importHmacSecret(encodeUtf8(PHRASE.slice(0, 31)), 'HS256')),
      await told(importHmacSecret(encodeUtf8(PHRASE), 'ES256')),
      await told(importJwk({ kty: 'oct', alg: 'HS256', k: short })),
      await told(importJwk({ kty: 'oct', alg: 'HS256', k: `${whole}=` })),
      await told(importJwk({ kty: 'oct', alg: 'HS256', k: `${whole}\n` })),
      await told(importJwk({ kty: 'oct', alg: 'ES256', k: whole })),
      await told(importJwk({ kty: 'oct', alg: 'HS256', k: whole, key_ops: ['deriveBits'] })),
    ];
    for (const text of errors) {
      for (const part of [PHRASE.slice(0, 7), PHRASE.slice(8, 20), whole.slice(0, 12), whole.slice(-12)]) {
        expect(text).not.toContain(part);
      }
    }
  });
});

describe('importJwk() of a secret', () => {
  const JWK = { kty: 'oct', alg: 'HS256', k: encodeBase64Url(bytes(32)), kid: 'one' };

  test('imports a secret of the length of the hash', async () => {
    expect(await importJwk(JWK)).toMatchObject({ algorithm: 'HS256', type: 'secret', keyId: 'one' });
  });

  test.each([
    ['of 31 bytes', { ...JWK, k: encodeBase64Url(bytes(31)) }],
    ['of no bytes', { ...JWK, k: '' }],
    ['for a longer hash', { ...JWK, alg: 'HS512' }],
  ])('refuses a secret %s', async (_what, jwk) => {
    await expect(importJwk(jwk)).rejects.toThrow(RangeError);
  });

  test.each([
    ['without k', { kty: 'oct', alg: 'HS256' }],
    ['with a padded k', { ...JWK, k: `${JWK.k}=` }],
    ['for encryption', { ...JWK, use: 'enc' }],
    ['for deriving bits', { ...JWK, key_ops: ['deriveBits'] }],
    ['for an algorithm with a pair', { ...JWK, alg: 'ES256' }],
    ['that calls itself RSA', { ...JWK, kty: 'RSA' }],
  ])('refuses a secret %s', async (_what, jwk) => {
    await expect(importJwk(jwk)).rejects.toThrow(TypeError);
  });

  test('keeps to what key_ops allows', async () => {
    const verifier = await importJwk({ ...JWK, key_ops: ['verify'] });
    expect([...verifier.cryptoKey.usages]).toEqual(['verify']);
    expect(createKeySet({ keys: [verifier] }).find('HS256', 'one')).toEqual([verifier]);
    const signer = await importJwk({ ...JWK, key_ops: ['sign'] });
    expect(() => createKeySet({ keys: [signer] })).toThrow(TypeError);
  });
});
