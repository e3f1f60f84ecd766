import type { RefusalCode } from '../core/refusal.ts';
import type { StageName } from './order.ts';

/**
 * What a policy decided about a request: small, flat, and without a word that the client chose but its method. It holds no path, query, header, body or
 * token, so that it can be written down as it is.
 */
export interface PolicyEvent {
  /**
   * `allowed`: the handler answered, or a stage in its place (a preflight, a redirect, a replay). `denied`: a check refused, or the handler by a refusal,
   * below 500. `failed`: nobody could decide, or something threw. `would_deny`: a check in report mode. `degraded` and `recovered`: the store
   * stopped, or began again, to decide for a stage; once each. `not_enforced`: said of a stage when the policy is made.
   */
  readonly outcome: 'allowed' | 'denied' | 'failed' | 'would_deny' | 'degraded' | 'recovered' | 'not_enforced';
  /** Where it was decided; `request` before the first stage. */
  readonly stage: StageName | 'request' | 'handler';
  /** Why, where it was refused. */
  readonly code: RefusalCode | undefined;
  /** The limit that refused, or would have, or does not enforce. */
  readonly limit: string | undefined;
  /** The response's status, where it is known. */
  readonly status: number | undefined;
  /** The policy's `id`. */
  readonly policyId: string | undefined;
  /** The id that the client was told. */
  readonly requestId: string | undefined;
  /** The trace that the client says it belongs to. */
  readonly traceId: string | undefined;
  /** The request's method, where it is one that policies know. */
  readonly method: string | undefined;
  /** The client's address, as far as trusted hops tell. */
  readonly client: string | undefined;
  /** The principal's id: at most 256 characters of it, U+FFFD in the place of control characters. */
  readonly principalId: string | undefined;
  /** Who vouches for that id. */
  readonly issuer: string | undefined;
  /** Who acts in the principal's name: the subject of the claim `act` (RFC 8693 section 4.1). */
  readonly actorId: string | undefined;
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** How long the request has taken until then, in milliseconds. */
  readonly durationMs: number;
}
