import { describe, expect, test, vi } from 'vitest';
import { createCors } from '../../src/cross-origin/cors.ts';
import { createCrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';
import { createClientResolver } from '../../src/net/client-resolver.ts';
import { createHttpsCheck } from '../../src/net/https-check.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { as, bearer, codeOf, get, ok, open, ORIGIN, PEER } from './fixtures.ts';

/** A request with a method that no constructor lets through, as a runtime may pass it on. */
function withMethod(method: string): Request {
  return Object.defineProperty(get('/', as('reader')), 'method', { value: method });
}

describe('secure(): methods', () => {
  // Hostile list 15: fetch writes `get` large and leaves `patch` small; what is spelt in another way is another method.
  test.each(['patch', 'Get', 'FoO', 'GET ', ' GET', 'GET\0', 'TRACE', 'TRACK', 'CONNECT', 'DEBUG', '', '*'])(
    '%j is refused by a policy that has every method',
    async (method) => {
      const handler = vi.fn(ok);
      const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
      const response = await secure({ methods, auth: bearer().auth }, handler)(withMethod(method));
      expect([response.status, await codeOf(response)]).toEqual([405, 'method_not_allowed']);
      expect(response.headers.get('allow')?.split(', ').sort()).toEqual([...methods, 'HEAD'].sort());
      expect(handler).not.toHaveBeenCalled();
    },
  );

  // Hostile list 14: what only looks like a preflight is a request like any other.
  test.each([
    ['OPTIONS', {}],
    ['OPTIONS', { origin: 'https://a.test' }],
    ['OPTIONS', { 'access-control-request-method': 'GET' }],
    ['GET', { 'origin': 'https://a.test', 'access-control-request-method': 'GET' }],
  ])('%s with %j has to prove who it is', async (method, headers) => {
    const handler = vi.fn(ok);
    const cors = createCors({ origins: ['https://a.test'], headers: ['authorization'] });
    const policy = { methods: ['GET', 'OPTIONS'] as const, auth: bearer().auth, cors };
    const secured = secure(policy, handler);
    expect((await secured(new Request(ORIGIN, { method, headers }))).status).toBe(401);
    expect(handler).not.toHaveBeenCalled();
    expect((await secured(new Request(ORIGIN, { method, headers: { ...headers, ...as('reader') } }))).status).toBe(200);
  });
});

describe('secure(): the address that is counted', () => {
  const client = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'x-forwarded-for' });
  const limits = createLimits({ client: [{ name: 'client', limit: 3, windowSeconds: 60 }] });
  const made = (): ReturnType<typeof secure> =>
    secure({ ...open, client, store: memoryStore({ clock: () => 0 }), limits }, ok);

  async function admitted(
    headers: readonly Readonly<Record<string, string>>[],
    peers: readonly object[],
  ): Promise<number> {
    const handler = made();
    let count = 0;
    for (const [n, one] of headers.entries()) {
      if ((await handler(get('/', one), peers[n % peers.length])).status === 200) count++;
    }
    return count;
  }
  const said = (...values: readonly string[]): Readonly<Record<string, string>>[] =>
    values.map((value) => ({ 'x-forwarded-for': value }));
  const PROXY = { peerAddress: '10.0.0.1' };

  // Hostile list 44: whoever is asked for the left end has as many budgets as there are addresses.
  test('stays the same whatever a client writes to the left of it', async () => {
    const rotated = Array.from({ length: 20 }, (_, n) => `203.0.113.${n}, 198.51.100.7`);
    const long = Array.from(
      { length: 20 },
      (_, n) => `${'10.9.9.9, '.repeat(n)}203.0.113.${n}, 198.51.100.7, 10.0.0.2`,
    );
    expect(await admitted(said(...rotated, ...long), [PROXY, { peerAddress: '10.3.2.1' }])).toBe(3);
  });

  // Hostile list 44: no chain at all, or one that says nothing, is a budget for all of them, never none.
  test('is one for all whom nothing tells apart', async () => {
    const garbage = said(
      '',
      ',',
      'unknown',
      '_hidden',
      'x'.repeat(1000),
      '0x7f.1',
      '1.2.3',
      '192.168.010.1',
      '256.1.1.1',
    );
    expect(await admitted([...garbage, {}, {}, {}], [{}])).toBe(3);
    expect(await admitted(garbage.slice(2), [PROXY])).toBe(3);
  });

  // Hostile list 44: a peer that is no proxy of ours is the client, whatever it says.
  test('is the peer where the peer is a stranger', async () => {
    expect(await admitted(said('10.0.0.1', '198.51.100.7', '198.51.100.8', '::1', '10.0.0.2'), [PEER])).toBe(3);
  });

  // Hostile list 45: every spelling is one client.
  test.each([
    [
      'an IPv4 address',
      ['1.2.3.4', '::ffff:1.2.3.4', '::FFFF:0102:0304', '0:0:0:0:0:ffff:1.2.3.4', '1.2.3.4:8080', '[::ffff:102:304]:9'],
    ],
    ['a /64', [
      '2001:db8::1',
      '2001:DB8:0:0:ffff::',
      '[2001:db8::2]:443',
      '2001:0db8:0000:0000:1:2:3:4',
      '[2001:db8::9]',
    ]],
  ])('is one however it is written: %s', async (_what, spellings) => {
    expect(await admitted(said(...spellings), [PROXY])).toBe(3);
  });

  // Hostile list 45: what only some parsers take for an address is nobody's, and gets no budget of its own.
  test('is none that is written as only some read it', async () => {
    const strange = [
      '0x7f.1',
      '0177.0.0.1',
      '2130706433',
      '127.1',
      '1.2.3.04',
      'fe80::1%eth0',
      '[1.2.3.4]',
      '1.2.3.4:',
      '::1::',
    ];
    expect(await admitted(said(...strange), [PROXY])).toBe(3);
  });

  // Hostile list 53: NTP steps, failovers and summer time: nothing is refilled by a clock that goes back.
  test('has no more budget when the clock goes back', async () => {
    let nowMs = 1_000_000_000;
    const handler = secure({ ...open, store: memoryStore({ clock: () => nowMs }), limits }, ok);
    const statuses: number[] = [];
    for (const step of [0, -3_600_000, 3_599_000, -1000, -86_400_000]) {
      nowMs += step;
      statuses.push((await handler(get(), PEER)).status);
    }
    expect(statuses[0]).toBe(200);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(3);
    nowMs = 1_000_000_000 + 61_000;
    expect((await handler(get(), PEER)).status).toBe(200);
  });

  // Hostile list 53: the store has the clock, and no instance its own.
  test('has one budget over two instances whose clocks differ by two seconds', async () => {
    const store = memoryStore({ clock: () => 5_000_000 });
    const [one, other] = [0, 2000].map((skew) => secure({ ...open, store, limits, clock: () => 5_000_000 + skew }, ok));
    const statuses: (number | undefined)[] = [];
    for (const instance of [one, other, one, other, one]) statuses.push((await instance?.(get(), PEER))?.status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });
});

