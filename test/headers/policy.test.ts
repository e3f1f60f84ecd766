import { describe, expect, test, vi } from 'vitest';
import fc from 'fast-check';
import { createHeaderPolicy, type HeaderPolicyOptions } from '../../src/headers/policy.ts';
import { createNonce } from '../../src/headers/nonce.ts';
import { parseMediaType } from '../../src/net/media-type.ts';
import { API_HEADERS, HTML_HEADERS, NEVER_SENT, NONCE } from '../vectors/header-presets.ts';

function withType(type: string, init: Record<string, string> = {}): Response {
  return new Response('x', { headers: { ...init, 'content-type': type } });
}

function sent(response: Response): Record<string, string> {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    if (name !== 'content-type' && name !== 'content-length') headers[name] = value;
  });
  return headers;
}

/** A response as a runtime makes one after a protocol switch; a constructor refuses to. */
function disguised(response: Response, properties: Readonly<Record<string, unknown>>): Response {
  return new Proxy(response, {
    has: (target, key) => (typeof key === 'string' && Object.hasOwn(properties, key)) || Reflect.has(target, key),
    get: (target, key) =>
      typeof key === 'string' && Object.hasOwn(properties, key) ? properties[key] : Reflect.get(target, key),
  });
}

describe('createHeaderPolicy() presets', () => {
  const policy = createHeaderPolicy();

  test('apply() sends exactly the API preset with JSON', () => {
    expect(sent(policy.apply(withType('application/json'), { secure: true }))).toEqual(API_HEADERS);
  });

  test('apply() sends exactly the HTML preset with a page that has a nonce', () => {
    expect(sent(policy.apply(withType('text/html'), { secure: true, nonce: NONCE }))).toEqual(HTML_HEADERS);
  });

  test('apply() lets scripts of the same origin run without a nonce, and does not touch caching', () => {
    const { headers } = policy.apply(withType('text/html'), { secure: true });
    expect(headers.get('content-security-policy')).toContain("; script-src 'self'; ");
    expect(headers.get('content-security-policy')).not.toMatch(/nonce|strict-dynamic/);
    expect(headers.has('cache-control')).toBe(false);
  });

  // RFC 6797 section 7.2: never over plain http; upgrade-insecure-requests breaks servers without https.
  test.each(['application/json', 'text/html'])(
    'apply() sends neither HSTS nor an upgrade over plain http with %s',
    (type) => {
      const { headers } = policy.apply(withType(type), { secure: false });
      expect(headers.has('strict-transport-security')).toBe(false);
      expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    },
  );

  test.each(['application/json', 'text/html'])('apply() never sends a deprecated header with %s', (type) => {
    const { headers } = policy.apply(withType(type), { secure: true, nonce: NONCE });
    expect(NEVER_SENT.filter((name) => headers.has(name))).toEqual([]);
  });

  test.each(['server', 'x-powered-by'])('apply() deletes %s', (name) => {
    expect(policy.apply(withType('text/html', { [name]: 'x' }), { secure: true }).headers.has(name)).toBe(false);
  });
});

describe('createHeaderPolicy() choice of preset', () => {
  const policy = createHeaderPolicy();

  function isDocument(response: Response): boolean {
    return policy.apply(response, { secure: true }).headers.has('permissions-policy');
  }

  test.each([
    'text/html',
    'TEXT/HTML',
    'text/html;charset=utf-8',
    'text/html ; charset=utf-8',
    'application/xhtml+xml',
  ])('apply() takes %j for a document', (type) => {
    expect(isDocument(withType(type))).toBe(true);
  });

  // What is not surely a document gets the stricter preset: rendered all the same, it is an opaque origin that loads nothing.
  test.each([
    'application/json',
    'application/problem+json',
    'image/svg+xml',
    'text/xml',
    'text/htmlx',
    'xtext/html',
    'text/html, application/json',
    'application/json; x=text/html',
    'text/html\u00a0',
  ])('apply() takes %j for data', (type) => {
    expect(isDocument(withType(type))).toBe(false);
  });

  test('apply() takes a response without a media type for data', () => {
    expect(isDocument(new Response(null))).toBe(false);
  });

  test('apply() agrees with parseMediaType about every media type', () => {
    const piece = fc.constantFrom(
      'text',
      '/',
      'html',
      'HTML',
      'application',
      'xhtml+xml',
      ';',
      ' ',
      '\t',
      'charset=utf-8',
      ',',
      'x',
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('').trim()), (type) => {
      const response = new Response(null);
      response.headers.set('content-type', type);
      const essence = parseMediaType(type)?.essence;
      expect(isDocument(response)).toBe(essence === 'text/html' || essence === 'application/xhtml+xml');
    }));
  });
});

