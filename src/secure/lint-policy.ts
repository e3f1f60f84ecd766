import { type Clock, systemClock } from '../core/clock.ts';
import { functionOption, refuseUnknownOptions } from '../core/option.ts';
import { type AnyPolicy, readAnyPolicy } from './any-policy.ts';
import { factsOf } from './lint-facts.ts';
import type { LintCode, LintFinding } from './lint-finding.ts';
import { LINT_RULES, type LintRule } from './lint-rules.ts';

/** Options of {@linkcode lintPolicy}. */
export interface LintPolicyOptions {
  /** Tells the time in milliseconds, for ends of report modes. Default: the policy's, or the platform's. */
  readonly clock?: Clock;
}

const ACTION = 'lint policy';

/**
 * Finds what a policy allows and nobody may have meant: changes that need no right, logins that can be guessed at without end, checks that do not run.
 *
 * It sees the policy, and neither the handler nor what stands in front of it: no finding is no proof. What can only be wrong is no finding: `secure()` refuses it, and
 * so does this. Nothing runs and nobody is told. Run it over all policies in a test: filter by `code` what is meant, and fail on the rest.
 *
 * @param policy any policy, or what `definePolicy` made
 * @param options a clock, for tests
 * @returns the findings, worst first; frozen
 * @throws {TypeError} for a policy that `secure()` would refuse, or an unknown option
 * @throws {RangeError} for a number out of bounds
 * @see OWASP API Security Top 10 2023
 *
 * @example
 * ```ts
 * import { definePolicy, lintPolicy } from 'sallyport';
 *
 * const remove = definePolicy({ id: 'remove', methods: ['DELETE'], auth: 'public' });
 * console.log(lintPolicy(remove).map(({ code }) => code)); // ['public_mutation', 'public_unlimited']
 * ```
 */
export function lintPolicy(policy: AnyPolicy, options: LintPolicyOptions = {}): readonly LintFinding[] {
  refuseUnknownOptions(ACTION, options, ['clock']);
  const { policy: sound, compiled } = readAnyPolicy(policy);
  const { clock = sound.clock ?? systemClock } = options;
  functionOption(ACTION, 'clock', clock);
  const facts = factsOf(sound, compiled.authenticators, clock());
  const findings: LintFinding[] = [];
  // The keys of the table are its codes.
  for (const [code, { severity, message, find }] of Object.entries(LINT_RULES) as [LintCode, LintRule][]) {
    const fields = find(facts);
    if (fields.length > 0) findings.push(Object.freeze({ code, severity, message, fields: Object.freeze(fields) }));
  }
  return Object.freeze(findings);
}