// Hostile list 77, an advisory of a framework: a stranger who says that he came over https, or to another host.
describe('secure(): X-Forwarded-Proto and X-Forwarded-Host of a stranger', () => {
  const lies = {
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.test',
    'x-forwarded-for': '198.51.100.7',
    'forwarded': 'for=198.51.100.7;proto=https;host=evil.test',
    'x-forwarded-ssl': 'on',
    'front-end-https': 'on',
    'x-url-scheme': 'https',
  };
  const clients = [
    ['without proxies', undefined],
    ['with proxies', createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'x-forwarded' })],
  ] as const;

  test.each(clients)('changes neither HSTS, nor redirect, nor demand for https: %s', async (_what, client) => {
    const https = createHttpsCheck({ redirectHosts: ['api.test'] });
    const policy = { ...open, ...(client && { client }) };
    const lied = (path = '/a'): Request => new Request(`http://api.test${path}`, { headers: lies });
    expect((await secure(policy, ok)(lied(), PEER)).headers.has('strict-transport-security')).toBe(false);
    // Nobody is redirected who may be behind a proxy that is not named: it would lead back for ever.
    const redirect = await secure({ ...policy, https }, ok)(lied(), PEER);
    expect([redirect.status, redirect.headers.get('location')]).toEqual([403, null]);
    expect((await secure({ ...policy, https: createHttpsCheck() }, ok)(lied(), PEER)).status).toBe(403);
  });

  test.each(clients)('makes no origin this one: %s', async (_what, client) => {
    const policy = { ...open, methods: ['POST'] as const, ...(client && { client }), csrf: createCrossOriginCheck() };
    const send = (origin: string): Request =>
      new Request('https://api.test/', { method: 'POST', headers: { ...lies, origin, cookie: 'sid=1' } });
    expect((await secure(policy, ok)(send('https://evil.test'), PEER)).status).toBe(403);
    expect((await secure(policy, ok)(send('https://api.test'), PEER)).status).toBe(200);
  });

  test('is heard of a proxy that is named', async () => {
    const client = clients[1][1];
    const request = new Request('http://api.test/', { headers: { ...lies, 'x-forwarded-host': 'api.test' } });
    const response = await secure({ ...open, client }, ok)(request, { peerAddress: '10.0.0.1' });
    expect(response.headers.has('strict-transport-security')).toBe(true);
  });
});
