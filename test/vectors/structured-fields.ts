import type { BareItem, InnerList, Item, List } from '../../src/net/structured-field.ts';

/** A field value, what it means, and how it is written canonically where that is another text. */
export interface FieldVector<T> {
  readonly text: string;
  readonly value: T;
  readonly canonical?: string;
}

type Entries<T> = readonly (readonly [key: string, value: T])[];

const integer = (value: number): BareItem => ({ type: 'integer', value });
const decimal = (value: number): BareItem => ({ type: 'decimal', value });
const date = (value: number): BareItem => ({ type: 'date', value });
const string = (value: string): BareItem => ({ type: 'string', value });
const token = (value: string): BareItem => ({ type: 'token', value });
const display = (value: string): BareItem => ({ type: 'displayString', value });
const boolean = (value: boolean): BareItem => ({ type: 'boolean', value });
const bytes = (...value: number[]): BareItem => ({ type: 'bytes', value: new Uint8Array(value) });
const item = (bare: BareItem, parameters: Entries<BareItem> = []): Item => ({
  ...bare,
  parameters: new Map(parameters),
});
const inner = (items: readonly Item[], parameters: Entries<BareItem> = []): InnerList => ({
  type: 'innerList',
  items,
  parameters: new Map(parameters),
});
const yes = boolean(true);

/** RFC 9651 section 3.3, its examples first. */
export const ITEM_VECTORS: readonly FieldVector<Item>[] = [
  { text: '42', value: item(integer(42)) },
  { text: '4.5', value: item(decimal(4.5)) },
  { text: '"hello world"', value: item(string('hello world')) },
  { text: 'foo123/456', value: item(token('foo123/456')) },
  { text: '?1', value: item(yes) },
  { text: '@1659578233', value: item(date(1_659_578_233)) },
  {
    text: '%"This is intended for display to %c3%bcsers."',
    value: item(display('This is intended for display to \u00fcsers.')),
  },
  { text: '5; foo=bar', value: item(integer(5), [['foo', token('bar')]]), canonical: '5;foo=bar' },
  { text: '1; a; b=?0', value: item(integer(1), [['a', yes], ['b', boolean(false)]]), canonical: '1;a;b=?0' },
  // integers
  { text: '0', value: item(integer(0)) },
  { text: '-0', value: item(integer(0)), canonical: '0' },
  { text: '-42', value: item(integer(-42)) },
  { text: '007', value: item(integer(7)), canonical: '7' },
  { text: '-00', value: item(integer(0)), canonical: '0' },
  { text: '999999999999999', value: item(integer(999_999_999_999_999)) },
  { text: '-999999999999999', value: item(integer(-999_999_999_999_999)) },
  { text: '000000000000001', value: item(integer(1)), canonical: '1' },
  // decimals
  { text: '1.0', value: item(decimal(1)) },
  { text: '-0.0', value: item(decimal(0)), canonical: '0.0' },
  { text: '1.50', value: item(decimal(1.5)), canonical: '1.5' },
  { text: '00.123', value: item(decimal(0.123)), canonical: '0.123' },
  { text: '999999999999.999', value: item(decimal(999_999_999_999.999)) },
  { text: '-999999999999.999', value: item(decimal(-999_999_999_999.999)) },
  // dates
  { text: '@0', value: item(date(0)) },
  { text: '@-62135596800', value: item(date(-62_135_596_800)) },
  { text: '@1;a=@2', value: item(date(1), [['a', date(2)]]) },
  // strings
  { text: '""', value: item(string('')) },
  { text: '"\\"\\\\"', value: item(string('"\\')) },
  { text: '"a\\"b\\\\c"', value: item(string('a"b\\c')) },
  { text: '";,=()"', value: item(string(';,=()')) },
  // tokens
  { text: '*', value: item(token('*')) },
  { text: 'A', value: item(token('A')) },
  { text: "a!#$%&'*+-.^_`|~:/0", value: item(token("a!#$%&'*+-.^_`|~:/0")) },
  // byte sequences: section 4.2.7 asks for leniency about padding and trailing bits
  { text: '::', value: item(bytes()) },
  { text: ':AQID:', value: item(bytes(1, 2, 3)) },
  { text: ':+/8=:', value: item(bytes(251, 255)) },
  { text: ':+/8:', value: item(bytes(251, 255)), canonical: ':+/8=:' },
  { text: ':/x==:', value: item(bytes(255)), canonical: ':/w==:' },
  // display strings
  { text: '%""', value: item(display('')) },
  { text: '%"%22%25"', value: item(display('"%')) },
  { text: '%"\\"', value: item(display('\\')) },
  { text: '%"%0a%00%7f"', value: item(display('\n\0\u007f')) },
  { text: '%"%f0%9f%92%a9"', value: item(display('\u{1f4a9}')) },
  { text: '%"%ef%bb%bfa"', value: item(display('\ufeffa')) },
  { text: '%"%41"', value: item(display('A')), canonical: '%"A"' },
  // parameters and white space
  { text: '  a  ', value: item(token('a')), canonical: 'a' },
  { text: 'a;   b', value: item(token('a'), [['b', yes]]), canonical: 'a;b' },
  { text: 'a;b=?1', value: item(token('a'), [['b', yes]]), canonical: 'a;b' },
  { text: 'a;*=1;*b_.-9=x', value: item(token('a'), [['*', integer(1)], ['*b_.-9', token('x')]]) },
  // The last of a repeated key counts, in the place of the first (section 4.2.3.2).
  {
    text: 'a;b=1;c=2;b=3',
    value: item(token('a'), [['b', integer(3)], ['c', integer(2)]]),
    canonical: 'a;b=3;c=2',
  },
  { text: 'a;constructor=1', value: item(token('a'), [['constructor', integer(1)]]) },
];

