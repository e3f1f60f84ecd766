import { describe, expect, it } from 'vitest';
import { serializeDictionary, serializeItem, serializeList } from '../../src/net/structured-field-serialize.ts';
import { DICTIONARY_VECTORS, ITEM_VECTORS, LIST_VECTORS } from '../vectors/structured-fields.ts';

/** What a caller without types can hand over. */
const refusesItem = (item: unknown): void => {
  expect(() => Reflect.apply(serializeItem, undefined, [item])).toThrow(TypeError);
};

describe('serializeItem', () => {
  it.each(ITEM_VECTORS)('serializeItem() writes $text canonically', ({ text, value, canonical = text }) => {
    expect(serializeItem(value)).toBe(canonical);
  });

  it('serializeItem() writes an item without parameters', () => {
    expect(serializeItem({ type: 'token', value: 'a' })).toBe('a');
    expect(serializeItem({ type: 'token', value: 'a', parameters: undefined })).toBe('a');
  });

  // A quote, a control or a line end would end the value or the header.
  it.each([
    ['string', '\r\nset-cookie: a=b'],
    ['string', '\n'],
    ['string', '\t'],
    ['string', '\0'],
    ['string', '\u007f'],
    ['string', '\u00e4'],
    ['string', '\u0122'],
    ['string', '\ud800'],
    ['string', undefined],
    ['string', 5],
    ['token', ''],
    ['token', '1a'],
    ['token', ':a'],
    ['token', 'a b'],
    ['token', 'a,b'],
    ['token', 'a;b'],
    ['token', 'a"'],
    ['token', 'a\n'],
    ['token', '\u212a'],
    ['token', 5],
    ['displayString', '\ud800'],
    ['displayString', 'a\udc00b'],
    ['displayString', undefined],
    ['integer', 1e15],
    ['integer', -1e15],
    ['integer', 1.5],
    ['integer', NaN],
    ['integer', Infinity],
    ['integer', '5'],
    ['decimal', 1e12],
    ['decimal', 999_999_999_999.9999],
    ['decimal', NaN],
    ['decimal', -Infinity],
    ['decimal', '1.5'],
    ['date', 1.5],
    ['date', 1e15],
    ['date', new Date(0)],
    ['boolean', 1],
    ['boolean', 'false'],
    ['boolean', undefined],
    ['bytes', [1, 2]],
    ['bytes', 'AQ=='],
    ['bytes', new ArrayBuffer(1)],
    ['bytes', new Uint16Array(1)],
    ['bytes', undefined],
    ['innerList', undefined],
    ['number', 5],
    ['constructor', 5],
    [undefined, 'a'],
  ])('serializeItem() throws a TypeError for a value of type %s that is %j', (type, value) => {
    refusesItem({ type, value });
    refusesItem({ type: 'token', value: 'a', parameters: new Map([['b', { type, value }]]) });
  });

  it.each(['', 'A', '1a', '_a', '-a', 'a b', 'a=', 'a;b', 'a\n', '\u00e4', 'aA', 5, undefined, null])(
    'serializeItem() and serializeDictionary() throw a TypeError for the key %j',
    (key) => {
      const one = { type: 'boolean', value: true };
      refusesItem({ type: 'token', value: 'a', parameters: new Map([[key, one]]) });
      expect(() => Reflect.apply(serializeDictionary, undefined, [new Map([[key, one]])])).toThrow(TypeError);
    },
  );

  it.each([undefined, null, 5, 'a', new Map()])('serializeItem() throws a TypeError for %j', refusesItem);

  it('serializeItem() throws a TypeError for parameters in an object, which would be left out', () => {
    refusesItem({ type: 'token', value: 'a', parameters: { b: { type: 'token', value: 'c' } } });
  });

  it('serializeItem() keeps what it refuses out of its message', () => {
    expect(() => serializeItem({ type: 'string', value: 'se\ncret' })).toThrow(
      'Cannot serialize structured field: a string is not of the form that RFC 9651 gives it.',
    );
  });

  it('serializeItem() writes the bytes of a view, not of the buffer behind it', () => {
    const value = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4);
    expect(serializeItem({ type: 'bytes', value })).toBe(':AQID:');
  });

  it('serializeItem() writes long values', () => {
    expect(serializeItem({ type: 'bytes', value: new Uint8Array(300_000) })).toBe(`:${'AAAA'.repeat(100_000)}:`);
    expect(serializeItem({ type: 'displayString', value: '\u00fc'.repeat(100_000) }).length).toBe(600_003);
  });
});

describe('serializeList', () => {
  it.each(LIST_VECTORS)('serializeList() writes $text canonically', ({ text, value, canonical = text }) => {
    expect(serializeList(value)).toBe(canonical);
  });

  it.each([
    ['an inner list in an inner list', [{ type: 'innerList', items: [{ type: 'innerList', items: [] }] }]],
    ['an inner list without items', [{ type: 'innerList' }]],
    ['a hole', new Array(1)],
    ['a bare value', ['a']],
    ['a member of no type', [{ value: 'a' }]],
  ])('serializeList() throws a TypeError for %s', (_name, list) => {
    expect(() => Reflect.apply(serializeList, undefined, [list])).toThrow(TypeError);
  });
});

describe('serializeDictionary', () => {
  it.each(DICTIONARY_VECTORS)('serializeDictionary() writes $text canonically', ({ text, value, canonical = text }) => {
    expect(serializeDictionary(new Map(value))).toBe(canonical);
  });

  it('serializeDictionary() writes false, and no value for true alone', () => {
    const member = (value: boolean) => ({ type: 'boolean' as const, value });
    expect(serializeDictionary(new Map([['a', member(true)], ['b', member(false)]]))).toBe('a, b=?0');
  });

  it('serializeDictionary() throws a TypeError for an object, which has keys that nobody wrote', () => {
    expect(() => Reflect.apply(serializeDictionary, undefined, [{ a: { type: 'token', value: 'b' } }])).toThrow(
      TypeError,
    );
  });
});
