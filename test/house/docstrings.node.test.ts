import { describe, expect, it } from 'vitest';
import { breaksDocstrings } from './docstrings.ts';
import { readSources } from './source.ts';

const behind = (text: string): Map<string, string> =>
  new Map([['src/jwt/index.ts', `export { a } from './a.ts';`], ['src/jwt/a.ts', text]]);

describe('docstrings', () => {
  it('every public function shows an example, briefly', () => {
    expect(breaksDocstrings(readSources('src'))).toEqual([]);
  });

  it.each([
    ['without a docstring', `export function a(): void {}`],
    ['without an example', `/** A. */\nexport function a(): void {}`],
    ['with a chapter', `/**\n${' * line\n'.repeat(26)} * @example\n */\nexport function a(): void {}`],
  ])('is red for a public function %s', (_, text) => {
    expect(breaksDocstrings(behind(text))).toHaveLength(1);
  });

  it('is green for an example, and for what is not public', () => {
    expect(
      breaksDocstrings(behind(`/**\n * A.\n * @example\n */\nexport function a(): void {}\nexport function b() {}`)),
    )
      .toEqual([]);
  });
});
