import { describe, expect, test } from 'vitest';
import type { AnyPolicy } from '../../src/secure/any-policy.ts';
import type { LintCode } from '../../src/secure/lint-finding.ts';
import { lintPolicy } from '../../src/secure/lint-policy.ts';
import { LINT_RULES } from '../../src/secure/lint-rules.ts';
import { createModes } from '../../src/secure/modes.ts';
import { open } from './fixtures.ts';
import { ACCESS_CASES } from './lint-cases-access.ts';
import { MODE_CASES } from './lint-cases-modes.ts';
import { clock, limited, type LintCase, LOGIN, report, SOUND, WRITE } from './lint-policies.ts';

const codesOf = (policy: AnyPolicy): readonly LintCode[] => lintPolicy(policy, { clock }).map(({ code }) => code);
// Each code has cases: the types say so.
const FOUND: Readonly<Record<LintCode, readonly LintCase[]>> = { ...ACCESS_CASES, ...MODE_CASES };

describe('lintPolicy()', () => {
  test.each(SOUND)('finds nothing in %s', (_what, policy) => {
    expect(codesOf(policy)).toEqual([]);
  });

  describe.each(Object.entries(FOUND))('%s', (code, cases) => {
    test.each(cases)('finds %s', (_what, policy) => {
      expect(codesOf(policy)).toContain(code);
    });

    test.each(cases.map(([, , what, policy]) => [what, policy] as const))('leaves alone %s', (_what, policy) => {
      expect(codesOf(policy)).not.toContain(code);
    });
  });

  test('names the fields, of what is missing too', () => {
    const [finding] = lintPolicy({ ...LOGIN, ...limited }, { clock });
    expect(finding).toEqual({
      code: 'login_without_account_limit',
      severity: 'warning',
      message: LINT_RULES.login_without_account_limit.message,
      fields: ['auth', 'limits.afterBody'],
    });
  });

  test('names each mode that it is about', () => {
    const mode = createModes({ body: 'off', limits: { client: 'off' } });
    expect(lintPolicy({ ...WRITE, mode }, { clock })).toMatchObject([
      { code: 'stage_off', fields: ['mode.body', 'mode.limits.client'] },
    ]);
  });

  test('tells errors before warnings', () => {
    const severities = lintPolicy({ methods: ['DELETE'], auth: 'public' }, { clock }).map(({ severity }) => severity);
    expect(severities).toEqual(['error', 'warning']);
    const all = Object.values(LINT_RULES).map(({ severity }) => severity);
    expect(all).toEqual(all.toSorted());
  });

  test('says the danger and the way out in sentences', () => {
    for (const { message } of Object.values(LINT_RULES)) expect(message).toMatch(/^[A-Z].{60,260}\.$/);
  });

  test('tells the time by the option, then by the policy, and freezes what it answers', () => {
    const policy = { ...WRITE, mode: createModes({ body: report('2026-06-14') }), clock: () => 0 };
    expect(lintPolicy(policy).map(({ code }) => code)).toContain('report_without_end');
    const findings = lintPolicy(policy, { clock });
    expect(findings.map(({ code }) => code)).toEqual(['report_ended']);
    expect([findings, ...findings, ...findings.map(({ fields }) => fields)].every(Object.isFrozen)).toBe(true);
  });

  test('refuses an unknown option, and a clock that is none', () => {
    expect(() => lintPolicy(open, { now: 1 } as never)).toThrow(TypeError);
    expect(() => lintPolicy(open, { clock: 1 } as never)).toThrow(TypeError);
  });
});
