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

  // RFC 9110 section 5.6.1.2: some empty elements and optional white space, not any number of them.
  test('createNameList() bears 16 empty elements and one space on either side', () => {
    expect(areAllowed(`authorization${','.repeat(16)}`)).toBe(true);
    expect(areAllowed(`authorization${','.repeat(17)}`)).toBe(false);
    expect(areAllowed(' authorization ')).toBe(true);
    expect(areAllowed('  authorization')).toBe(false);
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
});
