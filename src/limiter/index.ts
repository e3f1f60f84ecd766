/**
 * Rate limits: several at once, all or nothing, over any store, with the draft's headers.
 *
 * @module
 */
export { createLimiter, type Limiter, type LimiterOptions } from './limiter.ts';
export type { ConsumeOptions } from './consume.ts';
export type { WaitOptions } from './wait.ts';
export type { Decision, LimitState } from './decision.ts';
export { createDenyCache, type DeniedQuestion, type DenyCache, type DenyCacheOptions } from './deny-cache.ts';
export type { Limit, LimitOptions } from './limit.ts';
export type { LimitPlans } from './plan.ts';
export type { LocalLimits, StoreFailureMode } from './stand-in.ts';
export type { Cost, LimitAlgorithm, LimitNumbers, LimitReading, WindowResult } from './algorithm.ts';
export { gcra, type GcraArgs } from './gcra.ts';
export { fixedWindow, type FixedWindowArgs } from './fixed-window.ts';
export { slidingWindow, type SlidingWindowArgs } from './sliding-window.ts';
export { slidingLog, type SlidingLogArgs, strictWindow } from './sliding-log.ts';
export { lease, type LeaseArgs, type LeaseResult, type LeaseState, release, type ReleaseArgs } from './lease.ts';
export { formatQuotaExceeded, formatRateLimit, type RateLimitFormat, type RateLimitHeaders } from './format.ts';
export { clientKey, joinKeys, principalKey, routeKey } from './key.ts';
