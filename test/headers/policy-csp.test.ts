import { describe, expect, test } from 'vitest';
import { createCsp } from '../../src/headers/csp.ts';
import { nonce, none, self, strictDynamic } from '../../src/headers/csp-token.ts';
import { createHeaderPolicy, type HeaderPolicyOptions } from '../../src/headers/policy.ts';
import { API_HEADERS, HTML_HEADERS, NONCE } from '../vectors/header-presets.ts';
import { sent, withType } from './made-response.ts';

const CSP = 'content-security-policy';
const TRIAL = 'content-security-policy-report-only';

const own = createCsp({ defaultSrc: [self], scriptSrc: [nonce, strictDynamic], upgradeInsecureRequests: true });
const trial = createCsp({ defaultSrc: [none], reportTo: 'csp' }, { reportOnly: true });

describe('createHeaderPolicy() with policies of createCsp()', () => {
  test('html.csp takes the place of the preset, with the nonce and the scheme of each response', () => {
    const policy = createHeaderPolicy({ html: { csp: own } });
    const apply = (secure: boolean, fresh?: string): string | null =>
      policy.apply(withType('text/html'), fresh === undefined ? { secure } : { secure, nonce: fresh }).headers.get(CSP);
    expect(apply(true, NONCE)).toBe(
      `default-src 'self'; script-src 'nonce-${NONCE}' 'strict-dynamic'; upgrade-insecure-requests`,
    );
    expect(apply(false, NONCE)).toBe(`default-src 'self'; script-src 'nonce-${NONCE}' 'strict-dynamic'`);
    // An error page that nobody made a nonce for runs nothing.
    expect(apply(false)).toBe("default-src 'self'; script-src 'strict-dynamic'");
  });

  test('html.csp is no policy of which only the running program knows whether it is on trial', () => {
    const either = createCsp({ defaultSrc: [none], reportTo: 'csp' }, { reportOnly: Boolean(NONCE) });
    // @ts-expect-error: it may be on trial
    const options: HeaderPolicyOptions = { html: { csp: either } };
    // Whatever the types were told: what is enforced stays enforced.
    expect(createHeaderPolicy(options).list('html', { secure: true })[0]).toEqual([
      CSP,
      "default-src 'none'; report-to csp",
    ]);
  });

  test('html.csp changes nothing for data, and no other header', () => {
    const policy = createHeaderPolicy({ html: { csp: own } });
    const context = { secure: true, nonce: NONCE };
    expect(sent(policy.apply(withType('application/json'), context))).toEqual(API_HEADERS);
    expect({ ...sent(policy.apply(withType('text/html'), context)), [CSP]: '' }).toEqual({
      ...HTML_HEADERS,
      [CSP]: '',
    });
  });

  test('api.csp takes the place of the preset of data', () => {
    const policy = createHeaderPolicy({ api: { csp: createCsp({ defaultSrc: [none], frameAncestors: [self] }) } });
    expect(sent(policy.apply(withType('application/pdf'), { secure: true }))).toEqual({
      ...API_HEADERS,
      [CSP]: "default-src 'none'; frame-ancestors 'self'",
    });
  });

  test('html.cspReportOnly goes beside what is enforced', () => {
    const { headers } = createHeaderPolicy({ html: { cspReportOnly: trial } }).apply(withType('text/html'), {
      secure: true,
      nonce: NONCE,
    });
    expect(headers.get(CSP)).toBe(HTML_HEADERS[CSP]);
    expect(headers.get(TRIAL)).toBe("default-src 'none'; report-to csp");
  });

  // RFC 9111 section 3.2, as for the preset: a 304 updates a page whose scripts carry the old nonce.
  test('no policy goes with a 304', () => {
    const policy = createHeaderPolicy({ html: { csp: own, cspReportOnly: trial }, reporting: 'csp="/r"' });
    const { headers } = policy.apply(new Response(null, { status: 304 }), { secure: true, nonce: NONCE });
    expect([headers.has(CSP), headers.has(TRIAL), headers.has('reporting-endpoints')]).toEqual([false, false, false]);
  });

  test('the handler’s own report-only policy stays', () => {
    const response = withType('text/html', { [TRIAL]: "img-src 'none'; report-to mine" });
    const policy = createHeaderPolicy({ html: { cspReportOnly: trial } });
    expect(policy.apply(response, { secure: true }).headers.get(TRIAL)).toBe("img-src 'none'; report-to mine");
  });

  // Hostile list R4.
  test('apply() twice is apply() once', () => {
    const policy = createHeaderPolicy({ html: { csp: own, cspReportOnly: trial }, reporting: 'csp="/r"' });
    const context = { secure: true, nonce: NONCE };
    const once = policy.apply(withType('text/html'), context);
    const before = sent(once);
    expect(sent(policy.apply(once, context))).toEqual(before);
  });

  // Types keep the two apart. Mixed up all the same, a policy on trial must not switch off what is enforced.
  test('each option has one header, whatever kind of policy it is given', () => {
    const mixedUp = Reflect.apply(createHeaderPolicy, undefined, [{ html: { csp: trial, cspReportOnly: own } }]);
    const { headers } = mixedUp.apply(withType('text/html'), { secure: true, nonce: NONCE });
    expect(headers.get(CSP)).toBe("default-src 'none'; report-to csp");
    expect(headers.get(TRIAL)).toContain(`script-src 'nonce-${NONCE}'`);
  });

  test('a refinement of the preset means nothing beside a policy of one’s own', () => {
    const { headers } = createHeaderPolicy({ html: { csp: own, trustedTypes: true } }).apply(withType('text/html'), {
      secure: false,
    });
    expect(headers.get(CSP)).toBe("default-src 'self'; script-src 'strict-dynamic'");
  });

  test.each<readonly [string, unknown]>([
    ['a text', { html: { csp: "default-src 'self'" } }],
    ['directives that nobody compiled', { html: { csp: { defaultSrc: [self] } } }],
    ['something of the name that formats nothing', { html: { csp: { name: CSP } } }],
    ['something that formats what breaks out', {
      html: { csp: { name: CSP, format: () => "img-src 'none'\r\nx: y" } },
    }],
    ['something that formats no text', { html: { csp: { name: CSP, format: () => ({}) } } }],
    ['something that formats nothing', { api: { csp: { name: CSP, format: () => '' } } }],
  ])('createHeaderPolicy() throws on %s', (_what, options) => {
    expect(() => Reflect.apply(createHeaderPolicy, undefined, [options])).toThrow(TypeError);
  });
});

describe('createHeaderPolicy() reporting', () => {
  function valueOf(options: HeaderPolicyOptions, name: string, type = 'text/html'): string | null {
    return createHeaderPolicy(options).apply(withType(type), { secure: true }).headers.get(name);
  }

  test('reporting is sent with pages, and the preset’s policy reports to csp', () => {
    const reporting = 'csp="https://reports.example/csp"';
    expect(valueOf({ reporting }, 'reporting-endpoints')).toBe(reporting);
    expect(valueOf({ reporting }, CSP)).toContain(
      "; require-trusted-types-for 'script'; report-to csp; upgrade-insecure-requests",
    );
    expect(valueOf({ reporting: `default="/r", ${reporting}` }, CSP)).toContain('; report-to csp;');
  });

  test.each(['default="/r"', 'csp2="/r"', 'a="/csp="', 'a="/r,csp="'])(
    'reporting to %s leaves the preset’s policy without reports',
    (reporting) => {
      expect(valueOf({ reporting }, CSP)).not.toContain('report-to');
    },
  );

  test('reporting is not sent with data', () => {
    expect(valueOf({ reporting: 'csp="/r"' }, 'reporting-endpoints', 'application/json')).toBeNull();
  });
});
