import { booleanOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { editHeaders } from '../core/response.ts';
import { parseOrigin } from '../net/origin.ts';
import { exposedHeadersOption, methodsOption, requestHeadersOption } from './cors-names.ts';
import { originListOption } from './origin-list.ts';
import { createNameList } from './request-header-list.ts';
import { addVary } from './vary.ts';

/** Options of {@linkcode createCors}. */
export interface CorsOptions {
  /** The exact origins whose pages may read responses, or `*` for every page of every site. */
  readonly origins: readonly string[] | '*';
  /** The methods that pages may use, in upper case. Browsers always allow GET, HEAD and POST. Default: GET, HEAD, POST. */
  readonly methods?: readonly string[];
  /** The request headers that pages may set beyond the harmless ones; JSON needs `content-type`. Default: none. */
  readonly headers?: readonly string[];
  /** The response headers that pages may read beyond the harmless ones. Default: none. */
  readonly exposeHeaders?: readonly string[];
  /** Whether pages may send cookies and read what comes back. Default: false. */
  readonly credentials?: boolean;
  /** How long browsers remember the answer to a preflight, in seconds: -1 (not at all) to 86,400. Default: left to the browser, 5 s. */
  readonly maxAgeSeconds?: number;
}

/** A compiled CORS policy. */
export interface Cors {
  /** Answers a preflight with 204, or undefined when the request is none. A refused preflight carries no permission at all. */
  preflight(request: Request): Response | undefined;
  /** Returns the response with what the page may read of it: call it for every response, also for refusals. */
  apply(request: Request, response: Response): Response;
}

const ACTION = 'create CORS policy';
const OPTIONS = ['origins', 'methods', 'headers', 'exposeHeaders', 'credentials', 'maxAgeSeconds'] as const;
const ALLOW_ORIGIN = 'access-control-allow-origin';
const ALLOW_CREDENTIALS = 'access-control-allow-credentials';
const EXPOSE_HEADERS = 'access-control-expose-headers';

/**
 * Compiles which pages of other origins may read this server's responses.
 *
 * CORS lifts a restriction; it never adds one. Requests that need no preflight still arrive and are still carried out: use
 * {@linkcode createCrossOriginCheck} where cookies authenticate them.
 *
 * @param options origins, methods, headers
 * @returns the policy
 * @throws {TypeError} on an unknown option, an origin, method or header that browsers would never match or let through, `*` beside
 * credentials, and credentials for a plain `http:` origin that is not this machine
 * @throws {RangeError} when maxAgeSeconds is out of bounds
 * @see WHATWG Fetch section 3.3 (CORS protocol)
 *
 * @example
 * ```ts
 * import { createCors } from 'sallyport/cross-origin';
 *
 * const cors = createCors({ origins: ['https://app.example'], headers: ['content-type', 'authorization'] });
 * const request = new Request('https://api.example/', { headers: { origin: 'https://app.example' } });
 * console.log(cors.apply(request, new Response('ok')).headers.get('access-control-allow-origin')); // https://app.example
 * ```
 */
export function createCors(options: CorsOptions): Cors {
  refuseUnknownOptions(ACTION, options, OPTIONS);
  const credentials = booleanOption(ACTION, 'credentials', options.credentials ?? false);
  const origins = readOrigins(options.origins, credentials);
  const methods = methodsOption(ACTION, 'methods', options.methods ?? ['GET', 'HEAD', 'POST']);
  const requestHeaders = requestHeadersOption(ACTION, 'headers', options.headers ?? []);
  const exposed = exposedHeadersOption(ACTION, 'exposeHeaders', options.exposeHeaders ?? []).join(',');
  const areAllowed = createNameList(requestHeaders);
  const grant = preflightGrant(methods, requestHeaders, options.maxAgeSeconds);

  return Object.freeze({
    preflight(request: Request): Response | undefined {
      if (!isPreflight(request)) return undefined;
      const headers = new Headers(origins === '*' ? {} : { vary: 'origin' });
      const origin = allowedOrigin(request);
      const method = request.headers.get('access-control-request-method');
      const names = request.headers.get('access-control-request-headers');
      if (
        origin !== undefined && method !== null && methods.includes(method) && (names === null || areAllowed(names))
      ) {
        headers.set(ALLOW_ORIGIN, origin);
        if (credentials) headers.set(ALLOW_CREDENTIALS, 'true');
        for (const [name, value] of grant) headers.set(name, value);
      }
      return new Response(null, { status: 204, headers });
    },
    apply(request: Request, response: Response): Response {
      // Only `preflight` may grant anything to a preflight: an allowed origin alone would let POST through with no method asked.
      if (isPreflight(request)) return response;
      const origin = allowedOrigin(request);
      return editHeaders(response, (headers) => {
        if (origins !== '*') addVary(headers, 'origin');
        setOrDelete(headers, ALLOW_ORIGIN, origin);
        setOrDelete(headers, ALLOW_CREDENTIALS, origin !== undefined && credentials ? 'true' : undefined);
        setOrDelete(headers, EXPOSE_HEADERS, origin !== undefined && exposed !== '' ? exposed : undefined);
      });
    },
  });

  function allowedOrigin(request: Request): string | undefined {
    if (origins === '*') return '*';
    const origin = request.headers.get('origin');
    // The set's own members alone are ever sent back, so nothing of a hostile Origin can be.
    return origin !== null && origins.has(origin) ? origin : undefined;
  }
}

/**
 * Tells whether a request is a CORS preflight: OPTIONS with both headers. An OPTIONS without them is an ordinary request for the handler.
 *
 * @param request any request
 * @returns whether a browser asks for permission
 * @see WHATWG Fetch section 3.3.2
 */
export function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.headers.has('origin') &&
    request.headers.has('access-control-request-method');
}

function readOrigins(value: unknown, credentials: boolean): ReadonlySet<string> | '*' {
  if (value === '*') {
    // Browsers refuse the pair; servers that reflect the origin instead give every site the user's session.
    if (credentials) throw new TypeError(`Cannot ${ACTION}: origins must be named where credentials are allowed.`);
    return '*';
  }
  const origins = originListOption(ACTION, 'origins', value);
  if (origins.size === 0) throw new TypeError(`Cannot ${ACTION}: origins must not be empty.`);
  for (const origin of origins) {
    // Whoever sits on the network can be any plain http origin, and would read what the user's cookies open.
    if (credentials && origin.startsWith('http:') && !isLoopback(origin)) {
      throw new TypeError(`Cannot ${ACTION}: credentials need https origins, except on this machine.`);
    }
  }
  return origins;
}

function isLoopback(origin: string): boolean {
  const host = parseOrigin(origin)?.host ?? '';
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.[0-9.]+$/.test(host);
}

/** What every granted preflight says alike, built once. */
function preflightGrant(
  methods: readonly string[],
  headers: readonly string[],
  maxAgeSeconds: number | undefined,
): readonly (readonly [string, string])[] {
  const grant: [string, string][] = [['access-control-allow-methods', methods.join(',')]];
  if (headers.length > 0) grant.push(['access-control-allow-headers', headers.join(',')]);
  if (maxAgeSeconds !== undefined) {
    const seconds = numberOption(ACTION, 'maxAgeSeconds', maxAgeSeconds, { min: -1, max: 86_400, integer: true });
    grant.push(['access-control-max-age', String(seconds)]);
  }
  return grant;
}

function setOrDelete(headers: Headers, name: string, value: string | undefined): void {
  // A handler's own value never stands beside ours: two values of Access-Control-Allow-Origin are none.
  if (value === undefined) headers.delete(name);
  else headers.set(name, value);
}
