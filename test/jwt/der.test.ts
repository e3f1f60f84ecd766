import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDer } from '../../src/jwt/der.ts';
import { der, fromHex } from './der-writer.ts';

/** Tags of one octet: the low five bits are not all set. */
const tag = (): fc.Arbitrary<number> => fc.integer({ min: 0, max: 255 }).filter((value) => (value & 31) !== 31);
const content = (): fc.Arbitrary<number[]> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.array(fc.nat(255), { maxLength: 6 }) },
    fc.integer({ min: 120, max: 300 }).map((length) => new Array<number>(length).fill(7)),
  );

describe('readDer()', () => {
  test('readDer() takes two values apart and looks inside of none', () => {
    const values = readDer(fromHex('02 01 05 30 03 02 01 ff'), 1, 5);
    expect(values?.map((value) => [value.tag, [...value.content], [...value.whole]])).toEqual([
      [0x02, [5], [0x02, 1, 5]],
      [0x30, [2, 1, 0xff], [0x30, 3, 2, 1, 0xff]],
    ]);
  });

  test('readDer() reads lengths at their bounds', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535]) {
      expect(readDer(der(0x04, new Uint8Array(length)), 1, 1)?.[0]?.content.length, `${length}`).toBe(length);
    }
  });

  test('readDer() takes no fewer and no more values than were asked for', () => {
    const two = fromHex('05 00 05 00');
    expect(readDer(two, 2, 2)?.length).toBe(2);
    expect(readDer(two, 3, 4)).toBe(undefined);
    expect(readDer(two, 1, 1)).toBe(undefined);
    expect(readDer(new Uint8Array(), 0, 1)).toEqual([]);
    expect(readDer(new Uint8Array(), 1, 1)).toBe(undefined);
  });

  // X.690 section 10.1: the definite form, in the fewest octets. What one decoder reads and another does not is two keys in one text.
  test.each([
    ['a tag alone', '30'],
    ['a length beyond the end', '04 02 00'],
    ['a length of 128 that is not there', '04 81'],
    ['a length of 256 that is half there', '04 82 01'],
    ['an indefinite length', '30 80 05 00 00 00'],
    ['a short length in two octets', `04 81 01 00`],
    ['127 in two octets', `04 81 7f ${'00 '.repeat(127)}`],
    ['128 in three octets', `04 82 00 80 ${'00 '.repeat(128)}`],
    ['a length in four octets', '04 83 00 00 01 00'],
    ['a length in four octets that needs them', '04 83 01 00 00 00'],
    ['a length of 2 to the 32nd', '04 85 01 00 00 00 00'],
    ['the length octet that is reserved', '04 ff 00'],
    ['a tag of several octets', 'bf 81 00 00'],
    ['a tag of several octets, universal', '1f 01 00'],
    ['a tag of several octets, of the context', 'bf 01 00'],
    ['a byte behind a value', '05 00 00'],
    ['a good value before a bad one', '02 01 01 02 80'],
  ])('readDer() refuses %s', (_what, hex) => {
    expect(readDer(fromHex(hex), 0, 9)).toBe(undefined);
  });

  test('readDer() undoes the writer', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(tag(), content()), { maxLength: 5 }), (written) => {
        const bytes = new Uint8Array(written.flatMap(([one, inside]) => [...der(one, inside)]));
        const values = readDer(bytes, 0, 5);
        expect(values?.map((value) => [value.tag, [...value.content]])).toEqual(written);
      }),
    );
  });

  test('readDer() reads nothing but what the writer would write', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (input) => {
        const bytes = new Uint8Array(input);
        const values = readDer(bytes, 0, 20);
        if (values === undefined) return;
        expect(values.flatMap((value) => [...der(value.tag, value.content)])).toEqual([...bytes]);
        expect(values.flatMap((value) => [...value.whole])).toEqual([...bytes]);
      }),
      { numRuns: 2000 },
    );
  });
});
