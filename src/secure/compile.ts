import { isScopeToken } from '../access/scope.ts';
import { createDeadline } from '../core/deadline.ts';
import { METHODS } from '../core/method.ts';
import { booleanOption, functionOption, numberOption, stringListOption } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import type { Cors } from '../cross-origin/cors.ts';
import type { Authenticator, Principal } from './authenticator.ts';
import { inputStages, requireSchema } from './compile-input.ts';
import { refuseContradictions } from './contradictions.ts';
import { checkPolicyFields } from './define-policy.ts';
import type { Exchange, Made, Stage } from './exchange.ts';
import type { NotEnforced } from './modes.ts';
import type { Tell } from './observe.ts';
import { type StageName, STAGES } from './order.ts';
import type { SomePolicy } from './policy.ts';
import { authenticateStage, type Authenticators } from './stages/authenticate.ts';
import { crossSiteStage } from './stages/cross-site.ts';
import { openIdempotencyOf, openLimitsOf, openModesOf } from './open-tools.ts';
import { methodStage } from './stages/method.ts';
import { networkStages } from './stages/network.ts';
import { authorizeStage, preconditionStage, resourceStage } from './stages/resource.ts';
import { type ResponseFilter, responseFilter } from './stages/response.ts';
import { refuse, roleStage } from './stages/roles.ts';
import { scopesStage } from './stages/scopes.ts';
import { toContext } from './view.ts';

const ACTION = 'secure';
/** The default of `timeouts.stageMs`. */
export const DEFAULT_STAGE_MS = 2000;

/** A stage under its name. */
export interface NamedStage {
  readonly name: StageName;
  readonly run: Stage;
}

/** A policy turned into what runs. */
export interface CompiledPolicy {
  /** The stages that this policy has, in the one order. */
  readonly stages: readonly NamedStage[];
  /** Decides on CORS, where the policy has it. */
  readonly cors: Cors | undefined;
  /** Prove principals; none where the policy is public. */
  readonly authenticators: Authenticators;
  /** Makes of a response what may leave, where the policy has a schema for it. */
  readonly filter: ResponseFilter | undefined;
  /** Every stage that does not always enforce. */
  readonly notEnforced: readonly NotEnforced[];
}

/**
 * Checks a whole policy and makes its stages. Everything that can be wrong is found here, when the server starts.
 *
 * @throws {TypeError} for an unknown field, a missing one, or two that contradict each other
 * @throws {RangeError} for a number out of bounds
 */
export function compilePolicy(policy: SomePolicy, clock: () => number, tell: Tell): CompiledPolicy {
  checkPolicyFields(ACTION, policy);
  const methods = methodSet('methods', policy.methods);
  const resourceMethods = methodSet('resourceMethods', policy.resourceMethods ?? policy.methods);
  for (const method of methods) {
    if (!resourceMethods.has(method)) throw new TypeError(`Cannot ${ACTION}: resourceMethods must name ${method} too.`);
  }
  const authenticators = readAuth(policy.auth);
  checkTools(policy);
  refuseContradictions(ACTION, policy, authenticators);
  const { id, store, cors, limits, mode, response, idempotency } = policy;
  const modes = mode && openModesOf(mode, {
    action: ACTION,
    clock,
    limits: limits?.names ?? [],
    hasResponse: response !== undefined,
    tell: (exchange, denial) => tell({ outcome: 'would_deny', ...denial }, exchange),
  });
  const pageMethods = Object.freeze([...resourceMethods]);
  const made: Made = {
    method: methodStage(methods, resourceMethods, cors !== undefined),
    ...networkStages(policy),
    preflight: cors && (({ request }: Exchange) => cors.preflight(request, pageMethods)),
    ...limits && openLimitsOf(limits, {
      action: ACTION,
      id,
      store,
      isPublic: authenticators.length === 0,
      clock,
      modes,
      tell: (exchange, stage, outcome) => tell({ outcome, stage }, exchange),
    }),
    ...credentialStages(policy, authenticators),
    ...inputStages(ACTION, policy),
    ...resourceStages(policy),
    idempotency: idempotency && openIdempotencyOf(idempotency, id ?? ''),
  };
  const inTime = stageDeadline(policy.timeouts?.stageMs);
  const timed = timeStages(inTime);
  const stages: NamedStage[] = [];
  for (const name of STAGES) {
    const stage = timed(name, made[name]);
    const run = modes === undefined ? stage : modes.give(name, stage);
    if (run !== undefined) stages.push(Object.freeze({ name, run }));
  }
  const report = modes?.response;
  return {
    stages: Object.freeze(stages),
    cors,
    authenticators,
    filter: response === undefined || report === 'off'
      ? undefined
      : responseFilter(requireSchema(ACTION, 'response', response), report, inTime),
    notEnforced: modes?.notEnforced ?? [],
  };
}

/** The stages that wait for what others wrote. */
const TIMED: readonly StageName[] = ['authenticate', 'roles', 'params', 'query', 'bodySchema', 'resource', 'authorize'];

/** Lets through what settles in time. */
type InTime = <T>(work: Promise<T>) => Promise<T>;

