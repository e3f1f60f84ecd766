import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { addVary } from '../../src/cross-origin/vary.ts';

describe('addVary()', () => {
  test('addVary() twice is addVary() once, and what stood there stays', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('accept', 'Origin', 'origin', 'accept-encoding', 'x-origin')), (names) => {
        const headers = new Headers();
        for (const name of names) headers.append('vary', name);
        addVary(headers, ['origin']);
        const once = headers.get('vary');
        addVary(headers, ['origin']);
        expect(headers.get('vary')).toBe(once);
        const listed = once?.toLowerCase().split(', ') ?? [];
        expect(listed).toEqual(expect.arrayContaining(['origin', ...names.map((name) => name.toLowerCase())]));
      }),
    );
  });

  // A name that only contains the other is another name.
  test('addVary() adds a name beside one that ends like it', () => {
    const headers = new Headers({ vary: 'x-origin' });
    addVary(headers, ['origin']);
    expect(headers.get('vary')).toBe('x-origin, origin');
  });
});
