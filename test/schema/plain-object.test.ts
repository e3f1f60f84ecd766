import { describe, expect, test } from 'vitest';
import { isPlainObject, isPrototypePolluted, putKey } from '../../src/schema/plain-object.ts';
import { NOT_PLAIN } from './findings.ts';
import { polluting, withPollution } from './pollution.ts';

describe('isPlainObject()', () => {
  test('isPlainObject() tells literals, and objects without a prototype', () => {
    expect([{}, { a: 1 }, Object.create(null), JSON.parse('{"__proto__":1}')].map(isPlainObject)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  // Hostile list 10.
  test.each(NOT_PLAIN)('isPlainObject() does not take %s for one', (_name, value) => {
    expect(isPlainObject(value)).toBe(false);
  });
});

describe('isPrototypePolluted()', () => {
  test('isPrototypePolluted() tells what for-in would show', () => {
    expect(isPrototypePolluted()).toBe(false);
    expect(withPollution('isAdmin', polluting(true), isPrototypePolluted)).toBe(true);
  });
});

describe('putKey()', () => {
  test.each(['a', 'toString', 'constructor', '__proto__'])('putKey() puts %s in as an ordinary own key', (key) => {
    const target: Record<string, unknown> = {};
    putKey(target, key, 1);
    expect(Object.getOwnPropertyDescriptor(target, key)).toEqual({
      value: 1,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
  });
});