/** Nothing that a policy is made of may keep a request for ever. The body and the store have times of their own. */
function stageDeadline(stageMs: number = DEFAULT_STAGE_MS): InTime {
  numberOption(ACTION, 'stageMs', stageMs, { above: 0, max: 2 ** 31 - 1 });
  return createDeadline(stageMs, () => new Refusal('deadline_exceeded', { message: 'A stage took too long.' }));
}

function timeStages(inTime: InTime): (name: StageName, stage: Stage | undefined) => Stage | undefined {
  return (name, stage) => {
    if (stage === undefined || !TIMED.includes(name)) return stage;
    return (exchange) => {
      const passed = stage(exchange);
      return passed instanceof Promise ? inTime(passed) : passed;
    };
  };
}

/** What makes each of these fields, and the function by which it is known. */
const TOOLS: readonly (readonly [field: keyof SomePolicy, maker: string, method: string])[] = [
  ['client', 'createClientResolver', 'resolve'],
  ['hosts', 'createHostCheck', 'check'],
  ['https', 'createHttpsCheck', 'redirect'],
  ['deny', 'createIpList', 'has'],
  ['cors', 'createCors', 'preflight'],
  ['csrf', 'createCrossOriginCheck', 'check'],
  ['limits', 'createLimits', '~open'],
  ['mode', 'createModes', '~open'],
  ['methodsByRole', 'createRoles', 'checkMethod'],
  ['form', 'createFormReader', 'read'],
  ['precondition', 'createIfMatch', 'check'],
  ['idempotency', 'createIdempotency', '~open'],
];

/** Options in the place of what is made of them would be a check that is not there. */
function checkTools(policy: SomePolicy): void {
  for (const [field, maker, method] of TOOLS) {
    const { [field]: tool } = policy;
    if (tool === undefined) continue;
    if (typeof tool !== 'object' || tool === null || typeof Reflect.get(tool, method) !== 'function') {
      throw new TypeError(`Cannot ${ACTION}: ${field} must be what ${maker} returns.`);
    }
  }
}

/** One text in the place of a list has letters, and no methods. */
function listOption(name: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(`Cannot ${ACTION}: ${name} must be a list.`);
  return stringListOption(ACTION, name, value);
}

function methodSet(name: string, value: unknown): ReadonlySet<string> {
  const methods = new Set(listOption(name, value));
  for (const method of methods) {
    if (!METHODS.includes(method)) {
      throw new TypeError(`Cannot ${ACTION}: ${name} must be among ${METHODS.join(', ')}.`);
    }
  }
  if (methods.has('GET')) methods.add('HEAD');
  return methods;
}

function readAuth(auth: unknown): Authenticators {
  if (auth === 'public') return [];
  const list: readonly unknown[] = Array.isArray(auth) ? [...auth] : [auth];
  if (list.length === 0 || !list.every(isAuthenticator)) {
    throw new TypeError(`Cannot ${ACTION}: auth must be an authenticator, several, or the word "public".`);
  }
  return Object.freeze(list);
}

function isAuthenticator(auth: unknown): auth is Authenticator<Principal<unknown>> {
  return typeof auth === 'object' && auth !== null && typeof Reflect.get(auth, 'authenticate') === 'function' &&
    typeof Reflect.get(auth, 'challenge') === 'function' && typeof Reflect.get(auth, 'ambient') === 'boolean';
}

function credentialStages(policy: SomePolicy, authenticators: Authenticators): Made {
  const { csrf, scopes, roles, methodsByRole } = policy;
  if (roles !== undefined) functionOption(ACTION, 'roles', roles);
  const list = scopes === undefined ? undefined : listOption('scopes', scopes);
  if (list?.every(isScopeToken) === false) {
    throw new TypeError(`Cannot ${ACTION}: a scope must be printable ASCII without spaces or quotes.`);
  }
  return {
    authenticate: authenticators.length === 0 ? undefined : authenticateStage(authenticators),
    crossSite: csrf && crossSiteStage(csrf, authenticators),
    scopes: list && scopesStage(list, authenticators),
    // The stages before have filled the exchange with what the policy's own types say.
    roles: roles && roleStage((context) => roles(context as never)),
    methodsByRole: methodsByRole &&
      (({ principal, request }: Exchange) => refuse(methodsByRole.checkMethod(principal as never, request.method))),
  };
}

function resourceStages(policy: SomePolicy): Made {
  const { resource, authorize, precondition, notFoundInsteadOfForbidden = false } = policy;
  const isHidden = booleanOption(ACTION, 'notFoundInsteadOfForbidden', notFoundInsteadOfForbidden);
  if (resource !== undefined) functionOption(ACTION, 'resource', resource);
  if (authorize !== undefined) functionOption(ACTION, 'authorize', authorize);
  return {
    // The stages before have filled the exchange with what the policy's own types say.
    resource: resource && resourceStage((exchange) => resource(toContext(exchange) as never)),
    authorize: authorize && authorizeStage((exchange) => authorize(toContext(exchange) as never), isHidden),
    precondition: precondition && preconditionStage(precondition),
  };
}
