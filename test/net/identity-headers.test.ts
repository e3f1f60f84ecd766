import { describe, expect, test } from 'vitest';
import { stripIdentityHeaders } from '../../src/net/identity-headers.ts';

/** What authenticating proxies, gateways and frameworks write. */
const STRIPPED = [
  'x-middleware-subrequest',
  'x-middleware-rewrite',
  'x-internal-request',
  'x-internal-auth',
  'x-user',
  'x-user-id',
  'x-user-name',
  'x-user-email',
  'x-user-role',
  'x-user-roles',
  'x-user-groups',
  'x-forwarded-user',
  'x-forwarded-email',
  'x-forwarded-groups',
  'x-forwarded-preferred-username',
  'x-forwarded-access-token',
  'x-auth-request-user',
  'x-auth-request-email',
  'x-auth-request-access-token',
  'x-authenticated-userid',
  'x-authentik-username',
  'x-consumer-username',
  'x-goog-authenticated-user-email',
  'x-ms-client-principal',
  'x-ms-client-principal-id',
  'x-webauth-user',
  'x-remote-user',
  'x-remote-group',
  'x-remote-extra-scopes',
  'remote-user',
  'remote-groups',
  'cf-access-authenticated-user-email',
  'tailscale-user-login',
  // A server that makes variables of names reads HTTP_X_FORWARDED_USER of this as well.
  'x_forwarded_user',
  'Remote_User',
  'X_Middleware_Subrequest',
  'x_internal-auth',
  'X-USER-ID',
];

/** What only looks like it, or is judged elsewhere. */
const KEPT = [
  'x-user-agent',
  'x-user-identity-hint',
  'x-users',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-user-agent',
  'x-request-id',
  'x-remote-address',
  'x-middlewarex',
  'x-internally',
  'remote-addr',
  'user',
  'authorization',
  'x-goog-iap-jwt-assertion',
  'x-amzn-oidc-data',
];

describe('stripIdentityHeaders()', () => {
  // A header that marks a check as done must not come from the one who is checked.
  test.each(STRIPPED)('takes %s away', (name) => {
    const request = new Request('https://api.test/', { headers: { [name]: 'admin', 'accept': 'text/csv' } });
    expect([...stripIdentityHeaders(request).headers.keys()]).toEqual(['accept']);
  });

  test.each(KEPT)('answers the same request for %s', (name) => {
    const request = new Request('https://api.test/', { headers: { [name]: 'x' } });
    expect(stripIdentityHeaders(request)).toBe(request);
  });

  test('answers the same request for none', () => {
    const request = new Request('https://api.test/');
    expect(stripIdentityHeaders(request)).toBe(request);
  });

  test('takes all of them away, and leaves the original as it was', () => {
    const headers = new Headers(STRIPPED.map((name): [string, string] => [name, 'x']));
    headers.append('x-list', 'a');
    headers.append('x-list', 'b');
    const request = new Request('https://api.test/', { headers });
    expect([...stripIdentityHeaders(request).headers]).toEqual([['x-list', 'a, b']]);
    expect(request.headers.get('x-user-email')).toBe('x');
  });

  test('keeps method, URL and body', async () => {
    const request = new Request('https://api.test/a%20b?c=%2F', {
      method: 'PATCH',
      headers: { 'x-user-id': '1', 'content-type': 'application/json' },
      body: '{}',
    });
    const stripped = stripIdentityHeaders(request);
    expect([stripped.method, stripped.url]).toEqual(['PATCH', 'https://api.test/a%20b?c=%2F']);
    expect([...stripped.headers]).toEqual([['content-type', 'application/json']]);
    expect(await stripped.json()).toEqual({});
  });

  test('keeps a body that streams, and reads no more of it than is asked for', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller): void {
        pulled++;
        controller.enqueue(new Uint8Array([pulled]));
        if (pulled === 100) controller.close();
      },
    }, { highWaterMark: 0 });
    // `duplex` is not in every platform's types, and compulsory for a stream.
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers: { 'x-user': '1' }, body, duplex: 'half' };
    const stripped = stripIdentityHeaders(new Request('https://api.test/', init));
    const reader = stripped.body?.getReader();
    expect((await reader?.read())?.value).toEqual(new Uint8Array([1]));
    expect(pulled).toBeLessThan(5);
    let last: Uint8Array | undefined;
    for (;;) {
      const step = await reader?.read();
      if (step === undefined || step.done) break;
      last = step.value;
    }
    expect(last?.at(-1)).toBe(100);
  });

  test('keeps the signal', () => {
    const aborter = new AbortController();
    const request = new Request('https://api.test/', { headers: { 'x-user': '1' }, signal: aborter.signal });
    const stripped = stripIdentityHeaders(request);
    expect(stripped.signal.aborted).toBe(false);
    aborter.abort();
    expect(stripped.signal.aborted).toBe(true);
  });

  test('keeps a HEAD without a body one', () => {
    const request = new Request('https://api.test/', { method: 'HEAD', headers: { 'remote-user': 'root' } });
    const stripped = stripIdentityHeaders(request);
    expect([stripped.method, stripped.body]).toEqual(['HEAD', null]);
  });
});
