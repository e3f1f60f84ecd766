import { describe, expect, test } from 'vitest';
import { formatHsts, type HstsOptions } from '../../src/headers/hsts.ts';

describe('formatHsts()', () => {
  test.each<readonly [HstsOptions, string]>([
    [{}, 'max-age=63072000; includeSubDomains'],
    [{ maxAgeSeconds: 0 }, 'max-age=0; includeSubDomains'],
    [{ maxAgeSeconds: 300, includeSubDomains: false }, 'max-age=300'],
    [{ preload: true }, 'max-age=63072000; includeSubDomains; preload'],
  ])('formatHsts() of %j is %s', (options, value) => {
    expect(formatHsts(options)).toBe(value);
  });

  // The preload list's own rules; being listed cannot be undone in months.
  test.each<HstsOptions>([
    { preload: true, includeSubDomains: false },
    { preload: true, maxAgeSeconds: 31_535_999 },
  ])('formatHsts() throws on %j', (options) => {
    expect(() => formatHsts(options)).toThrow(TypeError);
  });

  test.each([-1, 1.5, Number.NaN, Infinity])('formatHsts() throws on the age %d', (maxAgeSeconds) => {
    expect(() => formatHsts({ maxAgeSeconds })).toThrow(RangeError);
  });

  test('formatHsts() throws on an unknown option', () => {
    expect(() => formatHsts(JSON.parse('{"maxAge":1}'))).toThrow(TypeError);
  });
});