describe('createHeaderPolicy() beside the handler', () => {
  const policy = createHeaderPolicy();

  test.each(['application/json', 'text/html'])('apply() keeps the handler’s CSP with %s', (type) => {
    const response = policy.apply(withType(type, { 'content-security-policy': "default-src 'self'" }), {
      secure: true,
    });
    expect(response.headers.get('content-security-policy')).toBe("default-src 'self'");
  });

  test('apply() keeps the handler’s caching', () => {
    const response = policy.apply(withType('application/json', { 'cache-control': 'max-age=60' }), { secure: true });
    expect(response.headers.get('cache-control')).toBe('max-age=60');
  });

  test.each([
    ['x-content-type-options', 'sniff', 'nosniff'],
    ['x-frame-options', 'ALLOW-FROM https://evil.example', 'DENY'],
    ['referrer-policy', 'unsafe-url', 'no-referrer'],
    ['strict-transport-security', 'max-age=0', 'max-age=63072000; includeSubDomains'],
  ])('apply() replaces the handler’s %s', (name, theirs, ours) => {
    expect(policy.apply(withType('application/json', { [name]: theirs }), { secure: true }).headers.get(name)).toBe(
      ours,
    );
  });

  // Hostile list R4.
  test.each(['application/json', 'text/html'])('apply() twice is apply() once with %s', (type) => {
    const context = { secure: true, nonce: NONCE };
    const once = policy.apply(withType(type), context);
    const before = sent(once);
    expect(sent(policy.apply(once, context))).toEqual(before);
  });
});

describe('createHeaderPolicy() responses', () => {
  const policy = createHeaderPolicy();

  test('apply() gives back the same response where its headers can change', () => {
    const response = withType('application/json');
    expect(policy.apply(response, { secure: true })).toBe(response);
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
          if (key === 'delete' && refusals-- > 0) {
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

  test('apply() takes what createNonce() makes', () => {
    const nonce = createNonce();
    expect(policy.apply(withType('text/html'), { secure: true, nonce }).headers.get('content-security-policy'))
      .toContain(
        `'nonce-${nonce}'`,
      );
  });

  test('apply() does not put a nonce on data', () => {
    expect(sent(policy.apply(withType('application/json'), { secure: true, nonce: NONCE }))).toEqual(API_HEADERS);
  });
});

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

describe('createHeaderPolicy() list', () => {
  const policy = createHeaderPolicy();

  test('list() gives the same headers for other frameworks', () => {
    expect(Object.fromEntries(policy.list('api', { secure: true }))).toEqual(API_HEADERS);
    expect(Object.fromEntries(policy.list('html', { secure: true, nonce: NONCE }))).toEqual(HTML_HEADERS);
  });

  test('list() is made once and frozen', () => {
    const list = policy.list('api', { secure: true });
    expect(policy.list('api', { secure: true })).toBe(list);
    expect(Object.isFrozen(list) && list.every(Object.isFrozen)).toBe(true);
  });

  test.each(['json', 'notModified', 'toString', '__proto__'])('list() throws on the kind %s', (kind) => {
    expect(() => Reflect.apply(policy.list, undefined, [kind, { secure: true }])).toThrow(TypeError);
  });
});
