import { booleanOption, functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { isReadableHeader, isSettableHeader, isUsableMethod, namesOption } from './cors-names.ts';
import { type OriginMatcher, originsOption } from './cors-origins.ts';
import { isPublicSuffix as isKnownSuffix } from './public-suffix.ts';

/** Options of {@linkcode createCors}. */
export interface CorsOptions {
  /**
   * The exact origins whose pages may read responses; patterns whose first label is `*`, for exactly one label: `https://*.example.com`; or
   * `*` alone for every page of every site.
   */
  readonly origins: readonly string[] | '*';
  /** The methods that pages may use, in upper case; `['*']` for all, without credentials. Default: GET, HEAD, POST. */
  readonly methods?: readonly string[];
  /**
   * The request headers that pages may set beyond the harmless ones; JSON needs `content-type`. Without credentials `*` is all but
   * `authorization`, which may stand beside it. Default: none.
   */
  readonly headers?: readonly string[];
  /** The response headers that pages may read beyond the harmless ones; `['*']` for all, without credentials. Default: none. */
  readonly exposeHeaders?: readonly string[];
  /** Whether pages may send cookies and read what comes back. Default: false. */
  readonly credentials?: boolean;
  /** How long browsers remember a preflight, in seconds, at most 86,400; 0 or -1 is not at all. Default: left to the browser, 5 s. */
  readonly maxAgeSeconds?: number;
  /**
   * Tells whether strangers can register names below a domain; asked once for each pattern beside credentials. Default: knows the commonest;
   * for all of them, look it up in the Public Suffix List.
   */
  readonly isPublicSuffix?: (domain: string) => boolean;
  /** Lets plain `http:` origins have credentials: whoever sits on the network reads what the user's cookies open. Default: false. */
  readonly dangerouslyAllowHttpOrigins?: boolean;
  /** Lets a pattern match names that strangers can register: `https://*.github.io`. Default: false. */
  readonly dangerouslyAllowPublicSuffixes?: boolean;
}

/** {@linkcode CorsOptions}, checked. */
export interface CorsSettings {
  readonly allowedOrigin: OriginMatcher;
  readonly credentials: boolean;
  readonly methods: readonly string[];
  /** In lower case. */
  readonly headers: readonly string[];
  /** In lower case. */
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds: number | undefined;
}

const ACTION = 'create CORS policy';
const OPTIONS: readonly string[] = [
  'origins',
  'methods',
  'headers',
  'exposeHeaders',
  'credentials',
  'maxAgeSeconds',
  'isPublicSuffix',
  'dangerouslyAllowHttpOrigins',
  'dangerouslyAllowPublicSuffixes',
];

/**
 * Checks every option.
 *
 * @throws {TypeError} see `createCors`
 * @throws {RangeError} see `createCors`
 */
export function readCorsOptions(options: CorsOptions): CorsSettings {
  refuseUnknownOptions(ACTION, options, OPTIONS);
  const {
    credentials = false,
    methods = ['GET', 'HEAD', 'POST'],
    headers = [],
    exposeHeaders = [],
    maxAgeSeconds,
    isPublicSuffix = isKnownSuffix,
    dangerouslyAllowHttpOrigins = false,
    dangerouslyAllowPublicSuffixes = false,
  } = options;
  const allowedOrigin = originsOption(ACTION, options.origins, {
    credentials: booleanOption(ACTION, 'credentials', credentials),
    allowHttp: booleanOption(ACTION, 'dangerouslyAllowHttpOrigins', dangerouslyAllowHttpOrigins),
    allowPublicSuffixes: booleanOption(ACTION, 'dangerouslyAllowPublicSuffixes', dangerouslyAllowPublicSuffixes),
    isPublicSuffix: functionOption(ACTION, 'isPublicSuffix', isPublicSuffix),
  });
  const wildcard = !credentials;
  if (maxAgeSeconds !== undefined) {
    numberOption(ACTION, 'maxAgeSeconds', maxAgeSeconds, { min: -1, max: 86_400, integer: true });
  }
  return {
    allowedOrigin,
    credentials,
    methods: namesOption(ACTION, 'methods', methods, { isUsable: isUsableMethod, wildcard }),
    headers: lowerCase(namesOption(ACTION, 'headers', headers, { isUsable: isSettableHeader, wildcard })),
    exposeHeaders: lowerCase(
      namesOption(ACTION, 'exposeHeaders', exposeHeaders, { isUsable: isReadableHeader, wildcard }),
    ),
    maxAgeSeconds,
  };
}

function lowerCase(names: readonly string[]): readonly string[] {
  return Object.freeze(names.map((name) => name.toLowerCase()));
}
