import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeUrl, type SafeUrlOptions } from '../../src/html/index.ts';
import { HOSTILE_TEXTS } from '../vectors/hostile-texts.ts';
import { URL_PAYLOADS } from '../vectors/html-payloads-url.ts';

const hrefs = URL_PAYLOADS.map(([, payload]) => /href="([^"]*)"/.exec(payload)?.[1]).filter((href) =>
  href !== undefined
);
const pieces = fc.array(
  fc.constantFrom(
    'javascript:',
    'https:',
    'HTTP:',
    'mailto:',
    '//',
    '/',
    '\\',
    '@',
    ':',
    '#',
    '?',
    '\t',
    '\n',
    ' ',
    '\0',
    'a.test',
    '"',
    "'",
    '<',
    '>',
    '`',
    '%',
    '.',
    '[',
    ']',
    'é',
    '\ud800',
  ),
).map((parts) => parts.join(''));
const anyText = fc.oneof(
  pieces,
  fc.string({ unit: 'binary' }),
  fc.webUrl(),
  fc.constantFrom(...HOSTILE_TEXTS, ...hrefs),
);

describe('safeUrl()', () => {
  // Other spellings of a script, and of another site: white space and controls are dropped by parsers, backslashes are slashes.
  test.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    'java\r\nscript:alert(1)',
    ' javascript:alert(1)',
    '\u0001javascript:alert(1)',
    '\u0000javascript:alert(1)',
    '&#106;avascript:alert(1)',
    'javascript&colon;alert(1)',
    'javascript%3aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'blob:https://a.test/1',
    'file:///etc/passwd',
    'view-source:https://a.test/',
    'about:blank',
    '//evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/path',
    '?query',
    '#fragment',
    '',
    'https://',
    'https://[::1',
    'https://bank.test@evil.test/',
    'https://a:b@evil.test/',
  ])('safeUrl() refuses %j', (url) => {
    expect(safeUrl(url)).toBeUndefined();
  });

  test.each([
    ['https://a.test', 'https://a.test/'],
    ['HTTPS://A.TEST:443/B', 'https://a.test/B'],
    ['https:evil.test', 'https://evil.test/'],
    ['https://bank.test\\@evil.test/', 'https://bank.test/@evil.test/'],
    ['https:/\\evil.test', 'https://evil.test/'],
    ['\t https://a.test/\n', 'https://a.test/'],
    ['ht\ntps://a.test/', 'https://a.test/'],
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['https://bücher.test/é?é#é', 'https://xn--bcher-kva.test/%C3%A9?%C3%A9#%C3%A9'],
    ['https://a.test/"\'<>`', 'https://a.test/%22%27%3C%3E%60'],
    ['mailto:a@b.test', 'mailto:a@b.test'],
    ['mailto:"a b"\'<x>@b.test', 'mailto:%22a%20b%22%27%3Cx%3E@b.test'],
    ['https://a.test/../x//y', 'https://a.test/x//y'],
  ])('safeUrl() makes %j %j', (url, safe) => {
    expect(safeUrl(url)).toBe(safe);
  });

  test.each([
    ['/path', 'https://a.test/path'],
    ['//other.test/x', 'https://other.test/x'],
    ['/\\other.test', 'https://other.test/'],
    ['#x', 'https://a.test/b/c#x'],
    ['', 'https://a.test/b/c'],
    ['javascript:alert(1)', undefined],
    ['javascript&colon;alert(1)', 'https://a.test/b/javascript&colon;alert(1)'],
  ])('safeUrl() with a base makes %j %j', (url, safe) => {
    expect(safeUrl(url, { base: 'https://a.test/b/c' })).toBe(safe);
  });

  test('safeUrl() refuses what is long, or becomes so when it is encoded', () => {
    expect(safeUrl(`https://a.test/${'a'.repeat(8177)}`)).toHaveLength(8192);
    expect(safeUrl(`https://a.test/${'a'.repeat(8178)}`)).toBeUndefined();
    expect(safeUrl(`https://a.test/${'漢'.repeat(1000)}`)).toBeUndefined();
    // Short once it is parsed, but that is the work.
    expect(safeUrl(`https://a.test/${'../'.repeat(3000)}`)).toBeUndefined();
  });

  // A list of one text would be measured by its own length.
  test.each([[['https://a.test/']], [undefined], [null], [1], [{}]])('safeUrl() takes no %j for a URL', (url) => {
    // The casts: what a caller without types may pass.
    expect(safeUrl(url as unknown as string)).toBeUndefined();
    expect(() => safeUrl('/', { base: (url ?? null) as unknown as string })).toThrow(
      'Cannot make URL safe: base must be',
    );
  });

  test.each([['https'], [['javascript']], [new Set(['https'])]])(
    'safeUrl() says what schemes must be: %s',
    (schemes) => {
      // The cast: what a caller without types may pass.
      expect(() => safeUrl('', { schemes: schemes as string[] })).toThrow('Cannot make URL safe: schemes must be');
    },
  );

  test('safeUrl() lets through the schemes it is given and no other', () => {
    expect(safeUrl('tel:+1', { schemes: ['tel'] })).toBe('tel:+1');
    expect(safeUrl('https://a.test/', { schemes: ['tel'] })).toBeUndefined();
    expect(safeUrl('https://a.test/', { schemes: [] })).toBeUndefined();
  });

  test('safeUrl() gives an allowed, absolute, inert URL, and the same of its own', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(undefined, 'https://base.test/x'), (url, base) => {
        const safe = safeUrl(url, base === undefined ? {} : { base });
        if (safe === undefined) return;
        expect(safe).toMatch(/^(?:https?:\/\/[^/@"'<>`\s\\]+\/|mailto:)[!#-&(-;=?-_a-~]*$/);
        expect(safeUrl(safe)).toBe(safe);
        expect(new URL(safe).href).toBe(safe);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['{"scheme":["https"]}'],
    ['{"schemes":"https"}'],
    ['{"schemes":["HTTPS"]}'],
    ['{"schemes":["https:"]}'],
    ['{"schemes":[""]}'],
    ['{"schemes":["javascript"]}'],
    ['{"schemes":["https","data"]}'],
    ['{"schemes":["vbscript"]}'],
    ['{"schemes":["blob"]}'],
    ['{"schemes":["filesystem"]}'],
    ['{"base":"/x"}'],
    ['{"base":"javascript:x"}'],
    ['{"base":"https://a:b@c.test/"}'],
    ['{"base":1}'],
    ['{"base":null}'],
    ['{"base":"https://a.test/","schemes":["mailto"]}'],
    ['[]'],
    ['null'],
  ])('safeUrl() refuses the options %s', (json) => {
    const options: SafeUrlOptions = JSON.parse(json);
    expect(() => safeUrl('https://a.test/', options)).toThrow(TypeError);
  });
});
