import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeJsString, serializeJsonForScript } from '../../src/html/index.ts';
import { HOSTILE_TEXTS } from '../vectors/hostile-texts.ts';

/** What JavaScript reads, for the two escapes that are written; a third would not match. */
function readLiteral(literal: string): string {
  expect(literal).toMatch(/^"(?:[A-Za-z0-9]|\\x[0-9a-f]{2}|\\u[0-9a-f]{4})*"$/);
  return literal.slice(1, -1).replace(
    /\\x([0-9a-f]{2})|\\u([0-9a-f]{4})/g,
    (_, two?: string, four?: string) => String.fromCharCode(Number.parseInt(two ?? four ?? '', 16)),
  );
}

describe('escapeJsString()', () => {
  test.each(HOSTILE_TEXTS)('escapeJsString() is read as the text: %j', (text) => {
    expect(readLiteral(escapeJsString(text))).toBe(text);
  });

  test('escapeJsString() is read as any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(readLiteral(escapeJsString(text))).toBe(text);
    }));
  });

  // OWASP XSS prevention: all but letters and digits, below 256 with two digits.
  test('escapeJsString() writes hexadecimal escapes and the quotes', () => {
    expect(escapeJsString('a"\'</é\u2028🎉')).toBe('"a\\x22\\x27\\x3c\\x2f\\xe9\\u2028\\ud83c\\udf89"');
  });

  // What is slow in its length stops a server.
  test('escapeJsString() takes a megabyte', () => {
    expect(escapeJsString('<'.repeat(1_000_000))).toHaveLength(4_000_002);
  });
});

describe('serializeJsonForScript()', () => {
  // WHATWG HTML section 4.12.1.3: what ends a script element, opens a comment in it, or ends a line of an older JavaScript.
  test.each(['</script', '<!--', '<script', '\u2028', '\u2029', ']]>', '&lt;', '</ScRiPt>'])(
    'serializeJsonForScript() hides %j in keys and values',
    (text) => {
      const value = { [text]: [text], nested: { [text]: text } };
      const json = serializeJsonForScript(value);
      expect(json).not.toMatch(/[<>&\u2028\u2029]/);
      expect(JSON.parse(json)).toEqual(value);
    },
  );

  test('serializeJsonForScript() is read as an equal value', () => {
    fc.assert(fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      fc.pre(!JSON.stringify(value).includes('"__proto__":'));
      const json = serializeJsonForScript(value);
      expect(json).not.toMatch(/[<>&\u2028\u2029]/);
      // JSON has one zero.
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
    }));
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  test.each([
    ['undefined', undefined],
    ['undefined in an object', { a: undefined }],
    ['undefined in a list', [undefined]],
    ['a hole', Object.assign([], { length: 1 })],
    ['a function', () => 1],
    ['a function in an object', { a: () => 1 }],
    ['a symbol', Symbol('a')],
    ['a bigint', 1n],
    ['NaN', NaN],
    ['an infinity', [-Infinity]],
    ['a Map', new Map([['a', 1]])],
    ['a Set', { a: new Set([1]) }],
    ['bytes', new Uint8Array(2)],
    ['a regular expression', /a/],
    ['an error', new Error('secret')],
    ['a promise', Promise.resolve(1)],
    ['a Request', new Request('https://a.test/')],
    ['a cycle', cycle],
    ['a toJSON that throws', {
      toJSON: () => {
        throw new Error('secret');
      },
    }],
    ['a toJSON that says nothing', { toJSON: () => undefined }],
    // As JavaScript it would set the prototype; as JSON it would be a key.
    ['the key __proto__', JSON.parse('{"a":{"__proto__":{"isAdmin":true}}}')],
  ])('serializeJsonForScript() refuses %s', (_title, value) => {
    expect(() => serializeJsonForScript(value)).toThrow(
      new TypeError('Cannot serialize JSON: the value holds a cycle or what JSON cannot say.'),
    );
  });

  // The platform's message about a cycle quotes the keys.
  test('serializeJsonForScript() says nothing of the value', () => {
    const value: Record<string, unknown> = {};
    value['secret'] = value;
    try {
      serializeJsonForScript(value);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error) + String((error as Error).cause)).not.toContain('secret');
    }
  });

  test('serializeJsonForScript() asks toJSON, and takes objects without a prototype', () => {
    expect(serializeJsonForScript(new Date(0))).toBe('"1970-01-01T00:00:00.000Z"');
    expect(serializeJsonForScript(Object.assign(Object.create(null), { a: null }))).toBe('{"a":null}');
  });
});
