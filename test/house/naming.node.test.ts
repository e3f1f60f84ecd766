import { describe, expect, it } from 'vitest';
import { breaksLength, breaksNames } from './naming.ts';
import { readSources } from './source.ts';

describe('law 5, one file, one idea', () => {
  // A test file is a list, and a long list is still one idea.
  it.each(['src', 'bench', 'examples'])('files are short in %s', (folder) => {
    expect(breaksLength(readSources(folder))).toEqual([]);
  });

  it.each(['src', 'test', 'bench', 'examples'])('names speak in %s', (folder) => {
    expect(breaksNames(readSources(folder))).toEqual([]);
  });

  it('is red for a file of 251 lines', () => {
    expect(breaksLength(new Map([['src/a.ts', 'x\n'.repeat(250)]]))).toEqual([]);
    expect(breaksLength(new Map([['src/a.ts', 'x\n'.repeat(251)]]))).toHaveLength(1);
  });

  it.each(['src/jwt/utils.ts', 'src/lib/a.ts', 'src/jwt/types.ts', 'src/_private/a.ts', 'src/jwt/_a.ts'])(
    'is red for %s',
    (path) => {
      expect(breaksNames(new Map([[path, '']]))).toHaveLength(1);
    },
  );
});
