import { describe, expect, test } from 'vitest';
import type { Issue } from '../../src/core/refusal.ts';
import { array, formatPointer, int, object, parse, record, string, translateIssues } from '../../src/schema/index.ts';
import { deepFreeze } from './findings.ts';
import { polluting, withPollution } from './pollution.ts';

describe('formatPointer()', () => {
  // RFC 6901 section 5.
  test.each<{ path: readonly (string | number)[]; pointer: string }>([
    { path: [], pointer: '' },
    { path: ['foo'], pointer: '/foo' },
    { path: ['foo', 0], pointer: '/foo/0' },
    { path: [''], pointer: '/' },
    { path: ['a/b'], pointer: '/a~1b' },
    { path: ['c%d'], pointer: '/c%d' },
    { path: ['i\\j'], pointer: '/i\\j' },
    { path: ['k"l'], pointer: '/k"l' },
    { path: [' '], pointer: '/ ' },
    { path: ['m~n'], pointer: '/m~0n' },
    // RFC 6901 section 4: in the other order `~1` would be read as a slash.
    { path: ['~1'], pointer: '/~01' },
    { path: ['~/~'], pointer: '/~0~1~0' },
    { path: ['', ''], pointer: '//' },
    { path: ['$&', "$'"], pointer: "/$&/$'" },
  ])('formatPointer() writes $pointer', ({ path, pointer }) => {
    expect(formatPointer(path)).toBe(pointer);
  });

  // Hostile list 8: a look by name finds something under each of these.
  test.each(['toString', 'constructor', '__proto__'])('formatPointer() writes the key %s', (key) => {
    expect(formatPointer([key])).toBe(`/${key}`);
  });

  test('formatPointer() points at the place of an issue', () => {
    const result = parse(object({ lines: array(record(int())) }), { lines: [{}, { a: 'x' }] });
    expect(result.ok ? [] : result.issues.map(({ path }) => formatPointer(path))).toEqual(['/lines/1/*']);
  });
});

describe('translateIssues()', () => {
  const result = parse(object({ a: int({ min: 1 }), b: string({ max: 2 }) }), deepFreeze({ a: 0, b: 'abc' }));
  const issues = result.ok ? [] : result.issues;

  test('translateIssues() says the sentence of the code, with its params', () => {
    expect(translateIssues(issues, { too_small: 'muss mindestens {min} sein, ja: {min}' })).toEqual([
      { code: 'too_small', path: ['a'], message: 'muss mindestens 1 sein, ja: 1', params: { min: 1 } },
      { code: 'too_long', path: ['b'], message: 'must have at most 2 characters', params: { max: 2 } },
    ]);
  });

  test('translateIssues() changes none of what it was given', () => {
    const before = structuredClone(issues);
    translateIssues(deepFreeze(issues), deepFreeze({ too_small: 'x', too_long: 'y' }));
    expect(issues).toEqual(before);
  });

  test('translateIssues() leaves a hole that has no param', () => {
    expect(translateIssues(issues, { too_small: '{mni} {toString} {__proto__} {} {min' })[0]?.message).toBe(
      '{mni} {toString} {__proto__} {} {min',
    );
  });

  // `$&` means the match to String.replace, and a value may look like another hole.
  test('translateIssues() puts a value in as it is', () => {
    const issue: Issue = { code: 'a', path: [], message: '', params: { x: "$&$'{y}", y: 'Y' } };
    expect(translateIssues([issue], { a: '{x} {y}' })[0]?.message).toBe("$&$'{y} Y");
  });

  // Hostile list 8: a code is looked up among the own keys alone.
  test.each(['toString', 'constructor', '__proto__'])('translateIssues() finds no sentence for the code %s', (code) => {
    const issue: Issue = { code, path: [], message: 'mine' };
    expect(translateIssues([issue], { other: 'x' })).toEqual([issue]);
  });

  test('translateIssues() takes no sentence from a polluted prototype', () => {
    const messages = withPollution('too_small', polluting('polluted'), () => {
      return translateIssues(issues, {}).map(({ message }) => message);
    });
    expect(messages[0]).toBe('must be at least 1');
  });

  // 10,000 braces: a pattern that tried again from each of them would take 10,000 times as long.
  test('translateIssues() takes time in the length of the sentence', () => {
    const [issue] = translateIssues(issues, { too_small: '{a'.repeat(200_000) });
    expect(issue?.message).toHaveLength(400_000);
  });
});
