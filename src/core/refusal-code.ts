/** The closed union of reasons for which this package refuses a request. Switch on it. */
export type RefusalCode =
  // request line and headers
  | 'request_malformed'
  | 'method_not_allowed'
  | 'host_not_allowed'
  | 'https_required'
  | 'cross_site_request'
  | 'content_length_invalid'
  | 'content_encoding_unsupported'
  | 'media_type_unsupported'
  | 'params_invalid'
  | 'query_invalid'
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
  | 'credentials_invalid'
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
  | 'jwt_revoked'
  | 'jwt_confirmation_mismatch'
  | 'jwt_nonce_mismatch'
  | 'jwt_hash_mismatch'
  | 'jwt_authentication_too_old'
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
  | 'precondition_required'
  | 'precondition_failed'
  // limits and storage
  | 'rate_limited'
  | 'store_unavailable'
  | 'idempotency_key_missing'
  | 'idempotency_key_invalid'
  | 'idempotency_conflict'
  | 'idempotency_mismatch'
  // ours
  | 'deadline_exceeded'
  | 'internal_error';

/**
 * Every way a request can be refused, under the one status that a client sees for it and the reason phrase of RFC 9110, which with
 * `type: about:blank` is the title (RFC 9457 section 4.2.1). With {@linkcode toProblem} this table is all that ever leaves the server about a
 * refusal, so that one look audits it. Adding a refusal is adding its name here and to the union.
 */
const TABLE: readonly (readonly [status: number, title: string, codes: readonly RefusalCode[]])[] = [
  [400, 'Bad Request', [
    'request_malformed',
    'params_invalid',
    'query_invalid',
    'content_length_invalid',
    'body_not_allowed',
    'body_unreadable',
    'body_invalid',
    'utf8_malformed',
    'json_malformed',
    'json_too_deep',
    'json_duplicate_key',
    'json_forbidden_key',
    'credentials_malformed',
    'idempotency_key_missing',
    'idempotency_key_invalid',
    'pkce_method_unsupported',
    'pkce_challenge_malformed',
    'pkce_verifier_malformed',
    'pkce_mismatch',
  ]],
  [401, 'Unauthorized', [
    'credentials_missing',
    'credentials_invalid',
    'jwt_malformed',
    'jwt_too_large',
    'jwt_critical_header_unsupported',
    'jwt_algorithm_not_allowed',
    'jwt_key_not_found',
    'jwt_signature_invalid',
    'jwt_type_mismatch',
    'jwt_issuer_mismatch',
    'jwt_audience_mismatch',
    'jwt_expired',
    'jwt_not_yet_valid',
    'jwt_issued_in_future',
    'jwt_claim_missing',
    'jwt_claim_invalid',
    'jwt_revoked',
    'jwt_confirmation_mismatch',
    'jwt_nonce_mismatch',
    'jwt_hash_mismatch',
    'jwt_authentication_too_old',
    'signature_invalid',
  ]],
  [403, 'Forbidden', [
    'https_required',
    'cross_site_request',
    'insufficient_scope',
    'forbidden',
  ]],
  [404, 'Not Found', [
    'not_found',
  ]],
  [405, 'Method Not Allowed', [
    'method_not_allowed',
  ]],
  [408, 'Request Timeout', [
    'body_timeout',
  ]],
  [409, 'Conflict', [
    'idempotency_conflict',
  ]],
  [412, 'Precondition Failed', [
    'precondition_failed',
  ]],
  [413, 'Content Too Large', [
    'body_too_large',
    'json_too_large',
  ]],
  [415, 'Unsupported Media Type', [
    'content_encoding_unsupported',
    'media_type_unsupported',
  ]],
  [421, 'Misdirected Request', [
    'host_not_allowed',
  ]],
  [422, 'Unprocessable Content', [
    'idempotency_mismatch',
  ]],
  [428, 'Precondition Required', [
    'precondition_required',
  ]],
  [429, 'Too Many Requests', [
    'rate_limited',
  ]],
  [500, 'Internal Server Error', [
    'internal_error',
  ]],
  [503, 'Service Unavailable', [
    'key_set_unavailable',
    'store_unavailable',
    'deadline_exceeded',
  ]],
];
const ROWS: ReadonlyMap<RefusalCode, readonly [status: number, title: string, ...rest: unknown[]]> =
  /* @__PURE__ */ new Map(
    /* @__PURE__ */ TABLE.flatMap((row) => row[2].map((code) => [code, row])),
  );

/** Returns the status and the title of a code; undefined for what is no row of the table. */
export function statusOf(code: RefusalCode): readonly [status: number, title: string, ...rest: unknown[]] | undefined {
  return ROWS.get(code);
}
