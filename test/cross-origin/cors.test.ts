import { describe, expect, test } from 'vitest';
import { type CorsOptions, createCors, isPreflight } from '../../src/cross-origin/cors.ts';
import { FOREIGN_ORIGINS } from '../vectors/origins.ts';

const APP = 'https://app.example';
const URL = 'https://api.example/orders';

function requestFrom(origin: string | undefined, init: RequestInit = {}): Request {
  const request = new Request(URL, init);
  if (origin !== undefined) request.headers.set('origin', origin);
  return request;
}

function preflightFrom(origin: string, method: string, headers?: string): Request {
  const request = requestFrom(origin, { method: 'OPTIONS' });
  request.headers.set('access-control-request-method', method);
  if (headers !== undefined) request.headers.set('access-control-request-headers', headers);
  return request;
}

function corsHeaders(response: Response | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  response?.headers.forEach((value, name) => {
    if (name.startsWith('access-control-') || name === 'vary') headers[name] = value;
  });
  return headers;
}

describe('createCors() options', () => {
  test.each<readonly [string, unknown]>([
    ['no options', undefined],
    ['no origins', {}],
    ['an empty list of origins', { origins: [] }],
    ['a string that is no list', { origins: APP }],
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
    ['a wildcard', { origins: ['https://*.example.com'] }],
    // C13: beside credentials `*` is a literal, and it never covers Authorization.
    ['* as a method', { origins: [APP], methods: ['*'] }],
    ['* as a request header', { origins: [APP], headers: ['*'] }],
    ['* as an exposed header', { origins: [APP], exposeHeaders: ['*'] }],
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
    expect(corsHeaders(cors.preflight(preflightFrom(APP, 'POST', 'x-b')))).toEqual({ vary: 'origin' });
  });

  // C18: what one answer's reader does to its headers stays there.
  test('createCors() does not see its answers change', () => {
    const cors = createCors({ origins: [APP] });
    cors.preflight(preflightFrom(APP, 'POST'))?.headers.set('access-control-allow-origin', '*');
    expect(cors.preflight(preflightFrom(APP, 'POST'))?.headers.get('access-control-allow-origin')).toBe(APP);
  });
});

describe('createCors() preflight', () => {
  const cors = createCors({
    origins: [APP, 'https://example.com'],
    methods: ['GET', 'POST', 'PATCH'],
    headers: ['Content-Type', 'authorization'],
    credentials: true,
    maxAgeSeconds: 600,
  });

  test('preflight() grants an allowed origin, method and headers', () => {
    const response = cors.preflight(preflightFrom(APP, 'PATCH', 'authorization,content-type'));
    expect(response?.status).toBe(204);
    expect(corsHeaders(response)).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,POST,PATCH',
      'access-control-allow-headers': 'content-type,authorization',
      'access-control-max-age': '600',
      vary: 'origin',
    });
  });

  test('preflight() leaves out what there is nothing of', () => {
    expect(corsHeaders(createCors({ origins: [APP] }).preflight(preflightFrom(APP, 'POST')))).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'GET,HEAD,POST',
      vary: 'origin',
    });
  });

  // C11: an ordinary OPTIONS belongs to the handler.
  test.each<readonly [string, Record<string, string>, string]>([
    ['OPTIONS without Origin', { 'access-control-request-method': 'POST' }, 'OPTIONS'],
    ['OPTIONS without a method asked for', { origin: APP }, 'OPTIONS'],
    ['GET', { origin: APP, 'access-control-request-method': 'POST' }, 'GET'],
    ['POST', { origin: APP, 'access-control-request-method': 'POST' }, 'POST'],
  ])('preflight() leaves %s to the handler', (_name, headers, method) => {
    const request = new Request(URL, { method, headers });
    expect(cors.preflight(request)).toBeUndefined();
    expect(isPreflight(request)).toBe(false);
  });

  test.each(FOREIGN_ORIGINS)('preflight() grants nothing to %j', (origin) => {
    const response = cors.preflight(preflightFrom(origin, 'GET'));
    expect(response?.status).toBe(204);
    expect(corsHeaders(response)).toEqual({ vary: 'origin' });
  });

  // C14: browsers send `patch` as it is written; the two are different methods.
  test.each(['patch', 'Patch', 'DELETE', 'get', '', '*', 'GET,POST'])(
    'preflight() grants nothing for the method %j',
    (method) => {
      expect(corsHeaders(cors.preflight(preflightFrom(APP, method)))).toEqual({ vary: 'origin' });
    },
  );

  // C12: a list is compared, never sent back.
  test('preflight() grants nothing when one header is not allowed', () => {
    expect(corsHeaders(cors.preflight(preflightFrom(APP, 'GET', 'authorization,x-evil')))).toEqual({ vary: 'origin' });
  });

  test('preflight() joins several header lines', () => {
    const request = preflightFrom(APP, 'GET', 'authorization');
    request.headers.append('access-control-request-headers', 'content-type');
    expect(cors.preflight(request)?.headers.get('access-control-allow-origin')).toBe(APP);
    request.headers.append('access-control-request-headers', 'x-evil');
    expect(corsHeaders(cors.preflight(request))).toEqual({ vary: 'origin' });
  });

  test('preflight() for every origin says so without Vary', () => {
    expect(corsHeaders(createCors({ origins: '*' }).preflight(preflightFrom('null', 'GET')))).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET,HEAD,POST',
    });
  });
});

