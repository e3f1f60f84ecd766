import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseItem } from '../../src/net/structured-field-parse.ts';
import { digestRequest, parseIdempotencyKey, placeOf } from '../../src/secure/idempotency-key.ts';
import { scope } from './idempotent-request.ts';

describe('parseIdempotencyKey()', () => {
  const UUID = '8e03978e-40d5-43e8-bc93-6894a57f9324';
  const LONG = 'k'.repeat(255);
  const GOOD: readonly (readonly [text: string, key: string])[] = [
    [`"${UUID}"`, UUID],
    [UUID, UUID],
    ['"a b"', 'a b'],
    ['a', 'a'],
    ['"\\"\\\\"', '"\\'],
    ["order/1:a+b=c~!#$%&'()*-.<>?@[\\]^_`{|}", "order/1:a+b=c~!#$%&'()*-.<>?@[\\]^_`{|}"],
    ['"a, b; c"', 'a, b; c'],
    [LONG, LONG],
    [`"${LONG}"`, LONG],
    [`"${'\\"'.repeat(255)}"`, '"'.repeat(255)],
  ];
  test.each(GOOD)('reads %s', (text, key) => expect(parseIdempotencyKey(text)).toBe(key));

  const BAD: readonly string[] = [
    '',
    ' ',
    '""',
    '"',
    '"a',
    'a"',
    '"a"b',
    '"a" "b"',
    'a b',
    ' a',
    'a ',
    '"a" ',
    // Two header lines.
    'a, b',
    '"a", "b"',
    'a,',
    // A parameter, which the draft does not define.
    '"a";b',
    'a;b=1',
    '"\\a"',
    '"\\',
    '"a\\"',
    `${LONG}k`,
    `"${LONG}k"`,
    '"a\tb"',
    'a\tb',
    'a\r\nb',
    'a\0',
    '\x7f',
    '"\x7f"',
    'é',
    '"é"',
    '"\u{1f600}"',
    '\ud800',
    'x'.repeat(100_000),
    `"${'\\'.repeat(100_000)}`,
  ];
  test.each(BAD)('refuses %j', (text) => expect(parseIdempotencyKey(text)).toBeUndefined());

  test('reads a quoted key as the parser of structured fields does', () => {
    const character = fc.constantFrom('"', '\\', ' ', 'a', 'Z', '~', '\t', '\x7f', 'é', ',');
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 8 }), (inside) => {
        const text = `"${inside}"`;
        const item = parseItem(text);
        const expected = item?.type === 'string' && item.value !== '' ? item.value : undefined;
        expect(parseIdempotencyKey(text)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('reads 1 to 255 printable characters, or nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const key = parseIdempotencyKey(text);
      expect(key === undefined || /^[\x20-\x7e]{1,255}$/.test(key)).toBe(true);
    }));
  });
});

describe('placeOf()', () => {
  test('is short and plain, and tells neither key nor principal', async () => {
    const place = await placeOf('secret-key', scope({ principal: 'alice@example.com' }));
    expect(place).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('is another one for everything that differs, halves of surrogate pairs too', async () => {
    // Spelt so that parts put side by side would meet.
    const texts = ['', 'a', 'aa', 'a"', '","', 'A', '\ud800', '\ud801', '\ufffd', '\\ud800'];
    const places = new Set<string>();
    let count = 0;
    for (const principal of [undefined, ...texts]) {
      for (const text of texts) {
        places.add(await placeOf('k', scope({ principal, client: 'c', policy: text })));
        places.add(await placeOf(`k${text}`, scope({ principal, client: 'c', policy: 'p' })));
        count += 2;
      }
    }
    expect(places.size).toBe(count);
  });

  test('does not depend on the client where there is a principal', async () => {
    const places = [await placeOf('k', scope()), await placeOf('k', scope({ client: '192.0.2.9', path: '/' }))];
    expect(places[0]).toBe(places[1]);
  });
});

describe('digestRequest()', () => {
  test('is the same for the same, and another one for everything that differs', async () => {
    const bytes = (...codes: readonly number[]): Uint8Array => new Uint8Array(codes);
    const requests: readonly (readonly [string, string, string | Uint8Array])[] = [
      ['POST', '/', ''],
      ['POST', '/', bytes()],
      ['POST', '/', bytes(0)],
      ['POST', '/', bytes(97)],
      ['POST', '/', 'a'],
      ['POST', '/a', ''],
      ['POST', '/a', bytes()],
      ['PATCH', '/', ''],
      ['POST', '/', '\ud800'],
      ['POST', '/', '\ud801'],
      ['POST', '/', '\ufffd'],
      ['POST', '/","', ''],
      ['POST', '/', '","'],
    ];
    const digests = await Promise.all(requests.map((request) => digestRequest(...request)));
    expect(new Set(digests).size).toBe(requests.length);
    expect(await Promise.all(requests.map((request) => digestRequest(...request)))).toEqual(digests);
  });

  test('reads bytes where they stand in a larger buffer', async () => {
    const larger = new Uint8Array([9, 1, 2, 9]);
    expect(await digestRequest('POST', '/', larger.subarray(1, 3))).toBe(
      await digestRequest('POST', '/', new Uint8Array([1, 2])),
    );
  });
});
