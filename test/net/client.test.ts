import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Client, createClientResolver, peerAddress } from '../../src/net/client.ts';

const PROXIES = ['10.0.0.0/8', '2001:db8:1::/48'];
const PEER = '10.0.0.1';

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

describe('peerAddress', () => {
  const request = (): Request => new Request('http://api.test/', { headers: { 'x-forwarded-for': '6.6.6.6' } });

  it.each([
    ["Deno's info", { remoteAddr: { transport: 'tcp', hostname: '192.0.2.1', port: 5 } }],
    ["Bun's server", { requestIP: () => ({ address: '192.0.2.1', port: 5, family: 'IPv4' }) }],
    ["the node adapter's", { peerAddress: '192.0.2.1' }],
  ])('peerAddress() reads %s address', (_name, source) => {
    expect(peerAddress(request(), source)).toBe('192.0.2.1');
  });

  it("peerAddress() calls Bun's requestIP as a method, with the request", () => {
    const asked = request();
    const server = {
      addresses: new Map([[asked, '192.0.2.1']]),
      requestIP(of: Request): { address: string } {
        return { address: this.addresses.get(of) ?? '' };
      },
    };
    expect(peerAddress(asked, server)).toBe('192.0.2.1');
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', '192.0.2.1'],
    ['an empty object', {}],
    ["a Worker's bindings", { KV: {}, DB: {} }],
    ['no address', { peerAddress: undefined }],
    ['an empty address', { peerAddress: '' }],
    ['an address that is no text', { peerAddress: 3_232_235_777 }],
    ['a Unix socket', { remoteAddr: { transport: 'unix', path: '/run/x' } }],
    ['a null remote address', { remoteAddr: null }],
    ['a closed connection', { requestIP: () => null }],
    ['a requestIP that is no function', { requestIP: '192.0.2.1' }],
  ])('peerAddress() answers undefined for %s', (_name, source) => {
    expect(peerAddress(request(), source)).toBe(undefined);
  });
});