describe('createCors() apply', () => {
  const options: CorsOptions = { origins: [APP, 'https://example.com'], exposeHeaders: ['RateLimit', 'x-request-id'] };
  const cors = createCors(options);

  test('apply() lets an allowed origin read', () => {
    expect(corsHeaders(cors.apply(requestFrom(APP), new Response()))).toEqual({
      'access-control-allow-origin': APP,
      'access-control-expose-headers': 'ratelimit,x-request-id',
      vary: 'origin',
    });
  });

  test('apply() allows credentials only where the policy does', () => {
    const response = createCors({ ...options, credentials: true }).apply(requestFrom(APP), new Response());
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
  });

  // C8: a cache must not hand this answer to an allowed origin, nor the other way round.
  test.each(FOREIGN_ORIGINS)('apply() tells %j nothing but Vary', (origin) => {
    expect(corsHeaders(cors.apply(requestFrom(origin), new Response()))).toEqual({ vary: 'origin' });
  });

  test('apply() says Vary to a request without Origin too', () => {
    expect(corsHeaders(cors.apply(requestFrom(undefined), new Response()))).toEqual({ vary: 'origin' });
  });

  // C9: `*` is the same for everybody, so that a cache may keep one answer.
  test('apply() for every origin sends * without Vary, also without Origin', () => {
    const open = createCors({ origins: '*', exposeHeaders: ['etag'] });
    const expected = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'etag' };
    expect(corsHeaders(open.apply(requestFrom('https://any.example'), new Response()))).toEqual(expected);
    expect(corsHeaders(open.apply(requestFrom(undefined), new Response()))).toEqual(expected);
  });

  // C10 and R4.
  test.each([
    ['accept-encoding', 'accept-encoding, origin'],
    ['Origin', 'Origin'],
    ['accept, ORIGIN', 'accept, ORIGIN'],
    ['*', '*'],
    ['', 'origin'],
  ])('apply() turns Vary %j into %j, however often', (theirs, expected) => {
    const response = new Response(null, { headers: { vary: theirs } });
    expect(cors.apply(requestFrom(APP), cors.apply(requestFrom(APP), response)).headers.get('vary')).toBe(expected);
  });

  // C10: a request's Vary is the client's.
  test('apply() never copies Vary from the request', () => {
    const request = requestFrom(APP);
    request.headers.set('vary', 'x-evil');
    expect(cors.apply(request, new Response()).headers.get('vary')).toBe('origin');
  });

  // C17: two values are no value, and a handler's `*` is not the policy.
  test('apply() replaces what the handler allowed', () => {
    const response = new Response(null, {
      headers: { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' },
    });
    expect(corsHeaders(cors.apply(requestFrom(APP), response))).toEqual({
      'access-control-allow-origin': APP,
      'access-control-expose-headers': 'ratelimit,x-request-id',
      vary: 'origin',
    });
  });

  test('apply() removes what the handler allowed to others', () => {
    const response = new Response(null, {
      headers: {
        'access-control-allow-origin': '*',
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'x-secret',
      },
    });
    expect(corsHeaders(cors.apply(requestFrom('https://evil.example'), response))).toEqual({ vary: 'origin' });
  });

  // C16: without them a page cannot read why it was refused.
  test.each([304, 401, 413, 429, 500])('apply() serves a %d too', (status) => {
    const response = cors.apply(requestFrom(APP), new Response(null, { status }));
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBe(APP);
  });

  test('apply() serves a response with immutable headers', () => {
    const response = cors.apply(requestFrom(APP), Response.redirect('https://api.example/', 303));
    expect(response.headers.get('access-control-allow-origin')).toBe(APP);
    expect(response.headers.get('location')).toBe('https://api.example/');
  });

  test('apply() gives back a network error as it is', () => {
    const response = Response.error();
    expect(cors.apply(requestFrom(APP), response)).toBe(response);
  });

  // A browser asks for no header when it wants a plain POST: the origin alone would grant it.
  test('apply() grants nothing to a preflight', () => {
    const request = preflightFrom(APP, 'DELETE');
    const refused = cors.preflight(request) ?? new Response();
    expect(corsHeaders(cors.apply(request, refused))).toEqual({ vary: 'origin' });
  });
});
