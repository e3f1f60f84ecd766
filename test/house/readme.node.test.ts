import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Refusal, type RefusalCode } from '../../src/core/refusal.ts';
import { blocksOf, statusesOf, typeErrors } from './readme.ts';
import { codesOf } from './refusals.ts';
import { root } from './source.ts';

describe('README.md', () => {
  const page = readFileSync(`${root}README.md`, 'utf8');
  const blocks = blocksOf(page);

  it('shows programs that compile against src', () => {
    expect(blocks.length).toBeGreaterThan(0);
    expect(typeErrors(blocks)).toEqual([]);
  });

  it('lists every refusal under its status', () => {
    const table = codesOf('src/core/refusal-code.ts', readFileSync(`${root}src/core/refusal-code.ts`, 'utf8'));
    // The names come from the table itself.
    const statuses = table.map((code): [string, number] => [code, new Refusal(code as RefusalCode).status]);
    expect(statusesOf(page)).toEqual(Object.fromEntries(statuses));
  });

  it('would be red for a program that does not', () => {
    expect(typeErrors([`import { secure } from 'sallyport';\nsecure({ method: 'GET' });`])).not.toEqual([]);
  });
});
