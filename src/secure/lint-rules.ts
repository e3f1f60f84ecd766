import type { LintCode, LintFinding } from './lint-finding.ts';
import { endOf, type NamedMode, type PolicyFacts } from './lint-facts.ts';

/** How one thing is found. */
export interface LintRule {
  readonly severity: LintFinding['severity'];
  readonly message: string;
  /** The fields that it is about; none where there is nothing to find. */
  readonly find: (facts: PolicyFacts) => readonly string[];
}

/** Above this a stranger's JSON is no longer small change: 16 times the default. */
const LARGE_BODY_BYTES = 1_048_576;
/** Further away than anybody plans, an end is none. */
const LONG_MS = 31_622_400_000;
const OVERWRITING: readonly string[] = ['PUT', 'PATCH', 'DELETE'];

/**
 * One row for each thing, in the order in which they are told. A rule that is often wrong is a linter that is switched off: each asks for what makes the danger
 * real, and leaves alone what somebody has said on purpose (`auth: 'public'`, `authorize: () => true`).
 */
export const LINT_RULES: Readonly<Record<LintCode, LintRule>> = {
  mutation_unauthorized: {
    severity: 'error',
    message: 'Everybody who can authenticate may change things here, whatever their rights. Demand scopes, roles or ' +
      'methodsByRole, or decide in authorize; where all of them may, say so: authorize: () => true.',
    find: ({ policy, isPublic, isMutating }) => {
      const { scopes, roles, methodsByRole, authorize } = policy;
      const isOpen = !isPublic && isMutating && [scopes, roles, methodsByRole, authorize].every(isMissing);
      return isOpen ? ['methods', 'scopes', 'roles', 'methodsByRole', 'authorize'] : [];
    },
  },
  public_mutation: {
    severity: 'error',
    // POST is left alone: logins, registrations and webhooks are public, and make rather than change.
    message:
      'Anybody may overwrite or delete here, without proving who they are. Authenticate them, or let authorize ' +
      'decide by what the request itself proves.',
    find: ({ policy: { methods, authorize }, isPublic }) =>
      isPublic && authorize === undefined && methods.some((method) => OVERWRITING.includes(method))
        ? ['auth', 'methods', 'authorize']
        : [],
  },
  limits_fail_open: {
    severity: 'error',
    message:
      'Whoever brings the store down may guess without end where anybody may send. Leave whenStoreFails closed, ' +
      'or let a store of this process decide meanwhile.',
    find: ({ limits, isPublic, isMutating }) =>
      isPublic && isMutating && limits.whenStoreFails === 'open' ? ['limits.whenStoreFails'] : [],
  },
  object_unauthorized: {
    severity: 'warning',
    message:
      "Path parameters name an object, and nothing decides whether it is this principal's: whoever changes an id " +
      "in the path sees what is others'. Load it in resource and decide in authorize, or say that all may: authorize: () => true.",
    find: ({ policy: { params, authorize }, isPublic }) =>
      !isPublic && params !== undefined && authorize === undefined ? ['params', 'resource', 'authorize'] : [],
  },
  login_without_account_limit: {
    severity: 'warning',
    message:
      'If this logs somebody in or sends a code, passwords of one account can be guessed from many addresses. Limit by ' +
      'the account that the body names: limits.afterBody.',
    find: ({ policy: { methods, body, form }, limits: { afterBody = [] }, isPublic }) =>
      isPublic && methods.includes('POST') && afterBody.length === 0 && !(isMissing(body) && isMissing(form))
        ? ['auth', 'limits.afterBody']
        : [],
  },
  public_unlimited: {
    severity: 'warning',
    message: 'Anybody may send as often as they like to what changes something. Limit by address: limits.client.',
    find: ({ isPublic, isMutating, hasEarlyLimits }) =>
      isPublic && isMutating && !hasEarlyLimits ? ['auth', 'limits.client'] : [],
  },
  authentication_unlimited: {
    severity: 'warning',
    message: 'Each forged credential costs a verification or a look-up, and nothing counts them. Limit before ' +
      'authentication: limits.client.',
    find: ({ isPublic, hasEarlyLimits }) => isPublic || hasEarlyLimits ? [] : ['auth', 'limits.client'],
  },
  public_form_forgeable: {
    severity: 'warning',
    message:
      'Browsers send forms to any site, so that another can log its visitors in under its own account here, or send in ' +
      'their names. Set csrf: createCrossOriginCheck(), with trustedOrigins where another origin of yours sends it.',
    // Whoever serves every origin means other sites to send.
    find: ({ policy: { methods, form, csrf, cors }, isPublic }) =>
      isPublic && methods.includes('POST') && !isMissing(form) && isMissing(csrf) && !cors?.origins.includes('*')
        ? ['auth', 'form', 'csrf']
        : [],
  },
  public_with_cookies: {
    severity: 'warning',
    // A JSON body needs a preflight, which other sites are refused; a POST without a body needs none.
    message:
      'CORS sends cookies to a public policy, so its handler must be reading them itself, and any site can make a ' +
      'browser send this request with them. Set csrf: createCrossOriginCheck(), or take credentials out of cors.',
    find: ({ policy: { methods, body, form, csrf, cors }, isPublic }) =>
      isPublic && methods.includes('POST') && cors?.credentials === true && [body, form, csrf].every(isMissing)
        ? ['auth', 'cors', 'csrf']
        : [],
  },
  cookies_readable_by_pattern: {
    severity: 'warning',
    message:
      'Cookies prove who sends, and every name below a domain may read what they open: one forgotten name that ' +
      'somebody takes over is enough. List the origins one by one.',
    find: ({ policy: { cors }, isAmbient }) =>
      isAmbient && cors?.credentials === true && cors.origins.some((origin) => origin.includes('*'))
        ? ['auth', 'cors']
        : [],
  },
  credentials_confusable: {
    severity: 'warning',
    message: 'A request with two identities is refused only where each authenticator can tell that its own is there. ' +
      'Give every one isPresented.',
    find: ({ authenticators }) =>
      authenticators.length > 1 && authenticators.some((one) => isMissing(one.isPresented)) ? ['auth'] : [],
  },
  body_unvalidated: {
    severity: 'warning',
    message:
      'Bodies reach the handler unread, unbounded and unchecked. Give them a schema in body, or a form; where they must be ' +
      'raw, bound and check them in the handler.',
    find: ({ policy: { dangerouslyAllowUnvalidatedBody } }) =>
      dangerouslyAllowUnvalidatedBody === true ? ['dangerouslyAllowUnvalidatedBody'] : [],
  },
  public_body_large: {
    severity: 'warning',
    message:
      'Anybody may make this process hold and parse megabytes. Lower bodyLimits.maxBytes, or authenticate first.',
    find: ({ policy: { bodyLimits }, isPublic }) =>
      isPublic && (bodyLimits?.maxBytes ?? 0) > LARGE_BODY_BYTES ? ['auth', 'bodyLimits.maxBytes'] : [],
  },
  access_not_enforced: {
    severity: 'warning',
    message:
      'Who may do what is only reported: until the last day, whoever would be refused gets in. End the mode as soon ' +
      'as the reports are quiet.',
    find: /* @__PURE__ */ pathsOf((mode, nowMs) => mode.isAccess && isReporting(mode, nowMs)),
  },
  stage_reports: {
    severity: 'warning',
    message: 'This check lets through what it would refuse. End the mode as soon as the reports are quiet.',
    find: /* @__PURE__ */ pathsOf((mode, nowMs) =>
      !mode.isAccess && isReporting(mode, nowMs) && !isEndless(mode, nowMs)
    ),
  },
  stage_off: {
    severity: 'warning',
    message:
      'This check is written down and does not run: the next reader will believe in it. Take it out, or let it run.',
    find: /* @__PURE__ */ pathsOf(({ mode }) => mode === 'off'),
  },
  report_without_end: {
    severity: 'warning',
    message: 'This report mode has no end within a year, and what is temporary stays. Give it until and reason.',
    find: /* @__PURE__ */ pathsOf((mode, nowMs) => isReporting(mode, nowMs) && isEndless(mode, nowMs)),
  },
  report_ended: {
    severity: 'warning',
    message: 'The last day of this report mode is over: it says that it reports, and it enforces. Take the mode out.',
    find: /* @__PURE__ */ pathsOf(({ mode }, nowMs) => endOf(mode) <= nowMs),
  },
  sample_without_principal: {
    severity: 'warning',
    message:
      'The share is to be chosen by principal, where none is known yet: it is chosen by address, which its owner ' +
      "can change. Say by: 'client', if that is meant.",
    find: ({ modes, isPublic }) =>
      modes.filter(({ mode, isEarly }) =>
        typeof mode === 'object' && mode.enforce?.by === 'principal' && (isEarly || isPublic)
      ).map(({ path }) => path),
  },
  events_without_id: {
    severity: 'warning',
    message:
      'Events do not say which policy they are of, and a refusal in the log cannot be traced to its route. Give it an id.',
    find: ({ policy: { id, onEvent } }) => onEvent !== undefined && id === undefined ? ['id', 'onEvent'] : [],
  },
};

function isMissing(field: unknown): boolean {
  return field === undefined;
}

function isReporting({ mode }: NamedMode, nowMs: number): boolean {
  return mode !== 'off' && endOf(mode) > nowMs;
}

function isEndless({ mode }: NamedMode, nowMs: number): boolean {
  return endOf(mode) > nowMs + LONG_MS;
}

function pathsOf(isMeant: (mode: NamedMode, nowMs: number) => boolean): LintRule['find'] {
  return ({ modes, nowMs }) => modes.filter((mode) => isMeant(mode, nowMs)).map(({ path }) => path);
}
