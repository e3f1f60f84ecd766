import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIfMatch, formatEtag } from '../../src/net/if-match.ts';

interface Order {
  readonly version?: string;
}

const versionOf = ({ version }: Order): string | undefined => version;
const ifMatch = createIfMatch({ versionOf });
const strict = createIfMatch({ versionOf, required: true });

function put(...fields: readonly string[]): Request {
  const headers = new Headers();
  for (const field of fields) headers.append('if-match', field);
  return new Request('https://api.test/orders/1', { method: 'PUT', headers });
}

const MATCHING: readonly (readonly string[])[] = [
  ['"7"'],
  ['*'],
  [' "7" '],
  ['"6", "7"'],
  ['"7","6"'],
  ['"a,b"\t, "7"'],
  // RFC 9110 section 5.6.1.2: a recipient ignores empty elements.
  [', "7",,'],
  ['W/"7", "7"'],
  ['"6"', '"7"'],
];

const FAILING: readonly (readonly string[])[] = [
  ['"6"'],
  ['""'],
  ['"77"'],
  // RFC 9110 section 8.8.3.2: two tags of which one is weak are not the same in a strong comparison.
  ['W/"7"'],
  ['"6", W/"7"'],
  ['"6,7"'],
  ['"\\7"'],
  ['"\xe9"'],
];

const MALFORMED: readonly (readonly string[])[] = [
  [''],
  [','],
  ['7'],
  ['"7'],
  ['7"'],
  ["'7'"],
  ['"7" "8"'],
  ['"7"; a'],
  ['w/"7"'],
  ['W/ "7"'],
  ['W/7'],
  ['"7", 8'],
  ['"a b"'],
  ['"a\tb"'],
  ['"a"b"'],
  ['**'],
  // `*` stands alone, also in two lines.
  ['*, "7"'],
  ['"7"', '*'],
  ['"*'],
];

describe('createIfMatch()', () => {
  test.each(MATCHING)('lets %j change version 7', (...fields) => {
    expect(ifMatch.check(put(...fields), { version: '7' })).toBeUndefined();
  });

  // Whoever has seen another version must not overwrite this one (lost update).
  test.each(FAILING)('refuses %j to change version 7', (...fields) => {
    expect(ifMatch.check(put(...fields), { version: '7' })).toMatchObject({ code: 'precondition_failed', status: 412 });
  });

  test.each(MALFORMED)('refuses %j as malformed', (...fields) => {
    expect(ifMatch.check(put(...fields), { version: '7' })).toMatchObject({ code: 'request_malformed', status: 400 });
  });

  test('matches no tag where the resource has no version, and `*` all the same', () => {
    expect(ifMatch.check(put('"7"'), {})?.code).toBe('precondition_failed');
    expect(ifMatch.check(put('""'), {})?.code).toBe('precondition_failed');
    expect(ifMatch.check(put('"undefined"'), {})?.code).toBe('precondition_failed');
    expect(ifMatch.check(put('*'), {})).toBeUndefined();
  });

  test('holds for every method that names a version', () => {
    for (const method of ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE']) {
      const request = new Request('https://api.test/', { method, headers: { 'if-match': '"6"' } });
      expect(ifMatch.check(request, { version: '7' })?.code).toBe('precondition_failed');
    }
  });

  test('lets a request pass that names none', () => {
    expect(ifMatch.check(put(), { version: '7' })).toBeUndefined();
  });

  // RFC 6585 section 3.
  test.each(['PUT', 'PATCH', 'POST', 'DELETE'])('refuses a %s that names none where one is required', (method) => {
    const request = new Request('https://api.test/', { method, headers: { 'if-none-match': '*' } });
    expect(strict.check(request, { version: '7' })).toMatchObject({ code: 'precondition_required', status: 428 });
  });

  test.each(['GET', 'HEAD', 'OPTIONS'])('requires none of a %s', (method) => {
    expect(strict.check(new Request('https://api.test/', { method }), { version: '7' })).toBeUndefined();
  });

  test('asks for no version where none is named', () => {
    const check = createIfMatch({
      versionOf: (): string => {
        throw new Error('asked');
      },
    });
    expect(check.check(put(), {})).toBeUndefined();
    expect(() => check.check(put('"7"'), {})).toThrow('asked');
  });

  // A version that no client can name would refuse everybody, or be compared as another text than was sent.
  test.each([7, '', 'a b', 'a"b', 'é', 'a\n', null, 'x'.repeat(1025)])('throws for the version %j', (version) => {
    const check = createIfMatch({ versionOf: () => version as never });
    expect(() => check.check(put('"7"'), {})).toThrow(TypeError);
  });

  test('refuses and lets pass what was sent before, of any version and list', () => {
    const version = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => /^[!#-~]+$/.test(text));
    fc.assert(fc.property(fc.array(version, { minLength: 1, maxLength: 5 }), version, (sent, current) => {
      const refusal = ifMatch.check(put(sent.map(formatEtag).join(', ')), { version: current });
      expect(refusal?.code).toBe(sent.includes(current) ? undefined : 'precondition_failed');
    }));
  });

  test('answers every field without throwing', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'"W/, *\t7\\') }), (field) => {
      const refusal = ifMatch.check(put(field), { version: '7' });
      expect([undefined, 'precondition_failed', 'request_malformed']).toContain(refusal?.code);
    }));
  });

  test.each([
    [{}],
    [{ versionOf: 'version' }],
    [{ versionOf, required: 'yes' }],
    [{ versionOf, require: true }],
  ])('throws for the options %j', (options) => {
    expect(() => createIfMatch(options as never)).toThrow(TypeError);
  });

  test('is frozen', () => {
    expect(Object.isFrozen(ifMatch)).toBe(true);
  });
});

describe('formatEtag()', () => {
  test.each([['7', '"7"'], ['W/7', '"W/7"'], ['a,b', '"a,b"'], ['sha-256:AbC_-=', '"sha-256:AbC_-="']])(
    'writes %s as %s',
    (version, etag) => {
      expect(formatEtag(version)).toBe(etag);
    },
  );

  // A line break would begin another header.
  test.each(['', 'a b', 'a"b', 'a\r\nb', 'a\n', '\x7f', 'é', 'x'.repeat(1025)])('throws for %j', (version) => {
    expect(() => formatEtag(version)).toThrow(TypeError);
  });
});
