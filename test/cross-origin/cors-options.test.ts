import { describe, expect, test } from 'vitest';
import { createCors } from '../../src/cross-origin/cors.ts';
import { APP, corsHeaders, OPTIONS_VARY, preflightFrom, requestFrom } from './exchange.ts';

describe('createCors() options', () => {
  test.each<readonly [string, unknown]>([
    ['no options', undefined],
    ['no origins', {}],
    ['an empty list of origins', { origins: [] }],
    ['a text that is no origin', { origins: 'app.example' }],
    ['an object for a list', { origins: { 0: APP } }],
    ['an origin that stands twice', { origins: [APP, APP] }],
    ['an unknown option', { origins: [APP], origin: APP }],
    ['a regular expression', { origins: [/app/] }],
    // C1: every site would act with the user's session.
    ['* with credentials', { origins: '*', credentials: true }],
    ['* in a list', { origins: ['*'] }],
    // C2: every sandboxed frame has the origin null, and every local file.
    ['null', { origins: ['null'] }],
    ['file:', { origins: ['file://'] }],
    // C6: whoever sits on the network is that origin.
    ['plain http with credentials', { origins: ['http://app.example'], credentials: true }],
    ['plain http on a private address with credentials', { origins: ['http://192.168.0.1'], credentials: true }],
    ['plain http on a name that only begins like loopback', {
      origins: ['http://127.0.0.1.evil.example'],
      credentials: true,
    }],
    // C7: no browser would ever send it so, and the entry would look like a rule.
    ['upper case', { origins: ['https://App.example'] }],
    ['a default port', { origins: ['https://app.example:443'] }],
    ['a path', { origins: ['https://app.example/'] }],
    ['a query', { origins: ['https://app.example?'] }],
    ['Unicode', { origins: ['https://\u00e4pp.example'] }],
    ['user information', { origins: ['https://user@app.example'] }],
    // C4 and C5: see also origin-pattern.test.ts.
    ['a * that is not the first label', { origins: ['https://app.*.example.com'] }],
    ['a * within a label', { origins: ['https://app*.example.com'] }],
    ['two *', { origins: ['https://*.*.example.com'] }],
    ['a * for the port', { origins: ['https://app.example:*'] }],
    ['a * before an address', { origins: ['https://*.192.0.2.1'] }],
    ['a pattern of upper case', { origins: ['https://*.Example.com'] }],
    ['a pattern with a default port', { origins: ['https://*.example.com:443'] }],
    ['a pattern with a path', { origins: ['https://*.example.com/'] }],
    ['a pattern that stands twice', { origins: ['https://*.example.com', 'https://*.example.com'] }],
    ['a * before one label', { origins: ['https://*.com'] }],
    ['a * before one label with credentials', { origins: ['https://*.com'], credentials: true }],
    ['a pattern of plain http with credentials', { origins: ['http://*.example.com'], credentials: true }],
    ['a public suffix with credentials', { origins: ['https://*.github.io'], credentials: true }],
    ['a suffix of a country with credentials', { origins: ['https://*.co.uk'], credentials: true }],
    ['no function for isPublicSuffix', { origins: [APP], isPublicSuffix: ['github.io'] }],
    ['a flag that is merely truthy', { origins: [APP], dangerouslyAllowHttpOrigins: 1 }],
    ['another that is merely truthy', { origins: [APP], dangerouslyAllowPublicSuffixes: 'yes' }],
    // C13: beside credentials `*` is a literal, and it never covers Authorization.
    ['* as a method with credentials', { origins: [APP], methods: ['*'], credentials: true }],
    ['* as a request header with credentials', { origins: [APP], headers: ['*'], credentials: true }],
    ['* as an exposed header with credentials', { origins: [APP], exposeHeaders: ['*'], credentials: true }],
    ['a method beside *', { origins: [APP], methods: ['*', 'PUT'] }],
    ['a request header beside *', { origins: [APP], headers: ['*', 'authorization', 'x-a'] }],
    ['an exposed header beside *', { origins: [APP], exposeHeaders: ['*', 'etag'] }],
    // C14.
    ['CONNECT', { origins: [APP], methods: ['CONNECT'] }],
    ['TRACE', { origins: [APP], methods: ['TRACE'] }],
    ['TRACK', { origins: [APP], methods: ['TRACK'] }],
    ['a method in lower case', { origins: [APP], methods: ['patch'] }],
    ['a method with a space', { origins: [APP], methods: ['GET '] }],
    ['a method that stands twice', { origins: [APP], methods: ['GET', 'GET'] }],
    ['the request header cookie', { origins: [APP], headers: ['Cookie'] }],
    ['the request header sec-fetch-site', { origins: [APP], headers: ['Sec-Fetch-Site'] }],
    ['the request header proxy-authorization', { origins: [APP], headers: ['proxy-authorization'] }],
    ['the request header origin', { origins: [APP], headers: ['origin'] }],
    // jub0bs/cors calls these prohibited: a server's headers, and a client's, mistaken for the other's.
    ['the request header access-control-allow-origin', { origins: [APP], headers: ['access-control-allow-origin'] }],
    ['the request header access-control-request-method', {
      origins: [APP],
      headers: ['Access-Control-Request-Method'],
    }],
    ['the exposed header access-control-max-age', { origins: [APP], exposeHeaders: ['Access-Control-Max-Age'] }],
    ['the exposed header origin', { origins: [APP], exposeHeaders: ['origin'] }],
    ['a request header with CR LF', { origins: [APP], headers: ['x\r\ny'] }],
    ['a request header that stands twice', { origins: [APP], headers: ['x-a', 'X-A'] }],
    ['the exposed header set-cookie', { origins: [APP], exposeHeaders: ['Set-Cookie'] }],
    ['an exposed header with a comma', { origins: [APP], exposeHeaders: ['a,b'] }],
    ['credentials that are merely truthy', { origins: [APP], credentials: 'true' }],
  ])('createCors() throws on %s', (_name, options) => {
    expect(() => Reflect.apply(createCors, undefined, [options])).toThrow(TypeError);
  });

  test.each([-2, 86_401, 0.5, Number.NaN])('createCors() throws on maxAgeSeconds %d', (maxAgeSeconds) => {
    expect(() => createCors({ origins: [APP], maxAgeSeconds })).toThrow(RangeError);
  });

  test.each(['http://localhost:3000', 'http://app.localhost', 'http://127.0.0.1:8080', 'http://[::1]'])(
    'createCors() allows credentials for %s, which no network carries',
    (origin) => {
      const response = createCors({ origins: [origin], credentials: true }).apply(requestFrom(origin), new Response());
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    },
  );

  // C18: the caller's array is the caller's.
  test('createCors() does not see its options change', () => {
    const origins = [APP];
    const headers = ['x-a'];
    const cors = createCors({ origins, headers });
    origins.push('https://evil.example');
    headers.push('x-b');
    expect(corsHeaders(cors.apply(requestFrom('https://evil.example'), new Response()))).toEqual({ vary: 'origin' });
    expect(corsHeaders(cors.preflight(preflightFrom(APP, 'POST', 'x-b')))).toEqual({ vary: OPTIONS_VARY });
  });

  // C18: nor through what it shows of them.
  test('createCors() shows its lists, and lets nobody change them', () => {
    const { headers, methods } = createCors({ origins: [APP], headers: ['x-a'], methods: [] });
    expect([headers, methods].map((list) => Object.isFrozen(list))).toEqual([true, true]);
  });

  // C18: what one answer's reader does to its headers stays there.
  test('createCors() does not see its answers change', () => {
    const cors = createCors({ origins: [APP] });
    cors.preflight(preflightFrom(APP, 'POST'))?.headers.set('access-control-allow-origin', '*');
    expect(cors.preflight(preflightFrom(APP, 'POST'))?.headers.get('access-control-allow-origin')).toBe(APP);
  });
});
