import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIp } from '../../src/net/ip.ts';
import { check } from '../../src/schema/check.ts';
import { parse } from '../../src/schema/parse.ts';
import { url } from '../../src/schema/url.ts';
import { NOT_URLS, URLS } from '../vectors/format-url.ts';
import { HOSTNAMES, mutated, testFormat } from './format-laws.ts';
import { isHostName, readDigits } from './format-oracles.ts';

const UNRESERVED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';
const PCHAR = `${UNRESERVED}!$&'()*+,;=:@`;

const text = (letters: string): fc.Arbitrary<string> =>
  fc.array(fc.oneof(fc.constantFrom(...letters), fc.constantFrom('%20', '%C3%a9', '%00')), { maxLength: 12 })
    .map((parts) => parts.join(''));
const host = fc.oneof(HOSTNAMES, fc.ipV4(), fc.ipV6().map((address) => `[${address}]`));
const port = fc.oneof(fc.constant(''), fc.integer({ min: 1, max: 65_535 }).map((value) => `:${value}`));
const behind = (start: string, letters: string): fc.Arbitrary<string> =>
  fc.oneof(fc.constant(''), text(letters).map((rest) => start + rest));
const valid = fc.tuple(
  fc.constantFrom('http://', 'https://'),
  host,
  port,
  behind('/', `${PCHAR}/`),
  behind('?', `${PCHAR}/?`),
  behind('#', `${PCHAR}/?`),
).map((parts) => parts.join(''))
  // Bun 1.4 does not read `::` before several groups and dotted decimal.
  .filter((one) => URL.canParse(one));

/** RFC 3986 section 3, split at its delimiters, and no more than what the runtime can read. */
function isUrl(whole: string): boolean {
  const rest = ['http://', 'https://'].map((start) => whole.startsWith(start) ? whole.slice(start.length) : undefined)
    .find((one) => one !== undefined);
  if (rest === undefined) return false;
  const end = [...rest].findIndex((letter) => '/?#'.includes(letter));
  const authority = end < 0 ? rest : rest.slice(0, end);
  const [path = '', fragment = '', ...more] = end < 0 ? [] : rest.slice(end).split('#');
  if (more.length > 0 || !isEscaped(path) || !isEscaped(fragment)) return false;
  const colon = authority.indexOf(':', authority.startsWith('[') ? Math.max(authority.indexOf(']'), 0) : 0);
  const name = colon < 0 ? authority : authority.slice(0, colon);
  if (colon >= 0 && !isPort(authority.slice(colon + 1))) return false;
  if (!URL.canParse(whole)) return false;
  if (name.startsWith('[')) return name.endsWith(']') && name.includes(':') && parseIp(name.slice(1, -1)) !== undefined;
  return isHostName(name) || parseIp(name) !== undefined;
}

function isEscaped(part: string): boolean {
  const [first = '', ...escapes] = part.split('%');
  const isHex = (digit: string): boolean => digit !== '' && '0123456789abcdefABCDEF'.includes(digit);
  return [...first, ...escapes.map((one) => one.slice(2)).join('')].every((letter) => `${PCHAR}/?`.includes(letter)) &&
    escapes.every((one) => isHex(one.charAt(0)) && isHex(one.charAt(1)));
}

function isPort(digits: string): boolean {
  const value = readDigits(digits) ?? 0;
  return value > 0 && value < 65_536 && String(value) === digits;
}

testFormat({ name: 'url', schema: url(), max: 2048, good: URLS, bad: NOT_URLS, valid, oracle: isUrl });

describe('url() beside URL', () => {
  test('url() lets nothing through of which URL makes another host, a user, or another scheme', () => {
    const schema = url();
    const kept = (one: string): void => {
      const { protocol, hostname, username, password } = new URL(one);
      expect(one.startsWith(`${protocol}//`), one).toBe(true);
      expect([username, password]).toEqual(['', '']);
      if (!hostname.startsWith('[')) {
        expect(one.slice(protocol.length + 2).toLowerCase().startsWith(hostname), one).toBe(true);
      }
    };
    for (const one of URLS) kept(one);
    fc.assert(
      fc.property(fc.oneof(valid, mutated(fc.oneof(valid, fc.constantFrom(...NOT_URLS)))), (one) => {
        if (check(schema, one)) kept(one);
      }),
      { numRuns: 500 },
    );
  });

  // ada 4, in Node 24 and later, decodes no A-label; the others refuse these.
  test.each(['https://xn--a/', 'https://xn--0.example/', 'http://[::0:0:0:0:192.0.2.1]/'])(
    'url() lets %s through where URL reads it',
    (one) => {
      expect(parse(url(), one).ok).toBe(URL.canParse(one));
    },
  );

  test('url() takes 2,048 characters by default, and not one more', () => {
    const long = `https://example.com/${'a'.repeat(2028)}`;
    expect(parse(url(), long)).toEqual({ ok: true, value: long });
    expect(parse(url(), `${long}a`)).toMatchObject({ issues: [{ code: 'too_long', params: { max: 2048 } }] });
  });

  // A loop over a group would overflow the stack of the engine here.
  test('url() reads ten million characters where it is told to', () => {
    const schema = url({ max: 20_000_000 });
    expect(parse(schema, `https://example.com/${'a'.repeat(10_000_000)}\n`).ok).toBe(false);
    expect(parse(schema, `https://example.com/${'%20'.repeat(1_000_000)}%2`).ok).toBe(false);
  });
});

describe('url({ protocols })', () => {
  test('url() lets the listed protocols through alone', () => {
    const taken = (protocols: readonly ('http' | 'https')[]): boolean[] =>
      ['http://a.b', 'https://a.b'].map((one) => parse(url({ protocols }), one).ok);
    expect(taken(['https'])).toEqual([false, true]);
    expect(taken(['http'])).toEqual([true, false]);
    expect(taken(['http', 'https'])).toEqual([true, true]);
  });

  test('url() says which protocols it wants', () => {
    expect(parse(url({ protocols: ['https'] }), 'http://a.b')).toMatchObject({
      issues: [{ code: 'not_url', message: 'must be an absolute URL of https', params: { protocols: 'https' } }],
    });
  });

  test('url() keeps its protocols when the list changes afterwards', () => {
    const protocols: ('http' | 'https')[] = ['https'];
    const schema = url({ protocols });
    protocols.push('http');
    expect(parse(schema, 'http://a.b').ok).toBe(false);
  });

  test.each([
    '{"protocols":[]}',
    '{"protocols":["javascript"]}',
    '{"protocols":["https:"]}',
    '{"protocols":["HTTPS"]}',
    '{"protocols":["https",null]}',
    '{"protocols":[["https"]]}',
    '{"protocols":"https"}',
    '{"protocols":null}',
    '{"protocol":["https"]}',
    '{"min":1}',
    '[]',
    'null',
  ])('url() throws on the options %s', (json) => {
    expect(() => url(JSON.parse(json))).toThrow(TypeError);
  });

  test.each(['{"max":-1}', '{"max":1.5}', '{"max":"9"}', '{"max":1e400}'])('url() throws on the bound %s', (json) => {
    expect(() => url(JSON.parse(json))).toThrow(RangeError);
  });

  // Hostile list 5.
  test('url() takes its options from its own alone', () => {
    Reflect.set(Object.prototype, 'max', 1_000_000);
    Reflect.set(Object.prototype, 'protocols', ['javascript']);
    try {
      expect(url({})['~kind']).toMatchObject({ max: 2048 });
      expect(parse(url({}), 'https://a.b').ok).toBe(true);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'max');
      Reflect.deleteProperty(Object.prototype, 'protocols');
    }
  });
});
