import { DEFAULT_BODY_TIMEOUT_MS, DEFAULT_MAX_BODY_BYTES } from '../net/body.ts';
import { type AnyPolicy, readAnyPolicy } from './any-policy.ts';
import { DEFAULT_STAGE_MS } from './compile.ts';
import { DEFAULT_MAX_DEPTH } from './compile-input.ts';
import { describeLimits, describeStages } from './describe-stages.ts';
import type { SomePolicy } from './policy.ts';
import type { PolicyDescription } from './policy-description.ts';
import type { Authenticators } from './stages/authenticate.ts';

/**
 * Describes a policy as plain data: what is served, who may, what is counted, and which stages run in which order. For an inventory of all routes, and for a
 * snapshot in a test, so that a change of what protects a route is seen where it is reviewed.
 *
 * The stages are those that `secure()` makes, found by making them. It holds no function, schema, key or address, and nothing that depends on the day. Names of rules
 * and reasons of modes are in it as they were written: show it to those who may read the policy.
 *
 * @param policy any policy, or what `definePolicy` made
 * @returns data that survives `JSON.stringify` as it is; frozen
 * @throws {TypeError} for a policy that `secure()` would refuse
 * @throws {RangeError} for a number out of bounds
 *
 * @example
 * ```ts
 * import { definePolicy, describePolicy } from 'sallyport';
 *
 * const { methods, stages } = describePolicy(definePolicy({ id: 'health', methods: ['GET'], auth: 'public' }));
 * console.log(methods, stages.map(({ stage }) => stage)); // ['GET', 'HEAD'], ['method', 'contentHeaders', 'body']
 * ```
 */
export function describePolicy(policy: AnyPolicy): PolicyDescription {
  const { policy: sound, compiled } = readAnyPolicy(policy);
  const { id = null, methods, resourceMethods = methods, scopes = [], timeouts: { stageMs, handlerMs } = {} } = sound;
  const { cors, idempotency, onEvent } = sound;
  const description: PolicyDescription = {
    id,
    methods: withHead(methods),
    resourceMethods: withHead(resourceMethods),
    public: compiled.authenticators.length === 0,
    authenticators: describeAuthenticators(compiled.authenticators),
    scopes: copyOf(scopes),
    roles: nameOf(sound.roles),
    methodsByRole: sound.methodsByRole !== undefined,
    resource: sound.resource !== undefined,
    authorize: nameOf(sound.authorize),
    notFoundInsteadOfForbidden: sound.notFoundInsteadOfForbidden ?? false,
    precondition: sound.precondition !== undefined,
    client: sound.client !== undefined,
    hosts: sound.hosts !== undefined,
    https: sound.https !== undefined,
    deny: sound.deny !== undefined,
    cors: cors === undefined ? null : Object.freeze({
      origins: copyOf(cors.origins),
      credentials: cors.credentials,
      headers: copyOf(cors.headers),
    }),
    csrf: sound.csrf !== undefined,
    params: sound.params !== undefined,
    query: sound.query !== undefined,
    body: bodyOf(sound),
    bodyLimits: describeBodyLimits(sound),
    limits: describeLimits(sound),
    whenStoreFails: describeFailure(sound),
    idempotency: idempotency === undefined ? null : Object.freeze({
      methods: copyOf(idempotency.methods),
      required: idempotency.required,
      ttlSeconds: idempotency.ttlSeconds,
      pendingSeconds: idempotency.pendingSeconds,
    }),
    response: sound.response !== undefined,
    timeouts: Object.freeze({ stageMs: stageMs ?? DEFAULT_STAGE_MS, handlerMs: handlerMs ?? null }),
    events: onEvent !== undefined,
    stages: describeStages(sound, compiled),
  };
  return Object.freeze(description);
}

/** As the policy's own method check takes them. */
function withHead(methods: readonly string[]): readonly string[] {
  const list = new Set(copyOf(methods));
  if (list.has('GET')) list.add('HEAD');
  return Object.freeze([...list]);
}

/** One text is a list of one, as in every option. */
function copyOf(list: string | readonly string[]): readonly string[] {
  return Object.freeze([list].flat());
}

function describeAuthenticators(authenticators: Authenticators): PolicyDescription['authenticators'] {
  return Object.freeze(
    authenticators.map(({ ambient, requestHeaders = [] }) =>
      Object.freeze({ ambient, requestHeaders: copyOf(requestHeaders) })
    ),
  );
}

/** A rule of `sallyport/access` is called what it asks; an arrow in a policy what its field is. */
function nameOf(rule: SomePolicy['roles'] | SomePolicy['authorize']): string | null {
  if (rule === undefined) return null;
  const name: unknown = rule.name;
  return typeof name === 'string' && name !== '' ? name : 'rule';
}

function bodyOf({ body, form, dangerouslyAllowUnvalidatedBody }: SomePolicy): PolicyDescription['body'] {
  if (dangerouslyAllowUnvalidatedBody === true) return 'unvalidated';
  return body !== undefined ? 'json' : form !== undefined ? 'form' : 'none';
}

function describeBodyLimits({ body, bodyLimits = {} }: SomePolicy): PolicyDescription['bodyLimits'] {
  if (body === undefined) return null;
  const { maxBytes = DEFAULT_MAX_BODY_BYTES, maxDepth = DEFAULT_MAX_DEPTH, timeoutMs = DEFAULT_BODY_TIMEOUT_MS } =
    bodyLimits;
  return Object.freeze({ maxBytes, maxDepth, timeoutMs });
}

function describeFailure({ limits }: SomePolicy): PolicyDescription['whenStoreFails'] {
  if (limits === undefined) return null;
  const { whenStoreFails = 'closed' } = limits.options;
  return typeof whenStoreFails === 'string' ? whenStoreFails : 'local';
}
