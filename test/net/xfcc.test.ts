import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientResolver } from '../../src/net/client-resolver.ts';
import { type ForwardedClientCertOptions, parseForwardedClientCert } from '../../src/net/xfcc.ts';

const HASH = '468ed33be74eee6556d90c0149c1309e9ba61d6425303443c0748a02dd8de688';
const PEM = '-----BEGIN CERTIFICATE-----\nMAEB\nMAEC\n-----END CERTIFICATE-----\n';
const NOTHING = { hash: undefined, certificate: undefined, subject: undefined, uris: [], dnsNames: [], by: [] };
const clients = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'x-forwarded-for' });

type Parsed = ReturnType<typeof parseForwardedClientCert>;

function certOf(header: string | undefined, options?: ForwardedClientCertOptions, peer = '10.0.0.1'): Parsed {
  const headers = new Headers(header === undefined ? {} : { 'x-forwarded-client-cert': header });
  const request = new Request('http://app.test/', { headers });
  return parseForwardedClientCert(request, clients.resolve(request, peer), options);
}

/** The code with which it is refused; undefined when it is not. */
function codeOf(header: string, options?: ForwardedClientCertOptions): unknown {
  try {
    certOf(header, options);
    return undefined;
  } catch (error) {
    return Reflect.get(Object(error), 'code');
  }
}

describe('parseForwardedClientCert()', () => {
  it('reads what the proxy says', () => {
    const header = `By=spiffe://a.example/server;Hash=${HASH};Cert="${encodeURIComponent(PEM)}";` +
      'Subject="/C=US/CN=\\"a\\", b; c=d";URI=spiffe://a.example/client;DNS=a.example;DNS=b.example';
    expect(certOf(header)).toStrictEqual({
      hash: HASH,
      certificate: new Uint8Array([0x30, 1, 1, 0x30, 1, 2]),
      subject: '/C=US/CN="a", b; c=d',
      uris: ['spiffe://a.example/client'],
      dnsNames: ['a.example', 'b.example'],
      by: ['spiffe://a.example/server'],
    });
  });

  it.each([
    ['values that are empty', 'By=;Hash=;Subject="";URI=', NOTHING],
    ['a key in another case', 'SUBJECT=a', { ...NOTHING, subject: 'a' }],
    ['a key that is not known', 'Chain="a";Other=b;Subject=c', { ...NOTHING, subject: 'c' }],
    ['several URIs', 'URI=a:1;URI=b:2', { ...NOTHING, uris: ['a:1', 'b:2'] }],
    // RFC 2253: without its backslash, the comma would begin another part of the name.
    ['escapes of RFC 2253', 'Subject="O=a\\,CN\\=admin"', { ...NOTHING, subject: 'O=a\\,CN\\=admin' }],
    ['a backslash at the end', 'Subject="O=a\\\\"', { ...NOTHING, subject: 'O=a\\\\' }],
    ['an element within a string', 'Subject="a,Subject=b";DNS=c', {
      ...NOTHING,
      subject: 'a,Subject=b',
      dnsNames: ['c'],
    }],
    ['an escaped quote and an element within a string', 'Subject="a\\",DNS=b"', { ...NOTHING, subject: 'a",DNS=b' }],
    ['a key of every object', '__proto__=a;constructor=b', undefined],
  ])('reads %s', (_name, header, expected) => {
    if (expected === undefined) expect(codeOf(header)).toBe('credentials_malformed');
    else expect(certOf(header)).toStrictEqual(expected);
  });

  // M1
  it.each(['192.0.2.1', '', '64:ff9b::10.0.0.1'])('reads nothing that the peer %j wrote', (peer) => {
    expect(certOf(`Hash=${HASH}`, {}, peer)).toBe(undefined);
    expect(certOf('"', {}, peer)).toBe(undefined);
  });

  it('answers undefined where there is none', () => {
    expect(certOf(undefined)).toBe(undefined);
  });

  // M1: with SANITIZE_SET there is one element; a second means that the proxy is set otherwise, and one of them is the client's.
  it('refuses a second element with credentials_malformed', () => {
    expect(codeOf('Subject=a,Subject=b')).toBe('credentials_malformed');
    expect(codeOf('Subject=a,')).toBe('credentials_malformed');
    expect(codeOf(',Subject=a')).toBe('credentials_malformed');
  });

  it('reads the right-most element where the proxy appends', () => {
    const appended = { isAppended: true };
    expect(certOf('Subject=b', appended)?.subject).toBe('b');
    expect(certOf('Subject=a,Subject="b,Subject=c"', appended)?.subject).toBe('b,Subject=c');
    expect(certOf('Subject="a,Subject="b"', appended)?.subject).toBe('b');
    expect(codeOf('Subject=a,', appended)).toBe('credentials_malformed');
  });

  it('is not moved by anything that a client writes to the left', () => {
    const junk = fc.string({ unit: fc.constantFrom(...'Hash=;,"\\ aSubject'), maxLength: 40 });
    const own = fc.constantFrom('Subject=own', 'Subject="own";DNS="a,b"', 'URI=a;Subject="own";DNS="\\""');
    fc.assert(fc.property(junk, own, (written, said) => {
      expect(certOf(`${written},${said}`, { isAppended: true })?.subject).toBe('own');
    }));
  });

  it.each([
    '',
    'Subject',
    '=a',
    'Subject =a',
    'Subject= a',
    'Subject=a; DNS=b',
    'Subject="a',
    'Subject=a"',
    'Subject="a"b',
    'Subject=a=b',
    'Subject=a\\b',
    'Subject=a;Subject=b',
    'Subject=;Subject=b',
    `Hash=${HASH};HASH=${HASH}`,
    'Hash=abc',
    `Hash=${HASH.toUpperCase()}`,
    `Hash=${HASH}0`,
    'Cert=a',
    'Cert="%"',
    'Cert="%ff"',
    `Cert="${PEM.replaceAll('\n', '')}"`,
    `Cert="${encodeURIComponent(PEM.replace('MAEB', 'MAE='))}"`,
    `Cert="${encodeURIComponent(PEM + PEM)}"`,
    `Cert="${encodeURIComponent(PEM.replaceAll('CERTIFICATE', 'PRIVATE KEY'))}"`,
    `Cert="${encodeURIComponent('-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n')}"`,
    `Cert="${encodeURIComponent('-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n')}"`,
    'S\u00fcbject=a',
  ])('refuses %j with credentials_malformed', (header) => {
    expect(codeOf(header)).toBe('credentials_malformed');
  });

  it('refuses more than 131,072 characters with credentials_malformed', () => {
    expect(codeOf(`Subject=${'a'.repeat(131_064)}`)).toBe(undefined);
    expect(codeOf(`Subject=${'a'.repeat(131_065)}`)).toBe('credentials_malformed');
    expect(codeOf('a=;'.repeat(1_000_000))).toBe('credentials_malformed');
  });

  it('refuses nothing but with credentials_malformed', () => {
    const text = fc.string({ unit: fc.constantFrom(...'HashCertSubjectURIDNS=;",\\ %2'), maxLength: 30 });
    fc.assert(fc.property(text, fc.boolean(), (header, isAppended) => {
      expect([undefined, 'credentials_malformed']).toContain(codeOf(header, { isAppended }));
    }));
  });

  it('throws a TypeError for an option that is none', () => {
    for (const options of [{ isAppended: 1 }, { append: true }, null, 'append']) {
      const request = new Request('http://app.test/');
      const client = clients.resolve(request, '10.0.0.1');
      expect(() => Reflect.apply(parseForwardedClientCert, undefined, [request, client, options])).toThrow(TypeError);
    }
  });
});
