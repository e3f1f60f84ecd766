import { editHeaders } from '../core/response.ts';
import { type CorsOptions, readCorsOptions } from './cors-options.ts';
import { createNameList } from './request-header-list.ts';
import { addVary } from './vary.ts';

export type { CorsOptions } from './cors-options.ts';

/** A compiled CORS policy. */
export interface Cors {
  /** The methods that its options named; undefined where they did not. */
  readonly methods: readonly string[] | undefined;
  /** The request headers that pages may set, lower-case. */
  readonly headers: readonly string[];
  /** The origins whose pages may read responses, as given: exact ones, patterns, or `*` alone. */
  readonly origins: readonly string[];
  /** Whether pages may send cookies and read what comes back. */
  readonly credentials: boolean;
  /**
   * Answers a preflight with 204, or undefined when the request is none. A refused preflight carries no permission at all. `methods` are those of
   * the resource, where whoever routes knows them. Default: the options'.
   */
  readonly preflight: (request: Request, methods?: readonly string[]) => Response | undefined;
  /** Returns the response with what the page may read of it: call it for every response, also for refusals. */
  readonly apply: (request: Request, response: Response) => Response;
}

const ALLOW_ORIGIN = 'access-control-allow-origin';
const ALLOW_CREDENTIALS = 'access-control-allow-credentials';
const EXPOSE_HEADERS = 'access-control-expose-headers';
const REQUEST_METHOD = 'access-control-request-method';
const REQUEST_HEADERS = 'access-control-request-headers';
// Nobody should cache what answers OPTIONS (RFC 9110 section 9.3.7); for who does, one page's answer must not be another's.
const OPTIONS_VARY: readonly string[] = ['origin', REQUEST_METHOD, REQUEST_HEADERS];

/**
 * Compiles which pages of other origins may read this server's responses.
 *
 * CORS lifts a restriction; it never adds one. Requests that need no preflight still arrive and are still carried out: use
 * {@linkcode createCrossOriginCheck} where cookies authenticate them. A pattern trusts every name below a domain, the forgotten ones too.
 *
 * @param options origins, methods, headers
 * @returns the policy
 * @throws {TypeError} on an unknown option; an origin, method or header that browsers would never match or let through; and credentials
 * beside `*`, a plain `http:` origin that is not this machine, or every name below a public suffix
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
  const { allowedOrigin, credentials, methods, headers: requestHeaders, exposeHeaders, maxAgeSeconds } =
    readCorsOptions(options);
  const exposed = exposeHeaders.join(',');
  const areAllowed = createNameList(requestHeaders);
  // Every page is told the same: a cache may keep one answer.
  const vary = allowedOrigin(null) === '*' ? [] : ['origin'];
  // What every granted preflight says alike, built once.
  const grant: (readonly [string, string])[] = [];
  if (credentials) grant.push([ALLOW_CREDENTIALS, 'true']);
  if (requestHeaders.length > 0) grant.push(['access-control-allow-headers', requestHeaders.join(',')]);
  // A browser that keeps to the grammar, which knows no sign, takes -1 for no answer and remembers for 5 seconds.
  if (maxAgeSeconds !== undefined) grant.push(['access-control-max-age', String(Math.max(0, maxAgeSeconds))]);

  return Object.freeze({
    methods: options.methods === undefined ? undefined : methods,
    headers: requestHeaders,
    origins: Object.freeze([options.origins].flat()),
    credentials,
    preflight(request: Request, allowed: readonly string[] = methods): Response | undefined {
      if (!isPreflight(request)) return undefined;
      const origin = allowedOrigin(request.headers.get('origin'));
      const method = request.headers.get(REQUEST_METHOD) ?? '';
      const names = request.headers.get(REQUEST_HEADERS) ?? '';
      const response = new Response(null, { status: 204, headers: { vary: OPTIONS_VARY.join(', ') } });
      if (
        origin !== undefined && (allowed.includes(method) || allowed.includes('*')) && areAllowed(names)
      ) {
        response.headers.set(ALLOW_ORIGIN, origin);
        response.headers.set('access-control-allow-methods', allowed.join(','));
        for (const [name, value] of grant) response.headers.set(name, value);
      }
      return response;
    },
    apply(request: Request, response: Response): Response {
      // Only `preflight` may grant anything to a preflight: an allowed origin alone would let POST through with no method asked.
      if (isPreflight(request)) return response;
      const origin = allowedOrigin(request.headers.get('origin'));
      return editHeaders(response, (headers) => {
        addVary(headers, request.method === 'OPTIONS' ? OPTIONS_VARY : vary);
        setOrDelete(headers, ALLOW_ORIGIN, origin);
        setOrDelete(headers, ALLOW_CREDENTIALS, origin !== undefined && credentials ? 'true' : undefined);
        setOrDelete(headers, EXPOSE_HEADERS, origin !== undefined && exposed !== '' ? exposed : undefined);
      });
    },
  });
}

/**
 * Tells whether a request is a CORS preflight: OPTIONS with both headers. An OPTIONS without them is an ordinary request for the handler.
 *
 * @param request any request
 * @returns whether a browser asks for permission
 * @see WHATWG Fetch section 3.3.2
 */
export function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.headers.has('origin') && request.headers.has(REQUEST_METHOD);
}

function setOrDelete(headers: Headers, name: string, value: string | undefined): void {
  // A handler's own value never stands beside ours: two values of Access-Control-Allow-Origin are none.
  if (value === undefined) headers.delete(name);
  else headers.set(name, value);
}
