import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientResolver } from '../../src/net/client-resolver.ts';
import type { Client } from '../../src/net/client.ts';
import { quotedElementStart } from '../../src/net/quoted.ts';
import { FORWARDED } from '../vectors/forwarded.ts';

const { resolve } = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'forwarded' });

function behindProxies(headers: Record<string, string> | Headers): Client {
  return resolve(new Request('http://app.test/', { headers }), '10.0.0.1');
}

describe('createClientResolver() reading Forwarded', () => {
  it.each(FORWARDED)('finds the client behind $name', ({ header, address, scheme, host }) => {
    expect(behindProxies({ forwarded: header })).toStrictEqual({
      address: address ?? undefined,
      scheme: scheme ?? 'http',
      host: host ?? 'app.test',
      isProxied: true,
      isSchemeKnown: scheme !== undefined || /proto=http\b/.test(header.split(',').at(-1) ?? ''),
    });
  });

  // P5: with two families in one request, one of them is the client's.
  it('reads no other family', () => {
    const others = { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.test' };
    expect(behindProxies(others)).toMatchObject({ address: '10.0.0.1', scheme: 'http', host: 'app.test' });
    expect(behindProxies({ ...others, forwarded: 'for=192.0.2.7' })).toMatchObject({
      address: '192.0.2.7',
      scheme: 'http',
      host: 'app.test',
    });
  });

  it('joins several header lines in their order', () => {
    const headers = new Headers([['forwarded', 'for=6.6.6.6'], ['forwarded', 'for=192.0.2.7;proto=https']]);
    expect(behindProxies(headers)).toMatchObject({ address: '192.0.2.7', scheme: 'https' });
  });

  it('walks at most 32 hops', () => {
    const hops = (count: number): string =>
      ['for=192.0.2.7', ...new Array<string>(count - 1).fill('for=10.0.0.2')].join(',');
    expect(behindProxies({ forwarded: hops(32) }).address).toBe('192.0.2.7');
    expect(behindProxies({ forwarded: hops(33) }).address).toBe(undefined);
  });

  // P2, P5: whatever stands to the left was written by the client, quotes and backslashes too.
  it('is not moved by anything that a client writes to the left', () => {
    const junk = fc.string({ unit: fc.constantFrom(...'for=6.6;,"\\ \t[]:_proto'), maxLength: 60 });
    const proxies = fc.constantFrom(
      'for=192.0.2.7;proto=https;host=api.example',
      'for="192.0.2.7:1";proto=https;host="api.example";x="a,\\"b"',
      'for=192.0.2.7;proto=https;host=api.example, for=10.0.0.9;proto=http;host=inner.example',
    );
    fc.assert(
      fc.property(junk, proxies, (written, said) => {
        expect(behindProxies({ forwarded: `${written}, ${said}` })).toMatchObject({
          address: '192.0.2.7',
          scheme: 'https',
          host: 'api.example',
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws, and tells no address that is none', () => {
    const text = fc.string({ unit: fc.constantFrom(...'for=1.[:]",;\\ _a\u0001'), maxLength: 40 });
    fc.assert(fc.property(text, (forwarded) => {
      const { address, scheme, host } = behindProxies({ forwarded });
      expect(address ?? '::').toMatch(/^[0-9a-f.:]+$/);
      expect([scheme, host]).toStrictEqual(['http', host === undefined ? undefined : 'app.test']);
    }));
  });

  // What a sender quotes is read as one element, whatever is in it.
  it('takes any quoted string for what it stands for', () => {
    const quotable = fc.string({ unit: fc.constantFrom(...'a,;="\\ \t'), maxLength: 20 });
    fc.assert(fc.property(quotable, quotable, (left, right) => {
      const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
      expect(behindProxies({ forwarded: `x=${quote(left)};for=192.0.2.7;y=${quote(right)}` }).address).toBe(
        '192.0.2.7',
      );
    }));
  });
});

describe('quotedElementStart()', () => {
  it.each([
    ['a,b', 2],
    ['a', 0],
    ['', 0],
    ['a,', 2],
    ['a,"b,c"', 2],
    ['a,"b\\",c"', 2],
    ['a,"b\\\\",c', 8],
    ['a"b,c', 4],
    ['a,b"', 0],
  ])('finds where the last element of %j begins', (text, start) => {
    expect(quotedElementStart(text, text.length)).toBe(start);
  });
});
