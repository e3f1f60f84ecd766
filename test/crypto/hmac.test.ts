import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/crypto/digest.ts';
import { importHmacKey, signHmac, verifyHmac } from '../../src/crypto/hmac.ts';
import { decodeHex, encodeHex } from '../../src/encoding/hex.ts';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import { HMAC_SHA_256_VECTORS } from '../vectors/hmac-sha-256.ts';

const BLOCK_BYTES = 64;

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeHex(hex);
  if (bytes === undefined) throw new Error('The vector is not hexadecimal.');
  return bytes;
}

/** RFC 2104 section 2 pads a short key with zeros itself, so that the MAC stays the same and short vectors pass our minimum. */
function padKey(key: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.max(BLOCK_BYTES, key.length));
  padded.set(key);
  return padded;
}

/** RFC 2104 section 2, written out over SHA-256. */
async function hmacByHand(key: Uint8Array<ArrayBuffer>, message: Uint8Array): Promise<Uint8Array> {
  const block = padKey(key.length > BLOCK_BYTES ? await sha256(key) : key);
  const inner = await sha256(new Uint8Array([...block.map((byte) => byte ^ 0x36), ...message]));
  return await sha256(new Uint8Array([...block.map((byte) => byte ^ 0x5c), ...inner]));
}

const someBytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array<ArrayBuffer>> =>
  fc.uint8Array({ minLength, maxLength }).map((bytes) => new Uint8Array(bytes));

describe('importHmacKey', () => {
  it('importHmacKey() makes a key that cannot be exported', async () => {
    const key = await importHmacKey(new Uint8Array(32).fill(1));
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });

  // RFC 2104 section 3: shorter than the hash weakens it; an empty secret is one that everybody knows.
  it.each([0, 1, 31])('importHmacKey() rejects a secret of %i bytes with a RangeError', async (length) => {
    await expect(importHmacKey(new Uint8Array(length))).rejects.toThrow(RangeError);
  });

  // A public key's PEM or JWK text taken for an HMAC secret is how algorithms get confused.
  it.each([
    'a password of more than 32 characters',
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI',
    null,
    undefined,
    [1, 2],
  ])(
    'importHmacKey() rejects %j with a TypeError',
    async (secret) => {
      await expect(Reflect.apply(importHmacKey, undefined, [secret])).rejects.toThrow(TypeError);
    },
  );

  it('importHmacKey() copies the secret: changing it later changes nothing', async () => {
    const secret = new Uint8Array(32).fill(1);
    const key = await importHmacKey(secret);
    const before = await signHmac(key, encodeUtf8('m'));
    secret.fill(2);
    expect(await signHmac(key, encodeUtf8('m'))).toStrictEqual(before);
  });
});

describe('signHmac', () => {
  it.each(HMAC_SHA_256_VECTORS)('signHmac() computes RFC 4231 $name', async ({ key, message, mac }) => {
    const imported = await importHmacKey(padKey(bytesOf(key)));
    expect(encodeHex(await signHmac(imported, bytesOf(message)))).toBe(mac);
  });

  it('signHmac() agrees with RFC 2104 written out by hand', async () => {
    await fc.assert(
      fc.asyncProperty(someBytes(32, 100), someBytes(0, 100), async (secret, message) => {
        const mac = await signHmac(await importHmacKey(secret), message);
        expect([...mac]).toStrictEqual([...await hmacByHand(secret, message)]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('verifyHmac', () => {
  it('verifyHmac() resolves for the signature of the message', async () => {
    const key = await importHmacKey(new Uint8Array(32).fill(1));
    const message = encodeUtf8('hello');
    await expect(verifyHmac(key, await signHmac(key, message), message)).resolves.toBe(undefined);
  });

  it('verifyHmac() refuses a signature under another key', async () => {
    const message = encodeUtf8('hello');
    const signature = await signHmac(await importHmacKey(new Uint8Array(32).fill(1)), message);
    const other = await importHmacKey(new Uint8Array(32).fill(2));
    await expect(verifyHmac(other, signature, message)).rejects.toMatchObject({
      code: 'signature_invalid',
      status: 401,
    });
  });

  it('verifyHmac() refuses another message', async () => {
    const key = await importHmacKey(new Uint8Array(32).fill(1));
    const signature = await signHmac(key, encodeUtf8('hello'));
    await expect(verifyHmac(key, signature, encodeUtf8('hellO'))).rejects.toMatchObject({ code: 'signature_invalid' });
  });

  it('verifyHmac() refuses a signature with any one bit turned over', async () => {
    const key = await importHmacKey(new Uint8Array(32).fill(1));
    const message = encodeUtf8('hello');
    const signature = await signHmac(key, message);
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const forged = new Uint8Array(signature);
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(verifyHmac(key, forged, message)).rejects.toMatchObject({ code: 'signature_invalid' });
    }
  });

  // Truncated MACs, down to none at all, and padded ones.
  it.each([0, 1, 16, 31, 33, 64])('verifyHmac() refuses a signature of %i bytes', async (length) => {
    const key = await importHmacKey(new Uint8Array(32).fill(1));
    const message = encodeUtf8('hello');
    const forged = new Uint8Array(length);
    forged.set((await signHmac(key, message)).subarray(0, length));
    await expect(verifyHmac(key, forged, message)).rejects.toMatchObject({ code: 'signature_invalid' });
  });
});
