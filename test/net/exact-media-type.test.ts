import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactMediaType } from '../../src/net/exact-media-type.ts';
import { parseMediaType } from '../../src/net/media-type.ts';

describe('parseExactMediaType', () => {
  it.each([
    ['application/json', []],
    ['APPLICATION/JSON', []],
    [' application/json ', []],
    ['application/json;', []],
    ['application/json ;; ', []],
    ['application/json\t; charset=utf-8', [['charset', 'utf-8']]],
    ['application/json; Charset="UTF-8"', [['charset', 'UTF-8']]],
    ['a/b;c="d;e=f"', [['c', 'd;e=f']]],
    ['a/b;c="\\"\\\\"', [['c', '"\\']]],
    ['a/b;c=""', [['c', '']]],
    ['multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW', [
      ['boundary', '----WebKitFormBoundary7MA4YWxkTrZu0gW'],
    ]],
    // RFC 2046 asks for quotes here, which not every client writes; nobody reads it in two ways.
    ['multipart/form-data; boundary=----=_a:/?(b)', [['boundary', '----=_a:/?(b)']]],
    ['application/json; odata.metadata=none; odata.streaming=true', [
      ['odata.metadata', 'none'],
      ['odata.streaming', 'true'],
    ]],
  ])('parseExactMediaType() reads %j', (text, parameters) => {
    expect([...parseExactMediaType(text)?.parameters ?? [['none']]]).toStrictEqual(parameters);
  });

  // Browsers take the first of two, others the last: two readers of one body see two texts.
  it.each([
    'application/json; charset=utf-8; charset=utf-7',
    'application/json; charset=utf-7; charset=utf-8',
    'application/json; charset=utf-8; charset=utf-8',
    'application/json; charset=utf-8; CHARSET=utf-7',
    'application/json; charset="utf-8"; charset=utf-7',
    'application/json; charset=; charset=utf-8',
    'application/json; charset=""; charset=utf-8',
    'multipart/form-data; boundary=a; boundary=b',
    'multipart/form-data; boundary=a; charset=utf-8; Boundary="b"',
  ])('parseExactMediaType() refuses a parameter given twice: %j', (text) => {
    expect(parseMediaType(text)).not.toBe(undefined);
    expect(parseExactMediaType(text)).toBe(undefined);
  });

  // What a browser ignores or trims, a laxer reader understands: WHATWG MIME Sniffing section 4.4, RFC 9110 section 5.6.6.
  it.each([
    'application/json; charset',
    'application/json; charset=',
    'application/json; =utf-7',
    'application/json; charset =utf-7',
    'application/json; charset= utf-7',
    'application/json; charset\t="utf-7"',
    'application/json; "charset"=utf-7',
    'application/json; charset=utf-8 utf-7',
    'application/json; charset="utf-8',
    'application/json; charset="utf-8\\',
    'application/json; charset="utf-8"7',
    'application/json; charset="utf-8" charset=utf-7',
    'application/json; charset=utf-8"',
    'application/json; charset=utf-7\u007f',
    'application/json; charset="utf-7\u0100"',
    'application/json; charset=utf-8\u00a0',
    'application/json; charset="\u00e4"',
    'application/json; \u212aey=x',
    'application/json\n; charset=utf-8',
    'application/json;\r\n charset=utf-8',
    'application/json; charset=utf-8; x',
  ])('parseExactMediaType() refuses what a browser overlooks: %j', (text) => {
    expect(parseMediaType(text)).not.toBe(undefined);
    expect(parseExactMediaType(text)).toBe(undefined);
  });

  // Two header lines reach us joined by a comma, which a quoted value swallows.
  it.each(['application/json;x=y, text/plain', 'application/json;x="y, text/plain"', 'application/json, text/plain'])(
    'parseExactMediaType() refuses a comma: %j',
    (text) => {
      expect(parseExactMediaType(text)).toBe(undefined);
    },
  );

  it.each(['', 'json', 'text', 'a/b;c=d'.padEnd(1025, 'd')])('parseExactMediaType() refuses %j', (text) => {
    expect(parseExactMediaType(text)).toBe(undefined);
  });

  it('parseExactMediaType() reads what parseMediaType() reads, or nothing', () => {
    const text = fc.array(fc.constantFrom('a', 'A', '=', ';', '"', '\\', ' ', '\t', ',', 'b=c', '; d=e', '\u00e9'), {
      maxLength: 10,
    }).map((parts) => `a/b${parts.join('')}`);
    let read = 0;
    fc.assert(
      fc.property(text, (input) => {
        const type = parseExactMediaType(input);
        if (type === undefined) return;
        read++;
        expect(type).toStrictEqual(parseMediaType(input));
        // Nothing in it depends on a repair: written again from its parts, it means the same.
        const written = [...type.parameters].map(([name, value]) => `; ${name}="${value.replace(/["\\]/g, '\\$&')}"`);
        expect(parseExactMediaType(type.essence + written.join(''))).toStrictEqual(type);
      }),
      { numRuns: 5000 },
    );
    expect(read).toBeGreaterThan(300);
  });
});
