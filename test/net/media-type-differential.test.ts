import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MIMEType } from 'whatwg-mimetype';
import { parseMediaType } from '../../src/net/media-type.ts';
import { MEDIA_TYPE_VECTORS } from '../vectors/media-types.ts';

function rival(text: string): unknown {
  const type = MIMEType.parse(text);
  return type === null ? undefined : [type.essence, [...type.parameters]];
}

function ours(text: string): unknown {
  const type = parseMediaType(text);
  return type && [type.essence, [...type.parameters]];
}

const piece = fc.oneof(
  fc.constantFrom(...'aA0/;="\\ \t\r\n,+-.\0\u007f\u0080\u00a0\u00ff\u0100\u017f\u212a'),
  fc.constantFrom('text/', 'html', 'charset=', '"utf-8"', ';q=', '; a=b', '\ud800', '\u{1f4a9}'),
);

describe('parseMediaType, against whatwg-mimetype', () => {
  it.each(MEDIA_TYPE_VECTORS)('reads $text alike', ({ text }) => {
    expect(ours(text)).toStrictEqual(rival(text));
  });

  it('reads alike whatever is put together from pieces of the grammar', () => {
    let read = 0;
    const text = fc.oneof(fc.constant(''), fc.constant('a/b'), fc.constant('a/b;')).chain((start) =>
      fc.array(piece, { maxLength: 12 }).map((parts) => start + parts.join(''))
    );
    fc.assert(
      fc.property(text, (input) => {
        const type = ours(input);
        if (type !== undefined) read++;
        expect(type).toStrictEqual(rival(input));
      }),
      { numRuns: 10_000 },
    );
    // Of texts that are refused alone, nothing would follow.
    expect(read).toBeGreaterThan(1000);
  });

  // The one difference: a header is never that long, and a parser of headers need not be fast for what is.
  it('differs for more than 1,024 characters alone', () => {
    for (const length of [1023, 1024]) {
      const text = 'a/b;c='.padEnd(length, 'd');
      expect(ours(text)).toStrictEqual(rival(text));
    }
    const text = 'a/b;c='.padEnd(1025, 'd');
    expect(ours(text)).toBe(undefined);
    expect(rival(text)).not.toBe(undefined);
  });
});
