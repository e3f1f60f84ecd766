import { describe, expect, test, vi } from 'vitest';
import { createHeaderPolicy } from '../../src/headers/policy.ts';
import { createNonce } from '../../src/headers/nonce.ts';
import { NONCE } from '../vectors/header-presets.ts';
import { sent, withType } from './made-response.ts';

/** A response as a runtime makes one after a protocol switch; a constructor refuses to. */
function disguised(response: Response, properties: Readonly<Record<string, unknown>>): Response {
  return new Proxy(response, {
    has: (target, key) => (typeof key === 'string' && Object.hasOwn(properties, key)) || Reflect.has(target, key),
    get: (target, key) =>
      typeof key === 'string' && Object.hasOwn(properties, key) ? properties[key] : Reflect.get(target, key),
  });
}

describe('createHeaderPolicy() responses', () => {
  const policy = createHeaderPolicy();

  test('apply() gives back the same response where its headers can change', () => {
    const response = withType('application/json');
    expect(policy.apply(response, { secure: true })).toBe(response);
  });

  // What has the value of a row is not set again: it must be that of the row, and not of whatever stands beside it.
  test('apply() replaces what is not its own value and keeps what is', () => {
    const once = policy.apply(withType('application/json'), { secure: true });
    expect(sent(policy.apply(once, { secure: true }))).toEqual(
      sent(policy.apply(withType('application/json'), { secure: true })),
    );
    const other = withType('application/json');
    other.headers.set('x-frame-options', 'nosniff');
    other.headers.append('x-content-type-options', 'nosniff');
    other.headers.append('x-content-type-options', 'nosniff');
    const response = policy.apply(other, { secure: true });
    expect([response.headers.get('x-frame-options'), response.headers.get('x-content-type-options')]).toEqual([
      'DENY',
      'nosniff',
    ]);
  });

  test('apply() sends a row whose name is to be stripped as well', () => {
    const stripping = createHeaderPolicy({ strip: ['x-frame-options'] });
    const response = withType('application/json');
    response.headers.set('x-frame-options', 'DENY');
    expect(stripping.apply(response, { secure: true }).headers.get('x-frame-options')).toBe('DENY');
  });

  // Hostile list R1: its headers are immutable on most platforms.
  test('apply() hardens a redirect', () => {
    const response = policy.apply(Response.redirect('https://example.com/', 303), { secure: true });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('https://example.com/');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  // Hostile list J7: Object.fromEntries would keep one of them.
  test('apply() keeps several cookies apart, also on a rebuilt response', () => {
    const cookies = new Response('x');
    cookies.headers.append('set-cookie', 'a=1; Path=/');
    cookies.headers.append('set-cookie', 'b=2; Path=/');
    let refusals = 1;
    const immutable = disguised(cookies, {
      headers: new Proxy(cookies.headers, {
        get(target, key) {
          if (key === 'set' && refusals-- > 0) {
            return (): never => {
              throw new TypeError('immutable');
            };
          }
          const member: unknown = Reflect.get(target, key);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      }),
    });
    const response = policy.apply(immutable, { secure: true });
    expect(response).not.toBe(immutable);
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/']);
  });

  // Hostile list R1: a network error can be neither changed nor rebuilt.
  test('apply() gives back a network error as it is', () => {
    const response = Response.error();
    expect(policy.apply(response, { secure: true })).toBe(response);
  });

  test.each([
    ['a protocol switch', { status: 101 }],
    ['a WebSocket', { webSocket: {} }],
  ])('apply() gives back %s as it is', (_name, properties) => {
    const response = disguised(new Response(null), properties);
    expect(policy.apply(response, { secure: true })).toBe(response);
    expect(response.headers.has('x-content-type-options')).toBe(false);
  });

  test.each([204, 205, 304])('apply() leaves a %d without a body', (status) => {
    const response = policy.apply(new Response(null, { status }), { secure: true });
    expect(response.status).toBe(status);
    expect(response.body).toBeNull();
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  // Hostile list J3: a cache puts the headers of a 304 onto the page it stored, with the old nonce in its scripts.
  test('apply() sends no policy for the stored page with a 304', () => {
    const response = policy.apply(new Response(null, { status: 304, headers: { 'content-type': 'text/html' } }), {
      secure: true,
      nonce: NONCE,
    });
    expect(Object.keys(sent(response)).sort()).toEqual([
      'strict-transport-security',
      'x-content-type-options',
      'x-frame-options',
    ]);
  });

  // Hostile list R2.
  test('apply() neither reads, locks nor clones a stream', async () => {
    const response = new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('chunk'));
          controller.close();
        },
      }),
    );
    const clone = vi.spyOn(response, 'clone');
    const hardened = policy.apply(response, { secure: true });
    expect(clone).not.toHaveBeenCalled();
    expect(hardened.bodyUsed || hardened.body?.locked).toBe(false);
    expect(await hardened.text()).toBe('chunk');
  });
});

describe('createHeaderPolicy() nonce', () => {
  const policy = createHeaderPolicy();

  // Hostile list J2: what ends the source, the directive or the header.
  test.each([
    '',
    'short',
    `${NONCE}'`,
    `${NONCE}; script-src *`,
    `${NONCE}\r\nx: y`,
    `${NONCE},`,
    `${NONCE} `,
    `${NONCE}===`,
    'a'.repeat(200),
  ])(
    'apply() throws on the nonce %j',
    (nonce) => {
      expect(() => policy.apply(withType('text/html'), { secure: true, nonce })).toThrow(TypeError);
    },
  );

  test('apply() leaves the body alone when it throws on a nonce', () => {
    const response = withType('text/html');
    expect(() => policy.apply(response, { secure: true, nonce: 'short' })).toThrow(TypeError);
    expect([response.bodyUsed, response.body?.locked, response.headers.has('x-frame-options')]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('apply() takes what createNonce() makes', () => {
    const nonce = createNonce();
    expect(policy.apply(withType('text/html'), { secure: true, nonce }).headers.get('content-security-policy'))
      .toContain(
        `'nonce-${nonce}'`,
      );
  });
});
