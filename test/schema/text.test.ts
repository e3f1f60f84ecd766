import { describe, expect, test } from 'vitest';
import {
  array,
  boolean,
  date,
  int,
  map,
  nullable,
  number,
  object,
  oneOf,
  optional,
  parse,
  parseText,
  refine,
  type Schema,
  string,
  tuple,
  union,
  unknown,
} from '../../src/schema/index.ts';

/** What a schema reads of the values that come under one name, or the codes of the issues. */
function read(schema: Schema<unknown>, ...values: readonly string[]): unknown {
  const result = parseText(object({ a: schema }), new URLSearchParams(values.map((value) => ['a', value])));
  if (!result.ok) return result.issues.map(({ code, path }) => `${code} ${path.join('/')}`).join();
  return result.value.a;
}

describe('parseText() numbers', () => {
  test.each([
    { text: '0', value: 0 },
    { text: '-0', value: 0 },
    { text: '-0.0', value: 0 },
    { text: '7', value: 7 },
    { text: '-7', value: -7 },
    { text: '0.5', value: 0.5 },
    { text: '1.50', value: 1.5 },
    { text: '9007199254740991', value: Number.MAX_SAFE_INTEGER },
    { text: '-9007199254740991', value: Number.MIN_SAFE_INTEGER },
  ])('parseText() reads the number $text', ({ text, value }) => {
    expect(Object.is(read(number(), text), value)).toBe(true);
  });

  // Hostile list 35: what Number() and z.coerce take for a number.
  test.each([
    '',
    ' ',
    '\t1',
    '1 ',
    '1\n',
    '+5',
    '--5',
    '1.',
    '.5',
    '-.5',
    '007',
    '-01',
    '00',
    '1e3',
    '1E3',
    '0x10',
    '0b1',
    '0o7',
    '1_000',
    '1,000',
    '1.2.3',
    '1n',
    '\u0661\u0662',
    '\uff11',
    'NaN',
    'Infinity',
    '-Infinity',
    'null',
    'true',
    '-',
    '\u22121',
    '1\u0000',
    '\ufeff1',
  ])('parseText() takes %j for no number', (text) => {
    expect(read(number(), text)).toBe('not_number a');
    expect(read(int(), text)).toBe('not_integer a');
  });

  // Hostile list 36: rounded, it is the neighbour's record.
  test.each(['9007199254740992', '9007199254740993', '-9007199254740993', '1'.repeat(400), '9007199254740992.5'])(
    'parseText() refuses %j, which a double may not hold, and never rounds it',
    (text) => {
      expect(read(int(), text)).toBe('not_integer a');
      expect(read(number(), text)).toBe('not_number a');
    },
  );

  test.each(['1.0', '1.5', '9007199254740991.4'])('parseText() takes %j for no int', (text) => {
    expect(read(int(), text)).toBe('not_integer a');
  });

  test('parseText() leaves the bounds to the schema', () => {
    expect(read(int({ max: 5 }), '6')).toBe('too_large a');
    expect(read(number({ min: -1 }), '-1.5')).toBe('too_small a');
  });
});

describe('parseText() booleans, literals and strings', () => {
  test('parseText() reads true and false', () => {
    expect([read(boolean(), 'true'), read(boolean(), 'false')]).toEqual([true, false]);
  });

  // Hostile list 37: z.coerce.boolean('false') is true.
  test.each(['', '0', '1', 'no', 'yes', 'on', 'True', 'FALSE', ' true', 'null'])(
    'parseText() takes %j for no boolean',
    (text) => {
      expect(read(boolean(), text)).toBe('not_boolean a');
    },
  );

  test('parseText() reads literals by their canonical text', () => {
    const schema = oneOf(1, true, 'open', 0.5);
    expect(['1', 'true', 'open', '0.5'].map((text) => read(schema, text))).toEqual([1, true, 'open', 0.5]);
  });

  test.each(['01', '1.0', 'TRUE', ' open', '', 'toString', '__proto__', '.5'])(
    'parseText() takes %j for no literal',
    (text) => {
      expect(read(oneOf(1, true, 'open', 0.5), text)).toBe('not_allowed a');
    },
  );

  // The list is the caller's order: nothing but it tells a 1 from a '1'.
  test('parseText() takes the first of two literals with one text', () => {
    expect([read(oneOf(1, '1'), '1'), read(oneOf('1', 1), '1')]).toEqual([1, '1']);
  });

  test.each(['', ' x ', '1', 'null', 'true', '[1]', '{"a":1}', '\u0000'])(
    'parseText() leaves the string %j',
    (text) => {
      expect(read(string(), text)).toBe(text);
      expect(read(unknown(), text)).toBe(text);
    },
  );

  // Hostile list 38: new Date('1') is a day of 2001, and new Date(null) one of 1970.
  test.each(['0', '1', 'null', '', '2024-02-30'])('parseText() makes no date of %j', (text) => {
    expect(read(date(), text)).toMatch(/ a$/);
    expect(read(map(date(), (day) => new Date(day)), text)).toMatch(/ a$/);
  });

  // The coercion belongs to the entry point.
  test('parse() with the same schema coerces nothing', () => {
    const schema = object({ n: int(), b: boolean(), l: oneOf(1), t: array(int()) });
    expect(parseText(schema, { n: '1', b: 'true', l: '1', t: '1' }).ok).toBe(true);
    expect(parse(schema, { n: '1', b: 'true', l: '1', t: '1' })).toMatchObject({ ok: false, issues: { length: 4 } });
  });
});

describe('parseText() repeated parameters', () => {
  // Hostile list 41: one server takes the first, the next the last.
  test.each([
    ['a string', string()],
    ['a number', number()],
    ['a boolean', boolean()],
    ['a literal', oneOf('x')],
    ['any JSON', unknown()],
    ['an optional', optional(string(), 'z')],
    ['a nullable', nullable(string())],
    ['a refined', refine(string(), () => true, 'never')],
    ['a union of scalars', union(int(), string())],
  ])('parseText() refuses %s that is repeated', (_name, schema) => {
    expect(read(schema, 'x', 'x')).toBe('repeated a');
  });

  test('parseText() reads one or several values for an array, item by item', () => {
    expect(read(array(string()), '1')).toEqual(['1']);
    expect(read(array(int()), '1', '2')).toEqual([1, 2]);
    expect(read(optional(refine(array(boolean()), () => true, 'never')), 'true')).toEqual([true]);
    expect(read(array(int()), '1', 'x')).toBe('not_integer a/1');
  });

  test('parseText() refuses more values than the array takes', () => {
    expect(read(array(int(), { max: 2 }), '1', '2', '3')).toBe('too_many a');
    expect(read(array(int(), { min: 2 }), '1')).toBe('too_few a');
  });

  // Hostile list 18: the number of items is checked before any of them.
  test('parseText() converts no item of too many', () => {
    let converted = 0;
    const item = union(refine(int(), () => ++converted > 0, 'counted'), string());
    expect(read(array(item, { max: 2 }), ...Array.from({ length: 50 }, () => '1'))).toBe('too_many a');
    expect(converted).toBe(0);
  });

  test('parseText() reads a tuple of repeated values', () => {
    expect(read(tuple(int(), boolean()), '1', 'true')).toEqual([1, true]);
    expect(read(tuple(int(), boolean()), '1')).toBe('wrong_length a');
  });

  test('parseText() does not split text, and knows no arrays of arrays', () => {
    expect(read(array(string()), 'a,b')).toEqual(['a,b']);
    expect(read(array(array(string())), 'a')).toBe('not_array a/0');
  });
});
