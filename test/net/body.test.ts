import { describe, expect, it } from 'vitest';
import { checkContentLength, checkJsonType, readContentType } from '../../src/net/body.ts';
import { requestWith } from './bodies.ts';

describe('checkContentLength', () => {
  it.each(['0', '5', '1024', '00005'])('checkContentLength() allows %j where 1,024 bytes are', (length) => {
    expect(checkContentLength(requestWith({ 'content-length': length }), 1024)).toBe(undefined);
  });

  it('checkContentLength() allows a request that does not say', () => {
    expect(checkContentLength(requestWith({}), 0)).toBe(undefined);
  });

  it.each(['1025', '4294967296', '999999999999999'])('checkContentLength() refuses %j as too large', (length) => {
    expect(checkContentLength(requestWith({ 'content-length': length }), 1024)).toMatchObject({
      code: 'body_too_large',
      status: 413,
    });
  });

  // RFC 9110 section 8.6: 1*DIGIT. What is not becomes NaN, which is not greater than any limit.
  it.each([
    'abc',
    '',
    '-1',
    '-0',
    '+5',
    '1e9',
    '0x10',
    '5,5',
    '5, 5',
    '5, 6',
    '5 5',
    '5.0',
    '5;',
    'Infinity',
    'NaN',
    '\u00b25',
    '9007199254740993',
  ])(
    'checkContentLength() refuses %j as invalid',
    (length) => {
      const refusal = checkContentLength(requestWith({ 'content-length': length }), 1024);
      expect(refusal).toMatchObject({ code: 'content_length_invalid', status: 400 });
    },
  );

  // B4. A real Headers trims this one; what reaches us through another class must not pass for it.
  it('checkContentLength() refuses a length with a space before it', () => {
    const headers = { get: (name: string) => (name === 'content-length' ? ' 5' : null) } as Headers;
    expect(checkContentLength({ headers } as Request, 1024)?.code).toBe('content_length_invalid');
  });

  it('checkContentLength() refuses a length of a megabyte of digits at once', () => {
    expect(checkContentLength(requestWith({ 'content-length': '0'.repeat(1_000_000) }), 1024)?.code).toBe(
      'content_length_invalid',
    );
  });

  // A small request that becomes a large one.
  it.each(['gzip', 'br', 'deflate', 'zstd', 'GZIP', 'identity, gzip', 'gzip, identity', 'x', ''])(
    'checkContentLength() refuses the content coding %j',
    (coding) => {
      const refusal = checkContentLength(requestWith({ 'content-encoding': coding }), 1024);
      expect(refusal).toMatchObject({ code: 'content_encoding_unsupported', status: 415 });
    },
  );

  it.each(['identity', 'Identity'])('checkContentLength() allows the content coding %j', (coding) => {
    expect(checkContentLength(requestWith({ 'content-encoding': coding }), 1024)).toBe(undefined);
  });

  it.each([NaN, -1, Infinity, 1.5, undefined, '5'])(
    'checkContentLength() throws a RangeError for a limit of %j',
    (maxBytes) => {
      expect(() => Reflect.apply(checkContentLength, undefined, [requestWith({}), maxBytes])).toThrow(RangeError);
    },
  );
});

describe('checkJsonType', () => {
  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json;charset=utf-8',
    'application/json\t; charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json;',
    'application/json; version=1',
  ])('checkJsonType() allows %j', (type) => {
    expect(checkJsonType(requestWith({ 'content-type': type }))).toBe(undefined);
  });

  it.each([
    // CORS-safelisted types: a form of any site can send them without a preflight.
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
    'text/plain;x="application/json"',
    'text/plain; charset=application/json',
    // Two lines, which reach us joined: one parser acts on the first, another on the last.
    'application/json, text/plain',
    'text/plain, application/json',
    'application/json, application/json',
    'application/json;x=y, text/plain',
    'application/json;x="y, text/plain',
    'application/jsonx',
    'application/json/../text',
    'application/json+xml',
    'application/problem+json',
    'text/json',
    'json',
    '*/*',
    'application/*',
    'application/json\u00a0',
    // Another charset reads other text out of the same bytes.
    'application/json; charset=utf-7',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf8',
    'application/json; charset=""',
    'application/json; charset= utf-8',
    'application/json; charset=utf-16; charset=utf-8',
    '',
  ])('checkJsonType() refuses %j', (type) => {
    expect(checkJsonType(requestWith({ 'content-type': type }))).toMatchObject({
      code: 'media_type_unsupported',
      status: 415,
    });
  });

  // One reader of the body takes the first of two parameters, another one the last or one that is misspelt.
  it.each([
    'application/json; charset=utf-8; charset=utf-7',
    'application/json; charset =utf-7',
    'application/json; charset="utf-8"; x',
    'application/json; profile=a; profile=b',
  ])('checkJsonType() refuses what can be read in two ways: %j', (type) => {
    expect(checkJsonType(requestWith({ 'content-type': type }))?.code).toBe('media_type_unsupported');
  });

  it('checkJsonType() refuses a request without a content type', () => {
    expect(checkJsonType(requestWith({}))).toMatchObject({ code: 'media_type_unsupported' });
  });

  it('checkJsonType() refuses two content types of one request', () => {
    const headers = new Headers([['content-type', 'application/json'], ['content-type', 'application/json']]);
    expect(checkJsonType({ headers } as Request)).toMatchObject({ code: 'media_type_unsupported' });
  });
});

describe('readContentType', () => {
  it('readContentType() reads the one media type', () => {
    const type = readContentType(requestWith({ 'content-type': 'Multipart/Form-Data; boundary=x' }));
    expect(type).toStrictEqual({ essence: 'multipart/form-data', parameters: new Map([['boundary', 'x']]) });
  });

  // B2. What two readers take for two things is decided on by neither.
  it.each([
    'multipart/form-data; boundary=a; boundary=b',
    'multipart/form-data; boundary=a; Boundary=a',
    'application/x-www-form-urlencoded; charset=utf-8; charset=utf-16',
    'application/x-www-form-urlencoded; charset=utf-16',
    'text/plain, text/plain',
    '',
  ])('readContentType() answers undefined for %j', (type) => {
    expect(readContentType(requestWith({ 'content-type': type }))).toBe(undefined);
  });

  it('readContentType() answers undefined without a content type', () => {
    expect(readContentType(requestWith({}))).toBe(undefined);
  });
});
