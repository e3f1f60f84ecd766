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
  | 'hosts'
  | 'https'
  | 'preflight'
  | 'deny'
  | 'clientLimits'
  | 'contentHeaders'
  | 'authenticate'
  | 'crossSite'
  | 'scopes'
  | 'roles'
  | 'methodsByRole'
  | 'principalLimits'
  | 'params'
  | 'query'
  | 'body'
  | 'bodySchema'
  | 'inputLimits'
  | 'resource'
  | 'authorize'
  | 'precondition'
  | 'idempotency'
  | 'response';

/**
 * The one order of the stages. The caller's policy says what is checked, never when. Before the first stage the view of the request is
 * frozen (URL parsed once, request id, client address); after the last but one the handler runs; one finaliser serves every exit.
 */
export const STAGES: readonly StageName[] = [
  'method',
  'hosts',
  'https',
  'preflight',
  'deny',
  'clientLimits',
  'contentHeaders',
  'authenticate',
  'crossSite',
  'scopes',
  'roles',
  'methodsByRole',
  'principalLimits',
  'params',
  'query',
  'body',
  'bodySchema',
  'inputLimits',
  'resource',
  'authorize',
  'precondition',
  'idempotency',
  'response',
];

// Beside the order and not in it: what runs a policy needs no sentences.
const REASONS: Readonly<Record<StageName, string>> = {
  method: 'the cheapest no, from one header line',
  hosts: 'before anything is made of the host: links, redirects, the origin that cross-site requests are compared with',
  https: 'nothing that came in clear is answered but with a refusal or a redirect to a listed host',
  preflight: 'browsers send no credentials with it: anything later would refuse it',
  deny: 'a lookup, before anything is counted',
  clientLimits: 'before authentication: signatures and key fetches are what an attacker amplifies',
  contentHeaders: 'length and type from the headers alone: still not a byte of the body',
  authenticate: 'everything after it may speak of a principal, nothing before it can',
  crossSite: 'only ambient credentials can be abused by another site, so only then is it known to matter',
  scopes: 'function-level authorization, before a byte of the body is read',
  roles: 'as scopes: what somebody may do at all, before a byte of the body is read',
  methodsByRole: 'as roles, where each says what it may do',
  principalLimits: 'the budget of who it is; a request without the scope must not spend it',
  params: 'for those who may ask: a stranger is not told what would be valid',
  query: 'as params, and still cheaper than a body',
  body: 'read once, bounded and parsed, for those who may send it',
  bodySchema: 'validated as a whole, before anything looks at it',
  inputLimits: 'the budgets that validated input names: an account, the length of a batch',
  resource: 'loaded by validated input alone',
  authorize: 'object-level authorization, on what was loaded; anything but true denies',
  precondition: 'whoever may change it must have seen what he changes',
  idempotency: 'the last: a claim is made for requests that the handler will see, and for no others',
  response: 'after the handler: what its schema does not name stays here',
};

/** {@linkcode STAGES}, each with its reason. */
export const STAGE_ORDER: readonly StageReason[] = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ STAGES.map((stage) => ({ stage, reason: REASONS[stage] })),
);
