import { isScopeToken } from '../access/scope.ts';
import { METHODS } from '../core/method.ts';
import { booleanOption, functionOption, numberOption, stringListOption } from '../core/option.ts';
import { isStandardSchema, type StandardSchema } from '../core/standard-schema.ts';
import type { Cors } from '../cross-origin/cors.ts';
import { createCrossOriginCheck } from '../cross-origin/cross-origin-check.ts';
import { type Consume, createConsume } from '../limiter/consume.ts';
import { clientKey, principalKey } from '../limiter/key.ts';
import type { LimitOptions } from '../limiter/limit.ts';
import { createOutageGuard } from '../limiter/outage.ts';
import { defaultSettings } from '../limiter/settings.ts';
import { DEFAULT_BODY_TIMEOUT_MS, DEFAULT_MAX_BODY_BYTES } from '../net/body.ts';
import type { Store } from '../store/store.ts';
import type { Authenticator, Principal } from './authenticator.ts';
import type { Auth, Context, ResourceContext } from './context.ts';
import { refuseContradictions } from './contradictions.ts';
import { checkPolicyFields } from './define-policy.ts';
import type { Exchange, Stage } from './exchange.ts';
import { type StageName, STAGES } from './order.ts';
import type { Policy, PolicyLimits } from './policy.ts';
import { authenticateStage } from './stages/authenticate.ts';
import { bodyStage } from './stages/body.ts';
import { contentHeadersStage } from './stages/content-headers.ts';
import { crossSiteStage } from './stages/cross-site.ts';
import { limitStage } from './stages/limit.ts';
import { methodStage } from './stages/method.ts';
import { networkStages } from './stages/network.ts';
import { resourceStage } from './stages/resource.ts';
import { scopesStage } from './stages/scopes.ts';
import { toContext, toResourceContext } from './view.ts';

const ACTION = 'secure';

/** A policy turned into what runs. */
export interface CompiledPolicy {
  /** The stages that this policy has, in the one order. */
  readonly stages: readonly Stage[];
  /** Decides on CORS, where the policy has it. */
  readonly cors: Cors | undefined;
  /** Proves principals, unless the policy is public. */
  readonly auth: Authenticator<Principal<unknown>> | undefined;
}

/**
 * Checks a whole policy and makes its stages. Everything that can be wrong is found here, when the server starts.
 *
 * @throws {TypeError} for an unknown field, a missing one, or two that contradict each other
 * @throws {RangeError} for a number out of bounds
 */
export function compilePolicy<A extends Auth, S extends StandardSchema | undefined, R>(
  policy: Policy<A, S, R>,
): CompiledPolicy {
  checkPolicyFields(ACTION, policy);
  const methods = methodSet('methods', policy.methods);
  const resourceMethods = methodSet('resourceMethods', policy.resourceMethods ?? policy.methods);
  for (const method of methods) {
    if (!resourceMethods.has(method)) throw new TypeError(`Cannot ${ACTION}: resourceMethods must name ${method} too.`);
  }
  const auth = readAuth(policy.auth);
  checkTools(policy);
  refuseContradictions(ACTION, policy, auth);
  const { cors } = policy;
  const pageMethods = Object.freeze([...resourceMethods]);
  const made: Partial<Record<StageName, Stage>> = {
    method: methodStage(methods, resourceMethods, cors !== undefined),
    ...networkStages(policy),
    ...(cors === undefined ? {} : { preflight: ({ request }: Exchange) => cors.preflight(request, pageMethods) }),
    ...limitStages(policy, auth),
    ...credentialStages(policy, auth),
    ...bodyStages(policy),
    ...resourceStages(policy),
  };
  const stages = STAGES.map((stage) => made[stage]).filter((stage) => stage !== undefined);
  return { stages: Object.freeze(stages), cors, auth };
}

type Made = Partial<Record<StageName, Stage>>;
type Credentials = Authenticator<Principal<unknown>> | undefined;

/** What makes each of these fields, and the function by which it is known. */
const TOOLS:
  readonly (readonly [field: 'client' | 'hosts' | 'https' | 'deny' | 'cors', maker: string, method: string])[] = [
    ['client', 'createClientResolver', 'resolve'],
    ['hosts', 'createHostCheck', 'check'],
    ['https', 'createHttpsCheck', 'redirect'],
    ['deny', 'createIpList', 'has'],
    ['cors', 'createCors', 'preflight'],
  ];

/** Options in the place of what is made of them would be a check that is not there. */
function checkTools(policy: object): void {
  for (const [field, maker, method] of TOOLS) {
    const tool: unknown = Reflect.get(policy, field);
    if (tool === undefined) continue;
    if (typeof tool !== 'object' || tool === null || typeof Reflect.get(tool, method) !== 'function') {
      throw new TypeError(`Cannot ${ACTION}: ${field} must be what ${maker} returns.`);
    }
  }
}

function methodSet(name: string, value: unknown): ReadonlySet<string> {
  const methods = new Set(stringListOption(ACTION, name, value));
  for (const method of methods) {
    if (!METHODS.includes(method)) {
      throw new TypeError(`Cannot ${ACTION}: ${name} must be among ${METHODS.join(', ')}.`);
    }
  }
  if (methods.has('GET')) methods.add('HEAD');
  return methods;
}

