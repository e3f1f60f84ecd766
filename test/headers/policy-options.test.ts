import { describe, expect, test } from 'vitest';
import { createHeaderPolicy, type HeaderPolicyOptions } from '../../src/headers/policy.ts';
import { API_HEADERS } from '../vectors/header-presets.ts';
import { sent, withType } from './made-response.ts';

describe('createHeaderPolicy() options', () => {
  function valueOf(options: HeaderPolicyOptions, type: string, name: string): string | null {
    return createHeaderPolicy(options).apply(withType(type), { secure: true }).headers.get(name);
  }

  test('api.sandbox false leaves the sandbox out', () => {
    expect(valueOf({ api: { sandbox: false } }, 'application/pdf', 'content-security-policy')).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  test('api.crossOriginResourcePolicy lets others embed data, and not pages', () => {
    const options = { api: { crossOriginResourcePolicy: 'cross-origin' } } as const;
    expect(valueOf(options, 'image/png', 'cross-origin-resource-policy')).toBe('cross-origin');
    expect(valueOf(options, 'text/html', 'cross-origin-resource-policy')).toBe('same-origin');
  });

  test('html.trustedTypes false leaves Trusted Types out', () => {
    expect(valueOf({ html: { trustedTypes: false } }, 'text/html', 'content-security-policy')).not.toContain(
      'trusted-types',
    );
  });

  test('html.crossOriginOpenerPolicy keeps sign-in popups working', () => {
    expect(
      valueOf(
        { html: { crossOriginOpenerPolicy: 'same-origin-allow-popups' } },
        'text/html',
        'cross-origin-opener-policy',
      ),
    ).toBe(
      'same-origin-allow-popups',
    );
  });

  test('html.crossOriginIsolated sends the embedder policy', () => {
    expect(valueOf({ html: { crossOriginIsolated: true } }, 'text/html', 'cross-origin-embedder-policy')).toBe(
      'require-corp',
    );
  });

  test('hsts false sends none', () => {
    expect(valueOf({ hsts: false }, 'text/html', 'strict-transport-security')).toBeNull();
  });

  test.each<readonly [string, unknown]>([
    ['an unknown option', { csp: {} }],
    ['an unknown API option', { api: { sandBox: true } }],
    ['an unknown HTML option', { html: { coop: 'same-origin' } }],
    ['a string for a boolean', { api: { sandbox: 'false' } }],
    ['a string for Trusted Types', { html: { trustedTypes: 'no' } }],
    ['an unknown resource policy', { api: { crossOriginResourcePolicy: '*' } }],
    ['an unknown opener policy', { html: { crossOriginOpenerPolicy: 'unsafe-none' } }],
    ['a value that breaks out of its header', { html: { crossOriginOpenerPolicy: 'same-origin\r\nx: y' } }],
    ['isolation that its opener policy undoes', {
      html: { crossOriginIsolated: true, crossOriginOpenerPolicy: 'noopener-allow-popups' },
    }],
    ['hsts true', { hsts: true }],
    // A name that no header has would leave its header there.
    ['a name to strip with a colon', { strip: ['X-Powered-By:'] }],
    ['a name to strip with a space', { strip: ['x-runtime '] }],
    ['a name to strip that is no list', { strip: 'server' }],
    ['options that are no object', null],
  ])('createHeaderPolicy() throws on %s', (_name, options) => {
    expect(() => Reflect.apply(createHeaderPolicy, undefined, [options])).toThrow(TypeError);
  });

  test('createHeaderPolicy() does not see its options change', () => {
    const api = { sandbox: true };
    const policy = createHeaderPolicy({ api });
    api.sandbox = false;
    expect(sent(policy.apply(withType('application/json'), { secure: true }))).toEqual(API_HEADERS);
  });
});
