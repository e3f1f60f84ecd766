/**
 * One guarded way in: `secure(policy, handler)` around any fetch handler, and the refusal it answers with. The tools are in the subpaths.
 *
 * @module
 */
export { type Handler, secure, type SecuredHandler } from './secure/secure.ts';
export { definePolicy } from './secure/define-policy.ts';
export type { BodyLimits, DefinedPolicy, ErrorReport, Method, Policy, PolicyLimits } from './secure/policy.ts';
export type { Auth, BodyOf, Context, PrincipalOf, ResourceContext } from './secure/context.ts';
export type { Authenticator, Principal } from './secure/authenticator.ts';
export { type BearerAuthOptions, createBearerAuth } from './secure/bearer.ts';
export { isRefusal, type Issue, Refusal, type RefusalCode, type RefusalOptions } from './core/refusal.ts';
export { type ProblemOptions, toProblem } from './core/problem.ts';
export type { Clock, MaybePromise } from './core/clock.ts';
export type { StandardSchema } from './core/standard-schema.ts';
