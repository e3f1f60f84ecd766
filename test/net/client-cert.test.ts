import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientResolver } from '../../src/net/client-resolver.ts';
import type { Client } from '../../src/net/client.ts';
import { parseClientCert } from '../../src/net/client-cert.ts';
import { parseItem, parseList } from '../../src/net/structured-field-parse.ts';

const clients = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'forwarded' });

function certOf(headers: Record<string, string> | Headers, peer = '10.0.0.1'): ReturnType<typeof parseClientCert> {
  const request = new Request('http://app.test/', { headers });
  return parseClientCert(request, clients.resolve(request, peer));
}

/** The code with which it is refused; undefined when it is not. */
function codeOf(headers: Record<string, string> | Headers): unknown {
  try {
    certOf(headers);
    return undefined;
  } catch (error) {
    return Reflect.get(Object(error), 'code');
  }
}

const encode = (bytes: Uint8Array): string => `:${btoa(String.fromCharCode(...bytes))}:`;

describe('parseClientCert()', () => {
  it('reads a certificate and its chain', () => {
    expect(certOf({ 'client-cert': ':MAA=:' })).toStrictEqual({ certificate: new Uint8Array([0x30, 0]), chain: [] });
    expect(certOf({ 'client-cert': ':MAA=:', 'client-cert-chain': ':MAEB:, :MAEC:\t,\t:MAED:' })?.chain).toStrictEqual(
      [1, 2, 3].map((last) => new Uint8Array([0x30, 1, last])),
    );
  });

  it('joins the lines of a chain', () => {
    const headers = new Headers([
      ['client-cert', ':MAA=:'],
      ['client-cert-chain', ':MAEB:'],
      ['client-cert-chain', ':MAEC:'],
    ]);
    expect(certOf(headers)?.chain).toHaveLength(2);
  });

  // M1: anybody can write the headers, and a certificate is no secret.
  it.each(['192.0.2.1', '', 'unknown', '64:ff9b::10.0.0.1'])('reads nothing that the peer %j wrote', (peer) => {
    expect(certOf({ 'client-cert': ':MAA=:', 'forwarded': 'for=10.0.0.1' }, peer)).toBe(undefined);
    expect(certOf({ 'client-cert': 'malformed', 'client-cert-chain': '?' }, peer)).toBe(undefined);
  });

  it('reads nothing without trusted proxies', () => {
    const request = new Request('http://app.test/', { headers: { 'client-cert': ':MAA=:' } });
    expect(parseClientCert(request, createClientResolver().resolve(request, '10.0.0.1'))).toBe(undefined);
  });

  it('answers undefined where there is none', () => {
    expect(certOf({})).toBe(undefined);
  });

  it.each([
    '',
    'MAA=',
    ':MAA=',
    'MAA=:',
    '::',
    ':',
    ':MAA:',
    ':MAB=:',
    ':MAA==:',
    ':MA A=:',
    ':MA-_:',
    ':MAA=:;a',
    ':MAA=:;a=1',
    ':MAA=: :MAA=:',
    '"MAA="',
    '?1',
    '(:MAA=:)',
    ':MAA=::MAA=:',
    // M1: of two, one is the client's.
    ':MAA=:, :MAA=:',
    ':MAA=:,',
    '-----BEGIN CERTIFICATE-----',
  ])('refuses %j with credentials_malformed', (field) => {
    expect(codeOf({ 'client-cert': field })).toBe('credentials_malformed');
  });

  it('refuses two header lines with credentials_malformed', () => {
    expect(codeOf(new Headers([['client-cert', ':MAA=:'], ['client-cert', ':MAA=:']]))).toBe('credentials_malformed');
  });

  it.each([':MAA=:,', ',:MAA=:', ':MAA=:,,:MAA=:', 'x', ':MAA=:;a', '::', new Array(17).fill(':MAA=:').join()])(
    'refuses the chain %j with credentials_malformed',
    (chain) => {
      expect(codeOf({ 'client-cert': ':MAA=:', 'client-cert-chain': chain })).toBe('credentials_malformed');
    },
  );

  it('refuses a chain without a certificate with credentials_malformed', () => {
    expect(codeOf({ 'client-cert-chain': ':MAA=:' })).toBe('credentials_malformed');
  });

  it('refuses more than 131,072 characters with credentials_malformed', () => {
    const long = `:${'A'.repeat(131_072)}:`;
    expect(codeOf({ 'client-cert': long })).toBe('credentials_malformed');
    expect(codeOf({ 'client-cert': ':MAA=:', 'client-cert-chain': long })).toBe('credentials_malformed');
    expect(codeOf({ 'client-cert': `:${'A'.repeat(100_000)}:` })).toBe(undefined);
  });

  it('reads what is written as structured fields, and nothing that is none', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(fc.property(bytes, fc.array(bytes, { maxLength: 16 }), (certificate, chain) => {
      const headers = { 'client-cert': encode(certificate), 'client-cert-chain': chain.map(encode).join(', ') };
      expect(certOf(headers)).toStrictEqual({ certificate, chain });
    }));
    const text = fc.string({ unit: fc.constantFrom(...':MAEB=,; a'), maxLength: 12 });
    fc.assert(fc.property(text, (field) => {
      const value = new Headers({ field }).get('field') ?? '';
      if (codeOf({ 'client-cert': field }) === undefined) expect(parseItem(value)?.type).toBe('bytes');
      if (codeOf({ 'client-cert': ':MAA=:', 'client-cert-chain': field }) === undefined) {
        expect(parseList(value)?.every(({ type }) => type === 'bytes')).toBe(true);
      }
    }));
  });

  it('needs to be told who sent the request', () => {
    // @ts-expect-error: a client without a decision about its hops is none.
    const client: Client = { address: '10.0.0.1', scheme: 'https', host: 'app.test' };
    expect(parseClientCert(new Request('http://a.test', { headers: { 'client-cert': ':MAA=:' } }), client)).toBe(
      undefined,
    );
  });
});