/** RFC 9651 section 3.1, its examples first. */
export const LIST_VECTORS: readonly FieldVector<List>[] = [
  { text: 'sugar, tea, rum', value: [item(token('sugar')), item(token('tea')), item(token('rum'))] },
  {
    text: '("foo" "bar"), ("baz"), ("bat" "one"), ()',
    value: [
      inner([item(string('foo')), item(string('bar'))]),
      inner([item(string('baz'))]),
      inner([item(string('bat')), item(string('one'))]),
      inner([]),
    ],
  },
  {
    text: '("foo"; a=1;b=2);lvl=5, ("bar" "baz");lvl=1',
    value: [
      inner([item(string('foo'), [['a', integer(1)], ['b', integer(2)]])], [['lvl', integer(5)]]),
      inner([item(string('bar')), item(string('baz'))], [['lvl', integer(1)]]),
    ],
    canonical: '("foo";a=1;b=2);lvl=5, ("bar" "baz");lvl=1',
  },
  {
    text: 'abc;a=1;b=2; cde_456, (ghi;jk=4 l);q="9";r=w',
    value: [
      item(token('abc'), [['a', integer(1)], ['b', integer(2)], ['cde_456', yes]]),
      inner([item(token('ghi'), [['jk', integer(4)]]), item(token('l'))], [['q', string('9')], ['r', token('w')]]),
    ],
    canonical: 'abc;a=1;b=2;cde_456, (ghi;jk=4 l);q="9";r=w',
  },
  { text: '', value: [] },
  { text: '   ', value: [], canonical: '' },
  { text: '1,2', value: [item(integer(1)), item(integer(2))], canonical: '1, 2' },
  { text: '1 \t ,\t 2\t', value: [item(integer(1)), item(integer(2))], canonical: '1, 2' },
  { text: '(  a  b  )', value: [inner([item(token('a')), item(token('b'))])], canonical: '(a b)' },
  {
    text: '(@1 %"a" :AQ==: ?0 1.5)',
    value: [inner([date(1), display('a'), bytes(1), boolean(false), decimal(1.5)].map((bare) => item(bare)))],
  },
];

/** RFC 9651 section 3.2, its examples first. */
export const DICTIONARY_VECTORS: readonly FieldVector<Entries<Item | InnerList>>[] = [
  {
    text: 'en="Applepie", da=:w4Y=:',
    value: [['en', item(string('Applepie'))], ['da', item(bytes(0xc3, 0x86))]],
  },
  {
    text: 'a=?0, b, c; foo=bar',
    value: [['a', item(boolean(false))], ['b', item(yes)], ['c', item(yes, [['foo', token('bar')]])]],
    canonical: 'a=?0, b, c;foo=bar',
  },
  {
    text: 'rating=1.5, feelings=(joy sadness)',
    value: [['rating', item(decimal(1.5))], ['feelings', inner([item(token('joy')), item(token('sadness'))])]],
  },
  {
    text: 'a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid',
    value: [
      ['a', inner([item(integer(1)), item(integer(2))])],
      ['b', item(integer(3))],
      ['c', item(integer(4), [['aa', token('bb')]])],
      ['d', inner([item(integer(5)), item(integer(6))], [['valid', yes]])],
    ],
  },
  { text: '', value: [] },
  { text: 'a=?1', value: [['a', item(yes)]], canonical: 'a' },
  { text: 'a=?1;b, c', value: [['a', item(yes, [['b', yes]])], ['c', item(yes)]], canonical: 'a;b, c' },
  // The last of a repeated key counts, in the place of the first (section 4.2.2).
  { text: 'a=1, b=2, a=3', value: [['a', item(integer(3))], ['b', item(integer(2))]], canonical: 'a=3, b=2' },
  { text: 'constructor=1, *', value: [['constructor', item(integer(1))], ['*', item(yes)]] },
];
