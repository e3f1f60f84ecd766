import type { MaybePromise } from '../core/clock.ts';
import type { StandardSchema } from '../core/standard-schema.ts';
import type { Cors } from '../cross-origin/cors.ts';
import type { CrossOriginCheckOptions } from '../cross-origin/cross-origin-check.ts';
import type { HeaderPolicyOptions } from '../headers/policy.ts';
import type { LimitOptions } from '../limiter/limit.ts';
import type { IpList } from '../net/cidr.ts';
import type { ClientResolver } from '../net/client-resolver.ts';
import type { HostCheck } from '../net/host-check.ts';
import type { HttpsCheck } from '../net/https-check.ts';
import type { Store } from '../store/store.ts';
import type { Auth, Context, ResourceContext } from './context.ts';

/** A method that a policy may allow. CONNECT and TRACE are not among them. */
export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** Limits of a policy, by whose budget they take from. */
export interface PolicyLimits {
  /** By the client's address (IPv6 by /64), before authentication: what keeps cryptography from being the amplifier. */
  readonly client?: readonly LimitOptions[];
  /** By the principal, after authentication. */
  readonly principal?: readonly LimitOptions[];
}

/** Bounds of a policy's body. */
export interface BodyLimits {
  /** The most bytes. Default: 65,536. */
  readonly maxBytes?: number;
  /** The deepest nesting. Default: 32. */
  readonly maxDepth?: number;
  /** How long the whole body may take, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number;
}

/** What `onError` is told beside the error. */
export interface ErrorReport {
  /** The id that the client was told. */
  readonly requestId: string;
  /** The policy's id. */
  readonly policyId: string | undefined;
  /** The status that the client was sent. */
  readonly status: number;
}

/** Everything that `secure()` checks before a handler runs, and does to every response. */
export interface Policy<A extends Auth = Auth, S extends StandardSchema | undefined = undefined, R = undefined> {
  /** Names the policy in reports. Default: none. */
  readonly id?: string;
  /** The methods that the handler serves; HEAD comes with GET. Everything else is 405. */
  readonly methods: readonly Method[];
  /** All methods of the resource, where other handlers serve the rest: for `Allow` and preflights. Default: `methods`. */
  readonly resourceMethods?: readonly Method[];
  /** Whose word is taken for the client's address, scheme and host: `createClientResolver` with proxies. Default: the peer's own, and no header. */
  readonly client?: ClientResolver;
  /** The hosts that are served: `createHostCheck`. Default: whichever the request names. */
  readonly hosts?: HostCheck;
  /** Whether https is demanded, and who is redirected: `createHttpsCheck`. Default: http is served. */
  readonly https?: HttpsCheck;
  /** Networks that are refused, and with them clients whose address nothing tells: `createIpList`. Default: none. */
  readonly deny?: IpList;
  /**
   * Which origins may read responses: `createCors`, without methods, which are the resource's. Its headers must name those that `auth` and `body`
   * need. Default: none.
   */
  readonly cors?: Cors;
  /** The check of cross-site requests. Default: on for ambient credentials, off for others. */
  readonly csrf?: CrossOriginCheckOptions;
  /** Where limits are counted. Compulsory with `limits`. */
  readonly store?: Store;
  /** How much is let through. Default: no limits. */
  readonly limits?: PolicyLimits;
  /** How the principal is proved, or `public`. */
  readonly auth: A;
  /** Scopes of which the principal must have every one. Default: none needed. */
  readonly scopes?: readonly string[];
  /** The schema of a JSON body: ours, or any Standard Schema; not beside GET, HEAD, OPTIONS. Default: a body is refused. */
  readonly body?: S;
  /** Bounds of the body. */
  readonly bodyLimits?: BodyLimits;
  /** Lets any body through, unread and unchecked; the handler reads it from the request. Default: false. */
  readonly dangerouslyAllowUnvalidatedBody?: boolean;
  /** Loads the object that the request is about; null or undefined is 404. Needs `authorize`. */
  readonly resource?: (context: ResourceContext<A, S>) => MaybePromise<R | null | undefined>;
  /** Decides whether the principal may do this, to the resource where there is one; anything but `true` is 403. */
  readonly authorize?: (context: Context<A, S, R>) => MaybePromise<boolean>;
  /** Whether a forbidden resource looks like a missing one: 404 instead of 403. Default: false. */
  readonly notFoundInsteadOfForbidden?: boolean;
  /**
   * Security headers of every response. A handler whose page needs a nonce applies `createHeaderPolicy` of the same options to it: the CSP that it
   * finds stays. Default: the presets.
   */
  readonly headers?: HeaderPolicyOptions;
  /** Is told of every error behind a 5xx, and of nothing else; what it throws changes nothing. Default: `console.error`. */
  readonly onError?: (error: unknown, report: ErrorReport) => unknown;
}

/** A policy that others are made from. */
export interface DefinedPolicy<A extends Auth, S extends StandardSchema | undefined, R> extends Policy<A, S, R> {
  /**
   * Makes a policy that differs in what is given. A field replaces the base's; `limits` and `bodyLimits` are merged by key, so that adding one
   * limit does not drop another.
   *
   * @throws {TypeError} for an unknown field, or one that is `undefined`
   */
  readonly extend: <A2 extends Auth = A, S2 extends StandardSchema | undefined = S, R2 = R>(
    overrides: Partial<Policy<A2, S2, R2>>,
  ) => DefinedPolicy<A2, S2, R2>;
}
