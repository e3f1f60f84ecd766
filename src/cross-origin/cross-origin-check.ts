import { refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { originListOption } from './origin-list.ts';

/** Options of {@linkcode createCrossOriginCheck}. */
export interface CrossOriginCheckOptions {
  /** Other origins whose pages may send requests with this site's cookies: `https://app.example`. Default: none. */
  readonly trustedOrigins?: readonly string[];
  /**
   * What to do when a request says nothing about where it comes from: `allow`, `deny`. No current browser does that; programs do.
   * Default: allow, unless the request carries a cookie.
   */
  readonly missing?: 'allow' | 'deny';
}

/** What only the caller knows about a request. */
export interface CrossOriginCheckContext {
  /** The origin under which clients reach this server. Default: the origin of `request.url`, which is wrong behind a TLS proxy. */
  readonly origin?: string;
}

/** A compiled check. */
export interface CrossOriginCheck {
  /** Returns a refusal when another site made the browser send this request, else undefined. */
  check(request: Request, context?: CrossOriginCheckContext): Refusal | undefined;
}

const ACTION = 'create cross-origin check';
// TRACE is safe by RFC 9110 too, but nothing that works needs it.
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Compiles the defence against cross-site request forgery: it asks the browser's own headers who made it send the request, and needs no
 * tokens, no cookies and no state.
 *
 * Every method but GET, HEAD and OPTIONS is checked, whatever its content type, and so is a WebSocket handshake. It does not protect
 * a GET, or a HEAD answered by a GET handler, that changes something; it does not read `X-HTTP-Method-Override` or `Referer`; and it
 * does not stop scripts on the same origin. Requests without ambient credentials (cookies, client certificates) do not need it.
 *
 * @param options trusted origins, and what to do without headers
 * @returns the check
 * @throws {TypeError} on an unknown option, or an origin that is not written as browsers write it
 * @see Fetch Metadata Request Headers (W3C), RFC 6454 section 7
 *
 * @example
 * ```ts
 * import { createCrossOriginCheck } from 'sallyport/cross-origin';
 *
 * const csrf = createCrossOriginCheck({ trustedOrigins: ['https://app.example'] });
 * const forged = new Request('https://api.example/', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } });
 * console.log(csrf.check(forged)?.code); // cross_site_request
 * ```
 */
export function createCrossOriginCheck(options: CrossOriginCheckOptions = {}): CrossOriginCheck {
  refuseUnknownOptions(ACTION, options, ['trustedOrigins', 'missing']);
  const { trustedOrigins = [], missing } = options;
  const trusted = originListOption(ACTION, 'trustedOrigins', trustedOrigins);
  if (missing !== undefined && missing !== 'allow' && missing !== 'deny') {
    throw new TypeError(`Cannot ${ACTION}: missing must be allow or deny.`);
  }
  return Object.freeze({
    check(request: Request, context: CrossOriginCheckContext = {}): Refusal | undefined {
      // A handshake is a GET that opens a channel on which the page can read and write: cross-site WebSocket hijacking.
      if (SAFE_METHODS.includes(request.method) && !request.headers.has('upgrade')) return undefined;
      const site = request.headers.get('sec-fetch-site');
      const origin = request.headers.get('origin');
      // `none` is the user: an address typed, a bookmark. `same-origin` also covers a page that hides its origin as `null`.
      if (site === 'same-origin' || site === 'none') return undefined;
      if (site === 'same-site' || site === 'cross-site') {
        return isTrusted(origin) ? undefined : refuse('another origin sent it');
      }
      // A value that no browser sends, or two of them: whoever made it is not to be believed.
      if (site !== null) return refuse('Sec-Fetch-Site is not one known value');
      if (origin === null) return isAllowedWithout(request) ? undefined : refuse('it does not say where it comes from');
      // Compared as text, never parsed: two origins, or 8 KB of anything, are just not equal. `null` would be, to the origin of a URL
      // that is not http, and every sandboxed frame sends it.
      if (isTrusted(origin)) return undefined;
      if (origin !== 'null' && origin === (context.origin ?? new URL(request.url).origin)) return undefined;
      return refuse('its Origin is another');
    },
  });

  function isTrusted(origin: string | null): boolean {
    return origin !== null && trusted.has(origin);
  }

  function isAllowedWithout(request: Request): boolean {
    return missing === undefined ? !request.headers.has('cookie') : missing === 'allow';
  }
}

function refuse(reason: string): Refusal {
  return new Refusal('cross_site_request', { message: `The request was refused as cross-site: ${reason}.` });
}
