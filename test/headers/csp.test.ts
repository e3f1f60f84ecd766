import { describe, expect, test } from 'vitest';
import { createCsp } from '../../src/headers/csp.ts';
import type { CspDirectives } from '../../src/headers/csp-directive.ts';
import * as words from '../../src/headers/csp-token.ts';
import { NONCE } from '../vectors/header-presets.ts';

const { none, nonce, self, strictDynamic } = words;
const DIGEST = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

function format(directives: CspDirectives): string {
  return createCsp(directives).format({ secure: true });
}

describe('createCsp() directives', () => {
  test.each<readonly [CspDirectives, string]>([
    [{ defaultSrc: [none] }, "default-src 'none'"],
    [{ scriptSrcElem: [self, 'https://cdn.example'] }, "script-src-elem 'self' https://cdn.example"],
    [{ scriptSrcAttr: [none] }, "script-src-attr 'none'"],
    [{ styleSrc: [words.dangerouslyAllowInline] }, "style-src 'unsafe-inline'"],
    [{ styleSrcElem: [self], styleSrcAttr: [none] }, "style-src-elem 'self'; style-src-attr 'none'"],
    [{ childSrc: [self], frameSrc: ['https:'] }, "child-src 'self'; frame-src https:"],
    [{ connectSrc: ['wss://live.example', '*.example.com:*'] }, 'connect-src wss://live.example *.example.com:*'],
    [
      { fontSrc: [self], imgSrc: [self, 'data:'], mediaSrc: ['blob:'] },
      "font-src 'self'; img-src 'self' data:; media-src blob:",
    ],
    [
      { manifestSrc: [self], objectSrc: [none], workerSrc: ['blob:'] },
      "manifest-src 'self'; object-src 'none'; worker-src blob:",
    ],
    [{ baseUri: [none], formAction: [self] }, "base-uri 'none'; form-action 'self'"],
    [{ frameAncestors: [self, 'https://*.example.com'] }, "frame-ancestors 'self' https://*.example.com"],
    [{ sandbox: [] }, 'sandbox'],
    [{ sandbox: ['allow-forms', 'allow-scripts'] }, 'sandbox allow-forms allow-scripts'],
    [{ requireTrustedTypesFor: 'script' }, "require-trusted-types-for 'script'"],
    [{ trustedTypes: ['app', 'lit-html', 'dompurify#1'] }, 'trusted-types app lit-html dompurify#1'],
    [{ trustedTypes: [none] }, "trusted-types 'none'"],
    [{ webrtc: 'block' }, "webrtc 'block'"],
    [{ imgSrc: ['*'] }, 'img-src *'],
    [{ defaultSrc: [none], reportTo: 'main' }, "default-src 'none'; report-to main"],
    [
      { defaultSrc: [none], reportTo: 'main', reportUri: '/csp?v=1' },
      "default-src 'none'; report-to main; report-uri /csp?v=1",
    ],
    [{ scriptSrc: [words.sha256(DIGEST)] }, `script-src 'sha256-${DIGEST}'`],
    [
      { scriptSrc: [self, words.dangerouslyAllowEval, words.dangerouslyAllowWasm] },
      "script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval'",
    ],
    [
      { scriptSrc: [self, words.dangerouslyAllowUnsafeHashes, words.reportSample] },
      "script-src 'self' 'unsafe-hashes' 'report-sample'",
    ],
    [{ scriptSrc: [self, words.trustedTypesEval] }, "script-src 'self' 'trusted-types-eval'"],
    // Old browsers read the places, new ones strict-dynamic.
    [
      { scriptSrc: [words.sha256(DIGEST), strictDynamic, 'https:'] },
      `script-src 'sha256-${DIGEST}' 'strict-dynamic' https:`,
    ],
    // No scripts fall back to it.
    [{ defaultSrc: ['https:'], scriptSrc: [none] }, "default-src https:; script-src 'none'"],
    [
      { connectSrc: ['localhost:3000', 'http://localhost:3000/api/'] },
      'connect-src localhost:3000 http://localhost:3000/api/',
    ],
  ])('createCsp(%j) is %s', (directives, value) => {
    expect(format(directives)).toBe(value);
  });

  test('createCsp() names the header that carries it', () => {
    const directives = { defaultSrc: [none], reportTo: 'main' };
    expect(createCsp(directives).name).toBe('content-security-policy');
    expect(createCsp(directives, { reportOnly: false }).name).toBe('content-security-policy');
    expect(createCsp(directives, { reportOnly: true }).name).toBe('content-security-policy-report-only');
  });

  test('createCsp() upgrades insecure requests over https alone', () => {
    const csp = createCsp({ defaultSrc: [self], upgradeInsecureRequests: true });
    expect(csp.format({ secure: true })).toBe("default-src 'self'; upgrade-insecure-requests");
    expect(csp.format({ secure: false })).toBe("default-src 'self'");
  });

  test('createCsp() does not see its directives change, and is frozen', () => {
    const scriptSrc = [self];
    const csp = createCsp({ scriptSrc });
    scriptSrc.push(words.dangerouslyAllowInline);
    expect(csp.format({ secure: true })).toBe("script-src 'self'");
    expect(Object.isFrozen(csp)).toBe(true);
  });

  test('every word is frozen', () => {
    const tokens = Object.values(words).filter((word) => typeof word === 'object');
    expect(tokens.length).toBeGreaterThanOrEqual(10);
    expect(tokens.every(Object.isFrozen)).toBe(true);
  });
});

