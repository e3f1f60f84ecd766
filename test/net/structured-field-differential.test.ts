import fc from 'fast-check';
import * as rival from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { parseDictionary, parseItem, parseList } from '../../src/net/structured-field-parse.ts';
import { serializeDictionary, serializeItem, serializeList } from '../../src/net/structured-field-serialize.ts';
import type { BareItem, InnerList, Item } from '../../src/net/structured-field.ts';
import { key, nearlyWellFormed, thousandths, visible } from './structured-field-arbitraries.ts';

/** Ours in the rival's shape; undefined where there is none. */
function theirs(member: Item | InnerList): unknown {
  const parameters = [...member.parameters ?? []].map(([name, value]) => [name, plain(value)]);
  return [member.type === 'innerList' ? member.items.map(theirs) : plain(member), parameters];
}

function plain(value: BareItem): unknown {
  if (value.type === 'token' || value.type === 'displayString') return `${value.type} ${value.value}`;
  if (value.type === 'date') return new Date(value.value * 1000);
  return value.value;
}

/** The rival's answer as plain data; a zero loses its sign, which RFC 9651 does not know. */
function data(value: unknown): unknown {
  if (value instanceof rival.Token) return `token ${value}`;
  if (value instanceof rival.DisplayString) return `displayString ${value}`;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof Map) return [...value].map(data);
  if (Array.isArray(value)) return value.map(data);
  return typeof value === 'number' ? value + 0 : value;
}

function answer(parse: (text: string) => unknown, text: string): unknown {
  try {
    return data(parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Where the two may differ, each time for a reason: the rival refuses a Date that anything follows (RFC 9651 section 4.2.9 does not), and in a
 * display string it takes characters beyond U+00FF (section 4.2.10 refuses them) and loses a byte order mark.
 */
const explained = (text: string): boolean => /@-?[0-9]+[^0-9]|%".*[^\0-\xff]|%ef%bb%bf/.test(text);

describe('parsing, against structured-headers', () => {
  it('reads what it reads, and refuses what it refuses', () => {
    let read = 0;
    fc.assert(
      fc.property(nearlyWellFormed, (text) => {
        if (explained(text)) return;
        const ours = parseItem(text);
        const list = parseList(text);
        const members = parseDictionary(text);
        if (ours ?? list ?? members) read++;
        expect(ours && theirs(ours)).toStrictEqual(answer(rival.parseItem, text));
        expect(list?.map(theirs)).toStrictEqual(answer(rival.parseList, text));
        expect(members && [...members].map(([name, one]) => [name, theirs(one)])).toStrictEqual(
          answer(rival.parseDictionary, text),
        );
      }),
      { numRuns: 5000 },
    );
    // Of texts that are refused alone, nothing would follow.
    expect(read).toBeGreaterThan(500);
  });

  it.each([
    ['a Date with a parameter', '@1;a', {
      type: 'date',
      value: 1,
      parameters: new Map([['a', { type: 'boolean', value: true }]]),
    }],
    ['a letter beyond U+00FF in a display string', '%"\u0161"', undefined],
    ['a byte order mark in a display string', '%"%ef%bb%bf"', {
      type: 'displayString',
      value: '\ufeff',
      parameters: new Map(),
    }],
  ])('differs for %s, as RFC 9651 asks', (_what, text, value) => {
    expect(parseItem(text)).toStrictEqual(value);
    expect(answer(rival.parseItem, text)).not.toStrictEqual(value && theirs(value as Item));
  });
});

describe('serializing, against structured-headers', () => {
  it('writes what it writes', () => {
    // The rival tells no decimal from an integer, leaves the zeros of a rounded one away, and writes "%a" for "%0a".
    const alike = fc.tuple(
      fc.oneof(
        fc.tuple(thousandths, fc.constant('integer' as const)),
        fc.tuple(visible, fc.constant('string' as const)),
        fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.constant('bytes' as const)),
        fc.tuple(fc.boolean(), fc.constant('boolean' as const)),
      ),
      key,
    );
    fc.assert(
      fc.property(alike, ([[value, type], name]) => {
        const one = { type, value } as BareItem;
        const its = new Map([[name, one]]);
        expect(serializeItem({ ...one, parameters: its })).toBe(rival.serializeItem([value, new Map([[name, value]])]));
        expect(serializeDictionary(new Map([[name, one]]))).toBe(rival.serializeDictionary({ [name]: value }));
        expect(serializeList([{ type: 'innerList', items: [one, one], parameters: its }])).toBe(
          rival.serializeList([[[[value, new Map()], [value, new Map()]], new Map([[name, value]])]]),
        );
      }),
    );
  });
});
