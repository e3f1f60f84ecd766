import type { StageName } from './order.ts';

/** How a check is meant, as the policy says it: whether an end is over is for `lintPolicy`. */
export interface ModeDescription {
  /** What it does with what it would refuse. */
  readonly mode: 'enforce' | 'report' | 'off';
  /** The last day of report mode; null for none. */
  readonly until: string | null;
  /** Why it reports; null where nothing is said. */
  readonly reason: string | null;
  /** For whom it is enforced in report mode all the same; null for nobody. */
  readonly enforce: { readonly sample: number; readonly by: 'client' | 'principal' } | null;
}

/** A stage of a policy. */
export interface StageDescription extends ModeDescription {
  /** Its name. */
  readonly stage: StageName;
}

/** A limit of a policy. */
export interface LimitDescription extends ModeDescription {
  /** As clients see it. */
  readonly name: string;
  /** Whose budget it takes from. */
  readonly group: 'client' | 'route' | 'beforeAuthentication' | 'principal' | 'afterBody';
  /** Units per window. */
  readonly limit: number;
  /** The window in seconds. */
  readonly windowSeconds: number;
  /** The most units at once; null where it is the algorithm's own. */
  readonly burst: number | null;
  /** What its algorithm's step is called: `gcra`. */
  readonly algorithm: string;
}

/** What {@linkcode describePolicy} makes: plain data, the same as JSON; nothing is undefined. Frozen. */
export interface PolicyDescription {
  /** The policy's id. */
  readonly id: string | null;
  /** The methods that are served, with HEAD where there is GET. */
  readonly methods: readonly string[];
  /** All methods of the resource, with HEAD where there is GET. */
  readonly resourceMethods: readonly string[];
  /** Whether anybody may ask. */
  readonly public: boolean;
  /** How a principal is proved, in the order in which they are asked. */
  readonly authenticators: readonly {
    /** Whether browsers send its credentials by themselves. */
    readonly ambient: boolean;
    /** The request headers that it reads. */
    readonly requestHeaders: readonly string[];
  }[];
  /** Scopes of which the principal must have every one. */
  readonly scopes: readonly string[];
  /** What the rule of `roles` is called; null for no rule. */
  readonly roles: string | null;
  /** Whether roles say which method may be used. */
  readonly methodsByRole: boolean;
  /** Whether the object is loaded before it is decided. */
  readonly resource: boolean;
  /** What `authorize` is called: a rule of `sallyport/access` says what it asks; null for none. */
  readonly authorize: string | null;
  /** Whether a forbidden resource looks like a missing one. */
  readonly notFoundInsteadOfForbidden: boolean;
  /** Whether there is a precondition. */
  readonly precondition: boolean;
  /** Whether the client's address is read of proxies. */
  readonly client: boolean;
  /** Whether hosts are checked. */
  readonly hosts: boolean;
  /** Whether https is demanded. */
  readonly https: boolean;
  /** Whether networks are refused. */
  readonly deny: boolean;
  /** Which pages may read responses; null for none of other origins. */
  readonly cors: {
    readonly origins: readonly string[];
    readonly credentials: boolean;
    readonly headers: readonly string[];
  } | null;
  /** Whether cross-site requests are refused. */
  readonly csrf: boolean;
  /** Whether path parameters have a schema. */
  readonly params: boolean;
  /** Whether the query has a schema. */
  readonly query: boolean;
  /** What a body must be; `none` where one is refused. */
  readonly body: 'none' | 'json' | 'form' | 'unvalidated';
  /** Bounds of a JSON body; null for others: those of a form are its reader's. */
  readonly bodyLimits: { readonly maxBytes: number; readonly maxDepth: number; readonly timeoutMs: number } | null;
  /** Every limit, in the order in which they are asked. */
  readonly limits: readonly LimitDescription[];
  /** What happens when the limits' store fails; null without limits. */
  readonly whenStoreFails: 'closed' | 'open' | 'local' | null;
  /** How repeated requests run once; null where each one runs. */
  readonly idempotency: {
    readonly methods: readonly string[];
    readonly required: boolean;
    readonly ttlSeconds: number;
    readonly pendingSeconds: number;
  } | null;
  /** Whether a schema filters what leaves. */
  readonly response: boolean;
  /** How long a request may take, in milliseconds; null for no end. */
  readonly timeouts: { readonly stageMs: number; readonly handlerMs: number | null };
  /** Whether somebody is told of decisions. */
  readonly events: boolean;
  /** The stages that the policy has, in the order in which they run, those that are off too. Of limits the mode is that of the strictest. */
  readonly stages: readonly StageDescription[];
}