describe('createClientResolver', () => {
  it.each([
    ['an unknown option', { trustedProxy: [] }],
    ['proxies without the header they write', { trustedProxies: ['10.0.0.0/8'] }],
    ['a header without proxies', { read: 'x-forwarded-for' }],
    ['a header with an empty list of proxies', { read: 'x-forwarded-for', trustedProxies: [] }],
    ['a header family that is not read', { read: 'x-real-ip', trustedProxies: ['10.0.0.0/8'] }],
    // A count of hops trusts whoever stands at that place, and a client can add places.
    ['a count of hops', { trustedProxies: 1, read: 'x-forwarded-for' }],
    ['true', { trustedProxies: true, read: 'x-forwarded-for' }],
    ['one text', { trustedProxies: '10.0.0.0/8', read: 'x-forwarded-for' }],
    ['a star', { trustedProxies: ['*'], read: 'x-forwarded-for' }],
    ['a name', { trustedProxies: ['loopback'], read: 'x-forwarded-for' }],
    ['host bits in a network', { trustedProxies: ['10.0.0.1/8'], read: 'x-forwarded-for' }],
    ['null', null],
  ])('createClientResolver() throws a TypeError for %s', (_name, options) => {
    expect(() => Reflect.apply(createClientResolver, undefined, [options])).toThrow(TypeError);
  });

  it('createClientResolver() copies the proxies: changing them later changes nothing', () => {
    const trustedProxies = ['10.0.0.0/8'];
    const { resolve } = createClientResolver({ trustedProxies, read: 'x-forwarded-for' });
    trustedProxies.length = 0;
    expect(resolve(requestWith({ forwardedFor: '6.6.6.6' }), PEER).address).toBe('6.6.6.6');
    trustedProxies.push('0.0.0.0/0');
    expect(resolve(requestWith({ forwardedFor: '6.6.6.6' }), '192.0.2.9').address).toBe('192.0.2.9');
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
      address: '192.0.2.1',
      scheme: 'http',
    });
    expect(resolve(new Request('http://api.test/', { headers }), undefined)).toStrictEqual({
      address: undefined,
      scheme: 'http',
    });
  });

  it('createClientResolver() reads no header of a peer that is not a trusted proxy', () => {
    const hop = { forwardedFor: '6.6.6.6', proto: 'https' };
    for (const peer of ['192.0.2.1', '11.0.0.1', '2001:db8:2::1', '64:ff9b::10.0.0.1']) {
      expect(behindProxies({ ...hop, peer }), peer).toStrictEqual({
        address: peer.replace('10.0.0.1', 'a00:1'),
        scheme: 'http',
      });
    }
  });

  it.each([undefined, '', 'unknown', '10.0.0.1:80', '010.0.0.1', '10.0.0', '@', '10.0.0.1, 10.0.0.2'])(
    'createClientResolver() knows no client where the peer is %j',
    (peer) => {
      expect(behindProxies({ peer, forwardedFor: '6.6.6.6', proto: 'https' })).toStrictEqual({
        address: undefined,
        scheme: 'http',
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

  // P2: from the right to the first that is not trusted; the leftmost is whatever the client wrote.
  it.each([
    ['one hop', '192.0.2.7', '192.0.2.7'],
    ['what the client wrote before', '6.6.6.6, 192.0.2.7', '192.0.2.7'],
    ['a trusted address that the client wrote before', '10.0.0.9, 192.0.2.7', '192.0.2.7'],
    ['two proxies', '192.0.2.7, 10.0.0.2', '192.0.2.7'],
    ['two proxies and what the client wrote before', '6.6.6.6, 192.0.2.7, 10.0.0.2', '192.0.2.7'],
    ['proxies alone', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['no space', '6.6.6.6,192.0.2.7,10.0.0.2', '192.0.2.7'],
    ['tabs and spaces', '6.6.6.6 ,\t192.0.2.7 \t,  10.0.0.2', '192.0.2.7'],
    ['a mapped proxy', '192.0.2.7, ::ffff:10.0.0.2', '192.0.2.7'],
    ['an empty list', '', PEER],
    ['a comma alone', ',', PEER],
    ['a trailing comma', '192.0.2.7,', PEER],
    // Whoever stands to the left of what is no address is not known.
    ['what is no address', 'unknown', PEER],
    ['what is no address, further left', '6.6.6.6, unknown, 10.0.0.2', '10.0.0.2'],
    ['an obfuscated name', '_hidden', PEER],
    // Some gateways add the port; one budget for all of their clients would be the price of refusing it.
    ['a port', '192.0.2.7:4711', '192.0.2.7'],
    ['a proxy with a port', '192.0.2.7, 10.0.0.2:80', '192.0.2.7'],
    ['brackets', '[2001:db8::7]', '2001:db8::7'],
    ['brackets and a port', '[2001:db8::7]:4711', '2001:db8::7'],
    ['what is no port', '192.0.2.7:http', PEER],
    ['a port out of range', '192.0.2.7:65536', PEER],
    ['an empty port', '192.0.2.7:', PEER],
    ['brackets that do not close', '[2001:db8::7', PEER],
    ['text behind brackets', '[2001:db8::7]x', PEER],
    ['nothing in brackets', '[]', PEER],
    ['a zone', 'fe80::1%eth0', PEER],
    ['octets with leading zeros', '010.0.0.2', PEER],
    ['a no-break space', '\u00a0192.0.2.7', PEER],
  ])('createClientResolver() finds the client behind %s', (_name, forwardedFor, expected) => {
    expect(behindProxies({ forwardedFor }).address).toBe(expected);
  });

  it('createClientResolver() takes a trusted peer without a header for the client', () => {
    expect(behindProxies({})).toStrictEqual({ address: PEER, scheme: 'http' });
  });

  it('createClientResolver() joins several header lines in their order', () => {
    const headers = new Headers();
    headers.append('x-forwarded-for', '6.6.6.6');
    headers.append('x-forwarded-for', '192.0.2.7');
    const { resolve } = createClientResolver({ trustedProxies: PROXIES, read: 'x-forwarded-for' });
    expect(resolve(new Request('http://api.test/', { headers }), PEER).address).toBe('192.0.2.7');
  });

  it('createClientResolver() is not moved by anything that a client writes to the left', () => {
    const junk = fc.array(
      fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('', '10.0.0.9', 'unknown', 'for=1', '"', ';', '127.0.0.1')),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(junk, fc.constantFrom('', '10.0.0.2', '10.0.0.3, 10.0.0.2'), (written, proxies) => {
        const forwardedFor = [...written, '192.0.2.7', ...(proxies === '' ? [] : [proxies])].join(', ');
        expect(behindProxies({ forwardedFor }).address).toBe('192.0.2.7');
      }),
    );
  });

  // An endless list of trusted addresses must end, and far to the left of 32 nothing is believed.
  it('createClientResolver() walks at most 32 hops', () => {
    const hops = (count: number): string => ['192.0.2.7', ...new Array<string>(count - 1).fill('10.0.0.2')].join(',');
    expect(behindProxies({ forwardedFor: hops(32) }).address).toBe('192.0.2.7');
    expect(behindProxies({ forwardedFor: hops(33) }).address).toBe('10.0.0.2');
  });

  it('createClientResolver() takes little time for a megabyte of header', () => {
    const start = Date.now();
    for (
      const forwardedFor of [
        ','.repeat(1_000_000),
        'a'.repeat(1_000_000),
        '10.0.0.2,'.repeat(100_000),
        `${' '.repeat(1_000_000)}x`,
      ]
    ) {
      behindProxies({ forwardedFor, proto: forwardedFor });
    }
    expect(Date.now() - start).toBeLessThan(1000);
  });

  // P3: the scheme belongs to the same hop as the client.
  it.each([
    ['one value', '192.0.2.7', 'https', 'https'],
    ['one value for two hops', '192.0.2.7, 10.0.0.2', 'https', 'https'],
    ['a value that the client wrote before', '192.0.2.7', 'https, http', 'http'],
    ['a value per hop', '192.0.2.7, 10.0.0.2', 'https, http', 'https'],
    [
      'a value per hop and one that the client wrote before',
      '6.6.6.6, 192.0.2.7, 10.0.0.2',
      'https, http, https',
      'http',
    ],
    ['fewer values than hops', '192.0.2.7, 10.0.0.3, 10.0.0.2', 'https, https', 'http'],
    ['several values and no hop', 'unknown', 'https, https', 'http'],
    ['another scheme', '192.0.2.7', 'wss', 'http'],
    ['upper case', '192.0.2.7', 'HTTPS', 'http'],
    ['nothing', '192.0.2.7', '', 'http'],
    ['a quoted value', '192.0.2.7', '"https"', 'http'],
  ])('createClientResolver() finds the scheme where there is %s', (_name, forwardedFor, proto, expected) => {
    expect(behindProxies({ forwardedFor, proto }).scheme).toBe(expected);
  });

  it('createClientResolver() lets a trusted proxy say http of a request that came to us over https', () => {
    expect(behindProxies({ forwardedFor: '192.0.2.7', proto: 'http', url: 'https://api.test/' }).scheme).toBe('http');
  });
});
