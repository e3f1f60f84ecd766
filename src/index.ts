/**
 * One guarded way in: `secure(policy, handler)` around any fetch handler, and the refusal it answers with. The tools are in the subpaths.
 *
 * @module
 */
export { type Handler, secure, type SecuredHandler } from './secure/secure.ts';
export { definePolicy } from './secure/define-policy.ts';
export type {
  BodyLimits,
  ContextIn,
  DefinedPolicy,
  ErrorReport,
  FormField,
  InputContextIn,
  Method,
  Policy,
  ResourceContextIn,
  SchemaField,
  Timeouts,
} from './secure/policy.ts';
export { createLimits, type Limits } from './secure/limits.ts';
export type { CustomLimit, EarlyContext, LimitsOptions } from './secure/limits-options.ts';
export { createModes, type Modes } from './secure/modes.ts';
export type { AccessMode, IsLoose, PolicyModes, ReportMode, StageMode } from './secure/mode.ts';
export type { PolicyEvent } from './secure/event.ts';
export { lintPolicy, type LintPolicyOptions } from './secure/lint-policy.ts';
export type { LintCode, LintFinding } from './secure/lint-finding.ts';
export { describePolicy } from './secure/describe-policy.ts';
export type {
  LimitDescription,
  ModeDescription,
  PolicyDescription,
  StageDescription,
} from './secure/policy-description.ts';
export type { AnyPolicy } from './secure/any-policy.ts';
export type {
  Auth,
  BodyIn,
  BodyOf,
  ClaimsOf,
  Context,
  ParsedIn,
  PrincipalIn,
  PrincipalOf,
  ResourceContext,
  WouldDeny,
} from './secure/context.ts';
export { createIdempotency, type Idempotency, type IdempotencyOptions } from './secure/idempotency.ts';
export type { IdempotencyScope } from './secure/idempotency-key.ts';
export type { IdempotencyCompletion, IdempotencyRun, IdempotencyStart } from './secure/idempotency-run.ts';
export type { Authenticator, Principal } from './secure/authenticator.ts';
export { type BearerAuthOptions, createBearerAuth } from './secure/bearer.ts';
export { isRefusal, type Issue, Refusal, type RefusalCode, type RefusalOptions } from './core/refusal.ts';
export { type ProblemOptions, toProblem } from './core/problem.ts';
export type { Clock, MaybePromise } from './core/clock.ts';
export type { StandardSchema } from './core/standard-schema.ts';
