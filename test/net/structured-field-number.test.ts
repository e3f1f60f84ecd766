import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDecimal, formatInteger } from '../../src/net/structured-field-number.ts';

describe('formatDecimal', () => {
  // RFC 9651 section 4.1.5: to three places, a tie to the even digit.
  it.each([
    [0, '0.0'],
    [-0, '0.0'],
    [1, '1.0'],
    [-1, '-1.0'],
    [0.1, '0.1'],
    [0.12, '0.12'],
    [0.125, '0.125'],
    [100, '100.0'],
    [0.001, '0.001'],
    [1.1001, '1.1'],
    [0.0015, '0.002'],
    [0.0025, '0.002'],
    [-0.0015, '-0.002'],
    [-0.0025, '-0.002'],
    [0.0005, '0.0'],
    [-0.0005, '0.0'],
    [0.00051, '0.001'],
    [0.00049, '0.0'],
    [1.00050001, '1.001'],
    [9.9995, '10.0'],
    [9.9985, '9.998'],
    [1.9999, '2.0'],
    [1e-7, '0.0'],
    [-1e-7, '0.0'],
    [5e-324, '0.0'],
    [999_999_999_999, '999999999999.0'],
    [999_999_999_999.999, '999999999999.999'],
    [999_999_999_999.9994, '999999999999.999'],
    [0.1 + 0.2, '0.3'],
  ])('formatDecimal() writes %d as %s', (value, text) => {
    expect(formatDecimal(value)).toBe(text);
  });

  it.each([1e12, -1e12, 999_999_999_999.9996, 1e21, Infinity, NaN, '1', undefined])(
    'formatDecimal() refuses %j',
    (value) => {
      expect(formatDecimal(value)).toBe(undefined);
    },
  );

  it('formatDecimal() writes three places or less, at most half a thousandth away', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const text = formatDecimal(value) ?? '';
        expect(text).toMatch(/^-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]{0,2}[1-9])$/);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(0.0005 + 1e-6);
        expect(text.startsWith('-')).toBe(Number(text) < 0);
      }),
    );
  });

  it('formatDecimal() writes every whole number of thousandths as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }), (thousandths) => {
        expect(Number(formatDecimal(thousandths / 1000))).toBe(thousandths / 1000 + 0);
      }),
    );
  });

  it('formatDecimal() rounds every tie to the even thousandth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (thousandths) => {
        const tie = Number(`${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}5`);
        const even = thousandths + thousandths % 2;
        expect(Number(formatDecimal(tie))).toBe(even / 1000);
      }),
    );
  });
});

describe('formatInteger', () => {
  it.each([[0, '0'], [-0, '0'], [-5, '-5'], [999_999_999_999_999, '999999999999999']])(
    'formatInteger() writes %d as %s',
    (value, text) => {
      expect(formatInteger(value)).toBe(text);
    },
  );

  it.each([1e15, -1e15, 1.5, NaN, Infinity, '1', undefined])('formatInteger() refuses what is %s', (value) => {
    expect(formatInteger(value)).toBe(undefined);
  });
});
