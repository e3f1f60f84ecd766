import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRedirectTarget } from '../../src/net/redirect-target.ts';

const origins = ['https://app.test', 'http://localhost:8080'];

describe('parseRedirectTarget()', () => {
  test.each([
    ['/', '/'],
    ['/cart?a=1&b=//x#top', '/cart?a=1&b=//x#top'],
    ['/a/../b', '/b'],
    ['/a b', '/a%20b'],
    ['/%2f/evil.test', '/%2f/evil.test'],
    ['/@evil.test', '/@evil.test'],
  ])('parseRedirectTarget() takes %j', (text, expected) => {
    expect(parseRedirectTarget(text)).toBe(expected);
    expect(parseRedirectTarget(text, { origins })).toBe(expected);
  });

  test.each([['https://app.test/a?b#c', 'https://app.test/a?b#c'], ['https:/\\APP.test', 'https://app.test/']])(
    'parseRedirectTarget() takes %j where its origin is listed',
    (text, expected) => {
      expect(parseRedirectTarget(text, { origins })).toBe(expected);
      expect(parseRedirectTarget(text)).toBe(undefined);
    },
  );

  // Open redirects: another host in a path's clothes, and schemes that run something.
  test.each([
    '',
    'cart',
    '?a',
    '#a',
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    '\t//evil.test',
    ' //evil.test',
    '/.//evil.test',
    '/a/..//evil.test',
    '/./\\evil.test',
    '/%2e//evil.test',
    'https:evil.test',
    'https:/evil.test',
    'https://app.test.evil.test/',
    'https://app.test@evil.test/',
    'https://user@app.test/',
    'https://app.test:444/',
    'http://app.test/',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://here.invalid/a',
    'blob:https://app.test/x',
    `/${'a'.repeat(2048)}`,
    `/${'\u4e2d'.repeat(500)}`,
  ])('parseRedirectTarget() refuses %j', (text) => {
    expect(parseRedirectTarget(text, { origins })).toBe(undefined);
  });

  test('parseRedirectTarget() leads nowhere else, whatever it is given', () => {
    const here = 'https://shop.test';
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '\t',
      '\n',
      ' ',
      '@',
      ':',
      '?',
      '#',
      '%2e',
      '%2f',
      '%5c',
      'evil.test',
      'https:',
      '\u3002',
      '\uff0f',
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.array(piece, { maxLength: 8 }).map((list) => list.join('')), fc.webUrl(), fc.string()),
        (text) => {
          const target = parseRedirectTarget(text, { origins });
          if (target === undefined) return;
          expect([here, ...origins]).toContain(new URL(target, here).origin);
          expect(target).toMatch(/^[!-~]+$/);
          // Read twice it is the same: no parser behind us finds another.
          expect(parseRedirectTarget(target, { origins })).toBe(target);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test.each([{ origins: [] }, { origins: ['https://app.test/'] }, { origins: ['null'] }, { origin: 'x' }])(
    'parseRedirectTarget() refuses the options %j',
    (options) => {
      expect(() => parseRedirectTarget('/', options as never)).toThrow(TypeError);
    },
  );
});
