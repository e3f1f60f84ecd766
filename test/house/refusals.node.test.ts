import { describe, expect, it } from 'vitest';
import { breaksNaming, breaksProof, codesOf, tabledCodesOf } from './refusals.ts';
import { readSources } from './source.ts';

const house = readSources('src');
const codes = codesOf('src/core/refusal-code.ts', house.get('src/core/refusal-code.ts') ?? '');

describe('the refusal table', () => {
  it('is found', () => {
    expect(codes).toContain('jwt_expired');
    expect(codes.length).toBeGreaterThan(20);
  });

  // Without a row there is no status; with two, the later one wins in silence.
  it('holds every code of the union once', () => {
    const path = 'src/core/refusal-code.ts';
    expect(tabledCodesOf(path, house.get(path) ?? '').toSorted()).toEqual(codes.toSorted());
    const twice = `const TABLE = [[400, 'Bad Request', ['one', 'two']], [401, 'Unauthorized', ['two']]];`;
    expect(tabledCodesOf(path, twice)).toEqual(['one', 'two', 'two']);
  });

  it('holds no code that no test produces', () => {
    expect(breaksProof(codes, readSources('test'))).toEqual([]);
  });

  it('holds no code that no docstring names', () => {
    expect(breaksNaming(codes, house)).toEqual([]);
  });

  it('is red for a code without a test or a docstring', () => {
    const never = ['never', 'produced'].join('_');
    expect(breaksProof([never], readSources('test'))).toEqual([never]);
    expect(breaksNaming([never], house)).toEqual([never]);
  });
});
