import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNameList } from '../../src/cross-origin/request-header-list.ts';

describe('createNameList()', () => {
  const areAllowed = createNameList(['authorization', 'content-type']);

  test.each([
    '',
    'authorization',
    'authorization,content-type',
    'content-type, authorization',
    'Content-Type',
    'authorization\t,\tcontent-type',
  ])(
    'createNameList() takes %j',
    (value) => {
      expect(areAllowed(value)).toBe(true);
    },
  );

  test.each([
    'x-evil',
    'authorization,x-evil',
    'authorization;content-type',
    '*',
    'author',
    'authorization2',
    '__proto__',
    'toString',
  ])(
    'createNameList() refuses %j',
    (value) => {
      expect(areAllowed(value)).toBe(false);
    },
  );

  // C12, RFC 9110 section 5.6.1.2: some empty elements and some white space, not any number of them.
  test.each([
    [`authorization${','.repeat(16)}`, true],
    [`authorization${','.repeat(17)}`, false],
    [`${', '.repeat(16)}authorization`, true],
    [' authorization ', true],
    ['  authorization', true],
    ['authorization\t ', true],
    ['  authorization ', false],
    ['   authorization', false],
    ['authorization   ', false],
    ['author ization', false],
    ['authorization,   ', false],
    ['\u00a0authorization', false],
  ])('createNameList() bears 16 empty elements and two spaces in each: %j is %j', (value, expected) => {
    expect(areAllowed(value)).toBe(expected);
  });

  // A megabyte of commas has been a denial of service in the best known CORS libraries.
  test.each([
    ['commas', ','.repeat(2 ** 20)],
    ['spaces', ' '.repeat(2 ** 20)],
    ['allowed names', 'authorization,'.repeat(100_000)],
    ['unknown names', 'x,'.repeat(100_000)],
  ])('createNameList() refuses a megabyte of %s unread', (_name, value) => {
    expect(areAllowed(value)).toBe(false);
  });

  test('createNameList() of nothing takes nothing', () => {
    expect(createNameList([])('x')).toBe(false);
  });

  // C13: Chromium 156 sends Authorization for a `*`, see test/browser.
  test.each([
    ['x-any, x-other', true],
    ['authorization', false],
    ['x-any,Authorization', false],
    ['x-any, authorization ,x-other', false],
    ['x-authorization,authorization2', true],
    ['x'.repeat(4096), true],
    ['x'.repeat(4097), false],
    [','.repeat(17), false],
  ])('createNameList() of * takes any name but Authorization: %j is %j', (value, expected) => {
    expect(createNameList(['*'])(value)).toBe(expected);
  });

  test('createNameList() of * and Authorization takes both', () => {
    expect(createNameList(['*', 'authorization'])('x-any,authorization')).toBe(true);
  });

  // C12: nothing that it takes is longer than what it was given, so that a preflight costs what the policy is long.
  test('createNameList() takes every spelling within the bounds, and no longer text', () => {
    const spaces = fc.constantFrom(['', ''], [' ', ''], ['', '\t'], [' ', ' '], ['  ', ''], ['', '\t\t']);
    const name = fc.constantFrom('', '', 'authorization', 'Content-Type');
    const element = fc.tuple(name, spaces).map(([text, [before, after]]) =>
      [text, `${before}${text}${after}`] as const
    );
    fc.assert(
      fc.property(fc.uniqueArray(element, { maxLength: 18, selector: ([text]) => text === '' ? {} : text }), (list) => {
        const value = list.map(([, spelling]) => spelling).join(',');
        const empty = list.filter(([text]) => text === '').length;
        // A text of nothing is one empty element as well.
        expect(areAllowed(value)).toBe((list.length === 0 ? 1 : empty) <= 16);
        expect(value.length).toBeLessThanOrEqual('authorization'.length + 'content-type'.length + 18 * 3);
      }),
    );
  });
});
