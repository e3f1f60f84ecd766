import { describe, expect, test } from 'vitest';
import { isBoundary, parseMultipart } from '../../src/schema/multipart.ts';

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const NAMED = 'Content-Disposition: form-data; name="a"';
const part = (head: string, body: string): string => `--XbX\r\n${head}\r\n\r\n${body}\r\n`;
const END = '--XbX--\r\n';

/** What is read of a body: names and values, files as name, type and size; or the code of the refusal. */
function read(body: string | Uint8Array<ArrayBuffer>, counts = { maxFields: 5, maxFiles: 5 }): unknown {
  try {
    return parseMultipart(typeof body === 'string' ? encode(body) : body, 'XbX', counts).map(([name, item]) =>
      typeof item === 'string' ? [name, item] : [name, item.name, item.type, item.size]
    );
  } catch (error) {
    return Reflect.get(Object(error), 'code') ?? error;
  }
}

describe('parseMultipart()', () => {
  test.each([
    { name: 'a field', body: part(NAMED, '1') + END, pairs: [['a', '1']] },
    { name: 'no line end after the last boundary', body: part(NAMED, '1') + '--XbX--', pairs: [['a', '1']] },
    { name: 'no parts', body: END, pairs: [] },
    { name: 'an empty field', body: part(NAMED, '') + END, pairs: [['a', '']] },
    { name: 'line ends in a field', body: part(NAMED, '\r\n--Xb\r\n\n') + END, pairs: [['a', '\r\n--Xb\r\n\n']] },
    { name: 'names twice', body: part(NAMED, '1') + part(NAMED, '2') + END, pairs: [['a', '1'], ['a', '2']] },
    {
      name: 'UTF-8',
      body: part('Content-Disposition: form-data; name="\u00e9"', '\u6587') + END,
      pairs: [['\u00e9', '\u6587']],
    },
    {
      name: 'escapes of browsers',
      body: part('Content-Disposition: form-data; name="%22%0d%0A%41"', '') + END,
      pairs: [['"\r\n%41', '']],
    },
    {
      name: 'tokens, as .NET sends',
      body: part('content-disposition: form-data; name=a', '1') + END,
      pairs: [['a', '1']],
    },
    {
      name: 'a file',
      body: part(`${NAMED}; filename="x.png"\r\nContent-Type: image/png`, 'abc') + END,
      pairs: [['a', 'x.png', 'image/png', 3]],
    },
    {
      name: 'a file without a type',
      body: part(`${NAMED}; filename="x.txt"`, 'abc') + END,
      pairs: [['a', 'x.txt', '', 3]],
    },
    // RFC 7578 section 4.2 forbids it: what a proxy made of it is not what counts.
    {
      name: 'filename* beside filename',
      body: part(`${NAMED}; filename="x.txt"; filename*=UTF-8''evil.exe`, '') + END,
      pairs: [['a', 'x.txt', '', 0]],
    },
    {
      name: 'a header that means nothing',
      body: part(`${NAMED}\r\nContent-Length: 99`, '1') + END,
      pairs: [['a', '1']],
    },
    {
      name: 'a path for a name, for file() to refuse',
      body: part(`${NAMED}; filename="../C:\\x"`, '') + END,
      pairs: [['a', '../C:\\x', '', 0]],
    },
  ])('parseMultipart() reads $name', ({ body, pairs }) => {
    expect(read(body)).toEqual(pairs);
  });

  // Of these, platforms read most, and each in its own way.
  test.each([
    ['nothing', ''],
    ['no boundary', 'a=1'],
    ['no end', part(NAMED, '1')],
    ['a part that is cut off', `--XbX\r\n${NAMED}\r\n\r\n1`],
    ['a head that is cut off', `--XbX\r\n${NAMED}\r\n--XbX--`],
    ['line feeds alone', (part(NAMED, '1') + END).replaceAll('\r\n', '\n')],
    ['text before the parts', `hello\r\n${part(NAMED, '1')}${END}`],
    ['a line end before the parts', `\r\n${part(NAMED, '1')}${END}`],
    ['text after the parts', `${part(NAMED, '1')}${END}x`],
    ['parts after the end', `${part(NAMED, '1')}${END}${part(NAMED, '2')}${END}`],
    ['another boundary at first', `--YbY\r\n${NAMED}\r\n\r\n1\r\n${END}`],
    ['two bytes that are no line end', `--XbXzz${NAMED}\r\n\r\n1\r\n${END}`],
    ['a boundary that goes on', `--XbXevil\r\n${NAMED}\r\n\r\n1\r\n${END}`],
    ['a boundary followed by a space', `--XbX \r\n${NAMED}\r\n\r\n1\r\n${END}`],
    ['a delimiter at once', `--XbX\r\n--XbX\r\n${END}`],
    ['no head', `--XbX\r\n\r\n1\r\n${END}`],
    ['no disposition', part('Content-Type: text/plain', '1') + END],
    ['another disposition', part('Content-Disposition: attachment; name="a"', '1') + END],
    ['a longer disposition', part('Content-Disposition: form-datax; name="a"', '1') + END],
    ['no name', part('Content-Disposition: form-data', '1') + END],
    ['two names', part(`${NAMED}; name="b"`, '1') + END],
    ['two names that differ in case', part(`${NAMED}; NAME="b"`, '1') + END],
    ['two dispositions', part(`${NAMED}\r\n${NAMED}`, '1') + END],
    ['two types', part(`${NAMED}\r\nContent-Type: a/b\r\ncontent-type: c/d`, '1') + END],
    ['two filenames', part(`${NAMED}; filename="a"; filename="b"`, '1') + END],
    ['filename* alone', part(`${NAMED}; filename*=UTF-8''evil.exe`, '1') + END],
    ['a backslash before a quote', part('Content-Disposition: form-data; name="a\\"b"', '1') + END],
    ['quotes that some parsers know', part("Content-Disposition: form-data; name='a'", '1') + END],
    ['an open quote', part('Content-Disposition: form-data; name="a', '1') + END],
    ['a semicolon at the end', part(`${NAMED};`, '1') + END],
    ['an encoding', part(`${NAMED}\r\nContent-Transfer-Encoding: base64`, 'aGk=') + END],
    ['a folded line', part(`${NAMED};\r\n filename="x"`, '1') + END],
    ['half a line end', part(`${NAMED}\nContent-Type: text/html`, '1') + END],
    ['a NUL in the head', part('Content-Disposition: form-data; name="a\u0000b"', '1') + END],
    ['a head of 5,000 bytes', part(`${NAMED}\r\nX: ${'y'.repeat(5000)}`, '1') + END],
    ['a header without a name', part(`${NAMED}\r\n: x`, '1') + END],
    ['a line without a colon', part(`${NAMED}\r\nx`, '1') + END],
  ])('parseMultipart() refuses %s', (_name, body) => {
    expect(read(body)).toBe('body_invalid');
  });

  test('parseMultipart() refuses invalid UTF-8 in names and in fields, and keeps the bytes of files', () => {
    const broken = (head: string, body: string): Uint8Array<ArrayBuffer> =>
      encode(part(head, body) + END).map((byte) => byte === 1 ? 0xff : byte);
    expect(read(broken(NAMED, '\u0001'))).toBe('utf8_malformed');
    expect(read(broken('Content-Disposition: form-data; name="\u0001"', ''))).toBe('utf8_malformed');
    expect(read(broken(`${NAMED}; filename="\u0001"`, ''))).toBe('utf8_malformed');
    expect(read(broken(`${NAMED}; filename="x"`, '\u0001'))).toEqual([['a', 'x', '', 1]]);
  });

  test('parseMultipart() refuses a field in another charset', () => {
    expect(read(part(`${NAMED}\r\nContent-Type: text/plain; charset=utf-7`, '+ADw-') + END)).toBe('utf8_malformed');
    expect(read(part(`${NAMED}\r\nContent-Type: text/plain; charset=UTF-8`, '<') + END)).toEqual([['a', '<']]);
  });

  // The second may be what somebody in front has read.
  test.each(['charset=utf-8; charset=utf-7', 'charset=utf-8; charset*=utf-7', 'charset=utf-8; CHARSET =x'])(
    'parseMultipart() refuses a field whose type says %j',
    (parameters) => {
      expect(read(part(`${NAMED}\r\nContent-Type: text/plain; ${parameters}`, '1') + END)).toBe('body_invalid');
    },
  );

  // Hostile list 45: before any of them is made.
  test('parseMultipart() refuses more fields or files than are let through', () => {
    const upload = part(`${NAMED}; filename="x"`, '');
    const counts = { maxFields: 2, maxFiles: 1 };
    expect(read(part(NAMED, '1').repeat(2) + upload + END, counts)).toHaveLength(3);
    expect(read(part(NAMED, '1').repeat(3) + END, counts)).toBe('body_too_large');
    expect(read(upload.repeat(2) + END, counts)).toBe('body_too_large');
    // Known before the end is looked for, which is not there.
    expect(read(part(NAMED, '1').repeat(10_000), counts)).toBe('body_too_large');
  });

  // Delimiters that almost are: each byte is looked at a bounded number of times.
  test('parseMultipart() reads a megabyte of beginnings of delimiters in linear time', () => {
    // In quadratic time the runner would give up on it.
    expect(read(encode(part(NAMED, '\r\n--Xb\r'.repeat(130_000)) + END))).toHaveLength(1);
  });
});

describe('isBoundary()', () => {
  test.each(['XbX', '----WebKitFormBoundary7MA4YWxkTrZu0gW', "a'()+_,-./:=?b", 'a b', 'x'.repeat(70)])(
    'isBoundary() takes %j',
    (text) => {
      expect(isBoundary(text)).toBe(true);
    },
  );

  test.each(['', ' ', 'a ', 'a\r\nb', 'a"b', 'x'.repeat(71), '\u00e9', 'a;b', 'a\n'])(
    'isBoundary() refuses %j',
    (text) => {
      expect(isBoundary(text)).toBe(false);
    },
  );

  test('isBoundary() refuses none', () => {
    expect(isBoundary(undefined)).toBe(false);
  });
});
