import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientKey, joinKeys, principalKey, routeKey } from '../../src/limiter/key.ts';

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

describe('routeKey()', () => {
  test('keeps methods and patterns apart, wherever one ends', () => {
    const keys = [routeKey('GET', '/a'), routeKey('POST', '/a'), routeKey('GET', '/b'), routeKey('GE', 'T/a')];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('equals no key of a client or a principal', () => {
    expect(new Set([routeKey('', ''), clientKey(''), principalKey('')]).size).toBe(3);
  });
});

describe('joinKeys()', () => {
  // A separator that a key may hold would give two subjects one budget.
  test('gives no two lists one key, whatever they hold', () => {
    const text = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('1:', ':1', '0:', '1:a', '__proto__'));
    const list = fc.tuple(text, fc.array(text, { maxLength: 3 })).map(([first, rest]) => [first, ...rest] as const);
    fc.assert(fc.property(list, list, (one, other) => {
      expect(joinKeys(...one) === joinKeys(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }));
  });

  test('equals none of the keys that it joins', () => {
    for (const key of ['', clientKey('192.0.2.1'), principalKey('1'), joinKeys('a')]) {
      expect(joinKeys(key)).not.toBe(key);
    }
  });

  test('throws for no keys, and for what is no string', () => {
    expect(() => Reflect.apply(joinKeys, undefined, [])).toThrow(TypeError);
    expect(() => Reflect.apply(joinKeys, undefined, ['a', undefined])).toThrow(TypeError);
  });
});
