/** A stage's name and why it stands where it does. */
export interface StageReason {
  /** The stage. */
  readonly stage: StageName;
  /** Why it stands here. */
  readonly reason: string;
}

/** The stages that exist. */
export type StageName =
  | 'method'
  | 'preflight'
  | 'clientLimits'
  | 'contentHeaders'
  | 'authenticate'
  | 'crossSite'
  | 'scopes'
  | 'principalLimits'
  | 'body'
  | 'resource';

/**
 * The one order of the stages. The caller's policy says what is checked, never when. Before the first stage the view of the request is
 * frozen (URL parsed once, request id, client address); after the last the handler runs; one finaliser serves every exit.
 */
export const STAGE_ORDER: readonly StageReason[] = Object.freeze([
  { stage: 'method', reason: 'the cheapest no, from one header line' },
  { stage: 'preflight', reason: 'browsers send no credentials with it: anything later would refuse it' },
  { stage: 'clientLimits', reason: 'before authentication: signatures and key fetches are what an attacker amplifies' },
  { stage: 'contentHeaders', reason: 'length and type from the headers alone: still not a byte of the body' },
  { stage: 'authenticate', reason: 'everything after it may speak of a principal, nothing before it can' },
  {
    stage: 'crossSite',
    reason: 'only ambient credentials can be abused by another site, so only then is it known to matter',
  },
  { stage: 'scopes', reason: 'function-level authorization, before a byte of the body is read' },
  { stage: 'principalLimits', reason: 'the budget of who it is; a request without the scope must not spend it' },
  { stage: 'body', reason: 'read once, bounded, parsed and validated, for those who may send it' },
  { stage: 'resource', reason: 'object-level authorization, on validated input; anything but true denies' },
]);
