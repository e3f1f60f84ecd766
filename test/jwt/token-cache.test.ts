import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CachedToken, createTokenCache } from '../../src/jwt/index.ts';

const TIMES = { exp: 2, nbf: 0, iat: 0 } as const;

function entryOf(claims: object = {}): CachedToken {
  const verified = { header: { alg: 'ES256' }, claims };
  return { owner: TIMES, generation: 0, times: TIMES, confirmation: undefined, verified };
}

describe('createTokenCache()', () => {
  test('remembers exactly the text that it was given', () => {
    const cache = createTokenCache();
    const entry = entryOf();
    cache.set('a.b.c', entry);
    expect(cache.get('a.b.c')).toBe(entry);
    expect([cache.get('a.b.C'), cache.get('a.b.c '), cache.get('a.b'), cache.get('')]).toEqual(
      [undefined, undefined, undefined, undefined],
    );
  });

  // The end of a token finds it. Whoever knows a signature can write any token that ends alike.
  test('takes no text for another that ends alike, and keeps the last of two', () => {
    const cache = createTokenCache();
    const [one, two] = [entryOf(), entryOf()];
    const end = '.0123456789abcdef';
    cache.set(`one${end}`, one);
    const { bytes } = cache;
    expect([cache.get(`one${end}`) === one, cache.get(`two${end}`), cache.get(end.slice(-12))]).toEqual(
      [true, undefined, undefined],
    );
    cache.set(`two${end}`, two);
    expect([cache.get(`one${end}`), cache.get(`two${end}`) === two]).toEqual([undefined, true]);
    expect([cache.entries, cache.bytes]).toEqual([1, bytes]);
  });

  test('keeps one entry for a text, the last', () => {
    const cache = createTokenCache();
    cache.set('a', entryOf());
    const bytes = cache.bytes;
    const last = entryOf();
    cache.set('a', last);
    expect([cache.get('a') === last, cache.entries, cache.bytes]).toEqual([true, 1, bytes]);
  });

  test('clear() forgets everything', () => {
    const cache = createTokenCache({ maxEntries: 2 });
    cache.set('a', entryOf());
    cache.clear();
    expect([cache.get('a'), cache.entries, cache.bytes]).toEqual([undefined, 0, 0]);
    for (const token of ['b', 'c', 'd']) cache.set(token, entryOf());
    expect(cache.entries).toBe(2);
  });

  test('drops what was not asked for since the hand passed, and spares what was', () => {
    const cache = createTokenCache({ maxEntries: 3 });
    for (const token of ['a', 'b', 'c']) cache.set(token, entryOf());
    cache.get('a');
    cache.set('d', entryOf());
    expect(['a', 'b', 'c', 'd'].filter((token) => cache.get(token) !== undefined)).toEqual(['a', 'c', 'd']);
  });

  test('does not keep what is larger than the whole', () => {
    const cache = createTokenCache({ maxBytes: 2000 });
    cache.set('small', entryOf());
    cache.set('x'.repeat(8000), entryOf());
    expect([cache.entries, cache.get('small') === undefined]).toEqual([1, false]);
  });

  // A token of 8 KB can say ten times as much in objects: the bound is on what is kept, not on the text.
  test('counts what was read from a token besides its text', () => {
    const [plain, heavy] = [createTokenCache(), createTokenCache()];
    plain.set('a', entryOf({ list: [] }));
    heavy.set('a', entryOf({ list: Array.from({ length: 1000 }, () => ({})) }));
    expect(heavy.bytes - plain.bytes).toBeGreaterThan(50_000);
  });

  test('never holds more than its bounds, and answers with what was last remembered or nothing', () => {
    const step = fc.record({
      token: fc.integer({ min: 0, max: 40 }).map((n) => 't'.repeat(n + 1)),
      remember: fc.boolean(),
      size: fc.nat({ max: 20 }),
    });
    fc.assert(fc.property(
      fc.array(step, { maxLength: 300 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12_000 }),
      (steps, maxEntries, maxBytes) => {
        const cache = createTokenCache({ maxEntries, maxBytes });
        const last = new Map<string, CachedToken>();
        for (const { token, remember, size } of steps) {
          if (remember) {
            const entry = entryOf({ list: Array.from({ length: size }, () => 1) });
            cache.set(token, entry);
            last.set(token, entry);
          }
          const found = cache.get(token);
          expect(found === undefined || found === last.get(token)).toBe(true);
          expect(cache.entries).toBeLessThanOrEqual(maxEntries);
          expect(cache.bytes).toBeLessThanOrEqual(maxBytes);
          expect(cache.entries === 0).toBe(cache.bytes === 0);
        }
      },
    ));
  });

  // What is asked for again and again must outlive any number of tokens that come once.
  test('spares a token that is used through a flood of others', () => {
    const cache = createTokenCache({ maxEntries: 8 });
    cache.set('mine', entryOf());
    for (let index = 0; index < 1000; index++) {
      cache.set(`other-${index}`, entryOf());
      expect(cache.get('mine')).toBeDefined();
    }
  });

  test.each([
    ['maxEntries', 0],
    ['maxEntries', 1.5],
    ['maxEntries', Infinity],
    ['maxEntries', 16_777_217],
    ['maxBytes', 0],
    ['maxBytes', NaN],
    ['maxBytes', '1'],
  ])('refuses %s %j', (name, value) => {
    expect(() => createTokenCache({ [name]: value })).toThrow(RangeError);
  });

  test('refuses an unknown option', () => {
    expect(() => createTokenCache(JSON.parse('{"maxAge":1}'))).toThrow(TypeError);
  });
});
