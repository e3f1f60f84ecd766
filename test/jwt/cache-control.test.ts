import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMaxAge } from '../../src/jwt/cache-control.ts';

function read(control: string | undefined, age?: string): number | undefined {
  const headers = new Headers();
  if (control !== undefined) headers.set('cache-control', control);
  if (age !== undefined) headers.set('age', age);
  return readMaxAge(headers);
}

describe('readMaxAge()', () => {
  test.each<[string | undefined, string | undefined, number | undefined]>([
    [undefined, undefined, undefined],
    [undefined, '60', undefined],
    ['', undefined, undefined],
    ['public', undefined, undefined],
    ['public, must-revalidate, immutable', undefined, undefined],
    ['s-maxage=60', undefined, undefined],
    ['x-max-age=60', undefined, undefined],
    ['max-age=60', undefined, 60],
    ['public,max-age=60', undefined, 60],
    [' \t max-age=60 \t , public', undefined, 60],
    ['MAX-AGE=60', undefined, 60],
    ['max-age=060', undefined, 60],
    ['max-age="60"', undefined, 60],
    ['max-age=0', undefined, 0],
    ['no-store', undefined, 0],
    ['no-cache', undefined, 0],
    ['no-cache="set-cookie"', undefined, 0],
    ['max-age=60, no-store', undefined, 0],
    // The smallest of several is the safest.
    ['max-age=60, max-age=30', undefined, 30],
    ['max-age=30, max-age=60', undefined, 30],
    // RFC 9111 section 4.2.1: a response with a broken freshness is best taken for stale.
    ['max-age', undefined, 0],
    ['max-age=', undefined, 0],
    ['max-age=""', undefined, 0],
    ['max-age="', undefined, 0],
    ['max-age="6', undefined, 0],
    ['max-age=-1', undefined, 0],
    ['max-age=+1', undefined, 0],
    ['max-age=1.5', undefined, 0],
    ['max-age=1e3', undefined, 0],
    ['max-age=0x10', undefined, 0],
    ['max-age= 60', undefined, 0],
    ['max-age=soon', undefined, 0],
    ['max-age=60, max-age=soon', undefined, 0],
    // RFC 9111 section 1.2.2: what is too great to be represented is as good as for ever.
    ['max-age=31536000000', undefined, 2 ** 31],
    [`max-age=${'9'.repeat(500)}`, undefined, 2 ** 31],
    // RFC 9111 section 5.1.
    ['max-age=60', '0', 60],
    ['max-age=60', '59', 1],
    ['max-age=60', '60', 0],
    ['max-age=60', '61', 0],
    ['max-age=60', '9'.repeat(500), 0],
    ['max-age=60', '50, 10', 10],
    ['max-age=60', '-5', 60],
    ['max-age=60', 'old', 60],
    ['no-store', '5', 0],
    // Nobody says so much, and nobody has to read it.
    [`max-age=5,${'x,'.repeat(600)}`, undefined, undefined],
    ['max-age=60', `59,${'1,'.repeat(600)}`, 60],
  ])('reads Cache-Control %j and Age %j as %j', (control, age, expected) => {
    expect(read(control, age)).toBe(expected);
  });

  test('finds the smallest of any directives, less the age', () => {
    const directive = fc.oneof(
      fc.nat({ max: 99_999 }).map((seconds): readonly [string, number] => [`max-age=${seconds}`, seconds]),
      fc.constant<readonly [string, number]>(['no-cache', 0]),
      fc.constantFrom<readonly [string, number]>(['public', Infinity], ['', Infinity], ['s-maxage=1', Infinity]),
    );
    fc.assert(fc.property(fc.array(directive, { maxLength: 20 }), fc.nat({ max: 99_999 }), (directives, age) => {
      const least = Math.min(...directives.map(([, seconds]) => seconds));
      const expected = least === Infinity ? undefined : Math.max(0, least - age);
      expect(read(directives.map(([text]) => text).join(', '), `${age}`)).toBe(expected);
    }));
  });

  test('reads anything that a header can hold as nothing or as seconds', () => {
    const text = fc.string({ maxLength: 60 }).map((value) => value.replace(/[^\x21-\x7e]/g, ' '));
    fc.assert(fc.property(text, text, fc.boolean(), (control, age, named) => {
      const seconds = read(named ? `max-age=${control}` : control, age);
      expect(seconds === undefined || (Number.isInteger(seconds) && seconds >= 0 && seconds <= 2 ** 31)).toBe(true);
    }));
  });
});
