/** The closed union of reasons for which this package refuses a request. Switch on it. */
export type RefusalCode =
  // request line and headers
  | 'request_malformed'
  | 'method_not_allowed'
  | 'cross_site_request'
  | 'content_length_invalid'
  | 'content_encoding_unsupported'
  | 'media_type_unsupported'
  // body
  | 'body_not_allowed'
  | 'body_too_large'
  | 'body_timeout'
  | 'body_unreadable'
  | 'body_invalid'
  | 'utf8_malformed'
  | 'json_malformed'
  | 'json_too_large'
  | 'json_too_deep'
  | 'json_duplicate_key'
  | 'json_forbidden_key'
  // credentials
  | 'credentials_missing'
  | 'credentials_malformed'
  | 'jwt_malformed'
  | 'jwt_too_large'
  | 'jwt_critical_header_unsupported'
  | 'jwt_algorithm_not_allowed'
  | 'jwt_key_not_found'
  | 'jwt_signature_invalid'
  | 'jwt_type_mismatch'
  | 'jwt_issuer_mismatch'
  | 'jwt_audience_mismatch'
  | 'jwt_expired'
  | 'jwt_not_yet_valid'
  | 'jwt_issued_in_future'
  | 'jwt_claim_missing'
  | 'jwt_claim_invalid'
  | 'key_set_unavailable'
  | 'signature_invalid'
  // PKCE
  | 'pkce_method_unsupported'
  | 'pkce_challenge_malformed'
  | 'pkce_verifier_malformed'
  | 'pkce_mismatch'
  // authorization
  | 'insufficient_scope'
  | 'forbidden'
  | 'not_found'
  // limits and storage
  | 'rate_limited'
  | 'store_unavailable'
  // ours
  | 'internal_error';

/** RFC 9110 reason phrases: with `type: about:blank` the title is fixed by the status (RFC 9457 section 4.2.1). */
const TITLE_BY_STATUS = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

/**
 * Every way a request can be refused, and the one status a client sees for it. With {@linkcode toProblem} this table is all
 * that ever leaves the server about a refusal, so that one look audits it. Adding a refusal is adding a row.
 */
const STATUS_BY_CODE: Readonly<Record<RefusalCode, keyof typeof TITLE_BY_STATUS>> = {
  // request line and headers
  request_malformed: 400,
  method_not_allowed: 405,
  cross_site_request: 403,
  content_length_invalid: 400,
  content_encoding_unsupported: 415,
  media_type_unsupported: 415,
  // body
  body_not_allowed: 400,
  body_too_large: 413,
  body_timeout: 408,
  body_unreadable: 400,
  body_invalid: 400,
  utf8_malformed: 400,
  json_malformed: 400,
  json_too_large: 413,
  json_too_deep: 400,
  json_duplicate_key: 400,
  json_forbidden_key: 400,
  // credentials
  credentials_missing: 401,
  credentials_malformed: 400,
  jwt_malformed: 401,
  jwt_too_large: 401,
  jwt_critical_header_unsupported: 401,
  jwt_algorithm_not_allowed: 401,
  jwt_key_not_found: 401,
  jwt_signature_invalid: 401,
  jwt_type_mismatch: 401,
  jwt_issuer_mismatch: 401,
  jwt_audience_mismatch: 401,
  jwt_expired: 401,
  jwt_not_yet_valid: 401,
  jwt_issued_in_future: 401,
  jwt_claim_missing: 401,
  jwt_claim_invalid: 401,
  key_set_unavailable: 503,
  signature_invalid: 401,
  // PKCE
  pkce_method_unsupported: 400,
  pkce_challenge_malformed: 400,
  pkce_verifier_malformed: 400,
  pkce_mismatch: 400,
  // authorization
  insufficient_scope: 403,
  forbidden: 403,
  not_found: 404,
  // limits and storage
  rate_limited: 429,
  store_unavailable: 503,
  // ours
  internal_error: 500,
};

const BRAND: unique symbol = Symbol.for('sallyport.refusal');

/** One thing that is wrong with a value: a stable code, where it is, and a sentence. Never the value itself. */
export interface Issue {
  /** Stable, machine-readable: `required`, `unknown_key`, `too_long`, … */
  readonly code: string;
  /** Property names and array indexes from the root to the value. */
  readonly path: readonly (string | number)[];
  /** A sentence for a developer; it never repeats input. */
  readonly message: string;
}

/** What a {@linkcode Refusal} may carry besides its code. */
export interface RefusalOptions {
  /** A sentence for the log. It must never hold input, token, key or header value. Default: the code. */
  readonly message?: string;
  /** Response headers that belong to this refusal: `WWW-Authenticate`, `Retry-After`, `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What was wrong with a validated value; it reaches the client. */
  readonly issues?: readonly Issue[];
  /** The error behind this one, for the log. It never reaches a client. */
  readonly cause?: unknown;
}

/**
 * The one error class of this package: a request was refused, or a decision could not be made and was therefore refused.
 *
 * Test for it with {@linkcode isRefusal}, not with `instanceof`: an ESM and a CommonJS copy of the class can meet in one process.
 * Turn it into a Response with {@linkcode toProblem}.
 *
 * @example
 * ```ts
 * import { Refusal } from 'sallyport';
 *
 * const refusal = new Refusal('rate_limited', { headers: { 'retry-after': '3' } });
 * console.log(refusal.status); // 429
 * ```
 */
export class Refusal extends Error {
  /** The reason, from a closed union: switch on it. */
  readonly code: RefusalCode;
  /** The HTTP status that belongs to the code. */
  readonly status: number;
  /** The reason phrase that belongs to the status. */
  readonly title: string;
  /** Response headers that belong to this refusal, if any. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** What was wrong with a validated value, if that was the reason. */
  readonly issues: readonly Issue[] | undefined;

  /**
   * Makes a refusal; throw it, or hand it to `toProblem`.
   *
   * @param code the reason, a row of the closed table
   * @param options message for the log, headers and issues for the client, cause for the log
   * @throws {TypeError} for a code that is no row of the table: without a status, a refusal would be answered with 200
   */
  constructor(code: RefusalCode, options: RefusalOptions = {}) {
    if (!Object.hasOwn(STATUS_BY_CODE, code)) {
      throw new TypeError(`Cannot create refusal: unknown code ${String(code)}.`);
    }
    super(options.message ?? code, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'Refusal';
    this.code = code;
    this.status = STATUS_BY_CODE[code];
    this.title = TITLE_BY_STATUS[STATUS_BY_CODE[code]];
    this.headers = options.headers;
    this.issues = options.issues;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Tells whether a caught value is a {@linkcode Refusal}, also one made by another copy of this package (ESM beside CommonJS).
 *
 * @param value anything that was caught
 * @returns true for a refusal
 *
 * @example
 * ```ts
 * import { isRefusal, Refusal } from 'sallyport';
 *
 * console.log(isRefusal(new Refusal('not_found')), isRefusal(new Error('boom'))); // true false
 * ```
 */
export function isRefusal(value: unknown): value is Refusal {
  if (typeof value !== 'object' || value === null) return false;
  try {
    // The brand alone: an Error of another realm is no instance of this one's. An own property: a polluted Object.prototype must
    // not turn every error into a refusal.
    return Object.hasOwn(value, BRAND);
  } catch {
    // Whoever catches asks this first; a Proxy whose traps throw must not make it throw again.
    return false;
  }
}
