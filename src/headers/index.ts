/**
 * Security headers for API and HTML responses, chosen by the response's own media type.
 *
 * @module
 */
export { createHeaderPolicy, type HeaderKind, type HeaderPolicy, type HeaderPolicyOptions } from './policy.ts';
export type { ApiHeaderOptions, ResourcePolicy } from './api.ts';
export type { HtmlHeaderOptions, OpenerPolicy } from './html.ts';
export type { HstsOptions } from './hsts.ts';
export type { HeaderContext, HeaderRow } from './row.ts';
export { createNonce } from './nonce.ts';
