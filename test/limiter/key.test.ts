import { describe, expect, test } from 'vitest';
import { clientKey, principalKey } from '../../src/limiter/key.ts';

describe('clientKey()', () => {
  test.each([
    ['192.0.2.1', '::ffff:192.0.2.1'],
    ['192.0.2.1', '::FFFF:C000:0201'],
    ['2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff'],
    [undefined, 'no address'],
    [undefined, ''],
  ])('gives %s and %s one budget', (one, other) => {
    expect(clientKey(one)).toBe(clientKey(other));
  });

  test.each([
    ['192.0.2.1', '192.0.2.2'],
    ['2001:db8:0:1::1', '2001:db8:0:2::1'],
    ['192.0.2.1', undefined],
    ['::', '0.0.0.0'],
  ])('gives %s and %s a budget each', (one, other) => {
    expect(clientKey(one)).not.toBe(clientKey(other));
  });
});

describe('principalKey()', () => {
  test('keeps the same id of two issuers apart', () => {
    expect(principalKey('1', 'https://a.test')).not.toBe(principalKey('1', 'https://b.test'));
  });

  // An id may be any text: no split of issuer and id may meet another.
  test('keeps every split of one text apart', () => {
    expect(principalKey('bc', 'a')).not.toBe(principalKey('c', 'ab'));
    expect(principalKey('3:abc')).not.toBe(principalKey('', '3:abc'));
  });

  test('never equals a client key, even for an id that is an address', () => {
    expect(principalKey('192.0.2.1')).not.toBe(clientKey('192.0.2.1'));
  });
});
