import { refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { parseOrigin } from '../net/origin.ts';
import { bypassOption } from './bypass-list.ts';
import { checkedListOption } from './checked-list.ts';
import { ORIGIN_FAULT } from './origin-pattern.ts';

/** Options of {@linkcode createCrossOriginCheck}. */
export interface CrossOriginCheckOptions {
  /** Other origins whose pages may send requests with this site's cookies: `https://app.example`. Default: none. */
  readonly trustedOrigins?: readonly string[];
  /**
   * Requests that other sites must be able to make a browser send, and that prove themselves otherwise, by method and exact path:
   * `POST /saml/acs`. A WebSocket handshake is a `GET`. Default: none.
   */
  readonly bypass?: readonly string[];
  /**
   * What to do when a request says nothing about where it comes from: `allow`, `deny`. No current browser does that; programs do.
   * Default: allow, unless the request carries a cookie.
   */
  readonly missing?: 'allow' | 'deny';
}

/**
 * What only the caller knows about a request; what a client resolver returns will do. It is compared with Origin where there is no Fetch
 * metadata: plain http, old browsers, and the WebSocket handshakes of Chromium.
 */
export interface CrossOriginCheckContext {
  /** The origin under which clients reach this server. Default: made of scheme and host. */
  readonly origin?: string | undefined;
  /** The scheme that the client used, as trusted hops tell it. Default: that of `request.url`, which is wrong behind a TLS proxy. */
  readonly scheme?: 'http' | 'https' | undefined;
  /** The host, and the port unless it is the scheme's own, that the client asked for. Default: that of `request.url`. */
  readonly host?: string | undefined;
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
 * does not stop scripts on the same origin. A batch is checked once, whole, before it is split. Requests without ambient credentials
 * (cookies, client certificates) do not need it.
 *
 * @param options trusted origins, what is let through unchecked, and what to do without headers
 * @returns the check; its refusals are `cross_site_request`
 * @throws {TypeError} on an unknown option, an origin that is not written as browsers write it, or a bypass that is not exact
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
  refuseUnknownOptions(ACTION, options, ['trustedOrigins', 'bypass', 'missing']);
  const { trustedOrigins = [], bypass = [], missing } = options;
  const trusted = new Set(checkedListOption(
    ACTION,
    'trustedOrigins',
    trustedOrigins,
    (origin) => parseOrigin(origin) === undefined ? ORIGIN_FAULT : undefined,
  ));
  const isBypassed = bypassOption(ACTION, 'bypass', bypass);
  if (missing !== undefined && missing !== 'allow' && missing !== 'deny') {
    throw new TypeError(`Cannot ${ACTION}: missing must be allow or deny.`);
  }
  return Object.freeze({
    check(request: Request, context: CrossOriginCheckContext = {}): Refusal | undefined {
      if (SAFE_METHODS.includes(request.method) && !isHandshake(request.headers)) return undefined;
      const why = findFault(request, context);
      // Asked last: most requests need no URL parsed. The refusal needs no `Vary: sec-fetch-site`: as a problem it is never stored, and a
      // handshake that succeeds cannot be.
      return why === undefined || isBypassed(request) ? undefined : new Refusal('cross_site_request', {
        message: `The request was refused as cross-site: ${why}.`,
      });
    },
  });

  function findFault({ url, headers }: Request, context: CrossOriginCheckContext): string | undefined {
    const site = headers.get('sec-fetch-site');
    const origin = headers.get('origin');
    // `none` is the user: an address typed, a bookmark. `same-origin` also covers a page that hides its origin as `null`.
    if (site === 'same-origin' || site === 'none') return undefined;
    const isTrusted = origin !== null && trusted.has(origin);
    if (site === 'same-site' || site === 'cross-site') return isTrusted ? undefined : 'another origin sent it';
    // A value that no browser sends, or two of them: whoever made it is not to be believed.
    if (site !== null) return 'Sec-Fetch-Site is not one known value';
    if (origin === null) {
      const allowed = missing === undefined ? !headers.has('cookie') : missing === 'allow';
      return allowed ? undefined : 'it does not say where it comes from';
    }
    // Compared as text, never parsed: two origins, or 8 KB of anything, are just not equal. `null` would be, to the origin of a URL
    // that is not http, and every sandboxed frame sends it.
    const isOwn = origin.startsWith('http') && origin === ownOrigin(url, context);
    return isTrusted || isOwn ? undefined : 'its Origin is another';
  }
}

/**
 * A handshake is a GET that opens a channel on which the page can read and write: cross-site WebSocket hijacking. Over HTTP/2 it has no
 * Upgrade (RFC 8441), and some gateways make a GET of it.
 */
function isHandshake(headers: Headers): boolean {
  return headers.has('upgrade') || headers.has('sec-websocket-version');
}

function ownOrigin(url: string, context: CrossOriginCheckContext): string | undefined {
  // Own properties alone: a polluted prototype must not name an origin of ours.
  const own = { __proto__: null, ...context };
  const { origin, scheme, host } = own;
  if (origin !== undefined) return origin;
  // Some runtimes pass a bare path where Host is malformed.
  if (!URL.canParse(url)) return undefined;
  const { protocol, host: asked } = new URL(url);
  return `${scheme ?? protocol.slice(0, -1)}://${host ?? asked}`;
}
