import type { Decision } from './decision.ts';

/** Header names and values, lower-case. */
export type RateLimitHeaders = Readonly<Record<string, string>>;

/**
 * Formats a decision as `RateLimit-Policy`, `RateLimit` and, for a denial, `Retry-After`.
 *
 * Seconds are rounded up: a client that waits as told is admitted. `Retry-After` is left out for a cost that can never be admitted.
 *
 * @param decision from `consume`
 * @returns the headers to set
 * @see draft-ietf-httpapi-ratelimit-headers-10, RFC 9110 section 10.2.3
 *
 * @example
 * ```ts
 * import { createLimiter, formatRateLimit } from 'sallyport/limiter';
 * import { memoryStore } from 'sallyport/store';
 *
 * const limiter = createLimiter({ store: memoryStore(), limits: [{ name: 'api', limit: 60, windowSeconds: 60 }] });
 * console.log(formatRateLimit(await limiter.consume('key')));
 * // { 'ratelimit-policy': '"api";q=60;w=60', ratelimit: '"api";r=59;t=1' }
 * ```
 */
export function formatRateLimit(decision: Decision): RateLimitHeaders {
  const policies: string[] = [];
  const states: string[] = [];
  for (const limit of decision.limits) {
    // A window is a whole number of seconds in the draft; one that is not is left out rather than rounded to a lie.
    const window = Number.isInteger(limit.windowSeconds) ? `;w=${limit.windowSeconds}` : '';
    policies.push(`"${limit.name}";q=${limit.limit}${window}`);
    states.push(`"${limit.name}";r=${limit.remaining};t=${Math.ceil(limit.resetSeconds)}`);
  }
  const headers: Record<string, string> = {};
  // An empty list is written as no header at all (RFC 9651 section 3.1).
  if (states.length > 0) headers['ratelimit-policy'] = policies.join(', ');
  if (states.length > 0) headers['ratelimit'] = states.join(', ');
  if (!decision.allowed && Number.isFinite(decision.retryAfterSeconds)) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(decision.retryAfterSeconds)));
  }
  return headers;
}
