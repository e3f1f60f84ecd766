import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { owaspStrip } from '../../src/headers/owasp-strip.ts';
import { createHeaderPolicy, type HeaderPolicyOptions } from '../../src/headers/policy.ts';
import { API_HEADERS } from '../vectors/header-presets.ts';
import { sent, withType } from './made-response.ts';

/** Every option that is a text of the caller's, and the header that carries it. */
const TEXTS: readonly (readonly [name: string, options: (text: string) => HeaderPolicyOptions, header: string])[] = [
  ['html.permissionsPolicy', (text) => ({ html: { permissionsPolicy: text } }), 'permissions-policy'],
  ['reporting', (text) => ({ reporting: text }), 'reporting-endpoints'],
];

describe('createHeaderPolicy() values', () => {
  // Hostile list J1: platforms refuse some of these, trim others, and pass on the rest.
  const BREAKING: readonly (readonly [string, string])[] = [
    ['CR', 'a=()\rb=()'],
    ['LF', 'a=()\nb=()'],
    ['CR LF', 'a=()\r\nx-evil: 1'],
    ['a folded line', 'a=(),\r\n b=()'],
    ['NUL', 'a=()\0'],
    ['a tab', 'a=(),\tb=()'],
    ['a control', 'a=()\x1b'],
    ['DEL', 'a=()\x7f'],
    ['Latin-1', 'a=()\u00e9'],
    ['what has no byte', 'a=()\u2028'],
    ['a character that some encode as LF', 'a=()\u010a'],
    ['a leading space', ' a=()'],
    ['a trailing space', 'a=() '],
    ['nothing', ''],
  ];
  for (const [name, options] of TEXTS) {
    test.each(BREAKING)(`${name} throws on %s`, (_what, text) => {
      expect(() => createHeaderPolicy(options(text))).toThrow(TypeError);
    });
  }

  test.each<readonly [string, unknown]>([
    ['an object of features', { html: { permissionsPolicy: { camera: [] } } }],
    ['a list of features', { html: { permissionsPolicy: ['camera=()'] } }],
    ['a number', { reporting: 1 }],
    ['null', { reporting: null }],
    ['strip that is a word', { strip: 'owasp' }],
    ['strip that is a set', { strip: new Set(['via']) }],
  ])('createHeaderPolicy() throws on %s', (_what, options) => {
    expect(() => Reflect.apply(createHeaderPolicy, undefined, [options])).toThrow(TypeError);
  });

  // Hostile list J8.
  test.each(['{"__proto__":{}}', '{"constructor":{}}', '{"api":{"__proto__":{}}}', '{"html":{"constructor":1}}'])(
    'createHeaderPolicy() throws on the keys of %s',
    (json) => {
      expect(() => createHeaderPolicy(JSON.parse(json))).toThrow(TypeError);
    },
  );

  test('whatever a text is, it is refused or sent as it is, and changes no other header', () => {
    fc.assert(fc.property(
      fc.constantFrom(...TEXTS),
      fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom('a', ' ', '\r', '\n', '=', ';') }),
      ),
      ([, options, header], text) => {
        let policy;
        try {
          policy = createHeaderPolicy(options(text));
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        const headers = sent(policy.apply(withType('text/html'), { secure: true }));
        const others = sent(createHeaderPolicy().apply(withType('text/html'), { secure: true }));
        expect(headers[header]).toBe(text);
        expect(text).toMatch(/^[\x20-\x7e]+$/);
        // The report-to of `csp` is a word of ours.
        expect({ ...headers, [header]: '', 'content-security-policy': '' }).toEqual({
          ...others,
          [header]: '',
          'content-security-policy': '',
        });
      },
    ));
  });
});

describe('createHeaderPolicy() strip', () => {
  test('strip takes away what discloses, in any case, and what is not there costs nothing', () => {
    const policy = createHeaderPolicy({ strip: ['X-AspNet-Version', 'via'] });
    const response = withType('application/json', { 'x-aspnet-version': '4', Via: '1.1 inner', etag: '"1"' });
    expect(sent(policy.apply(response, { secure: true }))).toEqual({ ...API_HEADERS, etag: '"1"' });
  });

  test('strip of owaspStrip takes away every name of the list, and keeps the rest', () => {
    const response = withType('application/json', { etag: '"1"' });
    for (const name of owaspStrip) response.headers.set(name, 'x');
    response.headers.append('set-cookie', 'a=1');
    response.headers.append('set-cookie', 'b=2');
    createHeaderPolicy({ strip: owaspStrip }).apply(response, { secure: true });
    expect(owaspStrip.filter((name) => response.headers.has(name))).toEqual([]);
    expect([response.headers.get('etag'), response.headers.getSetCookie()]).toEqual(['"1"', ['a=1', 'b=2']]);
  });

  test('strip never takes away what the policy sends', () => {
    const policy = createHeaderPolicy({ strip: ['content-security-policy', 'x-frame-options', 'cache-control'] });
    const response = withType('application/json', { 'content-security-policy': "default-src 'self'" });
    expect(sent(policy.apply(response, { secure: true }))).toEqual(API_HEADERS);
  });

  test('strip keeps server and x-powered-by going', () => {
    const response = withType('application/json', { server: 'x', 'x-powered-by': 'y', via: 'z' });
    expect(sent(createHeaderPolicy({ strip: ['via'] }).apply(response, { secure: true }))).toEqual(API_HEADERS);
  });

  test('strip does not see its list change', () => {
    const strip: string[] = [];
    const policy = createHeaderPolicy({ strip });
    strip.push('etag');
    expect(policy.apply(withType('application/json', { etag: '"1"' }), { secure: true }).headers.has('etag')).toBe(
      true,
    );
  });

  test('owaspStrip is frozen, of names in lower case, each once', () => {
    expect(Object.isFrozen(owaspStrip)).toBe(true);
    expect(owaspStrip.length).toBeGreaterThanOrEqual(87);
    expect([...new Set(owaspStrip)].sort()).toEqual(owaspStrip);
    expect(owaspStrip.filter((name) => !/^[a-z0-9$-]+$/.test(name))).toEqual([]);
  });
});
