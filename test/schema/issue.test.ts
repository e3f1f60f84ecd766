import { describe, expect, test } from 'vitest';
import { INVALID, locate, refuse } from '../../src/schema/issue.ts';
import type { Issue } from '../../src/core/refusal.ts';

const RULE = { code: 'required', message: 'is required' };

describe('refuse()', () => {
  test('refuse() only says so without a list', () => {
    expect(refuse(undefined, RULE)).toBe(INVALID);
  });

  test('refuse() adds at most 8 issues', () => {
    const issues: Issue[] = [];
    for (let count = 0; count < 20; count++) refuse(issues, RULE);
    expect(issues).toHaveLength(8);
  });
});

describe('locate()', () => {
  test('locate() puts the key before the paths of later issues alone', () => {
    const issues: Issue[] = [];
    refuse(issues, RULE, 'a');
    refuse(issues, RULE, 'b');
    expect(locate(issues, 1, 'outer')).toBe(true);
    expect(issues.map(({ path }) => path)).toEqual([['a'], ['outer', 'b']]);
  });

  test('locate() tells when reading on is in vain', () => {
    expect(locate(undefined, 0, 'a')).toBe(false);
    const issues: Issue[] = [];
    for (let count = 0; count < 8; count++) refuse(issues, RULE);
    expect(locate(issues, 0, 'a')).toBe(false);
  });
});
