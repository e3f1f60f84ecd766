import { describe, expect, test } from 'vitest';
import { createIpList } from '../../../src/net/cidr.ts';
import { createClientResolver } from '../../../src/net/client-resolver.ts';
import { createHostCheck } from '../../../src/net/host-check.ts';
import { createHttpsCheck } from '../../../src/net/https-check.ts';
import { createLimits } from '../../../src/secure/limits.ts';
import { secure } from '../../../src/secure/secure.ts';
import { memoryStore } from '../../../src/store/memory.ts';
import { as, bearer, codeOf, get, ok, open, PEER } from '../fixtures.ts';

const PROXY = { peerAddress: '10.0.0.1' };
const client = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'forwarded' });

describe('secure(): hosts', () => {
  const handler = secure({ ...open, client, hosts: createHostCheck({ hosts: ['api.test'] }) }, ok);

  test('serves the hosts that are named', async () => {
    expect((await handler(get())).status).toBe(200);
  });

  test('refuses another, with every header and without saying it again', async () => {
    const response = await handler(new Request('https://evil.test/'));
    expect([response.status, response.headers.get('x-content-type-options')]).toEqual([421, 'nosniff']);
    expect(await response.text()).not.toContain('evil');
  });

  test("takes the host that a trusted proxy names, and no stranger's", async () => {
    const forwarded = get('/', { forwarded: 'for=192.0.2.7;host=evil.test' });
    expect((await handler(forwarded, PROXY)).status).toBe(421);
    expect((await handler(forwarded, PEER)).status).toBe(200);
  });
});

describe('secure(): https', () => {
  const clear = (path = '/', init?: RequestInit): Request => new Request(`http://api.test${path}`, init);

  test('refuses what came in clear', async () => {
    const handler = secure({ ...open, https: createHttpsCheck() }, ok);
    expect((await handler(get(), PEER)).status).toBe(200);
    expect(await codeOf(await handler(clear(), PEER))).toBe('https_required');
  });

  test('redirects to a listed host, and refuses what a redirect would send again in clear', async () => {
    const handler = secure(
      { ...open, methods: ['GET', 'POST'], https: createHttpsCheck({ redirectHosts: ['api.test'] }) },
      ok,
    );
    const response = await handler(clear('/evil.test/?a'), PEER);
    expect([response.status, response.headers.get('location')]).toEqual([308, 'https://api.test/evil.test/?a']);
    expect(response.headers.get('x-request-id')).not.toBeNull();
    expect((await handler(clear('/', { method: 'POST' }), PEER)).status).toBe(403);
  });

  // Fastify's advisory on X-Forwarded-Proto: a stranger must not be able to say that it is safe.
  test("takes the scheme that a trusted proxy names, and no stranger's", async () => {
    const handler = secure({ ...open, client, https: createHttpsCheck() }, ok);
    const said = (): Request => clear('/', { headers: { 'forwarded': 'for=192.0.2.7;proto=https' } });
    expect((await handler(said(), PROXY)).status).toBe(200);
    expect((await handler(said(), PEER)).status).toBe(403);
  });
});

describe('secure(): deny', () => {
  const policy = { ...open, client, deny: createIpList(['203.0.113.0/24', '2001:db8::/32']) };
  const handler = secure(policy, ok);

  test.each([
    ['a client of another network', PEER, {}, 200],
    ['a client of a denied network', { peerAddress: '203.0.113.9' }, {}, 403],
    ['its address mapped into IPv6', { peerAddress: '::ffff:203.0.113.9' }, {}, 403],
    ['a denied client behind a proxy', PROXY, { forwarded: 'for="[2001:db8::1]:443"' }, 403],
    ['a client that hides behind a proxy', PROXY, { forwarded: 'for=_hidden' }, 403],
    ['a client whose address nothing tells', {}, {}, 403],
  ])('%s', async (_what, peer, headers, status) => {
    expect((await handler(get('/', headers), peer)).status).toBe(status);
  });

  test('asks before anything is counted or verified', async () => {
    const { auth, verified } = bearer();
    const limits = createLimits({ client: [{ name: 'client', limit: 1, windowSeconds: 60 }] });
    const limited = secure({ ...policy, auth, store: memoryStore(), limits }, ok);
    const response = await limited(get('/', as('reader')), { peerAddress: '203.0.113.9' });
    expect([response.status, response.headers.get('ratelimit'), verified]).toEqual([403, null, []]);
  });
});
