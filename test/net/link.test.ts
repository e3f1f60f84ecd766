import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLink } from '../../src/net/link.ts';

describe('formatLink()', () => {
  test.each(
    [
      ['/orders?page=2', { rel: 'next' }, '</orders?page=2>; rel="next"'],
      [
        'https://a.test/x,y;z',
        { rel: 'alternate', hreflang: 'de' },
        '<https://a.test/x,y;z>; rel="alternate"; hreflang="de"',
      ],
      [
        '/app.js',
        { rel: 'preload', as: 'script', crossorigin: 'anonymous' },
        '</app.js>; rel="preload"; as="script"; crossorigin="anonymous"',
      ],
      ['/1', { rel: 'next last' }, '</1>; rel="next last"'],
      ['/1', { rel: 'next', title: 'Page 2' }, '</1>; rel="next"; title="Page 2"'],
      // RFC 8187 section 3.2.
      ['/1', { rel: 'next', title: 'Größe "2"' }, `</1>; rel="next"; title*=UTF-8''Gr%C3%B6%C3%9Fe%20%222%22`],
      ['/1', { rel: 'next', title: 'a\r\nx: y' }, `</1>; rel="next"; title*=UTF-8''a%0D%0Ax%3A%20y`],
      ['/1', { rel: 'next', title: '\ud800' }, `</1>; rel="next"; title*=UTF-8''%EF%BF%BD`],
    ] as const,
  )('formatLink() writes %j with %j', (target, options, expected) => {
    expect(formatLink(target, options)).toBe(expected);
  });

  // What ends the brackets or the header begins another link.
  test.each(['', '/a>; rel="x"', '</a', '/a b', '/a\r\nx: y', '/\u00e4', '/a\\b', '/a"b', '/\0', 5])(
    'formatLink() refuses the target %j',
    (target) => {
      expect(() => formatLink(target as string, { rel: 'next' })).toThrow(TypeError);
    },
  );

  test.each([
    {},
    { rel: '' },
    { rel: 'a"; x="b' },
    { rel: 'a\\' },
    { rel: 'a  b' },
    { rel: ' a' },
    { rel: 'next', type: 'text/html\r\n' },
    { rel: 'next', as: 5 },
    { rel: 'next', onload: 'x' },
  ])('formatLink() refuses the options %j', (options) => {
    expect(() => formatLink('/', options as never)).toThrow(TypeError);
  });

  test('formatLink() writes no text that breaks out of its place', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (target, text) => {
      let link: string;
      try {
        link = formatLink(target, { rel: text, title: text });
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        return;
      }
      expect(link).toMatch(/^<[^<>\s]+>; rel="[!#-[\]-~ ]+"; title(?:="[ !#-[\]-~]*"|\*=UTF-8''[\w.~%!$&+^`|{}#-]*)$/);
    }));
  });
});
