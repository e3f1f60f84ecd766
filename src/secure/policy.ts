import type { Roles } from '../access/role.ts';
import type { Rule } from '../access/rule.ts';
import type { Clock, MaybePromise } from '../core/clock.ts';
import type { StandardSchema } from '../core/standard-schema.ts';
import type { Cors } from '../cross-origin/cors.ts';
import type { CrossOriginCheck } from '../cross-origin/cross-origin-check.ts';
import type { HeaderPolicyOptions } from '../headers/policy.ts';
import type { IpList } from '../net/cidr.ts';
import type { ClientResolver } from '../net/client-resolver.ts';
import type { HostCheck } from '../net/host-check.ts';
import type { HttpsCheck } from '../net/https-check.ts';
import type { Precondition } from '../net/if-match.ts';
import type { FormReader } from '../schema/form-reader.ts';
import type { Store } from '../store/store.ts';
import type { Auth, BodyIn, Context, ParsedIn, PrincipalIn, ResourceContext } from './context.ts';
import type { PolicyEvent } from './event.ts';
import type { Idempotency } from './idempotency.ts';
import type { Limits } from './limits.ts';
import type { PolicyModes } from './mode.ts';
import type { Modes } from './modes.ts';

/** A method that a policy may allow. CONNECT and TRACE are not among them. */
export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** Bounds of a policy's body. */
export interface BodyLimits {
  /** The most bytes. Default: 65,536. */
  readonly maxBytes?: number;
  /** The deepest nesting. Default: 32. */
  readonly maxDepth?: number;
  /** How long the whole body may take, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number;
}

/** How long a request may take. */
export interface Timeouts {
  /** Each of authenticate, roles, params, query, the schemas of JSON bodies and responses, resource and authorize, in milliseconds; then 503 (deadline_exceeded). Default: 2,000. */
  readonly stageMs?: number;
  /** The handler until it has a response, in milliseconds; then its signal aborts, and the client gets 503. Default: no end. */
  readonly handlerMs?: number;
}

/** What `onError` is told beside the error. */
export interface ErrorReport {
  /** The id that the client was told. */
  readonly requestId: string;
  /** The policy's id. */
  readonly policyId: string | undefined;
  /** The status that the client was sent; undefined for what went on after the response. */
  readonly status: number | undefined;
}

/** A policy's schema, or none. */
export type SchemaField = StandardSchema | undefined;
/** A policy's form, or none. */
export type FormField = FormReader<unknown> | undefined;

/** The context of a policy's `resource`. */
export type ResourceContextIn<A, S, P, Q, F, M> = ResourceContext<
  PrincipalIn<A, M>,
  BodyIn<S, F, M>,
  ParsedIn<P, M, 'params'>,
  ParsedIn<Q, M, 'query'>
>;

/** The context of a policy's `authorize` and its handler. */
export type ContextIn<A, S, R, P, Q, F, M> = Context<
  PrincipalIn<A, M>,
  BodyIn<S, F, M>,
  R,
  ParsedIn<P, M, 'params'>,
  ParsedIn<Q, M, 'query'>
>;

/** The same, of which no type is found out: a rule asks for less than there is, and says nothing of what there is. */
export type InputContextIn<A, S, P, Q, F, M> = ResourceContextIn<
  NoInfer<A>,
  NoInfer<S>,
  NoInfer<P>,
  NoInfer<Q>,
  NoInfer<F>,
  NoInfer<M>
>;

/**
 * Everything that `secure()` checks before a handler runs, and does to every response. Of its types, which are found by themselves: A is that of `auth`, S
 * of `body`, R of what `resource` loads, P of `params`, Q of `query`, F of `form`, M of `mode`.
 */
export interface Policy<
  A extends Auth = Auth,
  S extends SchemaField = undefined,
  R = undefined,
  P extends SchemaField = undefined,
  Q extends SchemaField = undefined,
  F extends FormField = undefined,
  M extends PolicyModes = Record<never, never>,
> {
  /** Names the policy in reports and events, and the budget of `limits.route`. Default: none. */
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
  /** The check of cross-site requests: `createCrossOriginCheck`. Compulsory where credentials are ambient. Default: none for others. */
  readonly csrf?: CrossOriginCheck;
  /** Where limits are counted. Compulsory with `limits`. */
  readonly store?: Store;
  /** How much is let through: `createLimits`. Default: no limits. */
  readonly limits?: Limits<InputContextIn<A, S, P, Q, F, M>>;
  /**
   * How the principal is proved, or `public`. Of several the first whose credentials are there decides; a request with those of two is
   * refused.
   */
  readonly auth: A;
  /** Scopes of which the principal must have every one. Default: none needed. */
  readonly scopes?: readonly string[];
  /** What the principal's roles must permit, before the body is read: `roles.permissionRule('orders:refund')`. Default: nothing. */
  readonly roles?: Rule<{ readonly principal: PrincipalIn<NoInfer<A>, NoInfer<M>> }>;
  /** Roles that say which method whose principal may use: `createRoles` with methods. Default: all of `methods`. */
  readonly methodsByRole?: Pick<Roles<string, string, PrincipalIn<NoInfer<A>, NoInfer<M>>>, 'checkMethod'>;
  /** The schema of the path parameters, `params` of what is passed beside the request: ours in `fromText`, or any Standard Schema of texts. */
  readonly params?: P;
  /** The schema of the query: ours in `fromText`, or any Standard Schema of texts, a list where a name is repeated. Default: unread. */
  readonly query?: Q;
  /** The schema of a JSON body: ours, or any Standard Schema; not beside GET, HEAD, OPTIONS. Default: a body is refused. */
  readonly body?: S;
  /** Bounds of the JSON body. */
  readonly bodyLimits?: BodyLimits;
  /** Reads a body that is a form: `createFormReader`. Default: none. */
  readonly form?: F;
  /** Lets any body through, unread and unchecked; the handler reads it from the request. Default: false. */
  readonly dangerouslyAllowUnvalidatedBody?: boolean;
  /** Loads the object that the request is about; null or undefined is 404. Needs `authorize`. */
  readonly resource?: (context: InputContextIn<A, S, P, Q, F, M>) => MaybePromise<R | null | undefined>;
  /** Decides whether the principal may do this, to the resource where there is one; anything but `true` is 403. */
  readonly authorize?: (
    context: ContextIn<NoInfer<A>, NoInfer<S>, NoInfer<R>, NoInfer<P>, NoInfer<Q>, NoInfer<F>, NoInfer<M>>,
  ) => MaybePromise<boolean>;
  /** Whether a forbidden resource looks like a missing one: 404 instead of 403. Default: false. */
  readonly notFoundInsteadOfForbidden?: boolean;
  /** Which version of the resource the client must have seen: `createIfMatch`. Needs `resource`. Default: any. */
  readonly precondition?: Precondition<R>;
  /** Lets a request that is repeated run once: `createIdempotency`. Default: every one runs. */
  readonly idempotency?: Idempotency;
  /**
   * The schema of what leaves as JSON with a status of 2xx. What comes out of it is sent and nothing else, so that an object with `unknown: 'strip'` keeps
   * columns in; what does not fit is a 500. Default: whatever the handler answers.
   */
  readonly response?: StandardSchema;
  /**
   * Security headers of every response. A handler whose page needs a nonce applies `createHeaderPolicy` of the same options to it: the CSP that it
   * finds stays. Default: the presets.
   */
  readonly headers?: HeaderPolicyOptions;
  /** How long a request may take. */
  readonly timeouts?: Timeouts;
  /** Which stages only report, or are off: `createModes`. Default: everything enforces. */
  readonly mode?: Modes<M>;
  /** Is told of every decision, when the response is made; what it throws, and how long it takes, changes nothing. Default: nobody. */
  readonly onEvent?: (event: PolicyEvent) => unknown;
  /** Is told of every error behind a 5xx, and of nothing else; what it throws changes nothing. Default: `console.error`. */
  readonly onError?: (error: unknown, report: ErrorReport) => unknown;
  /** Tells the time in milliseconds, for events, ends of report modes and limits of this process. Default: the platform's. */
  readonly clock?: Clock;
}

/** A policy whose types are of no interest any more: what its functions are called with is what its stages made. */
export type SomePolicy = Policy<
  Auth,
  StandardSchema | undefined,
  unknown,
  StandardSchema | undefined,
  StandardSchema | undefined,
  FormReader<unknown> | undefined,
  PolicyModes
>;

/** A policy that others are made from. */
export interface DefinedPolicy<
  A extends Auth,
  S extends SchemaField,
  R,
  P extends SchemaField,
  Q extends SchemaField,
  F extends FormField,
  M extends PolicyModes,
> extends Policy<A, S, R, P, Q, F, M> {
  /**
   * Makes a policy that differs in what is given. A field replaces the base's; `limits`, `bodyLimits` and `timeouts` are merged by key, so that
   * adding one limit does not drop another.
   *
   * @throws {TypeError} for an unknown field, or one that is `undefined`
   */
  readonly extend: <
    A2 extends Auth = A,
    S2 extends SchemaField = S,
    R2 = R,
    P2 extends SchemaField = P,
    Q2 extends SchemaField = Q,
    F2 extends FormField = F,
    M2 extends PolicyModes = M,
  >(
    overrides: Partial<Policy<A2, S2, R2, P2, Q2, F2, M2>>,
    // What calls for the policy says nothing of its types: without the wrappers they would be looked for there, too.
  ) => DefinedPolicy<NoInfer<A2>, NoInfer<S2>, NoInfer<R2>, NoInfer<P2>, NoInfer<Q2>, NoInfer<F2>, NoInfer<M2>>;
}
