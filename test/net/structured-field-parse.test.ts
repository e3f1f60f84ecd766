import { describe, expect, it } from 'vitest';
import { parseDictionary, parseItem, parseList } from '../../src/net/structured-field-parse.ts';
import { FIELD_REFUSALS } from '../vectors/structured-field-refusals.ts';
import { DICTIONARY_VECTORS, ITEM_VECTORS, LIST_VECTORS } from '../vectors/structured-fields.ts';

/** What is no item, and yet a member or two. */
const MEMBERS = ['nothing', 'two items', 'two header lines', 'an inner list', 'a tab before', 'a tab behind'];

const parsers = { item: parseItem, list: parseList, dictionary: parseDictionary };

describe('parseItem', () => {
  it.each(ITEM_VECTORS)('parseItem() reads $text', ({ text, value }) => {
    expect(parseItem(text)).toStrictEqual(value);
  });
});

describe('parseList', () => {
  it.each(LIST_VECTORS)('parseList() reads $text', ({ text, value }) => {
    expect(parseList(text)).toStrictEqual(value);
  });

  // Two header lines of one name reach us joined by a comma.
  it('parseList() reads several header lines as one list', () => {
    const headers = new Headers([['accept-ch', 'a, b'], ['accept-ch', 'c']]);
    expect(parseList(headers.get('accept-ch') ?? '')?.map(({ type }) => type)).toStrictEqual([
      'token',
      'token',
      'token',
    ]);
  });
});

describe('parseDictionary', () => {
  it.each(DICTIONARY_VECTORS)('parseDictionary() reads $text', ({ text, value }) => {
    expect([...parseDictionary(text) ?? []]).toStrictEqual(value);
  });
});

describe('every parser of structured fields', () => {
  it.each(FIELD_REFUSALS)('refuses as %s: %s', (kind, _why, text) => {
    expect(parsers[kind](text)).toBe(undefined);
  });

  // RFC 9651 section 4.2: a field is whole or it is none.
  it.each(FIELD_REFUSALS.filter(([kind, why]) => kind === 'item' && !MEMBERS.includes(why)))(
    'refuses a member, of a list and of a dictionary, that is no %s: %s',
    (_kind, _why, text) => {
      expect(parseList(`ok, ${text}`), 'in a list').toBe(undefined);
      expect(parseDictionary(`ok, a=${text}`), 'in a dictionary').toBe(undefined);
      expect(parseList(`(ok ${text})`), 'in an inner list').toBe(undefined);
    },
  );

  it('takes 65,536 characters, and not one more', () => {
    for (const [kind, parse] of Object.entries(parsers)) {
      const text = kind === 'dictionary' ? 'a=b' : 'b';
      expect(parse(text.padEnd(65_536, 'b')), kind).not.toBe(undefined);
      expect(parse(text.padEnd(65_537, 'b')), kind).toBe(undefined);
      expect(parse(' '.repeat(10_000_000)), kind).toBe(undefined);
    }
  });

  // RFC 9651 sections 3.1, 3.1.1, 3.1.2 and 3.2: what every parser has to take is also the most that this one does.
  it.each([
    ['members of a list', 1024, (count: number) => parseList(new Array(count).fill('a').join(','))],
    [
      'members of a dictionary',
      1024,
      (count: number) => parseDictionary(Array.from({ length: count }, (_, index) => `a${index}`).join(',')),
    ],
    ['items of an inner list', 256, (count: number) => parseList(`(${new Array(count).fill('a').join(' ')})`)],
    [
      'parameters',
      256,
      (count: number) => parseItem(`a${Array.from({ length: count }, (_, index) => `;a${index}`).join('')}`),
    ],
  ])('takes so many %s: %d', (_what, most, parse) => {
    expect(parse(most)).not.toBe(undefined);
    expect(parse(most + 1)).toBe(undefined);
  });

  it.each([
    ['a string of 1,024 characters', `"${'a'.repeat(1024)}"`],
    ['a string of 1,024 escapes', `"${'\\"'.repeat(1024)}"`],
    ['a token of 512 characters', 'a'.repeat(512)],
    ['bytes that are 16,384', `:${'AAAA'.repeat(5461)}AA==:`],
    ['a key of 64 characters', `a;${'b'.repeat(64)}`],
  ])('takes %s, as RFC 9651 asks of it', (_what, text) => {
    expect(parseItem(text)).not.toBe(undefined);
  });

  it('gives every item parameters of its own', () => {
    const list = parseList('a, b, (c d)') ?? [];
    const maps = list.flatMap((member) => [member, ...(member.type === 'innerList' ? member.items : [])]).map((one) =>
      one.parameters
    );
    expect(new Set(maps).size).toBe(5);
  });
});
