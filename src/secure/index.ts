/**
 * One policy around any fetch handler: every check in the one right order, one finaliser for every exit.
 *
 * @module
 */
export { type Handler, secure, type SecuredHandler } from './secure.ts';
export { definePolicy } from './define-policy.ts';
export type { BodyLimits, DefinedPolicy, ErrorReport, Method, Policy, PolicyLimits } from './policy.ts';
export type { Auth, BodyOf, Context, PrincipalOf, ResourceContext } from './context.ts';
export type { Authenticator, Principal } from './authenticator.ts';
export { type BearerAuthOptions, createBearerAuth } from './bearer.ts';
export { STAGE_ORDER, type StageName, type StageReason } from './order.ts';
