import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isToken, parseMediaType, trimHttpSpace } from '../../src/net/media-type.ts';
import { MEDIA_TYPE_VECTORS } from '../vectors/media-types.ts';

const TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

const token = fc.string({ unit: fc.constantFrom(...TOKEN), minLength: 1, maxLength: 8 });
const quotable = fc.string({ unit: fc.constantFrom(...'\t ~!"\\;=,/azAZ09\u0080\u00ff'), maxLength: 8 });

describe('parseMediaType', () => {
  it.each(MEDIA_TYPE_VECTORS)('parseMediaType() reads $text', ({ text, essence, parameters = [] }) => {
    const type = parseMediaType(text);
    expect(type?.essence).toBe(essence);
    if (essence !== undefined) expect([...type?.parameters ?? []]).toStrictEqual(parameters);
  });

  it('parseMediaType() undoes writing type, subtype and quoted parameters', () => {
    const names = fc.uniqueArray(fc.tuple(token, quotable), { selector: ([name]) => name.toLowerCase(), maxLength: 4 });
    fc.assert(
      fc.property(token, token, names, (type, subtype, parameters) => {
        const written = parameters.map(([name, value]) => `; ${name}="${value.replace(/["\\]/g, '\\$&')}"`);
        const parsed = parseMediaType(`${type}/${subtype}${written.join('')}`);
        expect(parsed?.essence).toBe(`${type}/${subtype}`.toLowerCase());
        expect([...parsed?.parameters ?? []]).toStrictEqual(
          parameters.map(([name, value]) => [name.toLowerCase(), value]),
        );
      }),
    );
  });

  it('parseMediaType() never throws, and names nothing that is no token', () => {
    const text = fc.string({ unit: fc.constantFrom(...'a/;="\\ \t,\u00a0\u0100'), maxLength: 16 });
    fc.assert(
      fc.property(text, (input) => {
        const type = parseMediaType(input);
        if (type === undefined) return;
        expect(type.essence.split('/').every(isToken)).toBe(true);
        expect([...type.parameters.keys()].every(isToken)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('parseMediaType() refuses more than 1,024 characters, whatever they are', () => {
    const text = 'application/json;x=';
    expect(parseMediaType(text.padEnd(1024, 'y'))?.essence).toBe('application/json');
    expect(parseMediaType(text.padEnd(1025, 'y'))).toBe(undefined);
    expect(parseMediaType(`application/json${' '.repeat(1_000_000)}`)).toBe(undefined);
  });

  // An attacker's parameter names meet a Map, not an object.
  it('parseMediaType() takes __proto__ and constructor for names like any other', () => {
    const parameters = parseMediaType('a/b;__proto__=x;constructor=y')?.parameters;
    expect([...parameters ?? []]).toStrictEqual([['__proto__', 'x'], ['constructor', 'y']]);
    expect(parseMediaType('a/b')?.parameters.get('charset')).toBe(undefined);
  });
});

describe('isToken', () => {
  it('isToken() takes exactly the characters of RFC 9110 section 5.6.2', () => {
    for (let code = 0; code < 0x300; code++) {
      const letter = String.fromCharCode(code);
      expect(isToken(letter), String(code)).toBe(TOKEN.includes(letter));
      expect(isToken(`a${letter}a`), String(code)).toBe(TOKEN.includes(letter));
    }
  });

  it('isToken() refuses an empty text', () => {
    expect(isToken('')).toBe(false);
  });
});

describe('trimHttpSpace', () => {
  it('trimHttpSpace() strips tab, line ends and space, and nothing that String.trim strips besides', () => {
    expect(trimHttpSpace(' \t\r\n a b \n')).toBe('a b');
    expect(trimHttpSpace(' \t')).toBe('');
    for (const letter of ['\u00a0', '\u000b', '\u000c', '\ufeff', '\u2028']) {
      expect(trimHttpSpace(`${letter}a${letter}`)).toBe(`${letter}a${letter}`);
    }
  });
});
