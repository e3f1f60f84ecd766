import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientResolver } from '../../src/net/client-resolver.ts';
import { createHttpsCheck, type HttpsCheckOptions } from '../../src/net/https-check.ts';

const PROXY = '10.0.0.1';
const STRANGER = '192.0.2.1';
const clients = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'x-forwarded-for' });
const REDIRECTING = { redirectHosts: ['example.com', '*.example.com', 'example.com:8080'] };

interface Sent {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly peer?: string;
}

function answersOf(
  { url = 'http://example.com/', method = 'GET', headers = {}, peer = STRANGER }: Sent,
  options: HttpsCheckOptions = REDIRECTING,
): { code: string | undefined; location: string | null | undefined; response: Response | undefined } {
  const request = new Request(url, { method, headers });
  const client = clients.resolve(request, peer);
  const https = createHttpsCheck(options);
  const response = https.redirect(request, client);
  return { code: https.check(request, client)?.code, location: response?.headers.get('location'), response };
}

const codeOf = (sent: Sent, options?: HttpsCheckOptions): string | undefined => answersOf(sent, options).code;
const locationOf = (sent: Sent, options?: HttpsCheckOptions): string | null | undefined =>
  answersOf(sent, options).location;

describe('createHttpsCheck()', () => {
  // S3
  it.each([
    ['https', { url: 'https://example.com/' }, undefined],
    ['http', {}, 'https_required'],
    ['a stranger that says https', { headers: { 'x-forwarded-proto': 'https' } }, 'https_required'],
    [
      'a stranger that says http over https',
      { url: 'https://a.test/', headers: { 'x-forwarded-proto': 'http' } },
      undefined,
    ],
    ['a proxy that says https', { peer: PROXY, headers: { 'x-forwarded-proto': 'https' } }, undefined],
    ['a proxy that says http', { peer: PROXY, headers: { 'x-forwarded-proto': 'http' } }, 'https_required'],
    ['a proxy that says nothing', { peer: PROXY }, 'https_required'],
    // Its own hop to us is encrypted, which proves nothing of the client's.
    ['a proxy that says nothing over https', { url: 'https://a.test/', peer: PROXY }, 'https_required'],
    ['a proxy that says http over https', {
      url: 'https://a.test/',
      peer: PROXY,
      headers: { 'x-forwarded-proto': 'http' },
    }, 'https_required'],
    ['another header than is read', { peer: PROXY, headers: { forwarded: 'proto=https' } }, 'https_required'],
    ['other words for https', { headers: { 'x-forwarded-ssl': 'on', 'x-url-scheme': 'https' } }, 'https_required'],
  ])('judges %s', (_name, sent, code) => {
    expect(codeOf(sent)).toBe(code);
    expect(codeOf({ ...sent, method: 'POST' })).toBe(code);
  });

  it('refuses with 403, and redirects nobody, by default', () => {
    const https = createHttpsCheck();
    const request = new Request('http://example.com/');
    const client = clients.resolve(request, STRANGER);
    expect(https.check(request, client)?.status).toBe(403);
    expect(https.redirect(request, client)).toBe(undefined);
  });

  it('redirects what a browser typed', () => {
    const { response } = answersOf({ url: 'http://EXAMPLE.com/a/b?c=d&e#f' });
    expect(response?.status).toBe(308);
    expect([...response?.headers ?? []]).toStrictEqual([
      ['cache-control', 'no-store'],
      ['location', 'https://example.com/a/b?c=d&e'],
    ]);
    expect(response?.body).toBe(null);
    expect(locationOf({ method: 'HEAD', url: 'http://a.example.com' })).toBe('https://a.example.com/');
    expect(locationOf({ url: 'http://example.com:8080/x' })).toBe('https://example.com/x');
    expect(locationOf({ peer: PROXY, headers: { 'x-forwarded-proto': 'http' } })).toBe('https://example.com/');
  });

  // S1: as a base, or resolved against one, each of these leaves the host.
  it.each([
    '//evil.example',
    '/\\evil.example',
    '/%5Cevil.example',
    '///evil.example',
    '//evil.example/%2f..',
    '/@evil.example',
    '/.evil.example',
    '/?@evil.example',
    '/\t/evil.example',
    '/%0d%0aset-cookie:a=b',
    '/..//evil.example',
    '/:443@evil.example',
    '/https://evil.example',
  ])('keeps %j on the host', (path) => {
    const location = locationOf({ url: `http://example.com${path}` }) ?? '';
    expect(location.startsWith('https://example.com/')).toBe(true);
    expect(new URL(location).host).toBe('example.com');
    expect(location).toMatch(/^[\x21-\x7e]+$/);
  });

  it('keeps path and query as they were, whatever they are', () => {
    fc.assert(fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
      const url = new URL(`http://example.com${path}?${query}`).href;
      expect(locationOf({ url })).toBe(url.replace(/^http/, 'https'));
    }));
  });

  it.each([
    ['a host that is not listed', { url: 'http://evil.example/' }],
    ['a port that is not listed', { url: 'http://example.com:81/' }],
    ['https', { url: 'https://example.com/' }],
    // S2: a 308 sends body and credentials again, after they were sent in clear.
    ['POST', { method: 'POST' }],
    ['DELETE', { method: 'DELETE' }],
    ['OPTIONS', { method: 'OPTIONS' }],
    ['credentials', { headers: { authorization: 'Bearer a' } }],
    ['a WebSocket', { headers: { upgrade: 'websocket' } }],
    // S4: behind a proxy that ends TLS and is not configured, https comes as http again and again.
    ['a stranger that says https', { headers: { 'x-forwarded-proto': 'https' } }],
    ['a stranger that says both', { headers: { 'x-forwarded-proto': 'http, https' } }],
    ['a stranger that says Forwarded', { headers: { forwarded: 'proto=https' } }],
    ['a proxy that says nothing', { peer: PROXY }],
    ['a proxy that says another scheme', { peer: PROXY, headers: { 'x-forwarded-proto': 'wss' } }],
    ['a proxy that says https', { peer: PROXY, headers: { 'x-forwarded-proto': 'https' } }],
    ['a proxy that says nothing over https', { url: 'https://example.com/', peer: PROXY }],
  ])('does not redirect %s', (_name, sent) => {
    expect(answersOf(sent).response).toBe(undefined);
  });

  // S4
  it('never redirects a request to what it would redirect again', () => {
    const location = locationOf({}) ?? '';
    expect(answersOf({ url: location })).toMatchObject({ code: undefined, response: undefined });
    const behind = { peer: PROXY, headers: { 'x-forwarded-proto': 'https' } };
    expect(answersOf(behind)).toMatchObject({ code: undefined, response: undefined });
  });

  it('redirects a Worker, whose platform says the same scheme', () => {
    expect(locationOf({ headers: { 'x-forwarded-proto': 'http' } })).toBe('https://example.com/');
  });

  it('lets ACME challenges pass over http where it is told to', () => {
    const options = { ...REDIRECTING, acmeChallenges: true };
    const url = 'http://example.com/.well-known/acme-challenge/a_B-9';
    expect(answersOf({ url }, options)).toMatchObject({ code: undefined, response: undefined });
    expect(codeOf({ url })).toBe('https_required');
    expect(codeOf({ url, method: 'POST' }, options)).toBe('https_required');
  });

  it.each([
    '/.well-known/acme-challenge/',
    '/.well-known/acme-challenge/a/b',
    '/.well-known/acme-challenge/a%2fb',
    '/.well-known/acme-challenge/..%2f..%2fadmin',
    '/.well-known/acme-challenge/../../admin',
    '/.well-known/acme-challenge/a?b',
    '/.well-known/acme-challenge/a.b',
    '//.well-known/acme-challenge/a',
    '/x/.well-known/acme-challenge/a',
    '/.WELL-KNOWN/acme-challenge/a',
  ])('lets nothing else pass as an ACME challenge: %s', (path) => {
    expect(codeOf({ url: `http://example.com${path}` }, { acmeChallenges: true })).toBe('https_required');
  });

  it.each([
    ['an unknown option', { redirect: true }],
    ['redirects to anywhere', { redirectHosts: true }],
    ['an empty list', { redirectHosts: [] }],
    ['a host with a path', { redirectHosts: ['example.com/x'] }],
    ['a star', { redirectHosts: ['*'] }],
    ['a truthy word', { acmeChallenges: 'yes' }],
    ['null', null],
  ])('throws a TypeError for %s', (_name, options) => {
    expect(() => Reflect.apply(createHttpsCheck, undefined, [options])).toThrow(TypeError);
  });
});
