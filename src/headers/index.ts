/**
 * Security headers for API and HTML responses, chosen by the response's own media type, and what writes their values.
 *
 * @module
 */
export { createHeaderPolicy, type HeaderKind, type HeaderPolicy, type HeaderPolicyOptions } from './policy.ts';
export type { ApiHeaderOptions, ResourcePolicy } from './api.ts';
export type { HtmlHeaderOptions, OpenerPolicy } from './html.ts';
export type { HstsOptions } from './hsts.ts';
export type { Csp, HeaderContext, HeaderRow } from './row.ts';
export { createNonce } from './nonce.ts';
export { owaspStrip } from './owasp-strip.ts';
export { createCsp, type CspOptions } from './csp.ts';
export type { CspDirectives, SandboxFlag } from './csp-directive.ts';
export type { CspSource } from './csp-source.ts';
export {
  type CspToken,
  dangerouslyAllowEval,
  dangerouslyAllowInline,
  dangerouslyAllowUnsafeHashes,
  dangerouslyAllowWasm,
  nonce,
  none,
  reportSample,
  self,
  sha256,
  sha384,
  sha512,
  strictDynamic,
  trustedTypesEval,
} from './csp-token.ts';
export { formatPermissionsPolicy, type PermissionsPolicy } from './permissions-policy.ts';
export type { PermissionsFeature } from './permissions-feature.ts';
export { formatReportingEndpoints } from './reporting-endpoints.ts';
export { formatClearSiteData, type SiteData } from './clear-site-data.ts';
export { formatIntegrity, type IntegrityOptions } from './integrity.ts';
export { formatIntegrityPolicy, type IntegrityPolicyOptions } from './integrity-policy.ts';
export { formatCookie, formatExpiredCookie, parseCookies, type UnprefixedCookieOptions } from '../net/cookie.ts';
export type { CookieOptions } from '../net/cookie-attribute.ts';
export type { PrefixedCookieName } from '../net/cookie-name.ts';
export { type ContentDispositionOptions, formatContentDisposition } from '../net/content-disposition.ts';
export { formatLink, type LinkOptions } from '../net/link.ts';
export { parseRedirectTarget, type RedirectTargetOptions } from '../net/redirect-target.ts';
