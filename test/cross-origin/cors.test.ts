import { describe, expect, test } from 'vitest';
import { type CorsOptions, createCors, isPreflight } from '../../src/cross-origin/cors.ts';
import { FOREIGN_ORIGINS } from '../vectors/origins.ts';
import { APP, corsHeaders, OPTIONS_VARY, preflightFrom, requestFrom, URL } from './exchange.ts';

const REFUSED = { vary: OPTIONS_VARY };

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
      vary: OPTIONS_VARY,
    });
  });

  test('preflight() leaves out what there is nothing of', () => {
    expect(corsHeaders(createCors({ origins: [APP] }).preflight(preflightFrom(APP, 'POST')))).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'GET,HEAD,POST',
      vary: OPTIONS_VARY,
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
    expect(corsHeaders(response)).toEqual(REFUSED);
  });

  // C14: browsers send `patch` as it is written; the two are different methods.
  test.each(['patch', 'Patch', 'DELETE', 'get', '', '*', 'GET,POST'])(
    'preflight() grants nothing for the method %j',
    (method) => {
      expect(corsHeaders(cors.preflight(preflightFrom(APP, method)))).toEqual(REFUSED);
    },
  );

  // C12: a list is compared, never sent back.
  test('preflight() grants nothing when one header is not allowed', () => {
    expect(corsHeaders(cors.preflight(preflightFrom(APP, 'GET', 'authorization,x-evil')))).toEqual(REFUSED);
  });

  test('preflight() joins several header lines', () => {
    const request = preflightFrom(APP, 'GET', 'authorization');
    request.headers.append('access-control-request-headers', 'content-type');
    expect(cors.preflight(request)?.headers.get('access-control-allow-origin')).toBe(APP);
    request.headers.append('access-control-request-headers', 'x-evil');
    expect(corsHeaders(cors.preflight(request))).toEqual(REFUSED);
  });

  // A shared cache that keeps answers to OPTIONS must not hand a refusal, which anybody can provoke, to a page that asks for something else.
  test('preflight() for every origin says what the answer depends on', () => {
    expect(corsHeaders(createCors({ origins: '*' }).preflight(preflightFrom('null', 'GET')))).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET,HEAD,POST',
      vary: OPTIONS_VARY,
    });
  });

  // C13: `*` leaves out Authorization, whose token a page could then send without its site being trusted with one.
  test.each([
    [['*'], '*', undefined, true],
    [['*'], '*', 'x-a,x-b', true],
    [['*'], '*', 'authorization,x-a', false],
    [['*', 'Authorization'], '*,authorization', 'authorization,x-a', true],
  ])('preflight() for request headers %j says %j to one that asks for %j: %j', (headers, said, asked, granted) => {
    const open = createCors({ origins: [APP], headers, methods: ['*'] });
    expect(corsHeaders(open.preflight(preflightFrom(APP, 'PURGE', asked)))).toEqual({
      ...(granted && {
        'access-control-allow-origin': APP,
        'access-control-allow-methods': '*',
        'access-control-allow-headers': said,
      }),
      vary: OPTIONS_VARY,
    });
  });

  // WHATWG Fetch: Access-Control-Max-Age is delta-seconds; what is signed counts as absent, which is 5 seconds.
  test.each([
    [-1, '0'],
    [0, '0'],
    [86_400, '86400'],
  ])('preflight() with maxAgeSeconds %d says %s', (maxAgeSeconds, said) => {
    const response = createCors({ origins: [APP], maxAgeSeconds }).preflight(preflightFrom(APP, 'GET'));
    expect(response?.headers.get('access-control-max-age')).toBe(said);
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
    expect(corsHeaders(cors.apply(request, refused))).toEqual(REFUSED);
  });

  // What an OPTIONS is answered with hangs on whether it is a preflight.
  test('apply() says to an OPTIONS that is no preflight what made it none', () => {
    const request = requestFrom(APP, { method: 'OPTIONS' });
    expect(cors.apply(request, new Response()).headers.get('vary')).toBe(OPTIONS_VARY);
  });
});

describe('createCors() as data', () => {
  // What inventories and linters show, and no caller can change.
  test.each<readonly [CorsOptions, readonly string[], boolean]>([
    [{ origins: '*' }, ['*'], false],
    [
      { origins: ['https://a.test', 'https://*.b.test'], credentials: true },
      ['https://a.test', 'https://*.b.test'],
      true,
    ],
    [{ origins: 'https://a.test' as never }, ['https://a.test'], false],
  ])('%j says whose pages may read, and whether with cookies', (options, origins, credentials) => {
    expect(createCors(options)).toMatchObject({ origins, credentials });
    expect(Object.isFrozen(createCors(options).origins)).toBe(true);
  });
});
