import fc from 'fast-check';
import type { BareItem, InnerList, Item, ItemParameters } from '../../src/net/structured-field.ts';

/** What has a canonical form. */
export const key: fc.Arbitrary<string> = fc.stringMatching(/^[a-z*][a-z0-9_.*-]{0,5}$/);
export const visible: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom(...' !"#%\'(),;=?@AZ[\\]_az~09'),
  maxLength: 8,
});
export const thousandths: fc.Arbitrary<number> = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 });
const bare: fc.Arbitrary<BareItem> = fc.oneof(
  thousandths.map((value) => ({ type: 'integer' as const, value })),
  thousandths.map((value) => value / 1000 + 0).map((value) => ({ type: 'decimal' as const, value })),
  thousandths.map((value) => ({ type: 'date' as const, value })),
  visible.map((value) => ({ type: 'string' as const, value })),
  fc.stringMatching(/^[A-Za-z*][a-z0-9:/!#$%&'*+.^_`|~-]{0,6}$/).map((value) => ({ type: 'token' as const, value })),
  fc.string({ unit: 'binary', maxLength: 8 }).map((value) => ({ type: 'displayString' as const, value })),
  fc.uint8Array({ maxLength: 8 }).map((value) => ({ type: 'bytes' as const, value })),
  fc.boolean().map((value) => ({ type: 'boolean' as const, value })),
);
const parameters: fc.Arbitrary<ItemParameters> = fc.array(fc.tuple(key, bare), { maxLength: 3 }).map((entries) =>
  new Map(entries)
);
export const item: fc.Arbitrary<Item> = fc.tuple(bare, parameters).map(([one, its]) => ({ ...one, parameters: its }));
const innerList: fc.Arbitrary<InnerList> = fc.tuple(fc.array(item, { maxLength: 3 }), parameters).map((
  [items, its],
) => ({
  type: 'innerList',
  items,
  parameters: its,
}));
export const member: fc.Arbitrary<Item | InnerList> = fc.oneof(item, innerList);
export const dictionary: fc.Arbitrary<Map<string, Item | InnerList>> = fc.array(fc.tuple(key, member), { maxLength: 4 })
  .map((entries) => new Map(entries));

/** Text out of the pieces of the grammar, so that much of it is nearly well-formed. */
export const nearlyWellFormed: fc.Arbitrary<string> = fc.array(
  fc.oneof(
    fc.constantFrom(...'abAZ*019-.:/?@%"\\(),;= \t'),
    fc.constantFrom(
      '?0',
      '?1',
      '@1',
      ':AQ==:',
      '%"',
      '%c3%bc',
      '"a"',
      ', ',
      ';a',
      ';a=',
      'a=',
      '(a',
      '1.5',
      '\u00e4',
      '\u0161',
      '\0',
    ),
  ),
  { maxLength: 10 },
).map((parts) => parts.join(''));