describe('createCsp() nonce', () => {
  const csp = createCsp({ scriptSrc: [nonce, strictDynamic], scriptSrcElem: [nonce, self], styleSrc: [nonce] });

  test('format() puts the nonce in each of its places', () => {
    expect(csp.format({ secure: true, nonce: NONCE })).toBe(
      `script-src 'nonce-${NONCE}' 'strict-dynamic'; script-src-elem 'nonce-${NONCE}' 'self'; style-src 'nonce-${NONCE}'`,
    );
  });

  // An empty source list would say 'none' as well; a left-over 'nonce-' would be an error in the console.
  test('format() without a nonce allows nothing in its place', () => {
    expect(csp.format({ secure: true })).toBe("script-src 'strict-dynamic'; script-src-elem 'self'; style-src 'none'");
  });

  // CSP Level 3 section 6.7.3.2: beside a nonce browsers ignore it, and without one they no longer would. Refusals and forgotten nonces.
  test('format() without a nonce leaves out the unsafe-inline that a nonce switches off', () => {
    const inline = words.dangerouslyAllowInline;
    const fallback = createCsp({ scriptSrc: [nonce, inline, self], styleSrc: [nonce, inline], styleSrcAttr: [inline] });
    expect(fallback.format({ secure: true })).toBe(
      "script-src 'self'; style-src 'none'; style-src-attr 'unsafe-inline'",
    );
    expect(fallback.format({ secure: true, nonce: NONCE })).toContain(
      `script-src 'nonce-${NONCE}' 'unsafe-inline' 'self'; style-src 'nonce-${NONCE}' 'unsafe-inline';`,
    );
  });

  // Hostile list J2 and J3: empty, too short, not base64, or the end of the source, the directive or the header.
  test.each([
    '',
    'short',
    `${NONCE}'`,
    `${NONCE}; script-src *`,
    `${NONCE}\r\nx: y`,
    `${NONCE},`,
    `${NONCE} `,
    `${NONCE}===`,
    `$&${NONCE}`,
  ])(
    'format() throws on the nonce %j',
    (fresh) => {
      expect(() => csp.format({ secure: true, nonce: fresh })).toThrow(TypeError);
      expect(() => createCsp({ scriptSrc: [self] }).format({ secure: true, nonce: fresh })).toThrow(TypeError);
    },
  );
});
