import type { MaybePromise } from '../core/clock.ts';
import type { Challenge } from '../net/authorization.ts';

/** Who a request acts for, as proved. Frozen. */
export interface Principal<Claims = Readonly<Record<string, unknown>>> {
  /** The subject: unique within its issuer. */
  readonly id: string;
  /** Who vouches for the id, where somebody does. */
  readonly issuer: string | undefined;
  /** What was granted. */
  readonly scopes: readonly string[];
  /** Everything that was proved about the principal. */
  readonly claims: Claims;
}

/** A way to prove who a request acts for. */
export interface Authenticator<P extends Principal<unknown> = Principal> {
  /** Whether browsers send these credentials by themselves (cookies, client certificates): then requests from other sites are refused. */
  readonly ambient: boolean;
  /** The request headers that it reads, lower-case: a policy's CORS must let pages send them. Default: none. */
  readonly requestHeaders?: readonly string[];
  /** Tells whether a request carries credentials of this kind, good or bad: one with those of two is refused. Default: unknown. */
  readonly isPresented?: (request: Request) => boolean;
  /**
   * Proves the principal of a request.
   *
   * @throws {Refusal} credentials_missing where there are none of this kind, credentials_invalid where they prove nothing, or what a verifier throws
   */
  readonly authenticate: (request: Request) => MaybePromise<P>;
  /** Formats the `WWW-Authenticate` value of a refusal. */
  readonly challenge: (challenge: Challenge) => string;
}
