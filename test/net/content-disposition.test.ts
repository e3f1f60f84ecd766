import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatContentDisposition } from '../../src/net/content-disposition.ts';

describe('formatContentDisposition', () => {
  it.each([
    ['report.pdf', 'attachment; filename="report.pdf"'],
    ['two words.pdf', 'attachment; filename="two words.pdf"'],
    ['a;b,c=d.txt', 'attachment; filename="a;b,c=d.txt"'],
    // RFC 8187 section 3.2.3 has this currency in its example.
    ['\u20ac rates', 'attachment; filename="_ rates"; filename*=UTF-8\'\'%E2%82%AC%20rates'],
    ["\u00e4 (o'neil)!.txt", "attachment; filename=\"_ (o'neil)!.txt\"; filename*=UTF-8''%C3%A4%20%28o%27neil%29!.txt"],
    // One browser decodes this escape, another does not (RFC 6266 appendix D).
    ['a%41.txt', 'attachment; filename="a_41.txt"; filename*=UTF-8\'\'a%2541.txt'],
    [
      '\u{1f468}\u200d\u{1f469}.png',
      'attachment; filename="___.png"; filename*=UTF-8\'\'%F0%9F%91%A8%E2%80%8D%F0%9F%91%A9.png',
    ],
  ])('formatContentDisposition() writes %j', (filename, expected) => {
    expect(formatContentDisposition(filename)).toBe(expected);
  });

  // J5. What leads out of the directory, out of the quotes or out of the line, and what hides an extension.
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['/etc/passwd', 'passwd'],
    ['C:\\Windows\\system.ini', 'system.ini'],
    ['..\\..\\a.txt', 'a.txt'],
    ['a/..', 'download'],
    ['a/', 'download'],
    ['..', 'download'],
    ['.', 'download'],
    ['', 'download'],
    ['   ', 'download'],
    ['.htaccess', 'htaccess'],
    ['a.exe.', 'a.exe'],
    ['a.exe . ', 'a.exe'],
    [' .a.txt', 'a.txt'],
    ['a"; filename="b.exe', 'a_; filename=_b.exe'],
    ['a\\"b.txt', '_b.txt'],
    ['a\r\nset-cookie: b', 'a__set-cookie_ b'],
    ['a\0.txt', 'a_.txt'],
    ['a\u007f.txt', 'a_.txt'],
    ['a\u0085.txt', 'a_.txt'],
    ['a<b>|c?d*e:f', 'a_b__c_d_e_f'],
    ['a\u202egpj.exe', 'a_gpj.exe'],
    ['a\u2066b\u2069.txt', 'a_b_.txt'],
    ['a\u200b.txt', 'a_.txt'],
    ['\ufeffa.txt', '_a.txt'],
    ['a\u2028b\u2029.txt', 'a_b_.txt'],
    ['a\ud800.txt', 'a_.txt'],
    ['a\udc00\ud800.txt', 'a__.txt'],
  ])('formatContentDisposition() makes of %j the name %j', (filename, expected) => {
    expect(formatContentDisposition(filename)).toBe(`attachment; filename="${expected}"`);
  });

  it('formatContentDisposition() keeps the last 200 characters, and so the extension', () => {
    expect(formatContentDisposition(`${'a'.repeat(1_000_000)}.txt`)).toBe(
      `attachment; filename="${'a'.repeat(196)}.txt"`,
    );
    // Cut within a pair of surrogates.
    expect(formatContentDisposition(`\u{1f4a9}${'a'.repeat(199)}`)).toBe(`attachment; filename="_${'a'.repeat(199)}"`);
  });

  it('formatContentDisposition() shows it where that is said', () => {
    expect(formatContentDisposition('a.pdf', { dangerouslyAllowInline: true })).toBe('inline; filename="a.pdf"');
    expect(formatContentDisposition('a.pdf', { dangerouslyAllowInline: false })).toBe('attachment; filename="a.pdf"');
  });

  it.each([[5, {}], [undefined, {}], ['a', { inline: true }], ['a', { dangerouslyAllowInline: 1 }], ['a', []]])(
    'formatContentDisposition() throws a TypeError for %j and %j',
    (filename, options) => {
      expect(() => Reflect.apply(formatContentDisposition, undefined, [filename, options])).toThrow(TypeError);
    },
  );

  it('formatContentDisposition() writes one header of the grammar of RFC 6266, whatever it is given', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({ unit: fc.constantFrom(...'a./\\"%\'()* \r\n\0\ud800\u202e\u00e4;='), maxLength: 12 }),
    );
    fc.assert(
      fc.property(name, (filename) => {
        const written = formatContentDisposition(filename);
        expect(written).toMatch(
          /^attachment; filename="[ !#$&-[\]-~]+"(?:; filename\*=UTF-8''(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+)?$/,
        );
        const extended = /UTF-8''(.*)$/.exec(written)?.[1];
        const saved = extended === undefined ? /"(.*)"/.exec(written)?.[1] ?? '' : decodeURIComponent(extended);
        expect(saved).not.toMatch(/^[.\s]|[.\s]$|[/\\"\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        // A name that is safe stays as it is.
        expect(formatContentDisposition(saved)).toBe(written);
      }),
      { numRuns: 2000 },
    );
  });
});
