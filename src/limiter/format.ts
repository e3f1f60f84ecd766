import { refuseUnknownOptions } from '../core/option.ts';
import type { Decision, LimitState } from './decision.ts';

/** What {@linkcode formatRateLimit} writes besides. */
export interface RateLimitFormat {
  /**
   * Also `X-RateLimit-Limit`, `-Remaining` and `-Reset`, of the limit that is nearest to its end, with seconds from now, for clients that know no others.
   * Default: false.
   */
  readonly legacy?: boolean;
}

/** Header names and values, lower-case. */
export type RateLimitHeaders = Readonly<Record<string, string>>;

/**
 * Formats a decision as `RateLimit-Policy`, `RateLimit` and, for a denial, `Retry-After`.
 *
 * Seconds are rounded up: a client that waits as told is admitted. `Retry-After` is left out for a cost that can never be admitted.
 *
 * @param decision from `consume`
 * @param format what to write besides
 * @returns the headers to set
 * @throws {TypeError} for an unknown option
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
export function formatRateLimit(decision: Decision, format: RateLimitFormat = {}): RateLimitHeaders {
  refuseUnknownOptions('format rate limit', format, ['legacy']);
  const { legacy = false } = format;
  return legacy ? { ...formatDraft(decision), ...formatLegacy(decision) } : formatDraft(decision);
}

/** Formats a decision as the draft has it. */
export function formatDraft(decision: Decision): RateLimitHeaders {
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

function formatLegacy({ limits }: Decision): RateLimitHeaders {
  const [nearest] = [...limits].sort((one, other) => urgency(one) - urgency(other));
  if (nearest === undefined) return {};
  return {
    'x-ratelimit-limit': String(nearest.limit),
    'x-ratelimit-remaining': String(nearest.remaining),
    'x-ratelimit-reset': String(Math.ceil(nearest.resetSeconds)),
  };
}

/** Less where it ends sooner: what refuses comes first, by how long it does. */
function urgency({ retryAfterSeconds, remaining, limit }: LimitState): number {
  return retryAfterSeconds > 0 ? -retryAfterSeconds : remaining / limit;
}

/**
 * Formats a denial as what a problem document says of it: the type `quota-exceeded`, and the names of the limits that had too little.
 *
 * @param decision from `consume`
 * @returns the option `problem` of a Refusal; nothing for what no limit has refused
 * @see draft-ietf-httpapi-ratelimit-headers-10, Quota Exceeded
 *
 * @example
 * ```ts
 * import { Refusal, toProblem } from 'sallyport';
 * import { type Decision, formatQuotaExceeded, formatRateLimit } from 'sallyport/limiter';
 *
 * export function deny(decision: Decision): Response {
 *   return toProblem(
 *     new Refusal('rate_limited', { headers: formatRateLimit(decision), problem: formatQuotaExceeded(decision) }),
 *   );
 * }
 * ```
 */
export function formatQuotaExceeded(decision: Decision): Readonly<Record<string, unknown>> {
  const violated = decision.limits.filter(({ retryAfterSeconds }) => retryAfterSeconds > 0).map(({ name }) => name);
  if (decision.allowed || violated.length === 0) return {};
  return {
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    'violated-policies': violated,
  };
}
