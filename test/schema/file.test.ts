import { describe, expect, test } from 'vitest';
import { bytes, check, file, parse } from '../../src/schema/index.ts';

const png = (name: string, type = 'image/png', content = 'abc'): File => new File([content], name, { type });

describe('file()', () => {
  const avatar = file({ maxBytes: 3, types: ['image/png', 'image/jpeg'] });

  test('file() lets a file through as it is', () => {
    const input = png('me.png');
    const result = parse(avatar, input);
    expect(result.ok && result.value).toBe(input);
    expect(parse(file(), new File(['x'], 'notes')).ok).toBe(true);
  });

  // Hostile list 45.
  test.each([
    ['text', 'me.png'],
    ['a Blob, which has no name', new Blob(['a'], { type: 'image/png' })],
    ['what looks like a file', { name: 'me.png', size: 1, type: 'image/png' }],
    ['bytes', new Uint8Array(1)],
    ['null', null],
  ])('file() refuses %s', (_name, value) => {
    expect(parse(avatar, value)).toMatchObject({ ok: false, issues: [{ code: 'not_file', path: [] }] });
  });

  test('file() refuses a file that is too large', () => {
    expect(parse(avatar, png('me.png', 'image/png', 'abcd'))).toMatchObject({
      issues: [{ code: 'too_large', params: { maxBytes: 3 } }],
    });
    expect(parse(file(), new File([new Uint8Array(1_048_577)], 'a')).ok).toBe(false);
  });

  test.each(['image/png', 'IMAGE/PNG', 'image/png; charset=binary', 'image/jpeg;q=1'])(
    'file() takes the claimed type %j by its essence',
    (type) => {
      expect(parse(avatar, png('me.png', type)).ok).toBe(true);
    },
  );

  // A substring is not a type.
  test.each([
    '',
    'image/svg+xml',
    'text/html;image/png',
    'text/html; x=image/png',
    'image/pngx',
    'image/*',
    'image',
    'x',
  ])(
    'file() refuses the claimed type %j',
    (type) => {
      expect(parse(avatar, png('me.png', type))).toMatchObject({ issues: [{ code: 'type_not_allowed' }] });
    },
  );

  // Joined to a directory, written to a log, shown to a user.
  test.each([
    '../../etc/passwd',
    '/etc/passwd',
    'a/b',
    'a\\b',
    'C:\\x.png',
    'C:x.png',
    'me.png::$DATA',
    // Windows leaves these out, and a rule about extensions has been passed by then.
    'me.php.',
    'me.php ',
    'me.php. .',
    '...',
    // Devices of Windows, with any extension and in any folder.
    'CON',
    'nul.png',
    'Aux .tar.gz',
    'com1.txt',
    'LPT\u00b9',
    'CONOUT$',
    '.',
    '..',
    '',
    'me.php\u0000.png',
    'me\r\nset-cookie: a',
    'me\u0085.png',
    'me\u007f.png',
    'gnp.\u202eexe',
    'gnp.\u2067exe',
    'a\u200f.png',
    'a\u200e.png',
    'a\u061c.png',
    'me\u2028.png',
    'a'.repeat(256),
  ])('file() refuses the name %j', (name) => {
    expect(parse(avatar, png(name))).toMatchObject({ issues: [{ code: 'name_not_safe' }] });
  });

  test.each([
    'me.png',
    '.htaccess',
    '\u00e9t\u00e9 \u6587.png',
    'a b (1).tar.gz',
    ' a',
    'console.log',
    'com10.txt',
    'com.txt',
    'a.con',
    'a'.repeat(255),
  ])(
    'file() takes the name %j',
    (name) => {
      expect(parse(avatar, png(name)).ok).toBe(true);
    },
  );

  test.each([
    [{ types: [] }],
    [{ types: ['png'] }],
    [{ types: ['image/png; q=1'] }],
    [{ types: ['Image/PNG'] }],
    [{ types: [/png/] }],
    [{ type: 'image/png' }],
  ])('file() throws on %j', (options) => {
    expect(() => Reflect.apply(file, undefined, [options])).toThrow(TypeError);
  });

  test.each([[NaN], [-1], [1.5], ['5'], [null]])('file() and bytes() throw on a maxBytes of %j', (maxBytes) => {
    expect(() => Reflect.apply(file, undefined, [{ maxBytes }])).toThrow(RangeError);
    expect(() => Reflect.apply(bytes, undefined, [{ maxBytes }])).toThrow(RangeError);
  });
});

describe('bytes()', () => {
  test('bytes() lets bytes up to its bound through', () => {
    expect(parse(bytes({ maxBytes: 2 }), new Uint8Array([1, 2]))).toEqual({ ok: true, value: new Uint8Array([1, 2]) });
    expect(parse(bytes({ maxBytes: 2 }), new Uint8Array(3))).toMatchObject({
      issues: [{ code: 'too_large', params: { maxBytes: 2 } }],
    });
    expect(parse(bytes(), new Uint8Array(65_537)).ok).toBe(false);
  });

  test.each([
    ['text', 'a'],
    ['a list', [1]],
    ['a buffer', new ArrayBuffer(1)],
    ['a wider view', new Uint16Array(1)],
    ['a file', png('a')],
  ])('bytes() refuses %s', (_name, value) => {
    expect(parse(bytes(), value)).toMatchObject({ ok: false, issues: [{ code: 'not_bytes' }] });
  });

  // What was measured must be what is used.
  test('bytes() gives back a copy of its own', () => {
    const input = new Uint8Array([1, 2, 3]).subarray(1);
    const result = parse(bytes(), input);
    input[0] = 9;
    expect(result.ok && [...result.value]).toEqual([2, 3]);
    expect(result.ok && result.value.buffer.byteLength).toBe(2);
    expect(check(bytes(), input)).toBe(true);
  });

  test('bytes() throws on an unknown option', () => {
    expect(() => Reflect.apply(bytes, undefined, [{ max: 5 }])).toThrow(TypeError);
  });
});

// Hostile list 5: what somebody put on every object must not loosen a bound.
test('file() and bytes() take no bound from a polluted prototype', () => {
  Object.defineProperty(Object.prototype, 'maxBytes', { value: 1e9, configurable: true });
  try {
    const results = [
      parse(file({}), new File([new Uint8Array(1_048_577)], 'a')),
      parse(bytes({}), new Uint8Array(65_537)),
    ];
    expect(results.map(({ ok }) => ok)).toEqual([false, false]);
  } finally {
    Reflect.deleteProperty(Object.prototype, 'maxBytes');
  }
});
