import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { endOfString, readValidJson } from '../../src/encoding/json-reader.ts';

describe('readValidJson', () => {
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, 'polluted');
  });

  it('readValidJson() undoes JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom('', ' ', '\t', '\n '), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(JSON.stringify(readValidJson(text), null, space)).toBe(text);
      }),
    );
  });

  it.each([
    '0',
    '-0',
    '-1.5e+3',
    '1E400',
    '"a"',
    '""',
    '"\\ud83d\\ude00"',
    '"\\\\\\""',
    'true',
    'false',
    'null',
    ' [ ] ',
    '{}',
    '\n{\t"a" :\r[ 1 , -2 ] }\n',
  ])(
    'readValidJson() reads %j as JSON.parse does',
    (text) => {
      expect(readValidJson(text)).toStrictEqual(JSON.parse(text));
    },
  );

  it('readValidJson() holds the last of two members of one name, and an own __proto__', () => {
    expect(readValidJson('{"a":1,"\\u0061":2}')).toStrictEqual({ a: 2 });
    expect(Object.keys(Object(readValidJson('{"__proto__":{"isAdmin":true}}')))).toStrictEqual(['__proto__']);
    expect(Reflect.get({}, 'isAdmin')).toBe(undefined);
  });

  // An inherited setter must not see, and an inherited constant not stop, what a client sends.
  it('readValidJson() defines members past a polluted prototype', () => {
    Object.defineProperty(Object.prototype, 'polluted', {
      configurable: true,
      set: () => {
        throw new Error('set');
      },
    });
    expect(Object.hasOwn(Object(readValidJson('{"polluted":1}')), 'polluted')).toBe(true);
  });

  it('readValidJson() overflows no stack at any depth', () => {
    expect(Array.isArray(readValidJson('['.repeat(200_000) + ']'.repeat(200_000)))).toBe(true);
  });
});

describe('endOfString', () => {
  it.each([['""', 0, 1], ['"a"', 0, 2], ['x"a\\"b"', 1, 6], ['"\\\\"', 0, 3]])(
    'endOfString() of %j from %i is %i',
    (text, start, end) => {
      expect(endOfString(text, start)).toBe(end);
    },
  );

  it.each(['"', '"a', '"a\\', '"\\"'])('endOfString() of the open %j is beyond the text', (text) => {
    expect(endOfString(text, 0)).toBeGreaterThanOrEqual(text.length);
  });
});
