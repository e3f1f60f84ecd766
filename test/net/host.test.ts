import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalHost, parseHost, splitUrl } from '../../src/net/host.ts';
import { HOSTS, NOT_HOSTS } from '../vectors/hosts.ts';

describe('parseHost()', () => {
  it.each(HOSTS)('reads %s', (text, name, port) => {
    expect(parseHost(text)).toStrictEqual({ name, port });
  });

  // H1, H3: `new URL('http://' + host)` takes most of these, and makes another host of them.
  it.each(NOT_HOSTS)('refuses %j', (text) => {
    expect(parseHost(text)).toBe(undefined);
  });

  it('refuses a megabyte at once', () => {
    for (const text of ['a', 'a.', '.', '-', '[', ':', '1']) expect(parseHost(text.repeat(1_000_000))).toBe(undefined);
  });

  // The platform's URL is the oracle: what is accepted here, it reads as the same host and port.
  it('accepts only what the platform reads alike', () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9_-]{1,6}$/);
    const name = fc.oneof(
      fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.ipV6().map((ip) => `[${ip}]`),
      fc.string({ unit: fc.constantFrom(...'a.:[]@/\\?#% 0x1'), maxLength: 8 }),
    );
    const tail = fc.oneof(fc.constantFrom('', '.', ':', ':80'), fc.nat(70_000).map((port) => `:${port}`));
    fc.assert(
      fc.property(fc.tuple(name, tail).map((parts) => parts.join('')), (text) => {
        const host = parseHost(text);
        // An invalid A-label is a host on the wire and none to a browser; and Bun's URL refuses dotted decimal behind a "::" and a group.
        if (host === undefined || /(?:^|\.)xn--/.test(host.name) || /^\[.*\./.test(text)) return;
        const url = new URL(`https://${text}/`);
        expect(url.hostname.replace(/\.$/, '')).toBe(host.name);
        expect(url.port).toBe(host.port === undefined || host.port === 443 ? '' : String(host.port));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads its own spelling as the same', () => {
    for (const [text] of HOSTS) {
      const spelled = canonicalHost(text, 'http');
      expect(canonicalHost(spelled ?? '', 'http')).toBe(spelled);
    }
  });
});

describe('canonicalHost()', () => {
  it('leaves out the port that the scheme has', () => {
    expect(canonicalHost('example.com:443', 'https')).toBe('example.com');
    expect(canonicalHost('example.com:80', 'https')).toBe('example.com:80');
    expect(canonicalHost('example.com:80', 'http')).toBe('example.com');
    expect(canonicalHost('example.com:443', 'http')).toBe('example.com:443');
  });
});

describe('splitUrl()', () => {
  it.each([
    ['http://example.com/x', 'http', 'example.com'],
    ['https://example.com:8443?@evil.example', 'https', 'example.com:8443'],
    ['https://example.com#@evil.example/', 'https', 'example.com'],
    ['http://[::1]:80/', 'http', '[::1]:80'],
    ['http://user@example.com/', 'http', 'user@example.com'],
    // What is no URL of http names no host.
    ['data:,http://example.com/', 'http', ''],
    ['httpsx://example.com/', 'http', ''],
  ])('splits %s', (url, scheme, authority) => {
    expect(splitUrl(url)).toStrictEqual({ scheme, authority });
  });
});
