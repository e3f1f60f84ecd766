import { readFileSync } from 'node:fs';
import process from 'node:process';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasScanners, installScanners } from './install.ts';
import { rowOf, type Scanned, scanSites } from './scan.ts';

const IN_CI = process.env['CI'] !== undefined && process.env['CI'] !== '';
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const HEAD = '| defaults of | observatory | csp_evaluator | headers added | bytes |';

const SELF = "`MEDIUM_MAYBE script-src SCRIPT_ALLOWLIST_BYPASS 'self'`";
const TYPES = '`INFO require-trusted-types-for REQUIRE_TRUSTED_TYPES_FOR_SCRIPTS`';
const STRICT = '`STRICT_CSP script-src UNSAFE_INLINE_FALLBACK`<br>`STRICT_CSP script-src ALLOWLIST_FALLBACK`';

/** Everything that is scanned, as the README shows it. What is not ours is here so that a comparison is never older than its versions. */
const ROWS: readonly string[] = [
  `| sallyport, JSON | 130, A+ | ${TYPES} | 7 | 333 |`,
  `| sallyport, HTML | 130, A+ | ${SELF} | 9 | 739 |`,
  `| sallyport, HTML with a nonce | 130, A+ | ${STRICT} | 10 | 807 |`,
  `| helmet 8.3.0, JSON | 120, A+ | ${SELF}<br>${TYPES} | 12 | 663 |`,
  `| helmet 8.3.0, HTML | 120, A+ | ${SELF}<br>${TYPES} | 12 | 663 |`,
  `| hono/secure-headers 4.13.19, JSON | 75, B | no policy | 11 | 385 |`,
  `| hono/secure-headers 4.13.19, HTML | 75, B | no policy | 11 | 385 |`,
];

const EXAMPLE: readonly string[] = ['the example, JSON', 'the example, HTML'];
const OURS: readonly string[] = ['sallyport, JSON', 'sallyport, HTML', 'sallyport, HTML with a nonce', ...EXAMPLE];

const canScan = IN_CI || hasScanners();
if (!canScan) {
  console.warn('SKIPPED: test/scanners needs scanners that are not there: npx tsx test/scanners/install.ts');
}

// In CI scanners that cannot be had are a failure, and not a reason to skip.
describe.skipIf(!canScan)('scanners that others wrote', () => {
  let scanned: readonly Scanned[];

  beforeAll(async () => {
    installScanners();
    scanned = await scanSites();
  }, 120_000);

  function find(name: string): Scanned {
    const found = scanned.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} was not scanned.`);
    return found;
  }

  test('would tell a site without headers', () => {
    const { score, grade, findings } = find('none, JSON');
    expect([score, grade]).toEqual([30, 'D']);
    expect(findings).toContain('HIGH script-src MISSING_DIRECTIVES');
  });

  test.each(OURS)('the observatory gives 130 points, A+, to %s', (name) => {
    const { score, grade, results } = find(name);
    expect([score, grade]).toEqual([130, 'A+']);
    const scripts = name.includes('HTML') ? 'but-all-scripts-loaded-from-secure-origin' : 'response-not-html';
    expect(results).toEqual([
      'content-security-policy: csp-implemented-with-no-unsafe-default-src-none',
      'cookies: cookies-not-found',
      'cross-origin-resource-sharing: cross-origin-resource-sharing-not-implemented',
      'redirection: redirection-to-https',
      'referrer-policy: referrer-policy-private',
      'strict-transport-security: hsts-implemented-max-age-at-least-six-months',
      `subresource-integrity: sri-not-implemented-${scripts}`,
      'x-content-type-options: x-content-type-options-nosniff',
      'x-frame-options: x-frame-options-implemented-via-csp',
      'cross-origin-resource-policy: corp-implemented-with-same-origin',
    ]);
  });

  // Severities in their order: HIGH, SYNTAX, MEDIUM, HIGH_MAYBE, STRICT_CSP, MEDIUM_MAYBE, INFO.
  test.each(OURS)(
    'csp_evaluator finds nothing above hints for a strict policy in %s',
    (name) => {
      const worse = find(name).findings.filter((finding) => !/^(?:STRICT_CSP|MEDIUM_MAYBE|INFO) /.test(finding));
      expect(worse).toEqual([]);
    },
  );

  test('every row of the README is what they say', () => {
    expect(scanned.slice(1).filter(({ name }) => !EXAMPLE.includes(name)).map(rowOf)).toEqual(ROWS);
  });

  test('the README shows every row', () => {
    expect(README).toContain([HEAD, '| --- | --: | --- | --: | --: |', ...ROWS].join('\n'));
  });
});
