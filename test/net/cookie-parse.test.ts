import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCookies } from '../../src/net/cookie.ts';

describe('parseCookies', () => {
  it.each([
    ['a=b', [['a', 'b']]],
    ['a=b; c=d', [['a', 'b'], ['c', 'd']]],
    ['a=b;c=d', [['a', 'b'], ['c', 'd']]],
    ['  a=b  ;\tc=d\t', [['a', 'b'], ['c', 'd']]],
    ['a=', [['a', '']]],
    ['a=b=c==', [['a', 'b=c==']]],
    ['a=b;', [['a', 'b']]],
    [';;a=b;;', [['a', 'b']]],
    ['a = b', [['a', 'b']]],
    ['A=1; a=2', [['A', '1'], ['a', '2']]],
    ['__Host-s=1; __Secure-s=2; __Http-s=3; __Host-Http-s=4', [
      ['__Host-s', '1'],
      ['__Secure-s', '2'],
      ['__Http-s', '3'],
      ['__Host-Http-s', '4'],
    ]],
    // An attacker's names meet a Map, not an object.
    ['__proto__=x; constructor=y', [['__proto__', 'x'], ['constructor', 'y']]],
    // It never decodes: what is decoded twice, or by one reader alone, is two things.
    ['a=%3B%20b%00', [['a', '%3B%20b%00']]],
    ['a%62=c', [['a%62', 'c']]],
    ['', []],
    [';', []],
    ['a', []],
    ['=a', []],
    ['=', []],
    [null, []],
    [undefined, []],
  ])('parseCookies() reads %j', (header, expected) => {
    expect([...parseCookies(header)]).toStrictEqual(expected);
  });

  // Cookie tossing: a neighbouring host, or anybody over plain HTTP, adds a second one, and whoever comes first is believed.
  it.each([
    'a=1; a=2',
    'a=1; a=1',
    'a=1; b=2; a=3; a=4',
    'a=1; a="',
    'a="; a=1',
    'a=1; a = 2',
    'a=1; a=\u00e4',
  ])('parseCookies() trusts no name that is given twice: %j', (header) => {
    expect(parseCookies(header).has('a')).toBe(false);
  });

  it('parseCookies() leaves other names as they are where one is given twice', () => {
    expect([...parseCookies('a=1; __Host-s=ok; a=2')]).toStrictEqual([['__Host-s', 'ok']]);
  });

  // J6, prefix confusion: what a lax parser trims, folds or maps to a name that only this host could have set.
  it.each([
    '\u00a0__Host-s=evil',
    '\u2003__Host-s=evil',
    '\ufeff__Host-s=evil',
    '\u000b__Host-s=evil',
    '\u000c__Host-s=evil',
    '\0__Host-s=evil',
    '__Host-s\u00a0=evil',
    '__Host-\u017f=evil',
    '__host-s=evil',
    '__HOST-s=evil',
    '__hOst-s=evil',
    '__secure-s=evil',
    '__http-s=evil',
    '__host-http-s=evil',
    '__Host-HTTP-s=evil',
    '"__Host-s"=evil',
    '==__Host-s=evil',
    '=__Host-s=evil',
  ])('parseCookies() leaves out a name that looks like another: %j', (header) => {
    expect(parseCookies(header).size).toBe(0);
  });

  // The server wrote none of these values, and some parsers cut, unquote or join them.
  it.each(['a=b c', 'a="b"', 'a="b', 'a=b,c=d', 'a=b\\c', 'a=\u00e4', 'a=b\u00a0', 'a=\0', 'a=b\u007f', 'a=b\nc=d'])(
    'parseCookies() leaves out a value that formatCookie() does not write: %j',
    (header) => {
      expect(parseCookies(header).size).toBe(0);
    },
  );

  it('parseCookies() reads 200 cookies, and trusts none of 201', () => {
    const cookies = Array.from({ length: 201 }, (_, index) => `a${index}=b`);
    expect(parseCookies(cookies.slice(1).join('; ')).size).toBe(200);
    expect(parseCookies(cookies.join('; ')).size).toBe(0);
    // Those that are left out count as well: they could hide a second one of a name.
    expect(parseCookies(`${'a=b;'.repeat(200)} c=d`).size).toBe(0);
  });

  it('parseCookies() reads 16,384 characters, and trusts none of more', () => {
    expect(parseCookies('a='.padEnd(16_384, 'b')).size).toBe(1);
    expect(parseCookies('a='.padEnd(16_385, 'b')).size).toBe(0);
    expect(parseCookies(`a=b${';'.repeat(10_000_000)}`).size).toBe(0);
  });

  it('parseCookies() reads what a grammar of one regular expression reads', () => {
    const header = fc.string({ unit: fc.constantFrom(...'ab=; "\\,\u00a0'), maxLength: 12 });
    fc.assert(
      fc.property(header, (text) => {
        const pairs = text.split(';').filter((part) => part.includes('=')).map((part) => {
          const [name = '', ...rest] = part.split('=');
          return [name.replace(/^ +| +$/g, ''), rest.join('=').replace(/^ +| +$/g, '')] as const;
        });
        const expected = pairs.filter(([name, value]) =>
          /^[ab]+$/.test(name) && /^[ab=]*$/.test(value) && pairs.filter(([other]) => other === name).length === 1
        );
        expect([...parseCookies(text)]).toStrictEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
