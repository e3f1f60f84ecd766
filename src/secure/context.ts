import type { OutputOf, StandardSchema } from '../core/standard-schema.ts';
import type { Client } from '../net/client.ts';
import type { Authenticator, Principal } from './authenticator.ts';

/** How a policy authenticates: an authenticator, or the word `public`, which must be said. */
export type Auth = Authenticator<Principal<unknown>> | 'public';

/** The principal that a policy's `auth` proves; none for `public`. */
export type PrincipalOf<A extends Auth> = A extends Authenticator<infer P> ? P : undefined;

/** What a policy's `body` schema gives; nothing without one. */
export type BodyOf<S> = S extends StandardSchema ? OutputOf<S> : undefined;

/** What a policy's `resource` is called with. Frozen. */
export interface ResourceContext<A extends Auth = Auth, S = undefined> {
  /** Who the request acts for, as proved. */
  readonly principal: PrincipalOf<A>;
  /** The body, as the schema gave it. */
  readonly body: BodyOf<S>;
  /** The request's URL, parsed once. */
  readonly url: URL;
  /** The request's method. */
  readonly method: string;
  /** Who sent the request, as far as trusted hops tell. */
  readonly client: Client;
  /** The id under which the log and the client know this request. */
  readonly requestId: string;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
  /** What the runtime passed beside the request: Deno's info, Bun's server, a Worker's env and context. */
  readonly platform: readonly unknown[];
}

/** What a policy's `authorize` and the handler are called with. Frozen. */
export interface Context<A extends Auth = Auth, S = undefined, R = undefined> extends ResourceContext<A, S> {
  /** What the policy's `resource` loaded. */
  readonly resource: R;
}
