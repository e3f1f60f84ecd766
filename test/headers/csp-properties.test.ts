import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCsp } from '../../src/headers/csp.ts';
import type { CspDirectives } from '../../src/headers/csp-directive.ts';
import { dangerouslyAllowInline, nonce, none, self, sha256, strictDynamic } from '../../src/headers/csp-token.ts';
import { createHeaderPolicy } from '../../src/headers/policy.ts';
import { NONCE } from '../vectors/header-presets.ts';
import { withType } from './made-response.ts';
import { parseCsp } from './parse-csp.ts';

const LISTS = ['connectSrc', 'imgSrc', 'fontSrc', 'scriptSrc', 'styleSrcElem', 'frameAncestors', 'baseUri'] as const;

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Text that is nearly a source: pieces of the grammar, and what breaks out of it. */
const nearlySource = fc.array(
  fc.constantFrom(
    'https:',
    '//',
    'a',
    'example',
    '.',
    '*',
    ':443',
    '/',
    ';',
    ',',
    ' ',
    "'",
    'self',
    'nonce-',
    '\n',
    'A',
    '%41',
    '-',
    '=',
    'data:',
  ),
  { maxLength: 8 },
).map((pieces) => pieces.join(''));

const goodSource = fc.tuple(
  fc.constantFrom('https://', 'wss://', '', '*.'),
  fc.domain(),
  fc.constantFrom('', ':443', ':*', '/', '/a/b.js', '/%20(x)'),
).map((parts) => parts.join(''));

const anyText = fc.oneof(
  { weight: 2, arbitrary: goodSource },
  nearlySource,
  fc.string(),
  fc.string({ unit: 'binary' }),
);

/** Whether inline code runs: CSP Level 3 section 6.7.3.2, written for the tests. Only for scripts does `strict-dynamic` count. */
function runsInline(text: string, directive: string): boolean {
  const words = parseCsp(text).get(directive) ?? [];
  const isProved = words.some((word) => /^'(?:nonce|sha256)-/.test(word));
  const isDynamic = directive === 'script-src' && words.includes("'strict-dynamic'");
  return words.includes("'unsafe-inline'") && !isProved && !isDynamic;
}

describe('createCsp() whatever it is given', () => {
  // A refusal, or a page that somebody forgot a nonce for, must not be the one where an attacker's text runs.
  test('lets nothing inline run without a nonce that it withholds with one', () => {
    const hash = sha256(btoa('.'.repeat(32)));
    const words = [self, nonce, strictDynamic, dangerouslyAllowInline, hash, 'https://a.example'];
    const list = fc.subarray(words, { minLength: 1 }).filter((given) =>
      !given.includes(strictDynamic) || given.includes(nonce) || given.includes(hash)
    );
    fc.assert(fc.property(list, (sources) => {
      const csp = createCsp({ scriptSrc: sources, styleSrc: sources });
      for (const directive of ['script-src', 'style-src']) {
        const withheld = !runsInline(csp.format({ secure: true, nonce: NONCE }), directive);
        expect(withheld && runsInline(csp.format({ secure: true }), directive)).toBe(false);
      }
    }));
  });

  test('refuses a source, or writes it so that a browser reads exactly it', () => {
    let written = 0;
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...LISTS), { minLength: 1 }),
        fc.uniqueArray(anyText, { minLength: 1, maxLength: 3 }),
        (names, sources) => {
          let text;
          try {
            text = createCsp(Object.fromEntries(names.map((name) => [name, sources]))).format({ secure: true });
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError);
            return;
          }
          expect(text).toMatch(/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/);
          expect(text).not.toContain(',');
          expect(new Map(parseCsp(text))).toEqual(new Map(names.map((name) => [kebab(name), sources])));
          written += 1;
        },
      ),
      { numRuns: 500 },
    );
    expect(written).toBeGreaterThan(20);
  });

  const TEXTS: readonly (readonly [string, (text: string) => CspDirectives, directive: string, quoted: boolean])[] = [
    ['reportTo', (text) => ({ defaultSrc: [none], reportTo: text }), 'report-to', false],
    ['reportUri', (text) => ({ defaultSrc: [none], reportTo: 'a', reportUri: text }), 'report-uri', false],
    ['trustedTypes', (text) => ({ trustedTypes: [text] }), 'trusted-types', false],
    ['sandbox', (text) => ({ sandbox: [text as never] }), 'sandbox', false],
    ['webrtc', (text) => ({ webrtc: text as never }), 'webrtc', true],
    [
      'requireTrustedTypesFor',
      (text) => ({ requireTrustedTypesFor: text as never }),
      'require-trusted-types-for',
      true,
    ],
  ];
  test.each(TEXTS)('refuses a %s, or writes exactly it', (_name, directives, directive, quoted) => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.constantFrom('/csp', 'main', 'allow', 'script', 'allow-forms')), (text) => {
        let value;
        try {
          value = createCsp(directives(text)).format({ secure: true });
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        expect(value).not.toMatch(/[,\r\n\0]/);
        const parsed = parseCsp(value);
        expect(parsed.get(directive)).toEqual([quoted ? `'${text}'` : text]);
        expect([...parsed.keys()].filter((name) => !['default-src', 'report-to', directive].includes(name))).toEqual(
          [],
        );
      }),
    );
  });

  test('refuses an unknown directive, whatever its name', () => {
    fc.assert(fc.property(fc.string().filter((name) => !/^[a-z]+(?:[A-Z][a-z]+)+$/.test(name)), (name) => {
      // Only `sandbox` and `webrtc` are one word, and they take no such list.
      const directives = Object.fromEntries([['defaultSrc', [none]], [name, [self]]]);
      expect(() => createCsp(directives)).toThrow(TypeError);
    }));
  });

  test('refuses a nonce, or writes exactly it', () => {
    const csp = createCsp({ scriptSrc: [nonce] });
    const nearly = fc.string({
      unit: fc.constantFrom('A', 'z', '0', '+', '/', '-', '_', '=', "'", ';', ' ', '\n'),
      maxLength: 40,
    });
    const good = fc.string({ unit: fc.constantFrom('A', 'z', '0', '+', '/', '-', '_'), minLength: 22, maxLength: 40 });
    fc.assert(fc.property(fc.oneof(nearly, good), (fresh) => {
      let text;
      try {
        text = csp.format({ secure: true, nonce: fresh });
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        return;
      }
      expect(fresh).toMatch(/^[A-Za-z0-9+/_-]{22,}=*$/);
      expect(new Map(parseCsp(text))).toEqual(new Map([['script-src', [`'nonce-${fresh}'`]]]));
    }));
  });
});

