import { describe, expect, it } from 'vitest';
import { isQuotableAscii } from '../../src/encoding/ascii.ts';

describe('isQuotableAscii()', () => {
  it('takes every printable ASCII character but the quote and the backslash, and nothing else', () => {
    for (let code = 0; code < 0x300; code++) {
      const expected = code >= 0x20 && code <= 0x7e && code !== 0x22 && code !== 0x5c;
      expect(isQuotableAscii(`a${String.fromCharCode(code)}b`), String(code)).toBe(expected);
    }
  });

  // In some dialects "$" matches before a last newline, and the header would break there.
  it.each(['a\n', '\na', 'a\r\nb', '\u2028', '\ud800'])('refuses %j', (text) => {
    expect(isQuotableAscii(text)).toBe(false);
  });

  it('takes the empty text', () => {
    expect(isQuotableAscii('')).toBe(true);
  });
});
