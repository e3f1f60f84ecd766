import { describe, expect, test } from 'vitest';
import { hasEscapedUnreserved } from '../../src/core/request-target.ts';

const BYTES = Array.from({ length: 256 }, (_, byte) => byte);

describe('hasEscapedUnreserved()', () => {
  // RFC 3986 section 2.3.
  test('finds the escape of each unreserved character, in upper and lower case, and of no other byte', () => {
    for (const byte of BYTES) {
      const isUnreserved = byte < 128 && /[A-Za-z0-9._~-]/.test(String.fromCharCode(byte));
      const digits = byte.toString(16).padStart(2, '0');
      for (const escape of [`%${digits}`, `%${digits.toUpperCase()}`]) {
        expect([escape, hasEscapedUnreserved(`/a${escape}b`)]).toEqual([escape, isUnreserved]);
      }
    }
  });

  test.each([
    ['/%61dmin', true],
    ['http://a.test/%61dmin', true],
    ['/a%20b/%63', true],
    ['/%2561dmin', false],
    ['/a?b=%61', false],
    ['/a#%61', false],
    ['http://a.test?%61', false],
    ['/%', false],
    ['/%6', false],
    ['', false],
  ])('of %s is %s', (target, found) => {
    expect(hasEscapedUnreserved(target)).toBe(found);
  });
});
