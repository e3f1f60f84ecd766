import { booleanOption, refuseUnknownOptions } from '../core/option.ts';
import {
  ACTION,
  COMMON,
  CONTENT_SECURITY_POLICY,
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
  /** Which windows keep a reference to the page; sign-in popups need `same-origin-allow-popups`. Default: `same-origin`. */
  readonly crossOriginOpenerPolicy?: OpenerPolicy;
  /** Whether the page is cross-origin isolated (COEP `require-corp`): every embedded resource must then agree. Default: false. */
  readonly crossOriginIsolated?: boolean;
}

const OPENER_POLICIES: readonly OpenerPolicy[] = ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups'];

const DIRECTIVES =
  "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
  "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// Registered names only: an unknown one is an error in every visitor's console.
const PERMISSIONS =
  'camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), midi=(), ' +
  'xr-spatial-tracking=()';

/**
 * The rows for documents, made for https or not and, where there is one, for a nonce.
 *
 * `referrer-policy` is not `no-referrer` as for data: browsers would then send `Origin: null` with a page's own form posts.
 */
export function htmlRows(options: HtmlHeaderOptions): (context: HeaderContext) => readonly HeaderRow[] {
  refuseUnknownOptions(ACTION, options, ['trustedTypes', 'crossOriginOpenerPolicy', 'crossOriginIsolated']);
  const { trustedTypes = true, crossOriginOpenerPolicy = 'same-origin', crossOriginIsolated = false } = options;
  booleanOption(ACTION, 'trustedTypes', trustedTypes);
  wordOption('crossOriginOpenerPolicy', crossOriginOpenerPolicy, OPENER_POLICIES);
  if (booleanOption(ACTION, 'crossOriginIsolated', crossOriginIsolated) && crossOriginOpenerPolicy !== 'same-origin') {
    throw new TypeError(`Cannot ${ACTION}: crossOriginIsolated needs crossOriginOpenerPolicy same-origin.`);
  }
  return (context) => [
    [CONTENT_SECURITY_POLICY, contentSecurityPolicy(context, trustedTypes)],
    ...COMMON,
    ['referrer-policy', 'strict-origin-when-cross-origin'],
    ['cross-origin-opener-policy', crossOriginOpenerPolicy],
    ...rowIf(crossOriginIsolated, ['cross-origin-embedder-policy', 'require-corp']),
    ['cross-origin-resource-policy', 'same-origin'],
    ['origin-agent-cluster', '?1'],
    ['permissions-policy', PERMISSIONS],
    // A stored page would come back with a nonce that an attacker has had time to read.
    ...rowIf(context.nonce !== undefined, NO_STORE),
  ];
}

function rowIf(wanted: boolean, row: HeaderRow): readonly HeaderRow[] {
  return wanted ? [row] : [];
}

/** `object-src`, `base-uri`, `form-action` and `frame-ancestors` are named because not all of them fall back to `default-src`. */
function contentSecurityPolicy({ secure, nonce }: HeaderContext, trustedTypes: boolean): string {
  const scripts = nonce === undefined ? "'self'" : `'nonce-${nonce}' 'strict-dynamic'`;
  return `default-src 'none'; script-src ${scripts}; ${DIRECTIVES}` +
    (trustedTypes ? "; require-trusted-types-for 'script'" : '') +
    // Over plain http it breaks pages that have no https to upgrade to.
    (secure ? '; upgrade-insecure-requests' : '');
}
