/** What {@linkcode lintPolicy} can find. A code means the same for ever; new ones may be added. */
export type LintCode =
  | 'mutation_unauthorized'
  | 'public_mutation'
  | 'limits_fail_open'
  | 'object_unauthorized'
  | 'login_without_account_limit'
  | 'public_unlimited'
  | 'authentication_unlimited'
  | 'public_form_forgeable'
  | 'public_with_cookies'
  | 'cookies_readable_by_pattern'
  | 'credentials_confusable'
  | 'body_unvalidated'
  | 'public_body_large'
  | 'access_not_enforced'
  | 'stage_reports'
  | 'stage_off'
  | 'report_without_end'
  | 'report_ended'
  | 'sample_without_principal'
  | 'events_without_id';

/** One thing that a policy should not be. Frozen. */
export interface LintFinding {
  /** Which. */
  readonly code: LintCode;
  /** `error`: somebody may do what nobody meant. `warning`: a defence that is missing or weakened, perhaps on purpose. */
  readonly severity: 'error' | 'warning';
  /** The danger, and the way out. The same for the same code; it holds nothing of the policy. */
  readonly message: string;
  /** The fields of the policy that it is about, those that are missing too: `limits.afterBody`, `mode.body`. */
  readonly fields: readonly string[];
}
