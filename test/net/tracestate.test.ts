import { describe, expect, it } from 'vitest';
import { formatTracestate, parseTracestate } from '../../src/net/tracestate.ts';

const many = (count: number): string => Array.from({ length: count }, (_, index) => `a${index}=b`).join(',');

describe('parseTracestate', () => {
  it.each([
    ['rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', [['rojo', '00f067aa0ba902b7'], ['congo', 't61rcWkgMzE']]],
    ['fw529a3039@dt=a:b;c', [['fw529a3039@dt', 'a:b;c']]],
    ['0a=1 , \t b_-*/=2\t', [['0a', '1'], ['b_-*/', '2']]],
    // Lines that are joined leave empty members.
    [',, a=1 ,', [['a', '1']]],
    ['a= b', [['a', ' b']]],
    ['a=!"#$%&\'()*+-./:;<>?@[\\]^_`{|}~', [['a', '!"#$%&\'()*+-./:;<>?@[\\]^_`{|}~']]],
    ['', []],
    [' ', []],
  ])('parseTracestate() reads %j', (text, expected) => {
    expect([...parseTracestate(text) ?? [['none']]]).toStrictEqual(expected);
  });

  it.each([
    'a',
    '=b',
    'a=',
    'a=b=c',
    'A=b',
    '@a=b',
    '-a=b',
    'a b=c',
    'a =b',
    'a=b\tc',
    'a=\u00e4',
    'a=b\nc',
    '\u00e4=b',
    // Which of the two it is, everybody answers otherwise.
    'a=1,a=2',
    'a=1,a=1',
    `${'a'.repeat(257)}=b`,
    `a=${'b'.repeat(257)}`,
    'a=b'.padEnd(8193, ','),
  ])('parseTracestate() refuses %j', (text) => {
    expect(parseTracestate(text)).toBe(undefined);
  });

  it('parseTracestate() reads 32 members, and refuses 33', () => {
    expect(parseTracestate(many(32))?.size).toBe(32);
    expect(parseTracestate(many(33))).toBe(undefined);
  });
});

describe('formatTracestate', () => {
  it('formatTracestate() undoes parseTracestate()', () => {
    const text = `fw529a3039@dt=a:b,${many(31)}`;
    expect(formatTracestate(parseTracestate(text) ?? new Map())).toBe(text);
    expect(formatTracestate(new Map())).toBe('');
  });

  it.each([['', 'b'], ['A', 'b'], ['a', ''], ['a', 'b '], ['a', 'b,c=d'], ['a', 'b=c'], ['a', 'b\r\nx: y'], [
    'a=b,c',
    'd',
  ]])(
    'formatTracestate() throws a TypeError for the member %j=%j',
    (key, value) => {
      expect(() => formatTracestate(new Map([[key, value]]))).toThrow(TypeError);
    },
  );

  it('formatTracestate() throws a TypeError for 33 members', () => {
    const members = new Map(Array.from({ length: 33 }, (_, index) => [`a${index}`, 'b'] as const));
    expect(() => formatTracestate(members)).toThrow(TypeError);
  });
});
