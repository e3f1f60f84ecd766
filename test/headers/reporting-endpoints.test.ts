import fc from 'fast-check';
import { parseDictionary } from 'structured-headers';
import { describe, expect, test } from 'vitest';
import { formatReportingEndpoints } from '../../src/headers/reporting-endpoints.ts';

describe('formatReportingEndpoints()', () => {
  test.each([
    [{ csp: 'https://reports.example/csp' }, 'csp="https://reports.example/csp"'],
    [{ csp: '/reports/csp', default: '/reports?kind=rest' }, 'csp="/reports/csp", default="/reports?kind=rest"'],
    [{ 'main-1.a*_': 'https://reports.example:8443/a,b;c' }, 'main-1.a*_="https://reports.example:8443/a,b;c"'],
  ])('formatReportingEndpoints(%j) is %s', (endpoints, value) => {
    expect(formatReportingEndpoints(endpoints)).toBe(value);
  });

  test.each<readonly [string, unknown]>([
    ['no endpoints', {}],
    ['no object', null],
    // Hostile list J4: unescaped, each of these ends the string or the header.
    ['a quote', { csp: 'https://a.example/"' }],
    ['a quote in a path', { csp: '/a", default="https://evil.example/' }],
    ['a backslash', { csp: '/a\\' }],
    ['CR LF', { csp: 'https://a.example/\r\nx: y' }],
    ['an LF that a URL parser drops', { csp: 'https://a.example/\nb' }],
    ['what is not ASCII', { csp: 'https://a.example/ä' }],
    ['NUL', { csp: '/a\0' }],
    ['a space', { csp: 'https://a.example/ ' }],
    // Hostile list J4: the grammar of keys.
    ['a name in upper case', { Main: '/r' }],
    ['a name with a space', { 'a b': '/r' }],
    ['an empty name', { '': '/r' }],
    ['a name that begins with a digit', { '1': '/r' }],
    ['__proto__', JSON.parse('{"__proto__":"/r"}')],
    // Reports hold URLs: not over plain http, not to somebody else by mistake.
    ['plain http', { csp: 'http://a.example/' }],
    ['another scheme', { csp: 'javascript:alert(1)' }],
    ['a host that looks like a path', { csp: '//evil.example/' }],
    ['a path that looks like one', { csp: 'reports' }],
    ['a user', { csp: 'https://user:secret@a.example/' }],
    ['a fragment', { csp: 'https://a.example/#x' }],
    ['a host in upper case', { csp: 'https://A.example/' }],
    ['a host without a path, which a parser adds', { csp: 'https://a.example' }],
    ['no text', { csp: 5 }],
    ['a URL object', { csp: new URL('https://a.example/') }],
  ])('formatReportingEndpoints() throws on %s', (_what, endpoints) => {
    expect(() => Reflect.apply(formatReportingEndpoints, undefined, [endpoints])).toThrow(TypeError);
  });

  test('formatReportingEndpoints() refuses endpoints, or writes what another parser reads as exactly them', () => {
    const name = fc.oneof(fc.constantFrom('csp', 'default', 'a1', '*'), fc.string());
    const url = fc.oneof(fc.webUrl({ validSchemes: ['https'], withQueryParameters: true }), fc.webPath(), fc.string());
    fc.assert(fc.property(fc.dictionary(name, url, { minKeys: 1, maxKeys: 3 }), (endpoints) => {
      let value;
      try {
        value = formatReportingEndpoints(endpoints);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        return;
      }
      const parsed = [...parseDictionary(value)].map(([key, [text]]) => [key, text]);
      expect(parsed).toEqual(Object.entries(endpoints));
    }));
  });
});
