import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64Url, encodeBase64Url } from '../../src/encoding/base64url.ts';
import { base64url } from '../../src/schema/base64url.ts';
import { parse } from '../../src/schema/parse.ts';
import { BASE64URLS, NOT_BASE64URLS } from '../vectors/format-base64url.ts';
import { testFormat } from './format-laws.ts';

testFormat({
  name: 'base64url',
  schema: base64url(),
  max: 10_000,
  good: BASE64URLS,
  bad: NOT_BASE64URLS,
  valid: fc.uint8Array({ maxLength: 40 }).map(encodeBase64Url),
  // One rule in both rooms.
  oracle: (text) => decodeBase64Url(text) !== undefined,
});

describe('base64url({ minBytes, maxBytes })', () => {
  test('base64url() counts the bytes that the text stands for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.nat(6), fc.nat(6), (bytes, minBytes, more) => {
        const schema = base64url({ minBytes, maxBytes: minBytes + more });
        const expected = bytes.length >= minBytes && bytes.length <= minBytes + more;
        expect(parse(schema, encodeBase64Url(bytes)).ok).toBe(expected);
      }),
    );
  });

  test('base64url() agrees with the decoder about every text of at most three letters', () => {
    const schema = base64url();
    const letters = ['', ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \n'];
    const wrong: string[] = [];
    for (const a of letters) {
      for (const b of letters) {
        for (const text of [`${a}${b}`, `A${a}${b}`, `A${a}AA${b}`]) {
          if (parse(schema, text).ok !== (decodeBase64Url(text) !== undefined)) wrong.push(text);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('base64url() takes 7,500 bytes by default, and not one more', () => {
    expect(parse(base64url(), encodeBase64Url(new Uint8Array(7500))).ok).toBe(true);
    expect(parse(base64url(), encodeBase64Url(new Uint8Array(7501)))).toMatchObject({ issues: [{ code: 'too_long' }] });
  });

  test('base64url() says in characters which bound was crossed, and before the letters are looked at', () => {
    const schema = base64url({ minBytes: 32, maxBytes: 32 });
    expect(schema['~kind']).toEqual({ type: 'string', min: 43, max: 43, format: 'base64url' });
    expect(parse(schema, '\ud800')).toMatchObject({ issues: [{ code: 'too_short', params: { min: 43 } }] });
    expect(parse(schema, '\ud800'.repeat(44))).toMatchObject({ issues: [{ code: 'too_long', params: { max: 43 } }] });
  });

  test.each([
    '{"minBytes":-1}',
    '{"minBytes":0.5}',
    '{"minBytes":"1"}',
    '{"minBytes":null}',
    '{"maxBytes":1e400}',
    '{"minBytes":3,"maxBytes":2}',
    '{"minBytes":7501}',
  ])('base64url() throws on the bounds %s', (json) => {
    expect(() => base64url(JSON.parse(json))).toThrow(RangeError);
  });

  test.each(['{"max":3}', '{"maxbytes":3}', '[]', 'null'])('base64url() throws on the options %s', (json) => {
    expect(() => base64url(JSON.parse(json))).toThrow(TypeError);
  });

  // Hostile list 5.
  test('base64url() takes bounds from its own options alone', () => {
    Reflect.set(Object.prototype, 'maxBytes', 1_000_000);
    try {
      expect(base64url({})['~kind']).toMatchObject({ max: 10_000 });
    } finally {
      Reflect.deleteProperty(Object.prototype, 'maxBytes');
    }
  });

  // A loop over a group would overflow the stack of the engine here.
  test('base64url() reads ten million letters where it is told to', () => {
    const schema = base64url({ maxBytes: 10_000_000 });
    expect(parse(schema, 'A'.repeat(10_000_000)).ok).toBe(true);
    expect(parse(schema, `${'A'.repeat(10_000_000)}\n`).ok).toBe(false);
  });
});
