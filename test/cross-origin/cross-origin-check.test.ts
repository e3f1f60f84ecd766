import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import {
  createCrossOriginCheck,
  type CrossOriginCheckContext,
  type CrossOriginCheckOptions,
} from '../../src/cross-origin/cross-origin-check.ts';

const OWN = 'https://api.example';
const APP = 'https://app.example';
const UNSAFE_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'];

function request(headers: Record<string, string>, method = 'POST', url = `${OWN}/orders`): Request {
  const made = new Request(url, { method });
  for (const [name, value] of Object.entries(headers)) made.headers.set(name, value);
  return made;
}

function codeOf(
  headers: Record<string, string>,
  options: CrossOriginCheckOptions = {},
  method = 'POST',
): string | undefined {
  return createCrossOriginCheck(options).check(request(headers, method))?.code;
}

describe('createCrossOriginCheck() methods', () => {
  // X1: frameworks that looked at the content type let text/plain, or none, through.
  test.each(UNSAFE_METHODS)('check() refuses a cross-site %s', (method) => {
    expect(codeOf({ 'sec-fetch-site': 'cross-site' }, {}, method)).toBe('cross_site_request');
  });

  test.each(['', 'text/plain', 'application/json', 'multipart/form-data', 'application/x-www-form-urlencoded'])(
    'check() refuses a cross-site POST of type %j',
    (type) => {
      expect(codeOf({ 'sec-fetch-site': 'cross-site', 'content-type': type })).toBe('cross_site_request');
    },
  );

  // X13: the docstring says so. A GET handler that changes something is the mistake, also where HEAD is routed to it.
  test.each(['GET', 'HEAD', 'OPTIONS'])('check() lets a cross-site %s through', (method) => {
    expect(codeOf({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, {}, method)).toBeUndefined();
  });

  // X2: the method that counts is the one that was sent.
  test.each(['x-http-method-override', 'x-http-method', 'x-method-override'])('check() does not read %s', (name) => {
    expect(codeOf({ 'sec-fetch-site': 'cross-site', [name]: 'GET' })).toBe('cross_site_request');
  });

  // X3: cross-site WebSocket hijacking; the page can then read and write in the user's name.
  test('check() refuses a WebSocket handshake of another origin', () => {
    expect(codeOf({ upgrade: 'websocket', origin: 'https://evil.example' }, {}, 'GET')).toBe('cross_site_request');
    expect(codeOf({ upgrade: 'WebSocket', 'sec-fetch-site': 'cross-site' }, {}, 'GET')).toBe('cross_site_request');
  });

  // RFC 8441: over HTTP/2 a handshake is a CONNECT without Upgrade; some gateways hand it on as a GET.
  test('check() refuses a WebSocket handshake that has no Upgrade', () => {
    expect(codeOf({ 'sec-websocket-version': '13', origin: 'https://evil.example' }, {}, 'GET')).toBe(
      'cross_site_request',
    );
  });

  test('check() lets a WebSocket handshake of its own pages through', () => {
    expect(codeOf({ upgrade: 'websocket', origin: OWN }, {}, 'GET')).toBeUndefined();
  });
});

describe('createCrossOriginCheck() Sec-Fetch-Site', () => {
  test.each(['same-origin', 'none'])('check() lets %s through', (site) => {
    expect(codeOf({ 'sec-fetch-site': site })).toBeUndefined();
  });

  // X4: a value that no browser sends comes from somebody who is not one.
  test.each([
    'same-site',
    'cross-site',
    '',
    'unknown',
    'Same-Origin',
    'NONE',
    'same-origin, cross-site',
    'none, none',
    'same-origin;x',
  ])(
    'check() refuses %j',
    (site) => {
      expect(codeOf({ 'sec-fetch-site': site })).toBe('cross_site_request');
    },
  );

  test.each(['same-site', 'cross-site'])('check() lets %s of a trusted origin through', (site) => {
    expect(codeOf({ 'sec-fetch-site': site, origin: APP }, { trustedOrigins: [APP] })).toBeUndefined();
  });

  test.each(['', 'unknown', 'same-site, same-site'])('check() refuses %j even of a trusted origin', (site) => {
    expect(codeOf({ 'sec-fetch-site': site, origin: APP }, { trustedOrigins: [APP] })).toBe('cross_site_request');
  });

  // The browser knows better than a header that the page's own origin is the same.
  test('check() believes cross-site although Origin is its own', () => {
    expect(codeOf({ 'sec-fetch-site': 'cross-site', origin: OWN })).toBe('cross_site_request');
  });

  // X6: a page with `Referrer-Policy: no-referrer` posts a form to itself.
  // WHATWG URL: the origin of a URL that is not http is opaque, and serialises as the `null` that sandboxed frames send.
  test('check() refuses Origin null also where the server has no origin of its own', () => {
    const refusal = createCrossOriginCheck().check(request({ origin: 'null' }), {
      origin: new URL('app://shell').origin,
    });
    expect(refusal?.code).toBe('cross_site_request');
  });

  test('check() lets same-origin through although Origin is null', () => {
    expect(codeOf({ 'sec-fetch-site': 'same-origin', origin: 'null' })).toBeUndefined();
  });
});

describe('createCrossOriginCheck() Origin', () => {
  test('check() lets its own origin through', () => {
    expect(codeOf({ origin: OWN })).toBeUndefined();
  });

  test('check() lets a trusted origin through', () => {
    expect(codeOf({ origin: APP }, { trustedOrigins: [APP] })).toBeUndefined();
  });

  // X6 and X7: none of these may throw, nor count as a missing Origin.
  test.each([
    'null',
    '',
    'http://',
    ':123',
    'https://api.example:444',
    'http://api.example',
    'https://api.example/',
    'https://api.example.',
    'https://API.example',
    'https://api.example.evil.example',
    'https://api.example, https://api.example',
    'https://api.example@evil.example',
    `https://${'a'.repeat(8000)}`,
    'https://\u00e4pi.example',
  ])('check() refuses the Origin %j', (origin) => {
    expect(codeOf({ origin }, { missing: 'allow', trustedOrigins: [APP] })).toBe('cross_site_request');
  });

  // X8: behind a TLS proxy the request's own URL says http; only the caller knows what the client sees.
  test('check() compares with the origin that the caller resolved', () => {
    const { check } = createCrossOriginCheck();
    const behindProxy = request({ origin: OWN }, 'POST', 'http://api.example/orders');
    expect(check(behindProxy)?.code).toBe('cross_site_request');
    expect(check(behindProxy, { origin: OWN })).toBeUndefined();
  });

  // X8: what a client resolver returns is a context as it is.
  test.each<readonly [CrossOriginCheckContext, string, boolean]>([
    [{ scheme: 'https' }, 'https://api.internal', true],
    [{ scheme: 'https' }, 'http://api.internal', false],
    [{ scheme: 'https', host: 'api.example' }, OWN, true],
    [{ scheme: 'http', host: 'api.example' }, OWN, false],
    [{ scheme: 'https', host: 'api.example:8443' }, OWN, false],
    [{ scheme: 'https', host: 'api.example:8443' }, `${OWN}:8443`, true],
    [{ scheme: 'https', host: undefined }, 'https://api.internal', true],
    [{ host: 'api.example' }, 'http://api.example', true],
    [{ scheme: undefined, host: undefined, origin: undefined }, 'http://api.internal', true],
    [{ origin: OWN, scheme: 'http', host: 'other.example' }, OWN, true],
    [{ origin: OWN, scheme: 'http', host: 'other.example' }, 'http://other.example', false],
    [{ origin: '' }, '', false],
    [{ origin: 'null' }, 'null', false],
  ])('check() with %j lets %s through: %j', (context, origin, allowed) => {
    const behindProxy = request({ origin }, 'POST', 'http://api.internal/orders');
    expect(createCrossOriginCheck().check(behindProxy, context) === undefined).toBe(allowed);
  });

  // X8: anybody can send them.
  test('check() does not read forwarding headers', () => {
    expect(codeOf({ origin: 'https://evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }))
      .toBe(
        'cross_site_request',
      );
  });

  // X12: it is stripped, forged by extensions, and longer than anybody compares.
  test('check() never allows for a Referer', () => {
    expect(codeOf({ referer: `${OWN}/page` }, { missing: 'deny' })).toBe('cross_site_request');
  });
});

describe('createCrossOriginCheck() without either header', () => {
  // X5: no current browser sends neither; programs do, and programs are not tricked by pages.
  test.each<readonly [CrossOriginCheckOptions['missing'], string | undefined, string | undefined]>([
    [undefined, undefined, 'cross_site_request'],
    ['allow', undefined, undefined],
    ['deny', 'cross_site_request', 'cross_site_request'],
  ])('check() with missing %s', (missing, plain, withCookie) => {
    const options = missing === undefined ? {} : { missing };
    expect(codeOf({}, options)).toBe(plain);
    expect(codeOf({ cookie: 'session=1' }, options)).toBe(withCookie);
  });
});

describe('createCrossOriginCheck() options', () => {
  // X10: an entry that no browser sends would look like a rule.
  test.each<readonly [string, unknown]>([
    ['an unknown option', { trusted: [] }],
    ['a text that is no origin', { trustedOrigins: 'app.example' }],
    ['an origin that stands twice', { trustedOrigins: [APP, APP] }],
    ['null', { trustedOrigins: ['null'] }],
    ['a wildcard', { trustedOrigins: ['https://*.example'] }],
    ['*', { trustedOrigins: '*' }],
    ['upper case', { trustedOrigins: ['https://App.example'] }],
    ['a path', { trustedOrigins: ['https://app.example/'] }],
    ['a default port', { trustedOrigins: ['https://app.example:443'] }],
    ['a query', { trustedOrigins: ['https://app.example?q=1'] }],
    ['a fragment', { trustedOrigins: ['https://app.example#x'] }],
    ['a space', { trustedOrigins: ['https://ex ample.com'] }],
    ['no host', { trustedOrigins: ['https://'] }],
    ['a host alone', { trustedOrigins: ['app.example'] }],
    ['file:', { trustedOrigins: ['file:///'] }],
    ['Unicode', { trustedOrigins: ['https://\u00e4pp.example'] }],
    ['an empty text', { trustedOrigins: [''] }],
    ['another word for missing', { missing: 'ignore' }],
    ['false for missing', { missing: false }],
  ])('createCrossOriginCheck() throws on %s', (_name, options) => {
    expect(() => Reflect.apply(createCrossOriginCheck, undefined, [options])).toThrow(TypeError);
  });

  test('createCrossOriginCheck() does not see its options change', () => {
    const trustedOrigins = [APP];
    const { check } = createCrossOriginCheck({ trustedOrigins });
    trustedOrigins.push('https://evil.example');
    expect(check(request({ origin: 'https://evil.example' }))?.code).toBe('cross_site_request');
  });

  test('check() answers a refusal whose message holds no header', () => {
    const refusal = createCrossOriginCheck().check(
      request({ origin: 'https://evil.example', 'sec-fetch-site': 's3cret' }),
    );
    expect(isRefusal(refusal) && refusal.status).toBe(403);
    expect(refusal?.message).not.toMatch(/evil|s3cret/);
  });
});
