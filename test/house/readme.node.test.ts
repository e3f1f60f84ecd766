import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocksOf, typeErrors } from './readme.ts';
import { root } from './source.ts';

describe('README.md', () => {
  const blocks = blocksOf(readFileSync(`${root}README.md`, 'utf8'));

  it('shows programs that compile against src', () => {
    expect(blocks.length).toBeGreaterThan(0);
    expect(typeErrors(blocks)).toEqual([]);
  });

  it('would be red for a program that does not', () => {
    expect(typeErrors([`import { secure } from 'sallyport';\nsecure({ method: 'GET' });`])).not.toEqual([]);
  });
});
