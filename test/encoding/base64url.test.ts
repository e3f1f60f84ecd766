import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64Url, encodeBase64Url } from '../../src/encoding/base64url.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** RFC 4648 section 10 without padding, and the two letters that differ from base64. */
export const BASE64URL_VECTORS: readonly (readonly [bytes: readonly number[], text: string])[] = [
  [[], ''],
  [[0x66], 'Zg'],
  [[0x66, 0x6f], 'Zm8'],
  [[0x66, 0x6f, 0x6f], 'Zm9v'],
  [[0x66, 0x6f, 0x6f, 0x62], 'Zm9vYg'],
  [[0x66, 0x6f, 0x6f, 0x62, 0x61], 'Zm9vYmE'],
  [[0x66, 0x6f, 0x6f, 0x62, 0x61, 0x72], 'Zm9vYmFy'],
  [[0xff, 0xef], '_-8'],
  [[0xfb, 0xff, 0xbf], '-_-_'],
  [[0], 'AA'],
  [[0, 0, 0], 'AAAA'],
];

/** The encoding as a string of bits: slow and plain. */
function encodeByBits(bytes: readonly number[]): string {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const sextets = bits.match(/.{1,6}/g) ?? [];
  return sextets.map((sextet) => ALPHABET[parseInt(sextet.padEnd(6, '0'), 2)]).join('');
}

/** Canonical means: the one text that the encoder makes of some bytes. */
function decodeByBits(text: string): readonly number[] | undefined {
  if ([...text].some((letter) => !ALPHABET.includes(letter))) return undefined;
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(6, '0')).join('');
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2));
  return encodeByBits(bytes) === text ? bytes : undefined;
}

describe('encodeBase64Url', () => {
  it.each(BASE64URL_VECTORS)('encodeBase64Url() encodes %j as %j', (bytes, text) => {
    expect(encodeBase64Url(new Uint8Array(bytes))).toBe(text);
  });

  it('encodeBase64Url() agrees with an encoding by bits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => encodeBase64Url(bytes) === encodeByBits([...bytes])),
    );
  });

  it('encodeBase64Url() encodes the view, not the buffer under it', () => {
    expect(encodeBase64Url(new Uint8Array([9, 0x66, 0x6f, 9]).subarray(1, 3))).toBe('Zm8');
  });
});

describe('decodeBase64Url', () => {
  it.each(BASE64URL_VECTORS)('decodeBase64Url() decodes to %j the text %j', (bytes, text) => {
    expect(decodeBase64Url(text)).toStrictEqual(new Uint8Array(bytes));
  });

  it('decodeBase64Url() undoes encodeBase64Url()', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect([...decodeBase64Url(encodeBase64Url(bytes)) ?? []]).toStrictEqual([...bytes]);
      }),
    );
  });

  it('decodeBase64Url() takes exactly the texts that are the encoding of some bytes', () => {
    const letter = fc.constantFrom(...ALPHABET, '+', '/', '=', ' ', '\n', 'é');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: letter, maxLength: 9 }), fc.base64String({ maxLength: 12 })), (text) => {
        const bytes = decodeBase64Url(text);
        expect(bytes && [...bytes]).toStrictEqual(decodeByBits(text));
      }),
      { numRuns: 2000 },
    );
  });

  // Every last letter of a short tail: only one in 16 (two letters) or one in 4 (three letters) is canonical.
  it('decodeBase64Url() refuses every tail with bits that are not zero', () => {
    for (const letter of ALPHABET) {
      const sextet = ALPHABET.indexOf(letter);
      expect(decodeBase64Url(`A${letter}`) !== undefined).toBe((sextet & 15) === 0);
      expect(decodeBase64Url(`AA${letter}`) !== undefined).toBe((sextet & 3) === 0);
    }
  });

  it('decodeBase64Url() refuses every code unit outside of the alphabet, at every place', () => {
    for (let code = 0; code < 0x180; code++) {
      const letter = String.fromCharCode(code);
      if (ALPHABET.includes(letter)) continue;
      for (let place = 0; place < 7; place++) {
        const text = 'AAAAAAA'.slice(0, place) + letter + 'AAAAAAA'.slice(place + 1);
        expect(decodeBase64Url(text), `${code} at ${place}`).toBe(undefined);
      }
    }
  });

  // RFC 4648 section 3: one signature with many spellings passes every deny list that is keyed by text.
  it.each([
    ['padding', 'Zg=='],
    ['padding of two letters', 'Zm8='],
    ['padding alone', '='],
    ['one letter', 'A'],
    ['five letters', 'AAAAA'],
    ['base64 letters', '+/+/'],
    ['a space inside', 'Zm 9v'],
    ['a line feed at the end', 'Zm9v\n'],
    ['a line feed inside', 'Zm\n9v'],
    ['a leading space', ' Zm9'],
    ['a NUL', 'Zm9\0'],
    ['a full-width letter', 'Ｚm9v'],
    ['U+0141, whose low byte is an A', '\u0141AAA'],
    ['a lone surrogate', '\ud800AAA'],
    ['non-zero trailing bits', '_-9'],
  ])('decodeBase64Url() refuses %s', (_name, text) => {
    expect(decodeBase64Url(text)).toBe(undefined);
  });

  it('decodeBase64Url() takes linear time for a megabyte, good or bad', () => {
    const text = 'Zm9v'.repeat(262_144);
    expect(decodeBase64Url(text)?.length).toBe(786_432);
    expect(decodeBase64Url(`${text}=`)).toBe(undefined);
    expect(encodeBase64Url(new Uint8Array(786_432)).length).toBe(1_048_576);
  });
});
