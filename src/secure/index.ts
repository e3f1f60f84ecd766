/**
 * One policy around any fetch handler: every check in the one right order, one finaliser for every exit.
 *
 * @module
 */
export { type Handler, secure, type SecuredHandler } from './secure.ts';
export { definePolicy } from './define-policy.ts';
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
} from './policy.ts';
export { createLimits, type Limits } from './limits.ts';
export type { CustomLimit, EarlyContext, LimitsOptions } from './limits-options.ts';
export { createModes, type Modes } from './modes.ts';
export type { AccessMode, IsLoose, PolicyModes, ReportMode, StageMode } from './mode.ts';
export type { PolicyEvent } from './event.ts';
export { lintPolicy, type LintPolicyOptions } from './lint-policy.ts';
export type { LintCode, LintFinding } from './lint-finding.ts';
export { describePolicy } from './describe-policy.ts';
export type { LimitDescription, ModeDescription, PolicyDescription, StageDescription } from './policy-description.ts';
export type { AnyPolicy } from './any-policy.ts';
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
} from './context.ts';
export { createIdempotency, type Idempotency, type IdempotencyOptions } from './idempotency.ts';
export type { IdempotencyScope } from './idempotency-key.ts';
export type { IdempotencyCompletion, IdempotencyRun, IdempotencyStart } from './idempotency-run.ts';
export type { Authenticator, Principal } from './authenticator.ts';
export { type BearerAuthOptions, createBearerAuth } from './bearer.ts';
export { STAGE_ORDER, type StageName, type StageReason } from './order.ts';