function readAuth(auth: unknown): Credentials {
  if (auth === 'public') return undefined;
  if (!isAuthenticator(auth)) {
    throw new TypeError(`Cannot ${ACTION}: auth must be an authenticator, or the word "public".`);
  }
  return auth;
}

function isAuthenticator(auth: unknown): auth is Authenticator<Principal<unknown>> {
  return typeof auth === 'object' && auth !== null && typeof Reflect.get(auth, 'authenticate') === 'function' &&
    typeof Reflect.get(auth, 'challenge') === 'function' && typeof Reflect.get(auth, 'ambient') === 'boolean';
}

function limitStages(
  policy: { readonly limits?: PolicyLimits; readonly store?: Policy['store'] },
  auth: Credentials,
): Made {
  const { limits, store } = policy;
  if (limits === undefined) return {};
  if (store === undefined) throw new TypeError(`Cannot ${ACTION}: limits need a store, such as memoryStore().`);
  const { client, principal } = limits;
  if (principal !== undefined && auth === undefined) {
    throw new TypeError(`Cannot ${ACTION}: limits by principal need auth.`);
  }
  return {
    ...(client === undefined ? {} : {
      clientLimits: limitStage(
        openLimiter(store, client),
        (exchange) => clientKey(exchange.client.address),
      ),
    }),
    ...(principal === undefined ? {} : {
      principalLimits: limitStage(openLimiter(store, principal), (exchange) => {
        if (exchange.principal === undefined) throw new TypeError('A principal is missing where a limit counts it.');
        return principalKey(exchange.principal.id, exchange.principal.issuer);
      }),
    }),
  };
}

function openLimiter(store: Store, limits: readonly LimitOptions[]): Consume {
  const settings = defaultSettings(store, limits);
  return createConsume(settings.limitsOf, createOutageGuard(settings));
}

function credentialStages<A extends Auth, S extends StandardSchema | undefined, R>(
  policy: Policy<A, S, R>,
  auth: Credentials,
): Made {
  const crossSite = policy.csrf === undefined && auth?.ambient !== true
    ? {}
    : { crossSite: crossSiteStage(createCrossOriginCheck(policy.csrf ?? {})) };
  if (auth === undefined) {
    if (policy.scopes !== undefined) throw new TypeError(`Cannot ${ACTION}: scopes need auth.`);
    return crossSite;
  }
  if (policy.scopes === undefined) return { authenticate: authenticateStage(auth), ...crossSite };
  const scopes = stringListOption(ACTION, 'scopes', policy.scopes);
  if (!scopes.every(isScopeToken)) {
    throw new TypeError(`Cannot ${ACTION}: a scope must be printable ASCII without spaces or quotes.`);
  }
  return { authenticate: authenticateStage(auth), ...crossSite, scopes: scopesStage(scopes, auth) };
}

function bodyStages<A extends Auth, S extends StandardSchema | undefined, R>(policy: Policy<A, S, R>): Made {
  const { body, bodyLimits = {}, dangerouslyAllowUnvalidatedBody = false } = policy;
  const { maxBytes = DEFAULT_MAX_BODY_BYTES, maxDepth = 32, timeoutMs = DEFAULT_BODY_TIMEOUT_MS } = bodyLimits;
  numberOption(ACTION, 'maxBytes', maxBytes, { min: 1, max: 2 ** 30, integer: true });
  numberOption(ACTION, 'maxDepth', maxDepth, { min: 1, max: 1000, integer: true });
  numberOption(ACTION, 'timeoutMs', timeoutMs, { above: 0, max: 2 ** 31 - 1 });
  const raw = booleanOption(ACTION, 'dangerouslyAllowUnvalidatedBody', dangerouslyAllowUnvalidatedBody);
  const contentHeaders = contentHeadersStage(body !== undefined, raw, maxBytes);
  if (body !== undefined && !isStandardSchema(body)) throw new TypeError(`Cannot ${ACTION}: body must be a schema.`);
  if (body !== undefined && raw) {
    throw new TypeError(`Cannot ${ACTION}: a body is either validated or dangerously not.`);
  }
  if (raw) return { contentHeaders };
  return { contentHeaders, body: bodyStage(body, { maxBytes, maxDepth, timeoutMs }) };
}

function resourceStages<A extends Auth, S extends StandardSchema | undefined, R>(policy: Policy<A, S, R>): Made {
  const { resource, authorize, notFoundInsteadOfForbidden = false } = policy;
  const hideForbidden = booleanOption(ACTION, 'notFoundInsteadOfForbidden', notFoundInsteadOfForbidden);
  if (authorize === undefined) {
    // An object that anybody may reach by its id is the commonest hole of all: saying `() => true` must be deliberate.
    if (resource !== undefined) throw new TypeError(`Cannot ${ACTION}: a resource needs authorize.`);
    return {};
  }
  functionOption(ACTION, 'authorize', authorize);
  if (resource !== undefined) functionOption(ACTION, 'resource', resource);
  return {
    resource: resourceStage({
      // The stages before have filled the exchange with what the policy's own types say.
      resource: resource && ((exchange) => resource(toResourceContext(exchange) as ResourceContext<A, S>)),
      authorize: (exchange) => authorize(toContext(exchange) as Context<A, S, R>),
      hideForbidden,
    }),
  };
}
