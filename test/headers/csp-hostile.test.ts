import { describe, expect, test } from 'vitest';
import { createCsp } from '../../src/headers/csp.ts';
import {
  dangerouslyAllowInline,
  nonce,
  none,
  self,
  sha256,
  sha384,
  sha512,
  strictDynamic,
} from '../../src/headers/csp-token.ts';

function refused(directives: unknown, options?: unknown): void {
  expect(() => Reflect.apply(createCsp, undefined, [directives, ...(options === undefined ? [] : [options])])).toThrow(
    TypeError,
  );
}

describe('createCsp() refuses a source', () => {
  const HOSTILE: readonly (readonly [string, unknown])[] = [
    // Hostile list J2: the end of the source, the directive or the policy.
    ['a semicolon', 'https://a.example; script-src *'],
    ['a semicolon in a path', 'https://a.example/;x'],
    ['a comma', 'https://a.example,https://b.example'],
    ['a space', 'https://a.example https://b.example'],
    ['a tab', 'https://a.example\t*'],
    ['CR LF', 'https://a.example\r\nx-evil: 1'],
    ['a trailing LF', 'https://a.example\n'],
    ['NUL', 'https://a.example\0'],
    ['a form feed', 'a.example\f*'],
    ['a no-break space', 'a.example\u00a0b.example'],
    ['nothing', ''],
    // Hostile list J2: a keyword without its quotes is a host of that name.
    ...['self', 'none', 'unsafe-inline', 'unsafe-eval', 'strict-dynamic', 'report-sample', 'wasm-unsafe-eval'].map(
      (word) => [`${word} without quotes`, word] as const,
    ),
    ['a nonce without quotes', 'nonce-AAAAAAAAAAAAAAAAAAAAAA'],
    ['a hash without quotes', 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
    // A keyword with its quotes: the dangerous ones would pass without their frightening names, a fixed nonce without being fresh.
    ["'self' as a text", "'self'"],
    ["'unsafe-inline' as a text", "'unsafe-inline'"],
    ['a nonce as a text', "'nonce-AAAAAAAAAAAAAAAAAAAAAA'"],
    ['an unclosed quote', "'self"],
    ['double quotes', '"self"'],
    // CSP Level 3 section 2.3.1: not in the grammar, so that a browser would ignore it in silence.
    ['a host that is not ASCII', 'https://exämple.com'],
    ['a host in upper case', 'https://Example.com'],
    ['a star in a label', 'https://a*.example.com'],
    ['a star that is not in front', 'https://a.*.example.com'],
    ['a star in a path', 'https://a.example/*'],
    ['a query', 'https://a.example/?x'],
    ['a fragment', 'https://a.example/#x'],
    ['a user', 'https://user@a.example'],
    ['a scheme without its colon', 'https'],
    ['a scheme with one slash', 'https:/a.example'],
    ['an address in brackets', 'https://[::1]'],
    ['a port that is no number', 'https://a.example:x'],
    ['an empty port', 'https://a.example:'],
    ['an empty label', 'a..example'],
    ['a path alone', '/scripts/'],
    ['a backslash', 'https://a.example\\b'],
    // What is no source at all.
    ['a number', 1],
    ['null', null],
    ['undefined', undefined],
    ['a list', ['https://a.example']],
    ['a boxed text', Object('https://a.example')],
    ['a function', () => 'https://a.example'],
    // Anybody's object.
    ['a token that ends its directive', { token: "'self'; script-src *" }],
    ['a token of several words', { token: "'self' *" }],
    ['a token without quotes', { token: 'https://a.example' }],
    ['a token that is a fixed nonce', { token: "'nonce-AAAAAAAAAAAAAAAAAAAAAA'" }],
    ['a token that no browser knows', { token: "'unsafe-everything'" }],
    ['a token that is no text', { token: 1 }],
  ];
  test.each(HOSTILE)('%s', (_what, source) => {
    refused({ scriptSrc: [source] });
    refused({ imgSrc: [self, source] });
    refused({ frameAncestors: [source] });
  });
});

describe('createCsp() refuses', () => {
  const MISTAKES: readonly (readonly [string, unknown, unknown?])[] = [
    // Hostile list J2.
    ['none beside others', { imgSrc: [none, self] }],
    ['a source twice', { imgSrc: [self, self] }],
    ['a directive in both spellings', { 'img-src': [self], imgSrc: [none] }],
    ['an empty list, which says none without saying so', { imgSrc: [] }],
    ['a text for a list', { imgSrc: 'https://a.example' }],
    ['undefined, which would drop the directive', { scriptSrc: undefined }],
    ['a list with a hole', { imgSrc: [, self] }],
    // Nothing that a browser has given up.
    ...['pluginTypes', 'blockAllMixedContent', 'prefetchSrc', 'navigateTo', 'referrer', 'reflectedXss', 'requireSriFor']
      .map(
        (name) => [name, { defaultSrc: [none], [name]: [self] }] as const,
      ),
    // Hostile list J8.
    ['__proto__', JSON.parse('{"defaultSrc":["https://a.example"],"__proto__":["https://b.example"]}')],
    ['constructor', { defaultSrc: [none], constructor: [self] }],
    ['toString', { defaultSrc: [none], toString: [self] }],
    ['no directive', {}],
    ['no object', null],
    ['a Map', new Map([['defaultSrc', [none]]])],
    // Scripts of whoever has a web server, or can write a URL.
    ['scripts from a scheme', { scriptSrc: [self, 'https:'] }],
    ['scripts from data:', { scriptSrc: ['data:'] }],
    ['scripts from anywhere', { scriptSrc: ['*'] }],
    ['scripts from anywhere over https', { scriptSrc: ['https://*'] }],
    ['scripts from anywhere on any port', { scriptSrc: ['*:*'] }],
    ['scripts from any path of anywhere', { scriptSrc: ['https://*/x/'] }],
    ['scripts from every host of a top-level domain', { scriptSrc: ['*.com'] }],
    ['scripts from every host of a top-level domain over https', { scriptSrc: ['https://*.com:443/x/'] }],
    ['script elements from a scheme', { scriptSrc: [none], scriptSrcElem: ['http:'] }],
    ['everything from a scheme, scripts too', { defaultSrc: ['https:'] }],
    ['strict-dynamic without proof', { scriptSrc: [strictDynamic] }],
    ['strict-dynamic beside a host', { scriptSrc: [strictDynamic, 'https://a.example'] }],
    // Silently without meaning there.
    ['a nonce for images', { imgSrc: [nonce] }],
    ['unsafe-inline for frames', { frameAncestors: [dangerouslyAllowInline] }],
    ['a hash for forms', { formAction: [sha384('A'.repeat(64))] }],
    ['an unknown sandbox flag', { sandbox: ['allow-everything'] }],
    ['a sandbox flag twice', { sandbox: ['allow-forms', 'allow-forms'] }],
    ['a sandbox that is no list', { sandbox: 'allow-forms' }],
    ['a sandbox that is true', { sandbox: true }],
    ['Trusted Types for styles', { requireTrustedTypesFor: 'style' }],
    ['a list for Trusted Types', { requireTrustedTypesFor: ['script'] }],
    ['a policy name with a semicolon', { trustedTypes: ['a;b'] }],
    ['a policy name with a quote', { trustedTypes: ["'allow-duplicates'"] }],
    ['a policy that anybody may create', { trustedTypes: ['*'] }],
    ['none beside a policy name', { trustedTypes: [none, 'a'] }],
    ['an unknown WebRTC word', { webrtc: 'maybe' }],
    ['an endpoint with a space', { defaultSrc: [none], reportTo: 'a b' }],
    ['an endpoint with a semicolon', { defaultSrc: [none], reportTo: 'a;script-src' }],
    ['an endpoint in upper case', { defaultSrc: [none], reportTo: 'Main' }],
    ['an empty endpoint', { defaultSrc: [none], reportTo: '' }],
    ['reportUri alone', { defaultSrc: [none], reportUri: '/csp' }],
    ['reports over plain http', { defaultSrc: [none], reportTo: 'a', reportUri: 'http://a.example/' }],
    ['reports to another origin that looks like a path', {
      defaultSrc: [none],
      reportTo: 'a',
      reportUri: '//a.example/',
    }],
    ['a report URI with a semicolon', { defaultSrc: [none], reportTo: 'a', reportUri: '/a;script-src' }],
    ['a report URI with a comma', { defaultSrc: [none], reportTo: 'a', reportUri: '/a,b' }],
    ['reports alone', { reportTo: 'a', reportUri: '/csp' }],
    ['reports and an upgrade alone', { reportTo: 'a', upgradeInsecureRequests: true }],
    ['an upgrade alone', { upgradeInsecureRequests: true }],
    ['an upgrade that is false', { defaultSrc: [none], upgradeInsecureRequests: false }],
    ['an upgrade that is a text', { defaultSrc: [none], upgradeInsecureRequests: 'true' }],
    ['an unknown option', { defaultSrc: [none] }, { reportonly: true }],
    ['an option that is no boolean', { defaultSrc: [none], reportTo: 'a' }, { reportOnly: 'yes' }],
    ['a trial that reports to nobody', { defaultSrc: [none] }, { reportOnly: true }],
    ['a trial of sandbox', { sandbox: [], reportTo: 'a' }, { reportOnly: true }],
    ['a trial of an upgrade', { defaultSrc: [none], upgradeInsecureRequests: true, reportTo: 'a' }, {
      reportOnly: true,
    }],
  ];
  test.each(MISTAKES.map(([what, directives, options = {}]) => [what, directives, options] as const))(
    '%s',
    (_what, directives, options) => {
      refused(directives, options);
    },
  );

  test('and its messages hold nothing of a source', () => {
    expect(() => createCsp({ imgSrc: ['https://s3cret.example; x'] })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cret') }),
    );
  });
});

describe('sha256(), sha384(), sha512()', () => {
  const HASHES = [['sha256', sha256, 32], ['sha384', sha384, 48], ['sha512', sha512, 64]] as const;
  test.each(HASHES)('%s() takes the digest of its length alone', (name, hash, bytes) => {
    for (const length of [0, 16, 32, 48, 64, 65]) {
      const digest = btoa('x'.repeat(length));
      if (length === bytes) expect(hash(digest).token).toBe(`'${name}-${digest}'`);
      else expect(() => hash(digest)).toThrow(TypeError);
    }
  });

  // Hostile list J2. Browsers also take base64url; what they do not take is worth less than one spelling.
  const DIGEST = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU';
  test.each([
    ['no padding', DIGEST],
    ['base64url', `${DIGEST.replaceAll('+', '-').replaceAll('/', '_')}=`],
    ['bits behind the end', `${DIGEST.slice(0, -1)}V=`],
    ['a quote', `${DIGEST}'`],
    ['a space', `${DIGEST}= `],
    ['CR LF', `${DIGEST}=\r\n`],
    ['its own prefix', `sha256-${DIGEST}=`],
    ['hexadecimal', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['nothing', ''],
    ['no text', 5],
  ])('sha256() throws on %s', (_what, digest) => {
    expect(() => Reflect.apply(sha256, undefined, [digest])).toThrow(TypeError);
  });
});
