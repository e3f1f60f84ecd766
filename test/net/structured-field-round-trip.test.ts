import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDictionary, parseItem, parseList } from '../../src/net/structured-field-parse.ts';
import { serializeDictionary, serializeItem, serializeList } from '../../src/net/structured-field-serialize.ts';
import { dictionary, item, member, nearlyWellFormed } from './structured-field-arbitraries.ts';

describe('serializing and parsing', () => {
  it('parseItem() undoes serializeItem()', () => {
    fc.assert(
      fc.property(item, (value) => {
        expect(parseItem(serializeItem(value))).toStrictEqual(value);
      }),
    );
  });

  it('parseList() undoes serializeList()', () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 4 }), (value) => {
        expect(parseList(serializeList(value))).toStrictEqual(value);
      }),
    );
  });

  it('parseDictionary() undoes serializeDictionary()', () => {
    fc.assert(
      fc.property(dictionary, (value) => {
        expect(parseDictionary(serializeDictionary(value))).toStrictEqual(value);
        expect([...parseDictionary(serializeDictionary(value)) ?? []]).toStrictEqual([...value]);
      }),
    );
  });

  it.each([
    ['item', (text: string) => again(parseItem, serializeItem, text)],
    ['list', (text: string) => again(parseList, serializeList, text)],
    ['dictionary', (text: string) => again(parseDictionary, serializeDictionary, text)],
  ])('of whatever is an %s come to the same value', (_kind, twice) => {
    fc.assert(
      fc.property(nearlyWellFormed, (text) => {
        const [first, second] = twice(text);
        expect(second).toStrictEqual(first);
      }),
      { numRuns: 2000 },
    );
  });
});

/** What a text means, and what its canonical form means. */
function again<T>(parse: (text: string) => T | undefined, serialize: (value: T) => string, text: string): unknown[] {
  const value = parse(text);
  return value === undefined ? [] : [value, parse(serialize(value))];
}
