import { describe, expect, test } from 'vitest';
import { base64url } from '../../src/schema/base64url.ts';
import { check } from '../../src/schema/check.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { url } from '../../src/schema/url.ts';

const SIZE = 100_000;
const GROWTH = 16;

const longUrl = url({ max: 2 * SIZE });
const longBytes = base64url({ maxBytes: 2 * SIZE });

/** The shortest of several times, which is the one that nothing else had a part in. */
function time(schema: Schema<string>, text: string): number {
  const times = Array.from({ length: 9 }, () => {
    const started = performance.now();
    check(schema, text);
    return performance.now() - started;
  });
  return Math.min(...times);
}

// Every other format has a maximum of at most 254 characters that nobody can raise: 100 KB are refused by their length (test/schema/format.test.ts).
describe('formats whose maximum can be raised', () => {
  test.each([
    ['a path', longUrl, (size: number) => `https://a.b/${'a'.repeat(size)}\n`],
    ['slashes', longUrl, (size: number) => `https://a.b${'/'.repeat(size)}\n`],
    ['questions', longUrl, (size: number) => `https://a.b${'?#'.repeat(size / 2)}`],
    ['escapes', longUrl, (size: number) => `https://a.b/${'%aa'.repeat(size / 3)}%`],
    ['percent signs', longUrl, (size: number) => `https://a.b/${'%'.repeat(size)}`],
    ['a label', longUrl, (size: number) => `https://${'a'.repeat(size)}`],
    ['labels', longUrl, (size: number) => `https://${'a.'.repeat(size / 2)}`],
    ['hyphens', longUrl, (size: number) => `https://${'a-'.repeat(size / 2)}`],
    ['dots', longUrl, (size: number) => `https://${'.'.repeat(size)}/`],
    ['octets', longUrl, (size: number) => `https://${'1.'.repeat(size / 2)}`],
    ['one octet', longUrl, (size: number) => `https://${'1'.repeat(size)}.1.1.1`],
    ['colons', longUrl, (size: number) => `https://[${':'.repeat(size)}]`],
    ['brackets', longUrl, (size: number) => `https://${'['.repeat(size)}`],
    ['ports', longUrl, (size: number) => `https://a:${'1'.repeat(size)}`],
    ['letters', longBytes, (size: number) => `${'A'.repeat(size - 1)}\n`],
    ['padding', longBytes, (size: number) => '='.repeat(size)],
  ])('url() and base64url() read 100 KB of %s in time that grows as the text does', (_what, schema, make) => {
    const short = time(schema, make(SIZE / GROWTH));
    const long = time(schema, make(SIZE));
    // Sixteen times the text is 16 times the work where it is linear, and 256 times where it is quadratic. Below a fifth of a millisecond the clock says little.
    expect(long / Math.max(short, 0.2)).toBeLessThan(4 * GROWTH);
  });
});
