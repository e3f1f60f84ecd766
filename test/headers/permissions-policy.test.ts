import fc from 'fast-check';
import { parseDictionary } from 'structured-headers';
import { describe, expect, test } from 'vitest';
import { self } from '../../src/headers/csp-token.ts';
import { formatPermissionsPolicy } from '../../src/headers/permissions-policy.ts';
import { createHeaderPolicy } from '../../src/headers/policy.ts';
import { HTML_HEADERS } from '../vectors/header-presets.ts';
import { withType } from './made-response.ts';

const DENIED = HTML_HEADERS['permissions-policy'];

describe('formatPermissionsPolicy()', () => {
  test('formatPermissionsPolicy() of nothing is what the preset sends', () => {
    expect(formatPermissionsPolicy({})).toBe(DENIED);
  });

  test.each(
    [
      ['self', { camera: [self] }, 'camera=(self), '],
      ['an origin', { camera: ['https://meet.example'] }, 'camera=("https://meet.example"), '],
      ['both', { camera: [self, 'https://meet.example:8443'] }, 'camera=(self "https://meet.example:8443"), '],
      ['all subdomains', { camera: ['https://*.example.com'] }, 'camera=("https://*.example.com"), '],
      ['everybody', { camera: '*' }, 'camera=*, '],
      ['nobody', { camera: [] }, 'camera=(), '],
    ] as const,
  )('formatPermissionsPolicy() allows %s and denies the rest of the preset', (_whom, features, start) => {
    expect(formatPermissionsPolicy(features)).toBe(DENIED?.replace('camera=(), ', start));
  });

  test('formatPermissionsPolicy() adds features under the web’s own names', () => {
    expect(formatPermissionsPolicy({ publickeyCredentialsGet: [self], fullscreen: '*', xrSpatialTracking: [self] }))
      .toBe(
        `${
          DENIED?.replace('xr-spatial-tracking=()', 'xr-spatial-tracking=(self)')
        }, fullscreen=*, publickey-credentials-get=(self)`,
      );
  });

  test('createHeaderPolicy() sends it with pages', () => {
    const permissionsPolicy = formatPermissionsPolicy({ camera: [self] });
    const policy = createHeaderPolicy({ html: { permissionsPolicy } });
    const sent = (type: string): string | null =>
      policy.apply(withType(type), { secure: true }).headers.get('permissions-policy');
    expect([sent('text/html'), sent('application/json')]).toEqual([permissionsPolicy, null]);
  });

  test.each<readonly [string, unknown]>([
    // Hostile list: an error in the console of every visitor.
    ['interest-cohort', { interestCohort: [] }],
    ['interest-cohort by its own name', { 'interest-cohort': [] }],
    ['a feature that does not exist', { geoLocation: [] }],
    ['a feature in kebab case', { 'display-capture': [] }],
    // Hostile list J8.
    ['__proto__', JSON.parse('{"__proto__":[]}')],
    ['constructor', { constructor: [] }],
    // Hostile list J4.
    ['a quote', { camera: ['https://a.example" "https://b.example'] }],
    ['a backslash', { camera: ['https://a.example\\'] }],
    ['a comma', { camera: ['https://a.example, usb=*'] }],
    ['CR LF', { camera: ['https://a.example\r\nx: y'] }],
    ['what is not ASCII', { camera: ['https://exämple.com'] }],
    ['a path', { camera: ['https://a.example/'] }],
    ['two stars', { camera: ['https://*.*.example.com'] }],
    ['a star alone', { camera: ['https://*'] }],
    ['self as a text', { camera: ['self'] }],
    ['self in its quotes', { camera: ["'self'"] }],
    ['a star in a list', { camera: ['*'] }],
    ['the null origin', { camera: ['null'] }],
    ['another word', { camera: [{ token: "'none'" }] }],
    ['a text for a list', { camera: 'https://a.example' }],
    ['undefined', { camera: undefined }],
    ['no object', null],
  ])('formatPermissionsPolicy() throws on %s', (_what, features) => {
    expect(() => Reflect.apply(formatPermissionsPolicy, undefined, [features])).toThrow(TypeError);
  });

  test('formatPermissionsPolicy() refuses an origin, or writes what another parser reads as exactly it', () => {
    const text = fc.oneof(
      fc.string(),
      fc.webUrl().map((url) => new URL(url).origin),
      fc.array(fc.constantFrom('https://', '*.', 'a', '.example', ':8443', '"', '\\', ',', ' ', '\n')).map((parts) =>
        parts.join('')
      ),
    );
    fc.assert(fc.property(text, (origin) => {
      let value;
      try {
        value = formatPermissionsPolicy({ camera: [origin], usb: [self] });
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        return;
      }
      const parsed = parseDictionary(value);
      expect(parsed.get('camera')?.[0]).toEqual([[origin, new Map()]]);
      expect([...parsed.keys()]).toEqual([...parseDictionary(DENIED ?? '').keys()]);
    }));
  });
});