describe('the presets of createHeaderPolicy()', () => {
  // Two ways to the same policy: the text that the policy holds, and what the builder writes.
  test.each([
    [{ secure: true, nonce: NONCE }],
    [{ secure: true }],
    [{ secure: false, nonce: NONCE }],
    [{ secure: false }],
  ])('are what createCsp() would write for a page with %j', (context) => {
    const built = createCsp({
      defaultSrc: [none],
      scriptSrc: 'nonce' in context ? [nonce, strictDynamic] : [self],
      styleSrc: [self],
      imgSrc: [self, 'data:'],
      fontSrc: [self],
      connectSrc: [self],
      manifestSrc: [self],
      objectSrc: [none],
      baseUri: [none],
      formAction: [self],
      frameAncestors: [none],
      requireTrustedTypesFor: 'script',
      upgradeInsecureRequests: true,
    }).format(context);
    const sent = createHeaderPolicy().apply(withType('text/html'), context).headers.get('content-security-policy');
    expect(new Map(parseCsp(sent ?? ''))).toEqual(new Map(parseCsp(built)));
  });

  test('are what createCsp() would write for data', () => {
    const built = createCsp({
      defaultSrc: [none],
      baseUri: [none],
      formAction: [none],
      frameAncestors: [none],
      sandbox: [],
    });
    const sent = createHeaderPolicy().apply(withType('application/json'), { secure: true }).headers;
    expect(new Map(parseCsp(sent.get('content-security-policy') ?? ''))).toEqual(
      new Map(parseCsp(built.format({ secure: true }))),
    );
  });

  test('a hash of a script goes where a nonce does', () => {
    const digest = btoa('.'.repeat(32));
    const csp = createCsp({ scriptSrc: [sha256(digest), strictDynamic] });
    expect(csp.format({ secure: true, nonce: NONCE })).toBe(`script-src 'sha256-${digest}' 'strict-dynamic'`);
  });
});
