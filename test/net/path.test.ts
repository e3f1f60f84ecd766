import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePath } from '../../src/net/path.ts';

/** Two spellings, one path. */
const RESPELLED: readonly (readonly [string, string])[] = [
  // A gate that compares `/%61dmin` with `/admin` finds a difference that the router behind it does not.
  ['/%61dmin', '/admin'],
  ['/%61%64%6D%69%6e', '/admin'],
  ['/%41dmin', '/Admin'],
  ['/a%2Db%2ec%5fd%7Ee', '/a-b.c_d~e'],
  // RFC 3986 section 6.2.2.1: hexadecimal digits in upper case.
  ['/caf%c3%a9', '/caf%C3%A9'],
  ['/a%20b%3fc%3bd%23e', '/a%20b%3Fc%3Bd%23e'],
  // Some URL parsers escape these, others do not, and a policy would be bound to one of two.
  ['/a|b^c[d]', '/a%7Cb%5Ec%5Bd%5D'],
  // A percent sign that nobody can decode twice.
  ['/100%25', '/100%25'],
  ['/100%25zz', '/100%25zz'],
];

/** One spelling, one path. */
const PLAIN = [
  '/',
  '/orders',
  '/orders/',
  '/orders/42/items/9f8b-1c2d',
  '/.well-known/acme-challenge/x',
  '/...',
  '/a..b/c.',
  "/a~b!c$d&e'f(g)h*i+j,k=l:m@n_o-p",
  '/%F0%9F%98%80',
  '/a%2Cb',
];

/** What one server reads in another way than the next. */
const REFUSED: readonly (readonly [string, string])[] = [
  ['double encoding, which a second decoder makes /admin of', '/%2561dmin'],
  ['double encoding of a slash', '/a%252fb'],
  ['double encoding, itself encoded', '/%25%36%31dmin'],
  ['threefold encoding', '/%25252f'],
  ['an encoded slash', '/a%2Fb'],
  ['an encoded slash in lower case', '/a%2fb'],
  ['an encoded backslash', '/a%5Cb'],
  ['an encoded backslash in lower case', '/a%5cb'],
  ['a backslash', '/a\\b'],
  ['a path that begins with two slashes, a host for some', '//admin'],
  ['an empty segment', '/a//b'],
  ['an empty segment at the end', '/a//'],
  ['a dot segment', '/public/../admin'],
  ['an encoded dot segment', '/public/%2e%2e/admin'],
  ['a half encoded dot segment', '/public/.%2E/admin'],
  ['a dot segment before an encoded slash', '/public/%2E%2e%2fadmin'],
  ['a dot segment behind a path parameter', '/a/%2e%2e;/admin'],
  ['a single dot at the end', '/admin/.'],
  ['an encoded dot at the end', '/admin/%2e'],
  ['two dots at the end', '/admin/..'],
  ['a path parameter', '/admin;x=1'],
  ['an encoded NUL', '/admin%00'],
  ['an encoded line break', '/admin%0d%0a'],
  ['an encoded TAB', '/ad%09min'],
  ['an encoded DEL', '/admin%7F'],
  ['an encoded control of Latin-1', '/admin%C2%85'],
  ['a TAB', '/ad\tmin'],
  ['a line break at the end, which `$` of some engines overlooks', '/admin\n'],
  ['an escape that ends too early', '/admin%'],
  ['an escape of one digit', '/admin%6'],
  ['an escape of no digits', '/%zzadmin'],
  ['an escape that is one when it was decoded', '/a%2%35b'],
  ['an escape of another scheme', '/%u0061dmin'],
  // RFC 3629 section 3: decoders that take overlong forms make a slash or a dot of them.
  ['an overlong slash', '/a%C0%AFb'],
  ['an overlong dot segment', '/a/%C0%AE%C0%AE/b'],
  ['half a character', '/%C3'],
  ['a byte that begins no character', '/%FF'],
  ['an encoded surrogate', '/%ED%A0%80'],
  ['a surrogate', '/\ud800'],
  ['text that no URL has unescaped', '/café'],
  ['a space', '/a b'],
  ['a query', '/a?b'],
  ['a fragment', '/a#b'],
  ['nothing', ''],
  ['no path', '*'],
  ['a relative path', 'admin'],
  ['a URL', 'http://a.test/'],
];

describe('parsePath()', () => {
  test.each(RESPELLED)('gives %s one spelling', (text, path) => {
    expect(parsePath(text)).toBe(path);
  });

  test.each(PLAIN)('keeps %s', (path) => {
    expect(parsePath(path)).toBe(path);
  });

  test.each(REFUSED)('refuses %s', (_what, text) => {
    expect(parsePath(text)).toBeUndefined();
  });

  // URL parsers make `/admin` of it, and that is what a gate is asked about.
  test('takes what a URL parser has resolved', () => {
    const paths = ['/public/%2e%2e/admin', '/public\\..\\admin', '/ad\tmin', '/x/./../admin'];
    for (const text of paths) expect(parsePath(new URL(`http://a.test${text}`).pathname)).toBe('/admin');
  });
});

const PIECES = [
  ...'azAZ09-._~!$&\'()*+,;=:@/|[]^%"<>`{} ',
  ...['%61', '%2e', '%2E', '%2f', '%5C', '%25', '%00', '%7f', '%C3%A9', '%c0', '%3b', '%20', '/..', '//', 'é', '\\'],
];
const paths = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);
const anyPath = fc.oneof(paths, fc.string({ unit: 'binary' }).map((text) => `/${text}`));

describe('parsePath() of any text', () => {
  test('makes itself again of what it made', () => {
    fc.assert(fc.property(anyPath, (text) => {
      const path = parsePath(text);
      if (path !== undefined) expect(parsePath(path)).toBe(path);
    }));
  });

  test('makes a path that URL parsers leave as it is', () => {
    fc.assert(fc.property(anyPath, (text) => {
      const path = parsePath(text);
      if (path === undefined) return;
      const url = new URL(`http://a.test${path}`);
      expect([url.pathname, url.host, url.search, url.hash]).toEqual([path, 'a.test', '', '']);
    }));
  });

  test('means what the text means, segment by segment', () => {
    fc.assert(fc.property(anyPath, (text) => {
      const path = parsePath(text);
      if (path === undefined) return;
      expect(path.split('/').map(decodeURIComponent)).toEqual(text.split('/').map(decodeURIComponent));
      expect(decodeURIComponent(path).split('/')).toHaveLength(text.split('/').length);
    }));
  });

  test('makes one of two texts that URL parsers and a decoder of unreserved characters do not tell apart', () => {
    fc.assert(fc.property(paths, (text) => {
      const spelled = text.replace(/[A-Za-z0-9_~-]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
      // Behind a percent sign, digits are no text.
      if (!text.includes('%')) expect(parsePath(spelled)).toBe(parsePath(text));
    }));
  });

  test('is never decoded to another number of segments, once or twice', () => {
    fc.assert(fc.property(anyPath, (text) => {
      const path = parsePath(text);
      if (path === undefined) return;
      const twice = decodeLeniently(decodeURIComponent(path));
      expect(twice.split('/')).toHaveLength(path.split('/').length);
      expect(twice.split(/[/\\]/).some((segment) => segment === '.' || segment === '..')).toBe(false);
    }));
  });
});

/** Decodes what is an escape, and leaves what is none. */
function decodeLeniently(text: string): string {
  return text.replace(/%[\dA-Fa-f]{2}/g, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)));
}
