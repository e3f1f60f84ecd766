import { booleanOption, refuseUnknownOptions } from '../core/option.ts';
import { DENIED } from './denied.ts';
import {
  ACTION,
  COMMON,
  CONTENT_SECURITY_POLICY,
  type Csp,
  type HeaderContext,
  type HeaderRow,
  NO_STORE,
  wordOption,
} from './row.ts';

/** Which windows keep a reference to the page. */
export type OpenerPolicy = 'same-origin' | 'same-origin-allow-popups' | 'noopener-allow-popups';

/** Options for HTML responses. */
export interface HtmlHeaderOptions {
  /** Whether scripts must pass Trusted Types before they touch an injection sink. Default: true. */
  readonly trustedTypes?: boolean;
  /** A policy in place of the preset's, Trusted Types and all, from `createCsp`. Default: the strictest that runs scripts and styles. */
  readonly csp?: Csp<'enforce'>;
  /** A policy on trial beside the one that is enforced, from `createCsp` with `reportOnly`. Default: none. */
  readonly cspReportOnly?: Csp<'report'>;
  /** Which windows keep a reference to the page; sign-in popups need `same-origin-allow-popups`. Default: `same-origin`. */
  readonly crossOriginOpenerPolicy?: OpenerPolicy;
  /** Whether the page is cross-origin isolated (COEP `require-corp`): every embedded resource must then agree. Default: false. */
  readonly crossOriginIsolated?: boolean;
  /** What the page and its frames may use, from `formatPermissionsPolicy`. Default: no camera, no microphone, no payment, … */
  readonly permissionsPolicy?: string;
}

const OPENER_POLICIES: readonly OpenerPolicy[] = ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups'];

const DIRECTIVES =
  "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
  "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/**
 * The rows for documents, made for https or not and, where there is one, for a nonce.
 *
 * `referrer-policy` is not `no-referrer` as for data: browsers would then send `Origin: null` with a page's own form posts.
 */
export function htmlRows(
  options: HtmlHeaderOptions,
  reporting: string | undefined,
): (context: HeaderContext) => readonly HeaderRow[] {
  refuseUnknownOptions(ACTION, options, [
    'trustedTypes',
    'csp',
    'cspReportOnly',
    'crossOriginOpenerPolicy',
    'crossOriginIsolated',
    'permissionsPolicy',
  ]);
  const {
    trustedTypes = true,
    csp,
    cspReportOnly,
    crossOriginOpenerPolicy = 'same-origin',
    crossOriginIsolated = false,
    permissionsPolicy = DENIED,
  } = options;
  const ends = (booleanOption(ACTION, 'trustedTypes', trustedTypes) ? "; require-trusted-types-for 'script'" : '') +
    (/^csp=|, csp=/.test(reporting ?? '') ? '; report-to csp' : '');
  wordOption('crossOriginOpenerPolicy', crossOriginOpenerPolicy, OPENER_POLICIES);
  if (booleanOption(ACTION, 'crossOriginIsolated', crossOriginIsolated) && crossOriginOpenerPolicy !== 'same-origin') {
    throw new TypeError(`Cannot ${ACTION}: crossOriginIsolated needs crossOriginOpenerPolicy same-origin.`);
  }
  const fixed: readonly HeaderRow[] = [
    ...COMMON,
    ['referrer-policy', 'strict-origin-when-cross-origin'],
    ['cross-origin-opener-policy', crossOriginOpenerPolicy],
    ...rowIf('cross-origin-embedder-policy', crossOriginIsolated ? 'require-corp' : undefined),
    ['cross-origin-resource-policy', 'same-origin'],
    ['origin-agent-cluster', '?1'],
    ['permissions-policy', permissionsPolicy],
    ...rowIf('reporting-endpoints', reporting),
  ];
  return (context) => [
    [CONTENT_SECURITY_POLICY, csp?.format(context) ?? contentSecurityPolicy(context, ends)],
    // Named here: whatever the caller mixed up, what is enforced stays enforced.
    ...rowIf(`${CONTENT_SECURITY_POLICY}-report-only`, cspReportOnly?.format(context)),
    ...fixed,
    // A stored page would come back with a nonce that an attacker has had time to read.
    ...(context.nonce === undefined ? [] : [NO_STORE]),
  ];
}

function rowIf(name: string, value: string | undefined): readonly HeaderRow[] {
  return value === undefined ? [] : [[name, value]];
}

/** `object-src`, `base-uri`, `form-action` and `frame-ancestors` are named because not all of them fall back to `default-src`. */
function contentSecurityPolicy({ secure, nonce }: HeaderContext, ends: string): string {
  const scripts = nonce === undefined ? "'self'" : `'nonce-${nonce}' 'strict-dynamic'`;
  // Over plain http, an upgrade breaks pages that have no https to upgrade to.
  return `default-src 'none'; script-src ${scripts}; ${DIRECTIVES}${ends}${
    secure ? '; upgrade-insecure-requests' : ''
  }`;
}
