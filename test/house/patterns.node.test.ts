import { describe, expect, it } from 'vitest';
import { breaksCompiling, breaksLinearity, patternsOf } from './patterns.ts';
import { readSources } from './source.ts';

const house = readSources('src');
const judge = (text: string): string[] => breaksLinearity(patternsOf(new Map([['src/jwt/a.ts', text]])));

describe('the law of linear patterns', () => {
  it('holds in src', () => {
    const patterns = patternsOf(house);
    // A collector that finds nothing would pass.
    expect(patterns.length).toBeGreaterThan(25);
    expect(breaksLinearity(patterns)).toEqual([]);
    expect(breaksCompiling(house)).toEqual([]);
  }, 120_000);

  it('collects literals wherever they stand, with their flags', () => {
    const text =
      'const A = /a\\/[/]+/gi; export function b(c: string): boolean { return `${c}`.split(/ /).some(() => /x/u.test(c)); }';
    const patterns = patternsOf(new Map([['src/jwt/a.ts', text]]));
    expect(patterns.map(({ source, flags }) => [source, flags])).toEqual([['a\\/[/]+', 'gi'], [' ', ''], ['x', 'u']]);
  });

  it.each([
    ['nested repetition', String.raw`/^(a+)+$/`],
    ['one of two ways', String.raw`/^(?:a|a)*$/`],
    ['overlapping neighbours', String.raw`/^\d+\d+$/`],
    ['a search for a tail', String.raw`/\s+$/`],
    // The local part of many a pattern for addresses.
    ['optional separators', String.raw`/^(?:[\w.-]+\.?)+@/`],
    ['a reference back', String.raw`/^(a*)*\1$/`],
  ])('is red for %s', (_what, literal) => {
    expect(judge(`export const PATTERN = ${literal};`)).toHaveLength(1);
  });

  it.each([
    ['one loop', String.raw`/^a+$/`],
    ['loops with a delimiter', String.raw`/^a+(?:\.a+)*$/`],
    ['a bounded loop and a look behind', String.raw`/^(?!-)[a-z-]{1,63}(?<!-)$/`],
  ])('is green for %s', (_what, literal) => {
    expect(judge(`export const PATTERN = ${literal};`)).toEqual([]);
  });

  it.each(['new RegExp(text)', 'RegExp(text)', "new RegExp(`^${text}$`, 'u')"])('is red for %s', (code) => {
    expect(breaksCompiling(new Map([['src/jwt/a.ts', `export const pattern = ${code};`]]))).toHaveLength(1);
  });

  it('is green for the pattern that a caller brings', () => {
    expect(breaksCompiling(new Map([['src/schema/string.ts', 'export const pattern = new RegExp(text);']]))).toEqual(
      [],
    );
  });
});
