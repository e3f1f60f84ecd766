/** When a stage only reports: it decides, says so, and lets through. It always ends, and always for a reason. */
export interface ReportMode {
  /** Decides and lets through. */
  readonly mode: 'report';
  /** The last day on which it only reports, in UTC: `2027-01-31`. From the next day on it enforces. */
  readonly until: string;
  /** Why, for whoever reads the policy. */
  readonly reason: string;
  /** The share of requests for which it is enforced all the same. Default: none. */
  readonly enforce?: {
    /** Above 0, at most 1. One and the same client (IPv6 by /64) or principal is always on the same side. */
    readonly sample: number;
    /** By whose address or id they are chosen; where nobody is proved, or not yet, by the client's. */
    readonly by: 'client' | 'principal';
  };
}

/** Whether a stage refuses, only reports, or is not there. */
export type StageMode = 'enforce' | 'off' | 'report' | ReportMode;

/** The same for what decides who may do something: never off, and never in report mode without an end and a reason. */
export type AccessMode = 'enforce' | ReportMode;

/** How each stage of a policy is meant, by the field that asks for it. Whatever is not named here enforces. */
export interface PolicyModes {
  /** A principal may then be missing. Nobody is ever taken for somebody. */
  readonly auth?: AccessMode;
  /** Of scopes. */
  readonly scopes?: AccessMode;
  /** Of roles. */
  readonly roles?: AccessMode;
  /** Of methods by role. */
  readonly methodsByRole?: AccessMode;
  /** Of authorize; a resource that is not there stays a 404. */
  readonly authorize?: AccessMode;
  /** Of the check of cross-site requests. */
  readonly csrf?: AccessMode;
  /** Of the host check. */
  readonly hosts?: StageMode;
  /** Of the https check. */
  readonly https?: StageMode;
  /** Of the deny list. */
  readonly deny?: StageMode;
  /** Of path parameters, which may then be anything. */
  readonly params?: StageMode;
  /** Of the query, which may then be anything. */
  readonly query?: StageMode;
  /** Of the body's schema; size, type and grammar are enforced. The body may then be any JSON. */
  readonly body?: StageMode;
  /** Of the precondition. */
  readonly precondition?: StageMode;
  /** Of the response's schema: what does not fit leaves as it is. */
  readonly response?: StageMode;
  /** Of single limits, by their names. In report mode they count. */
  readonly limits?: Readonly<Record<string, StageMode>>;
}

/** Whether a field's stage may let through what it would refuse, as far as types can tell. */
export type IsLoose<M, Field extends string> = Field extends keyof M
  // Of modes whose type was not found out, such as `PolicyModes`, each may be any.
  ? [Exclude<M[Field], undefined>] extends ['enforce'] ? false : true
  : false;
