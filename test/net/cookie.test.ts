import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCookie, formatExpiredCookie, parseCookies } from '../../src/net/cookie.ts';

/** Without the types, as JavaScript calls it. */
function format(name: unknown, value: unknown, options?: unknown): string {
  return Reflect.apply(formatCookie, undefined, [name, value, options]);
}

describe('formatCookie', () => {
  it.each([
    [{}, '__Host-s=v; Path=/; Secure; HttpOnly; SameSite=Lax'],
    [{ maxAgeSeconds: 3600 }, '__Host-s=v; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax'],
    [{ maxAgeSeconds: 0 }, '__Host-s=v; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax'],
    [{ maxAgeSeconds: 34_560_000 }, '__Host-s=v; Path=/; Max-Age=34560000; Secure; HttpOnly; SameSite=Lax'],
    [{ sameSite: 'strict' }, '__Host-s=v; Path=/; Secure; HttpOnly; SameSite=Strict'],
    [{ sameSite: 'lax', path: '/' }, '__Host-s=v; Path=/; Secure; HttpOnly; SameSite=Lax'],
    [{ partitioned: true }, '__Host-s=v; Path=/; Secure; HttpOnly; SameSite=Lax; Partitioned'],
    [{ partitioned: false, priority: 'high' }, '__Host-s=v; Path=/; Secure; HttpOnly; SameSite=Lax; Priority=high'],
    [
      { partitioned: true, dangerouslyAllowCrossSite: true },
      '__Host-s=v; Path=/; Secure; HttpOnly; SameSite=None; Partitioned',
    ],
    [{ dangerouslyAllowScripts: true }, '__Host-s=v; Path=/; Secure; SameSite=Lax'],
    [
      { domain: undefined, maxAgeSeconds: undefined, sameSite: undefined, partitioned: undefined, priority: undefined },
      '__Host-s=v; Path=/; Secure; HttpOnly; SameSite=Lax',
    ],
  ])('formatCookie() writes %j', (options, expected) => {
    expect(format('__Host-s', 'v', options)).toBe(expected);
  });

  it('formatCookie() writes a domain and a path under a name whose prefix allows them', () => {
    expect(formatCookie('__Secure-s', 'v', { domain: 'example.com', path: '/a/b' })).toBe(
      '__Secure-s=v; Path=/a/b; Domain=example.com; Secure; HttpOnly; SameSite=Lax',
    );
    expect(formatCookie('__Http-s', 'v', { domain: 'a.b-c.example' })).toContain('; Domain=a.b-c.example;');
    expect(formatCookie('__Host-Http-s', 'v')).toBe('__Host-Http-s=v; Path=/; Secure; HttpOnly; SameSite=Lax');
  });

  it('formatCookie() writes an unprefixed name where that is said', () => {
    expect(formatCookie('sid', 'v', { dangerouslyAllowUnprefixed: true, path: '/a' })).toBe(
      'sid=v; Path=/a; Secure; HttpOnly; SameSite=Lax',
    );
  });

  // The types refuse these already.
  it('formatCookie() throws a TypeError for a name without a prefix', () => {
    // @ts-expect-error: a name must carry its prefix
    expect(() => formatCookie('session', 'v')).toThrow('name must begin with __Host-');
    // @ts-expect-error: the option must be true
    expect(() => formatCookie('session', 'v', { dangerouslyAllowUnprefixed: false })).toThrow(TypeError);
    // @ts-expect-error: a name must carry its prefix
    expect(() => formatExpiredCookie('session')).toThrow(TypeError);
  });

  // J6. A browser takes a prefix in any case for one, a lax parser takes a trimmed name for another.
  it.each([
    '__host-s',
    '__HOST-s',
    '__Host-http-s',
    '__secure-s',
    '__HTTP-s',
    '',
    '=',
    '__Host-a=b',
    '__Host-a;b',
    '__Host-a,b',
    '__Host-a b',
    '__Host-a\r\nset-cookie: b',
    '__Host-a\0',
    '__Host-a\t',
    '__Host-"a"',
    '\u00a0__Host-a',
    '\u2003__Host-a',
    '\ufeff__Host-a',
    ' __Host-a',
    '__Host-\u00e4',
    '\u017f_a',
    undefined,
    5,
  ])('formatCookie() throws a TypeError for the name %j', (name) => {
    expect(() => format(name, 'v', { dangerouslyAllowUnprefixed: true })).toThrow(TypeError);
  });

  // J6. What ends a value, an attribute or a header.
  it.each([
    'a;b',
    'a,b',
    'a b',
    ' a',
    '"a"',
    'a\\b',
    'a\r\nb',
    'a\nb',
    'a\0',
    'a\t',
    '\u007f',
    '\u00e4',
    '\u00a0',
    5,
    null,
    undefined,
  ])(
    'formatCookie() throws a TypeError for the value %j',
    (value) => {
      expect(() => format('__Host-a', value)).toThrow(TypeError);
    },
  );

  // RFC 6265bis section 5.6: what is longer is dropped by the browser, without a word.
  it('formatCookie() takes 4,096 characters of name and value, and throws a RangeError for one more', () => {
    expect(formatCookie('__Host-a', 'v'.repeat(4088))).toContain('v; Path=/');
    expect(() => formatCookie('__Host-a', 'v'.repeat(4089))).toThrow(RangeError);
  });

  it.each([
    ['a domain for __Host-', '__Host-a', { domain: 'example.com' }],
    ['a path for __Host-', '__Host-a', { path: '/a' }],
    ['a domain for __Host-Http-', '__Host-Http-a', { domain: 'example.com' }],
    ['scripts for __Http-', '__Http-a', { dangerouslyAllowScripts: true }],
    ['scripts for __Host-Http-', '__Host-Http-a', { dangerouslyAllowScripts: true }],
    ['SameSite=None by its name', '__Host-a', { sameSite: 'none' }],
    ['another spelling of sameSite', '__Host-a', { sameSite: 'Lax' }],
    ['a sameSite that breaks out', '__Host-a', { sameSite: 'lax; Domain=evil.example' }],
    ['a sameSite that is inherited by every object', '__Host-a', { sameSite: 'constructor' }],
    ['sameSite and its opposite', '__Host-a', { sameSite: 'lax', dangerouslyAllowCrossSite: true }],
    ['another priority', '__Host-a', { priority: 'High' }],
    ['a priority that breaks out', '__Host-a', { priority: 'high; Domain=evil.example' }],
    ['a flag that is text', '__Host-a', { dangerouslyAllowScripts: 'false' }],
    ['a flag that is a number', '__Host-a', { partitioned: 1 }],
    ['a path without a slash', '__Secure-a', { path: 'a' }],
    ['an empty path', '__Secure-a', { path: '' }],
    ['a path with a semicolon', '__Secure-a', { path: '/; Domain=evil.example' }],
    ['a path with a line end', '__Secure-a', { path: '/\r\nx: y' }],
    ['a path beyond ASCII', '__Secure-a', { path: '/\u00e4' }],
    ['a path that is too long', '__Secure-a', { path: '/'.padEnd(1025, 'a') }],
    ['a domain with a dot before', '__Secure-a', { domain: '.example.com' }],
    ['a domain with a dot behind', '__Secure-a', { domain: 'example.com.' }],
    ['a domain of one label', '__Secure-a', { domain: 'com' }],
    ['a domain in upper case', '__Secure-a', { domain: 'Example.com' }],
    ['a domain with a semicolon', '__Secure-a', { domain: 'example.com; Path=/' }],
    ['a domain that is an address', '__Secure-a', { domain: '192.0.2.1' }],
    ['a domain that is a URL', '__Secure-a', { domain: 'https://example.com' }],
    ['a domain with a port', '__Secure-a', { domain: 'example.com:443' }],
    ['a domain beyond ASCII', '__Secure-a', { domain: 'ex\u00e4mple.com' }],
    ['a domain that is too long', '__Secure-a', { domain: `${'a.'.repeat(130)}com` }],
    ['an empty domain', '__Secure-a', { domain: '' }],
    ['an unknown option', '__Host-a', { httpOnly: false }],
    ['an option in another case', '__Host-a', { samesite: 'strict' }],
    ['Max-Age by its name', '__Host-a', { maxAge: 5 }],
  ])('formatCookie() throws a TypeError for %s', (_what, name, options) => {
    expect(() => format(name, 'v', options)).toThrow(TypeError);
  });

  it.each([-1, 1.5, NaN, Infinity, 34_560_001, '60', new Date(0)])(
    'formatCookie() throws a RangeError where maxAgeSeconds is %j',
    (maxAgeSeconds) => {
      expect(() => format('__Host-a', 'v', { maxAgeSeconds })).toThrow(RangeError);
    },
  );

  it('formatCookie() keeps the value out of what it throws', () => {
    expect(() => format('__Host-a', 'secret value')).toThrow(expect.not.objectContaining({
      message: expect.stringContaining('secret'),
    }));
  });

  it('formatCookie() writes what parseCookies() reads, and nothing that ends the header', () => {
    const octet = fc.constantFrom(..."!#$%&'()*+-./0:<=>?@AZ[]^_`az{|}~");
    fc.assert(
      fc.property(
        fc.string({ unit: octet, maxLength: 20 }),
        fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{0,8}$/),
        (value, rest) => {
          if (/^http-/i.test(rest)) return;
          const written = formatCookie(`__Host-${rest}`, value);
          expect(written).toMatch(/^[!-~]+=[!-~]*; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
          const pair = written.slice(0, written.indexOf(';'));
          expect([...parseCookies(pair)]).toStrictEqual([[`__Host-${rest}`, value]]);
        },
      ),
    );
  });
});

describe('formatExpiredCookie', () => {
  it('formatExpiredCookie() writes no value and no age', () => {
    expect(formatExpiredCookie('__Host-s')).toBe('__Host-s=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax');
  });

  // A browser deletes none of another path, domain or partition.
  it('formatExpiredCookie() keeps what the cookie was set with, but for its age', () => {
    const options = { domain: 'example.com', path: '/a', partitioned: true, dangerouslyAllowCrossSite: true };
    expect(formatExpiredCookie('__Secure-s', { ...options, maxAgeSeconds: 60 })).toBe(
      '__Secure-s=; Path=/a; Domain=example.com; Max-Age=0; Secure; HttpOnly; SameSite=None; Partitioned',
    );
    expect(formatExpiredCookie('sid', { dangerouslyAllowUnprefixed: true })).toContain('sid=; Path=/; Max-Age=0;');
  });

  it('formatExpiredCookie() throws a TypeError as formatCookie() does', () => {
    expect(() => formatExpiredCookie('__Host-s', { path: '/a' })).toThrow(TypeError);
  });
});
