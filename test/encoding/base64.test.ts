import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../src/encoding/base64.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648 section 10, and the two letters that differ from base64url. */
export const BASE64_VECTORS: readonly (readonly [bytes: readonly number[], text: string])[] = [
  [[], ''],
  [[0x66], 'Zg=='],
  [[0x66, 0x6f], 'Zm8='],
  [[0x66, 0x6f, 0x6f], 'Zm9v'],
  [[0x66, 0x6f, 0x6f, 0x62], 'Zm9vYg=='],
  [[0x66, 0x6f, 0x6f, 0x62, 0x61], 'Zm9vYmE='],
  [[0x66, 0x6f, 0x6f, 0x62, 0x61, 0x72], 'Zm9vYmFy'],
  [[0xff, 0xef], '/+8='],
  [[0xfb, 0xff, 0xbf], '+/+/'],
  [[0], 'AA=='],
];

function encode(bytes: Iterable<number>): string {
  return btoa(String.fromCharCode(...bytes));
}

/** Canonical means: the one text that the platform's encoder makes of some bytes. */
function decodeByPlatform(text: string): readonly number[] | undefined {
  try {
    const bytes = [...atob(text)].map((letter) => letter.charCodeAt(0));
    return encode(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

describe('decodeBase64', () => {
  it.each(BASE64_VECTORS)('decodeBase64() decodes to %j the text %j', (bytes, text) => {
    expect(decodeBase64(text)).toStrictEqual(new Uint8Array(bytes));
  });

  it('decodeBase64() undoes btoa()', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect([...decodeBase64(encode(bytes)) ?? []]).toStrictEqual([...bytes]);
      }),
    );
  });

  it('decodeBase64() takes exactly the texts that are the encoding of some bytes', () => {
    const letter = fc.constantFrom(...ALPHABET, '=', '=', '=', '-', '_', ' ', '\n', 'é');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: letter, maxLength: 8 }), fc.base64String({ maxLength: 12 })), (text) => {
        const bytes = decodeBase64(text);
        expect(bytes && [...bytes]).toStrictEqual(decodeByPlatform(text));
      }),
      { numRuns: 2000 },
    );
  });

  // Every last letter before the padding: only one in 16 or one in 4 is canonical.
  it('decodeBase64() refuses every tail with bits that are not zero', () => {
    for (const letter of ALPHABET) {
      const sextet = ALPHABET.indexOf(letter);
      expect(decodeBase64(`A${letter}==`) !== undefined).toBe((sextet & 15) === 0);
      expect(decodeBase64(`AA${letter}=`) !== undefined).toBe((sextet & 3) === 0);
    }
  });

  // RFC 4648 section 3: what one decoder skips, another stops at.
  it.each([
    ['missing padding', 'Zg'],
    ['half of the padding', 'Zg='],
    ['padding of one too many', 'Zm8=='],
    ['padding of a whole text', 'Zm9v===='],
    ['three paddings', 'Z==='],
    ['padding alone', '===='],
    ['padding in the middle', 'Zg==Zg=='],
    ['padding in front', '=Zm8'],
    ['base64url letters', '-_-_'],
    ['one base64url letter', 'Zm9-'],
    ['a space inside', 'Zm 9'],
    ['a line feed inside', 'Zm9v\nZm9'],
    ['a line feed at the end', 'Zm9v\n'],
    ['a line feed that makes the length right', 'Zm8\n'],
    ['a NUL', 'Zm9\0'],
    ['U+0141, whose low byte is an A', '\u0141AAA'],
    ['a lone surrogate', '\ud800AAA'],
  ])('decodeBase64() refuses %s', (_name, text) => {
    expect(decodeBase64(text)).toBe(undefined);
  });

  it('decodeBase64() takes a megabyte, and refuses it with one wrong letter', () => {
    const text = 'Zm9v'.repeat(262_144);
    expect(decodeBase64(text)?.length).toBe(786_432);
    expect(decodeBase64(`${text}Zg=Z`)).toBe(undefined);
  });
});
