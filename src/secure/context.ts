import type { OutputOf, StandardSchema } from '../core/standard-schema.ts';
import type { RefusalCode } from '../core/refusal.ts';
import type { Decision } from '../limiter/decision.ts';
import type { Client } from '../net/client.ts';
import type { Traceparent } from '../net/traceparent.ts';
import type { FormReader } from '../schema/form-reader.ts';
import type { Authenticator, Principal } from './authenticator.ts';
import type { IsLoose } from './mode.ts';
import type { StageName } from './order.ts';

/** How a policy authenticates: an authenticator, several in the order in which they are asked, or the word `public`, which must be said. */
export type Auth =
  | Authenticator<Principal<unknown>>
  | readonly Authenticator<Principal<unknown>>[]
  | 'public';

/** The principal that a policy's `auth` proves; none for `public`. */
export type PrincipalOf<A> = A extends Authenticator<infer P> ? P
  : A extends readonly (infer One)[] ? PrincipalOf<One>
  : undefined;

/** The principal as a policy's context has it: perhaps none where `auth` only reports. */
export type PrincipalIn<A, M> = IsLoose<M, 'auth'> extends false ? PrincipalOf<A> : PrincipalOf<A> | undefined;

/** What was proved about a principal. */
export type ClaimsOf<Who> = Who extends Principal<infer Claims> ? Claims : undefined;

/** What a schema gives; nothing without one. */
export type BodyOf<S> = S extends StandardSchema ? OutputOf<S> : undefined;

/** What a policy's schema gives to its context: anything where it only reports. */
export type ParsedIn<S, M, Field extends string> = [S] extends [undefined] ? undefined
  : IsLoose<M, Field> extends false ? BodyOf<S>
  : unknown;

/** The body of a policy's context: of JSON, or of a form. */
export type BodyIn<S, F, M> = F extends FormReader<infer Output> ? Output : ParsedIn<S, M, 'body'>;

/** A check that would have refused, in report mode. */
export interface WouldDeny {
  /** The stage. */
  readonly stage: StageName;
  /** The refusal. */
  readonly code: RefusalCode;
  /** The limit, where it is one. */
  readonly limit: string | undefined;
}

/** What a policy's `resource` is called with. Frozen. */
export interface ResourceContext<Who = unknown, Body = unknown, Params = unknown, Query = unknown> {
  /** Who the request acts for, as proved. */
  readonly principal: Who;
  /** Everything that was proved about the principal. */
  readonly claims: ClaimsOf<Who>;
  /** The path parameters, as the policy's `params` gave them. */
  readonly params: Params;
  /** The query, as the policy's `query` gave it. */
  readonly query: Query;
  /** The body, as the policy's `body` or `form` gave it. */
  readonly body: Body;
  /** The request's URL, parsed once, its path in canonical form. */
  readonly url: URL;
  /** The request's method. */
  readonly method: string;
  /** Who sent the request, as far as trusted hops tell. */
  readonly client: Client;
  /** The id under which the log and the client know this request. */
  readonly requestId: string;
  /** The trace that the client says it belongs to: for the log alone. */
  readonly trace: Traceparent | undefined;
  /** What the policy's limits decided so far: for a page that shows how much is left. */
  readonly limits: readonly Decision[];
  /** What would have been refused so far, were it not in report mode. */
  readonly wouldDeny: readonly WouldDeny[];
  /** Aborts when the client is gone, or the handler's time is over. */
  readonly signal: AbortSignal;
  /** Lets work go on after the response, where the runtime has a way to; what it rejects with is told to `onError`. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** What the runtime passed beside the request: Deno's info, Bun's server, a Worker's env and context. */
  readonly platform: readonly unknown[];
}

/** What a policy's `authorize` and the handler are called with. Frozen. */
export interface Context<Who = unknown, Body = unknown, Resource = unknown, Params = unknown, Query = unknown>
  extends ResourceContext<Who, Body, Params, Query> {
  /** What the policy's `resource` loaded. */
  readonly resource: Resource;
}
