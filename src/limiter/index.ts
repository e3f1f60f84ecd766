/**
 * Rate limits: several at once, all or nothing, over any store, with the draft's headers.
 *
 * @module
 */
export { type ConsumeOptions, createLimiter, type Limiter, type LimiterOptions } from './limiter.ts';
export type { Decision, LimitState } from './decision.ts';
export type { LimitOptions } from './limit.ts';
export { gcra, type GcraArgs, type GcraResult } from './gcra.ts';
export { formatRateLimit, type RateLimitHeaders } from './format.ts';
export { clientKey, principalKey } from './key.ts';
