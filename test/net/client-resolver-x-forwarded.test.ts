import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientResolver } from '../../src/net/client-resolver.ts';
import type { Client } from '../../src/net/client.ts';

const PROXIES = ['10.0.0.0/8', '2001:db8:1::/48'];
const PEER = '10.0.0.1';

interface Said {
  readonly forwardedFor?: string;
  readonly proto?: string;
  readonly host?: string;
  readonly url?: string;
  readonly read?: 'x-forwarded' | 'x-forwarded-for';
}

function behindProxies({ forwardedFor, proto, host, url = 'http://api.test/', read = 'x-forwarded' }: Said): Client {
  const headers = new Headers();
  if (forwardedFor !== undefined) headers.set('x-forwarded-for', forwardedFor);
  if (proto !== undefined) headers.set('x-forwarded-proto', proto);
  if (host !== undefined) headers.set('x-forwarded-host', host);
  return createClientResolver({ trustedProxies: PROXIES, read }).resolve(new Request(url, { headers }), PEER);
}

describe('createClientResolver() reading X-Forwarded', () => {
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
    ['a comma alone', ',', undefined],
    ['a trailing comma', '192.0.2.7,', undefined],
    // Whoever stands to the left of what is no address is not known.
    ['what is no address', 'unknown', undefined],
    ['what is no address, further left', '6.6.6.6, unknown, 10.0.0.2', undefined],
    ['IPv4 in brackets', '[192.0.2.7]', undefined],
    ['an obfuscated name', '_hidden', undefined],
    // Some gateways add the port; one budget for all of their clients would be the price of refusing it.
    ['a port', '192.0.2.7:4711', '192.0.2.7'],
    ['a proxy with a port', '192.0.2.7, 10.0.0.2:80', '192.0.2.7'],
    ['brackets', '[2001:db8::7]', '2001:db8::7'],
    ['brackets and a port', '[2001:db8::7]:4711', '2001:db8::7'],
    ['what is no port', '192.0.2.7:http', undefined],
    ['a port out of range', '192.0.2.7:65536', undefined],
    ['an empty port', '192.0.2.7:', undefined],
    ['brackets that do not close', '[2001:db8::7', undefined],
    ['text behind brackets', '[2001:db8::7]x', undefined],
    ['nothing in brackets', '[]', undefined],
    ['a zone', 'fe80::1%eth0', undefined],
    ['octets with leading zeros', '010.0.0.2', undefined],
    ['a no-break space', '\u00a0192.0.2.7', undefined],
  ])('finds the client behind %s', (_name, forwardedFor, expected) => {
    expect(behindProxies({ forwardedFor }).address).toBe(expected);
  });

  it('takes a trusted peer without a header for the client', () => {
    expect(behindProxies({})).toStrictEqual({
      address: PEER,
      scheme: 'http',
      host: 'api.test',
      isProxied: true,
      isSchemeKnown: false,
    });
  });

  it('joins several header lines in their order', () => {
    const headers = new Headers();
    headers.append('x-forwarded-for', '6.6.6.6');
    headers.append('x-forwarded-for', '192.0.2.7');
    const { resolve } = createClientResolver({ trustedProxies: PROXIES, read: 'x-forwarded-for' });
    expect(resolve(new Request('http://api.test/', { headers }), PEER).address).toBe('192.0.2.7');
  });

  it('is not moved by anything that a client writes to the left', () => {
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
  it('walks at most 32 hops', () => {
    const hops = (count: number): string => ['192.0.2.7', ...new Array<string>(count - 1).fill('10.0.0.2')].join(',');
    expect(behindProxies({ forwardedFor: hops(32) }).address).toBe('192.0.2.7');
    expect(behindProxies({ forwardedFor: hops(33) }).address).toBe(undefined);
  });

  // How much is read of it is counted in hops.test.ts.
  it.each([
    [','.repeat(1_000_000), undefined],
    ['a'.repeat(1_000_000), undefined],
    ['10.0.0.2,'.repeat(100_000), undefined],
    [`${' '.repeat(1_000_000)}x`, undefined],
    [`${'6.6.6.6,'.repeat(100_000)}192.0.2.7`, '192.0.2.7'],
  ])('survives a megabyte of header', (text, address) => {
    expect(behindProxies({ forwardedFor: text, proto: text, host: text }).address).toBe(address);
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
    ['several values and an unknown client', 'unknown', 'http, https', 'https'],
    ['another scheme', '192.0.2.7', 'wss', 'http'],
    ['upper case', '192.0.2.7', 'HTTPS', 'http'],
    ['nothing', '192.0.2.7', '', 'http'],
    ['a quoted value', '192.0.2.7', '"https"', 'http'],
  ])('finds the scheme where there is %s', (_name, forwardedFor, proto, expected) => {
    expect(behindProxies({ forwardedFor, proto }).scheme).toBe(expected);
  });

  it('lets a trusted proxy say http of a request that came to us over https', () => {
    expect(behindProxies({ forwardedFor: '192.0.2.7', proto: 'http', url: 'https://api.test/' }).scheme).toBe('http');
  });

  // P3, H5: the host belongs to the same hop, too, and counts only with a family of which it is a member.
  it.each([
    ['one value', '192.0.2.7', 'api.example', 'api.example'],
    ['a value that the client wrote before', '192.0.2.7', 'evil.example, api.example', 'api.example'],
    ['a value per hop', '192.0.2.7, 10.0.0.2', 'api.example, inner.example', 'api.example'],
    ['fewer values than hops', '192.0.2.7, 10.0.0.3, 10.0.0.2', 'a.example, b.example', 'api.test'],
    ['a port', '192.0.2.7', 'api.example:8443', 'api.example:8443'],
    ['the port of the scheme', '192.0.2.7', 'api.example:80', 'api.example'],
    ['the port of another scheme', '192.0.2.7', 'api.example:443', 'api.example:443'],
    ['upper case and a trailing dot', '192.0.2.7', 'API.Example.', 'api.example'],
    ['a user', '192.0.2.7', 'user@api.example', undefined],
    ['a path', '192.0.2.7', 'api.example/x', undefined],
    ['markup', '192.0.2.7', '"><script>', undefined],
    ['nothing', '192.0.2.7', '', undefined],
  ])('finds the host where there is %s', (_name, forwardedFor, host, expected) => {
    expect(behindProxies({ forwardedFor, host }).host).toBe(expected);
    expect(behindProxies({ forwardedFor, host, read: 'x-forwarded-for' }).host).toBe('api.test');
  });

  it('leaves the port out that the scheme of the client has', () => {
    const said = { forwardedFor: '192.0.2.7', proto: 'https', url: 'http://api.test:443/' };
    expect(behindProxies(said).host).toBe('api.test');
    expect(behindProxies({ ...said, host: 'api.example:443' }).host).toBe('api.example');
    expect(behindProxies({ ...said, host: 'api.example:80' }).host).toBe('api.example:80');
  });

  // P3: neither a port nor another word for https is read.
  it('reads no other header of its kind', () => {
    const headers = {
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-port': '444',
      'x-forwarded-ssl': 'on',
      'x-forwarded-server': 'evil.example',
      'front-end-https': 'on',
      'forwarded': 'for=6.6.6.6;proto=https;host=evil.example',
    };
    const { resolve } = createClientResolver({ trustedProxies: PROXIES, read: 'x-forwarded' });
    expect(resolve(new Request('http://api.test/', { headers }), PEER)).toStrictEqual({
      address: '192.0.2.7',
      scheme: 'http',
      host: 'api.test',
      isProxied: true,
      isSchemeKnown: false,
    });
  });
});
