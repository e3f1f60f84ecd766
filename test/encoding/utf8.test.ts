import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUtf8Encoder, decodeUtf8, encodeUtf8 } from '../../src/encoding/utf8.ts';

describe('encodeUtf8', () => {
  it('encodeUtf8() encodes one to four bytes a character', () => {
    expect([...encodeUtf8('aé€😀')]).toStrictEqual([0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80]);
  });

  it('encodeUtf8() puts U+FFFD for a lone surrogate', () => {
    expect([...encodeUtf8('\ud800')]).toStrictEqual([0xef, 0xbf, 0xbd]);
  });
});

describe('createUtf8Encoder', () => {
  it('createUtf8Encoder() encodes as encodeUtf8() does, and changes nothing that it has returned', () => {
    const texts = fc.array(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('€'.repeat(2730), '€'.repeat(2731), 'a'.repeat(2000))),
      { maxLength: 60, size: 'max' },
    );
    fc.assert(
      fc.property(texts, (list) => {
        const encode = createUtf8Encoder();
        const encoded = list.map(encode);
        expect(encoded.map((bytes) => [...bytes])).toEqual(list.map((text) => [...encodeUtf8(text)]));
      }),
      { numRuns: 20 },
    );
  });

  it('createUtf8Encoder() shares no memory between encoders', () => {
    const [one, two] = [createUtf8Encoder()('a'), createUtf8Encoder()('b')];
    expect(one.buffer).not.toBe(two.buffer);
  });
});

describe('decodeUtf8', () => {
  it('decodeUtf8() undoes encodeUtf8() for well-formed text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => decodeUtf8(encodeUtf8(text)) === text));
  });

  // A mark that is dropped in silence makes two byte strings one text.
  it('decodeUtf8() keeps a byte order mark', () => {
    expect(decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).toBe('\ufeff{}');
  });

  // RFC 3629 sections 3 and 10: overlong forms, surrogates and what is beyond U+10FFFF are how filters are passed.
  it.each([
    ['a byte that is never valid', [0xff]],
    ['a lone continuation', [0x80]],
    ['a truncated character', [0xe2, 0x82]],
    ['a truncated character before a letter', [0xe2, 0x82, 0x61]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['an overlong slash in three bytes', [0xe0, 0x80, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['a surrogate pair in six bytes', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ['a code point beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
  ])('decodeUtf8() refuses %s', (_name, bytes) => {
    expect(decodeUtf8(new Uint8Array(bytes))).toBe(undefined);
  });

  // One decoder serves every request: what one left behind must not reach the next.
  it('decodeUtf8() starts afresh after a refusal', () => {
    expect(decodeUtf8(new Uint8Array([0xe2, 0x82]))).toBe(undefined);
    expect(decodeUtf8(new Uint8Array([0xac]))).toBe(undefined);
    expect(decodeUtf8(new Uint8Array([0x61]))).toBe('a');
  });

  it('decodeUtf8() decodes the view, not the buffer under it', () => {
    expect(decodeUtf8(new Uint8Array([0xff, 0x61, 0xff]).subarray(1, 2))).toBe('a');
  });
});
