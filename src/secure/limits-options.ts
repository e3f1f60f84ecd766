import type { DenyCache } from '../limiter/deny-cache.ts';
import type { LimitOptions } from '../limiter/limit.ts';
import type { StoreFailureMode } from '../limiter/stand-in.ts';
import type { ResourceContext } from './context.ts';

/** What is known of a request before anybody is authenticated. */
export type EarlyContext = Pick<ResourceContext, 'url' | 'method' | 'client' | 'requestId' | 'platform'>;

/** Limits whose budget the program names itself. */
export interface CustomLimit<in C> {
  /** How much is let through. */
  readonly limits: readonly LimitOptions[];
  /** Names the budget, any text: `({ body }) => body.email`. It never meets the budgets of clients, principals and routes. */
  readonly key: (context: C, request: Request) => string;
  /** How many units a request takes, a whole number of 0 or more: the length of a batch. Default: 1. */
  readonly cost?: (context: C, request: Request) => number;
}

/** Options of {@linkcode createLimits}: limits by whose budget they take from, at least one. No two have one name. */
export interface LimitsOptions<in C = unknown> {
  /** By the client's address (IPv6 by /64), before authentication: what keeps cryptography from being the amplifier. */
  readonly client?: readonly LimitOptions[];
  /** By the policy's `id`, of all its callers together, before authentication: what keeps a costly route from everybody. */
  readonly route?: readonly LimitOptions[];
  /** By what a function makes of the request's head, before authentication. */
  readonly beforeAuthentication?: readonly CustomLimit<EarlyContext>[];
  /** By the principal, after authentication. */
  readonly principal?: readonly LimitOptions[];
  /** By what a function makes of the validated input: the account that somebody logs in to, the length of a batch. */
  readonly afterBody?: readonly CustomLimit<C>[];
  /**
   * What happens when the store cannot decide: `closed` refuses with 503, `open` admits, a store of this process such as `memoryStore()` decides instead.
   * Default: `closed`; logins, payments and one-time codes should leave it so.
   */
  readonly whenStoreFails?: StoreFailureMode;
  /** After how many milliseconds a store that has not answered counts as failed. Default: 1,000 where it fails closed, else 100. */
  readonly timeoutMs?: number;
  /** Remembers denials by address, from `createDenyCache`, so that a flood does not reach the store. Default: it is asked every time. */
  readonly localDenyCache?: DenyCache;
}

/** The names of all limits, in the order in which they are asked. */
export function namesOf(options: LimitsOptions<never>): readonly string[] {
  const { client = [], route = [], principal = [], beforeAuthentication = [], afterBody = [] } = options;
  const custom = [...beforeAuthentication, ...afterBody].flatMap((one) => one.limits);
  return [...client, ...route, ...principal, ...custom].map((limit) => limit.name);
}
