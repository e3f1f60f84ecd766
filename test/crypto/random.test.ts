import { describe, expect, it } from 'vitest';
import { randomBytes, randomToken } from '../../src/crypto/random.ts';
import { decodeBase64Url } from '../../src/encoding/base64url.ts';

describe('randomBytes', () => {
  it.each([1, 32, 65_536])('randomBytes() returns %i bytes', (length) => {
    expect(randomBytes(length).length).toBe(length);
  });

  it('randomBytes() fills every byte: none stays zero in many draws', () => {
    const seen = new Uint8Array(32);
    for (let draw = 0; draw < 100; draw++) {
      randomBytes(32).forEach((byte, index) => seen[index] = (seen[index] ?? 0) | byte);
    }
    expect([...seen].every((byte) => byte !== 0)).toBe(true);
  });

  it('randomBytes() never returns the same bytes twice', () => {
    const drawn = new Set(Array.from({ length: 1000 }, () => randomBytes(16).join()));
    expect(drawn.size).toBe(1000);
  });

  // No bytes are a key that everybody knows.
  it.each([0, -1, 1.5, NaN, Infinity, 65_537, 2 ** 32, '32', undefined, null])(
    'randomBytes() throws a RangeError for a length of %j',
    (length) => {
      expect(() => Reflect.apply(randomBytes, undefined, [length])).toThrow(RangeError);
    },
  );
});

describe('randomToken', () => {
  it('randomToken() returns 43 characters, which are canonical base64url of 32 bytes', () => {
    const token = randomToken();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(decodeBase64Url(token)?.length).toBe(32);
  });

  it('randomToken() never returns the same token twice', () => {
    expect(new Set(Array.from({ length: 1000 }, () => randomToken(16))).size).toBe(1000);
  });

  // Below 128 bits a token can be guessed.
  it.each([0, 8, 15, 16.5, NaN, 65_537, '32', null])('randomToken() throws a RangeError for %j bytes', (bytes) => {
    expect(() => Reflect.apply(randomToken, undefined, [bytes])).toThrow(RangeError);
  });
});
