import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatRecord,
  type IdempotencyRecord,
  keptHeaders,
  parseRecord,
  replay,
} from '../../src/secure/idempotency-record.ts';

const KEPT: IdempotencyRecord = {
  state: 'kept',
  fingerprint: 'f',
  response: { status: 201, headers: [['content-type', 'text/plain']], body: new Uint8Array([104, 105]) },
};

describe('formatRecord() and parseRecord()', () => {
  test('are inverse, for every body, status and header, and the text is well-formed', () => {
    const value = fc.string({
      unit: fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f).map((code) =>
        String.fromCharCode(code)
      ),
    });
    const record: fc.Arbitrary<IdempotencyRecord> = fc.oneof(
      fc.record({ state: fc.constant('running' as const), fingerprint: fc.string(), token: fc.string() }),
      fc.record({ state: fc.constant('unkept' as const), fingerprint: fc.string() }),
      fc.record({
        state: fc.constant('kept' as const),
        fingerprint: fc.string(),
        response: fc.record({
          status: fc.integer({ min: 200, max: 499 }).filter((status) => ![204, 205, 304].includes(status)),
          headers: fc.array(fc.tuple(fc.constantFrom('etag', 'link'), value)),
          body: fc.option(fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes))),
        }),
      }),
    );
    fc.assert(fc.property(record, (one) => {
      const text = formatRecord(one);
      expect(text.isWellFormed()).toBe(true);
      expect(parseRecord(text)).toEqual(one);
    }));
  });

  test('write the version first, in JSON', () => {
    expect(JSON.parse(formatRecord(KEPT))).toEqual([1, 'kept', 'f', 201, [['content-type', 'text/plain']], 'aGk']);
  });

  // Another program on the same keys, a later version, half a write: nobody can decide with that.
  const GARBAGE: readonly string[] = [
    '',
    'x',
    'null',
    '1',
    '"running"',
    '{}',
    '{"0":1,"1":"unkept","2":"f"}',
    '[]',
    '[1]',
    '[1,"unkept"]',
    '[1,"unkept",1]',
    '[2,"unkept","f"]',
    '["1","unkept","f"]',
    '[1,"lost","f"]',
    '[1,"running","f"]',
    '[1,"running","f",1]',
    '[1,"kept","f"]',
    '[1,"kept","f",201]',
    '[1,"kept","f",201,[]]',
    '[1,"kept","f","201",[],null]',
    '[1,"kept","f",201.5,[],null]',
    // Statuses that no Response can have, or that nobody keeps.
    '[1,"kept","f",101,[],null]',
    '[1,"kept","f",0,[],null]',
    '[1,"kept","f",500,[],null]',
    '[1,"kept","f",1e400,[],null]',
    '[1,"kept","f",204,[],"aGk"]',
    '[1,"kept","f",304,[],""]',
    '[1,"kept","f",201,{},null]',
    '[1,"kept","f",201,["etag"],null]',
    '[1,"kept","f",201,[["etag"]],null]',
    '[1,"kept","f",201,[["etag",1]],null]',
    '[1,"kept","f",201,[null],null]',
    // Base64url has one spelling.
    '[1,"kept","f",201,[],"aGl"]',
    '[1,"kept","f",201,[],"aGk="]',
    '[1,"kept","f",201,[],"a b"]',
    '[1,"kept","f",201,[],1]',
    // Header injection: names that are not ours, and values that end a line.
    '[1,"kept","f",201,[["set-cookie","a=1"]],null]',
    '[1,"kept","f",201,[["Location","/"]],null]',
    '[1,"kept","f",201,[["access-control-allow-origin","*"]],null]',
    '[1,"kept","f",201,[["location","/\\r\\nset-cookie: a=1"]],null]',
    '[1,"kept","f",201,[["location","/\\n"]],null]',
    '[1,"kept","f",201,[["location","\\u0000"]],null]',
    '[1,"kept","f",201,[["location","\\u010a"]],null]',
    '[1,"kept","f",201,[["location","\\u2028"]],null]',
    '['.repeat(100_000),
    `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  ];
  test.each(GARBAGE.map((text) => [text.slice(0, 80), text] as const))('read nothing in %s', (_shown, text) => {
    expect(parseRecord(text)).toBeUndefined();
  });

  test('read nothing that a replay would throw for, whatever stands there', () => {
    const json = fc.tuple(
      fc.constant(1),
      fc.constant('kept'),
      fc.string(),
      fc.oneof(fc.integer({ min: 190, max: 510 }), fc.jsonValue()),
      fc.oneof(
        fc.array(fc.tuple(fc.constantFrom('etag', 'set-cookie'), fc.string({ unit: 'binary' }))),
        fc.jsonValue(),
      ),
      fc.oneof(fc.constant(null), fc.base64String(), fc.jsonValue()),
    );
    fc.assert(
      fc.property(json, (list) => {
        const record = parseRecord(JSON.stringify(list));
        if (record?.state !== 'kept') return;
        const response = replay(record.response);
        expect(response.status).toBe(record.response.status);
        expect(response.headers.has('set-cookie')).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('replay()', () => {
  test('adds no content type to a body that had none', () => {
    const response = replay({ status: 200, headers: [], body: new Uint8Array([1]) });
    expect([...response.headers]).toEqual([['idempotency-replayed', 'true']]);
  });
});

describe('keptHeaders()', () => {
  test('joins what stands there twice, and keeps it one header', () => {
    const headers = new Headers([['link', '</a>'], ['link', '</b>'], ['set-cookie', 'a=1']]);
    expect(keptHeaders(headers)).toEqual([['link', '</a>, </b>']]);
  });
});
