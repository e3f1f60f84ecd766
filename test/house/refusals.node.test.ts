import { describe, expect, it } from 'vitest';
import { breaksNaming, breaksProof, codesOf } from './refusals.ts';
import { readSources } from './source.ts';

const house = readSources('src');
const codes = codesOf('src/core/refusal.ts', house.get('src/core/refusal.ts') ?? '');

describe('the refusal table', () => {
  it('is found', () => {
    expect(codes).toContain('jwt_expired');
    expect(codes.length).toBeGreaterThan(20);
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
