import { describe, expect, it } from 'vitest';
import { createClientResolver } from '../../src/net/client-resolver.ts';
import type { Client } from '../../src/net/client.ts';

const PROXIES = ['10.0.0.0/8', '2001:db8:1::/48'];
const PEER = '10.0.0.1';

/** Of a request that no trusted proxy sent on. */
const direct = { scheme: 'http', host: 'api.test', isProxied: false, isSchemeKnown: true };

interface Hop {
  readonly forwardedFor?: string;
  readonly proto?: string;
  readonly peer?: string | undefined;
  readonly url?: string;
}

function requestWith({ forwardedFor, proto, url = 'http://api.test/' }: Hop): Request {
  const headers = new Headers();
  if (forwardedFor !== undefined) headers.set('x-forwarded-for', forwardedFor);
  if (proto !== undefined) headers.set('x-forwarded-proto', proto);
  return new Request(url, { headers });
}

function behindProxies(hop: Hop): Client {
  const { resolve } = createClientResolver({ trustedProxies: PROXIES, read: 'x-forwarded-for' });
  return resolve(requestWith(hop), 'peer' in hop ? hop.peer : PEER);
}

describe('createClientResolver', () => {
  it.each([
    ['an unknown option', { trustedProxy: [] }],
    ['proxies without the header they write', { trustedProxies: ['10.0.0.0/8'] }],
    ['a header without proxies', { read: 'x-forwarded-for' }],
    ['a header with an empty list of proxies', { read: 'x-forwarded-for', trustedProxies: [] }],
    ['a header family that is not read', { read: 'true-client-ip', trustedProxies: ['10.0.0.0/8'] }],
    // A count of hops trusts whoever stands at that place, and a client can add places.
    ['a count of hops', { trustedProxies: 1, read: 'x-forwarded-for' }],
    ['true', { trustedProxies: true, read: 'x-forwarded-for' }],
    ['one text', { trustedProxies: '10.0.0.0/8', read: 'x-forwarded-for' }],
    // As `true` would: the walk would end at the left-most address, which the client wrote.
    ['every IPv4 address', { trustedProxies: ['0.0.0.0/0'], read: 'x-forwarded-for' }],
    ['every IPv4 address in halves', { trustedProxies: ['0.0.0.0/1', '128.0.0.0/1'], read: 'x-forwarded-for' }],
    ['every IPv4 address, mapped', { trustedProxies: ['::ffff:0:0/96'], read: 'forwarded' }],
    ['every IPv6 address', { trustedProxies: ['10.0.0.0/8', '::/0'], read: 'x-real-ip' }],
    ['a star', { trustedProxies: ['*'], read: 'x-forwarded-for' }],
    ['a name', { trustedProxies: ['loopback'], read: 'x-forwarded-for' }],
    ['host bits in a network', { trustedProxies: ['10.0.0.1/8'], read: 'x-forwarded-for' }],
    ['no text', { trustedProxies: ['10.0.0.0/8'], read: 1 }],
    ['two families', { trustedProxies: ['10.0.0.0/8'], read: ['forwarded', 'x-forwarded'] }],
    ['null', null],
  ])('createClientResolver() throws a TypeError for %s', (_name, options) => {
    expect(() => Reflect.apply(createClientResolver, undefined, [options])).toThrow(TypeError);
  });

  // P4: by type as well.
  it('createClientResolver() says why it takes no number of hops', () => {
    // @ts-expect-error: a list of networks is compulsory.
    expect(() => createClientResolver({ trustedProxies: 1, read: 'forwarded' })).toThrow(/never a number of hops/);
  });

  it('createClientResolver() copies the proxies: changing them later changes nothing', () => {
    const trustedProxies = ['10.0.0.0/8'];
    const { resolve } = createClientResolver({ trustedProxies, read: 'x-forwarded-for' });
    trustedProxies.length = 0;
    expect(resolve(requestWith({ forwardedFor: '6.6.6.6' }), PEER).address).toBe('6.6.6.6');
    trustedProxies.push('0.0.0.0/0');
    expect(resolve(requestWith({ forwardedFor: '6.6.6.6' }), '192.0.2.9').address).toBe('192.0.2.9');
  });

  // A parser with a hole elsewhere in the program must not make every client one that came over https to another host.
  it('createClientResolver() takes nothing from a polluted prototype', () => {
    const pollute = { scheme: 'https', host: 'evil.test' };
    const { resolve } = createClientResolver({ trustedProxies: PROXIES, read: 'forwarded' });
    try {
      for (const [name, value] of Object.entries(pollute)) {
        Object.defineProperty(Object.prototype, name, { value, configurable: true });
      }
      expect(resolve(requestWith({}), '192.0.2.1')).toEqual({ address: '192.0.2.1', ...direct });
      expect(resolve(requestWith({}), PEER)).toMatchObject({ scheme: 'http', host: 'api.test', isSchemeKnown: false });
    } finally {
      for (const name of Object.keys(pollute)) Reflect.deleteProperty(Object.prototype, name);
    }
  });

  // P1: anybody can write these headers.
  it('createClientResolver() reads no header without trusted proxies', () => {
    const headers = {
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.test',
      'x-forwarded-port': '443',
      'x-real-ip': '6.6.6.6',
      'cf-connecting-ip': '6.6.6.6',
      'true-client-ip': '6.6.6.6',
      'forwarded': 'for=6.6.6.6;proto=https',
      'client-ip': '6.6.6.6',
    };
    const { resolve } = createClientResolver();
    expect(resolve(new Request('http://api.test/', { headers }), '192.0.2.1')).toStrictEqual({
      ...direct,
      address: '192.0.2.1',
    });
    expect(resolve(new Request('http://api.test/', { headers }), undefined)).toStrictEqual({
      ...direct,
      address: undefined,
    });
  });

  it('createClientResolver() reads no header of a peer that is not a trusted proxy', () => {
    const hop = { forwardedFor: '6.6.6.6', proto: 'https' };
    for (const peer of ['192.0.2.1', '11.0.0.1', '2001:db8:2::1', '64:ff9b::10.0.0.1']) {
      expect(behindProxies({ ...hop, peer }), peer).toStrictEqual({
        ...direct,
        address: peer.replace('10.0.0.1', 'a00:1'),
      });
    }
  });

  it.each([
    undefined,
    '',
    'unknown',
    '10.0.0.1:80',
    '010.0.0.1',
    '10.0.0',
    '@',
    '10.0.0.1, 10.0.0.2',
    '10.0.0.1%eth0',
    '::ffff:10.0.0.1%1',
    '2001:db8:1::1%eth0',
  ])(
    'createClientResolver() knows no client where the peer is %j',
    (peer) => {
      expect(behindProxies({ peer, forwardedFor: '6.6.6.6', proto: 'https' })).toStrictEqual({
        ...direct,
        address: undefined,
      });
    },
  );

  it('createClientResolver() tells the scheme of the URL', () => {
    expect(createClientResolver().resolve(new Request('https://api.test/'), '192.0.2.1').scheme).toBe('https');
    expect(createClientResolver().resolve(new Request('HTTPS://api.test/'), undefined).scheme).toBe('https');
  });

  // P7: a dual-stack socket spells an IPv4 peer in many ways.
  it.each([
    '10.1.2.3',
    '::ffff:10.1.2.3',
    '::ffff:a01:203',
    '0:0:0:0:0:ffff:a01:203',
    '::FFFF:A01:203',
    '2001:db8:1::5',
  ])(
    'createClientResolver() trusts the proxy %s',
    (peer) => {
      expect(behindProxies({ peer, forwardedFor: '6.6.6.6' }).address).toBe('6.6.6.6');
    },
  );

  it('createClientResolver() tells the address in canonical form', () => {
    expect(behindProxies({ peer: '::ffff:192.0.2.1' }).address).toBe('192.0.2.1');
    expect(behindProxies({ peer: '2001:DB8:0:0:0:0:0:1' }).address).toBe('2001:db8::1');
    expect(behindProxies({ peer: 'fe80::1%eth0' }).address).toBe('fe80::1');
    expect(behindProxies({ forwardedFor: '2001:DB8:0:0::1' }).address).toBe('2001:db8::1');
  });

  it('createClientResolver() tells the host of the URL', () => {
    const { resolve } = createClientResolver();
    for (
      const [url, host] of [
        ['http://API.test/', 'api.test'],
        ['http://api.test.:80/x', 'api.test'],
        ['http://api.test:8080', 'api.test:8080'],
        ['https://api.test:443?x@evil.example', 'api.test'],
        ['http://[::1]:3000/', '[::1]:3000'],
        ['http://my_service/', 'my_service'],
      ] as const
    ) expect(resolve(new Request(url), undefined).host, url).toBe(host);
  });

  // Headers that CDNs write, whatever the client sent there; each counts alone.
  it.each(['x-real-ip', 'cf-connecting-ip', 'fly-client-ip', 'x-azure-socketip'] as const)(
    'createClientResolver() reads one address from %s',
    (read) => {
      const { resolve } = createClientResolver({ trustedProxies: PROXIES, read });
      const addressOf = (value: string, peer = PEER): string | undefined =>
        resolve(new Request('http://api.test/', { headers: { 'x-forwarded-for': '6.6.6.6', [read]: value } }), peer)
          .address;
      expect(addressOf('2001:DB8::7')).toBe('2001:db8::7');
      expect(addressOf('10.0.0.2')).toBe('10.0.0.2');
      // P2: two lines are two opinions.
      for (const wrong of ['192.0.2.7, 192.0.2.8', 'unknown', '010.0.0.1']) expect(addressOf(wrong)).toBe(undefined);
      expect(addressOf('')).toBe(PEER);
      expect(addressOf('192.0.2.7', '198.51.100.1')).toBe('198.51.100.1');
    },
  );

  // P3: of several values the right-most is the proxy's.
  it('createClientResolver() reads the scheme beside one address', () => {
    const { resolve } = createClientResolver({ trustedProxies: PROXIES, read: 'cf-connecting-ip' });
    for (const [proto, scheme] of [['https', 'https'], ['https, http', 'http'], ['http, https', 'https']]) {
      const headers = { 'cf-connecting-ip': '192.0.2.7', 'x-forwarded-proto': proto ?? '', 'x-forwarded-host': 'evil' };
      expect(resolve(new Request('http://api.test/', { headers }), PEER)).toMatchObject({ scheme, host: 'api.test' });
    }
  });
});
