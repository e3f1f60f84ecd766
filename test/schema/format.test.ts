import { describe, expect, test } from 'vitest';
import { createFormat } from '../../src/schema/format.ts';
import { check } from '../../src/schema/check.ts';
import { parse } from '../../src/schema/parse.ts';

const BROKEN = { code: 'not_it', message: 'must be it' };

describe('createFormat()', () => {
  // Hostile list 24: what is never read costs nothing, however it would be read.
  test('createFormat() looks at no text beyond its bounds', () => {
    const seen: string[] = [];
    const schema = createFormat({ format: 'it', min: 2, max: 3 }, BROKEN, (text) => seen.push(text) > 0);
    for (const text of ['', 'a', 'abcd', 'a'.repeat(100_000)]) expect(check(schema, text)).toBe(false);
    expect(seen).toEqual([]);
    for (const text of ['ab', 'abc']) expect(check(schema, text)).toBe(true);
    expect(seen).toEqual(['ab', 'abc']);
  });

  test('createFormat() says which bound was crossed, and else that the form is another', () => {
    const schema = createFormat({ format: 'it', min: 2, max: 3 }, BROKEN, () => false);
    expect(parse(schema, 'a')).toMatchObject({ issues: [{ code: 'too_short', params: { min: 2 } }] });
    expect(parse(schema, 'abcd')).toMatchObject({ issues: [{ code: 'too_long', params: { max: 3 } }] });
    expect(parse(schema, 'abc')).toMatchObject({ issues: [{ ...BROKEN, path: [] }] });
  });
});
