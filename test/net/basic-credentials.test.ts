import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBasicCredentials } from '../../src/net/basic-credentials.ts';

function encode(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

describe('parseBasicCredentials', () => {
  it.each([
    // RFC 7617 sections 2 and 2.1, its examples.
    ['QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'Aladdin', 'open sesame'],
    ['dGVzdDoxMjPCow==', 'test', '123\u00a3'],
    [encode('a:b:c'), 'a', 'b:c'],
    [encode(':'), '', ''],
    [encode('a:'), 'a', ''],
    [encode(':b'), '', 'b'],
    [encode('\ufeffa:b'), '\ufeffa', 'b'],
  ])('parseBasicCredentials() reads %s', (token, userId, password) => {
    expect(parseBasicCredentials(token)).toStrictEqual({ userId, password });
  });

  it.each([
    ['nothing', ''],
    ['no colon', encode('a')],
    ['base64 without its padding', encode('a:bc').replaceAll('=', '')],
    ['base64url', encode('\u00ff\u00ff:?>?').replaceAll('+', '-').replaceAll('/', '_')],
    ['trailing bits', 'YTpiYR=='],
    ['white space', 'YTpi YTpi'],
    ['a line end in the name', encode('a\nb:c')],
    ['a NUL in the password', encode('a:b\0')],
    ['a DEL', encode('a:\u007f')],
    ['a control of Latin-1', encode('a\u0085:b')],
    ['a byte that is no UTF-8', btoa('a:\u00a3')],
    ['half a character', btoa('a:\u00c2')],
    ['no text in base64', 'a:b'],
    ['more than 8,192 characters', encode(`a:${'b'.repeat(6146)}`)],
  ])('parseBasicCredentials() refuses %s', (_what, token) => {
    expect(parseBasicCredentials(token)).toBe(undefined);
  });

  it('parseBasicCredentials() reads 8,192 characters', () => {
    const token = encode(`a:${'b'.repeat(6142)}`);
    expect(token.length).toBe(8192);
    expect(parseBasicCredentials(token)?.password.length).toBe(6142);
  });

  it('parseBasicCredentials() undoes what RFC 7617 does', () => {
    const visible = fc.string({ unit: 'grapheme', maxLength: 10 }).filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text));
    fc.assert(
      fc.property(visible.filter((text) => !text.includes(':')), visible, (userId, password) => {
        expect(parseBasicCredentials(encode(`${userId}:${password}`))).toStrictEqual({ userId, password });
      }),
    );
  });
});
