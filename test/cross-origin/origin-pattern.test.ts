import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCors } from '../../src/cross-origin/cors.ts';
import { parseOriginPattern, toOriginPattern } from '../../src/cross-origin/origin-pattern.ts';
import { FOREIGN_ORIGINS, ORIGINS } from '../vectors/origins.ts';
import { corsHeaders, requestFrom } from './exchange.ts';

const LABEL = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,6}[a-z0-9])?$/);

describe('parseOriginPattern()', () => {
  test.each(ORIGINS)('parseOriginPattern() reads %s', (text, scheme, host) => {
    expect(parseOriginPattern(text)).toEqual({ scheme, host, wildcard: false });
  });

  test('parseOriginPattern() reads * in the place of the first label', () => {
    expect(parseOriginPattern('https://*.example.com:8443')).toEqual({
      scheme: 'https',
      host: 'example.com',
      wildcard: true,
    });
    expect(parseOriginPattern('http://*.localhost:3000')?.host).toBe('localhost');
  });

  test.each([
    '*',
    '*://example.com',
    'https://*',
    'https://*.',
    'https://**.example.com',
    'https://*.*.example.com',
    'https://a.*.example.com',
    'https://*example.com',
    'https://*..example.com',
    'https://*.example.com.',
    'https://*.example.com:*',
    'https://*.example.com/',
    'https://*.Example.com',
    'https://*.ex\u00e4mple.com',
    'https://*.[::1]',
    'https://*.0.0.1',
    'https://user@*.example.com',
    ' https://*.example.com',
  ])('parseOriginPattern() refuses %j', (text) => {
    expect(parseOriginPattern(text)).toBeUndefined();
  });
});

describe('createCors() patterns', () => {
  const cors = createCors({
    origins: ['https://*.example.com', 'https://*.a.example.com:8443', 'https://app.example'],
  });
  const granted = (origin: string): string | null =>
    cors.apply(requestFrom(origin), new Response()).headers.get('access-control-allow-origin');

  test.each([
    'https://a.example.com',
    'https://a-b.example.com',
    'https://a--b.example.com',
    'https://1.example.com',
    'https://xn--exmple-cua.example.com',
    `https://${'a'.repeat(63)}.example.com`,
    'https://b.a.example.com:8443',
    'https://app.example',
  ])('apply() lets %s read', (origin) => {
    expect(granted(origin)).toBe(origin);
  });

  // C3, C4, C15: one whole label, the same scheme and port, and nothing that only looks like it.
  test.each([
    ...FOREIGN_ORIGINS.filter((origin) => origin !== 'https://a.example.com'),
    'https://example.com',
    'https://.example.com',
    'https://a.example.com:444',
    'https://a.example.com:8443',
    'http://a.example.com',
    'https://a_b.example.com.',
    'https://a_b.example.com',
    'https://-a.example.com',
    'https://a-.example.com',
    'https://b.a.example.com',
    'https://c.b.a.example.com:8443',
    'https://a.example.com.',
    'https://a.example.com/',
    'https://a.example.com.evil.io',
    'https://evil.io/.example.com',
    'https://evil.io#.example.com',
    'https://evil.io?.example.com',
    'https://evil.io\\.example.com',
    'https://user@a.example.com',
    'https://a%2eb.example.com',
    'https://A.example.com',
    'https://a.b.example.com',
    'https://*.example.com',
    `https://${'a'.repeat(64)}.example.com`,
    `https://${'a.'.repeat(5000)}example.com`,
    'https://a.example.com, https://b.example.com',
    'a.example.com',
    '://a.example.com',
    'htt*.example.com',
  ])('apply() tells %j nothing but Vary', (origin) => {
    expect(corsHeaders(cors.apply(requestFrom(origin), new Response()))).toEqual({ vary: 'origin' });
  });

  test('toOriginPattern() gives back the pattern of every origin that it matches', () => {
    const base = fc.array(LABEL, { minLength: 1, maxLength: 3 }).map((labels) => `.${labels.join('.')}.example`);
    fc.assert(fc.property(LABEL, base, fc.constantFrom('', ':8443'), (label, rest, port) => {
      expect(toOriginPattern(`https://${label}${rest}${port}`)).toBe(`https://*${rest}${port}`);
    }));
  });

  // The platform's parser is the oracle: whatever text passes is the origin of a host with just one label before ours.
  test('apply() lets no text read whose host the platform puts elsewhere', () => {
    const piece = fc.constantFrom(
      'https://',
      'http://',
      'a',
      '.example.com',
      '.',
      '@',
      '/',
      '\\',
      '#',
      '?',
      ':',
      '8443',
      '%2e',
      '*',
      '-',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        // A request header holds no white space at its ends, and the Headers object takes care of that.
        const origin = pieces.join('');
        if (granted(origin) === null) return;
        const { protocol, hostname, port } = new globalThis.URL(origin);
        expect([protocol, port]).toEqual(['https:', '']);
        expect(hostname).toMatch(/^[a-z0-9-]+\.example\.com$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('createCors() public suffixes', () => {
  const credentials = true;

  test.each(['com', 'co.uk', 'com.au', 'or.jp', 'github.io', 'pages.dev', 'vercel.app', 'herokuapp.com'])(
    'createCors() refuses credentials to every name below %s',
    (domain) => {
      const origins = [`https://*.${domain}`];
      expect(() => createCors({ origins, credentials })).toThrow(TypeError);
      expect(() => createCors({ origins, credentials, dangerouslyAllowPublicSuffixes: true })).not.toThrow();
    },
  );

  test.each(['example.com', 'example.co.uk', 'me.github.io', 'company.io', 'cocoa.uk'])(
    'createCors() allows credentials to every name below %s',
    (domain) => {
      expect(() => createCors({ origins: [`https://*.${domain}`], credentials })).not.toThrow();
    },
  );

  test('createCors() asks isPublicSuffix once for each pattern beside credentials, and for nothing else', () => {
    const asked: string[] = [];
    const isPublicSuffix = (domain: string): boolean => {
      asked.push(domain);
      return domain === 'shared.example';
    };
    const origins = ['https://*.example.com', 'https://app.example', 'https://*.localhost'];
    createCors({ origins, credentials, isPublicSuffix });
    createCors({ origins: ['https://*.shared.example'], isPublicSuffix });
    expect(asked).toEqual(['example.com']);
    expect(() => createCors({ origins: ['https://*.shared.example'], credentials, isPublicSuffix })).toThrow(TypeError);
  });

  test('createCors() takes an answer of isPublicSuffix that is no boolean for a yes', () => {
    const isPublicSuffix = (): unknown => Promise.resolve(false);
    const options = { origins: ['https://*.example.com'], credentials, isPublicSuffix };
    expect(() => Reflect.apply(createCors, undefined, [options])).toThrow(TypeError);
  });

  // C6: the word must be said.
  test('createCors() allows credentials to plain http only with dangerouslyAllowHttpOrigins', () => {
    const origins = ['http://intranet.example', 'http://*.intranet.example'];
    expect(() => createCors({ origins, credentials })).toThrow(TypeError);
    const cors = createCors({ origins, credentials, dangerouslyAllowHttpOrigins: true });
    expect(corsHeaders(cors.apply(requestFrom('http://a.intranet.example'), new Response()))).toEqual({
      'access-control-allow-origin': 'http://a.intranet.example',
      'access-control-allow-credentials': 'true',
      vary: 'origin',
    });
  });
});
