import { isBodiless } from './bodiless.ts';
import type { Idempotency } from './idempotency.ts';
import type { SomePolicy } from './policy.ts';
import type { Authenticators } from './stages/authenticate.ts';

/**
 * Refuses fields that are each in order and make no sense together: the caller believes in a check that would never run, or in requests
 * that could never pass.
 *
 * @throws {TypeError} naming both fields and the way out
 */
export function refuseContradictions(action: string, policy: SomePolicy, authenticators: Authenticators): void {
  const { id, methods, body, bodyLimits, form, cors, csrf, resource, authorize, precondition, idempotency } = policy;
  const wrong = (why: string): TypeError => new TypeError(`Cannot ${action}: ${why}.`);
  if (id !== undefined && (typeof id !== 'string' || id === '')) throw wrong('id must be a non-empty string');
  if (bodyLimits !== undefined && body === undefined) throw wrong('bodyLimits need a body');
  // Without a body its schema would not run, and the handler would find undefined where its type promises a value.
  const bodiless = methods.find(isBodiless);
  if ((body ?? form) !== undefined && bodiless !== undefined) {
    throw wrong(`${bodiless} requests have no body; give the methods with a body a policy of their own`);
  }
  if (authenticators.length === 0) {
    for (const field of ['scopes', 'roles', 'methodsByRole'] as const) {
      if (policy[field] !== undefined) throw wrong(`${field} need auth`);
    }
  }
  // Cookies come by themselves, whoever made the browser send the request.
  if (csrf === undefined && authenticators.some((one) => one.ambient)) {
    throw wrong('ambient credentials need csrf: createCrossOriginCheck()');
  }
  // An object that anybody may reach by its id is the commonest hole of all: saying `() => true` must be deliberate.
  if (resource !== undefined && authorize === undefined) throw wrong('a resource needs authorize');
  if (precondition !== undefined && resource === undefined) throw wrong('a precondition needs a resource');
  if (idempotency !== undefined) refuseIdempotency(policy, idempotency, wrong);
  if (cors === undefined) return;
  if (cors.methods !== undefined) throw wrong("cors has no methods of its own; they are the resource's");
  // Any browser would give up in the preflight, whose answer is a plain 204 and explains nothing.
  const needed = authenticators.flatMap((one) => one.requestHeaders ?? []);
  if (body !== undefined) needed.push('content-type');
  if (idempotency?.required === true) needed.push('idempotency-key');
  if (precondition !== undefined) needed.push('if-match');
  for (const name of needed) {
    // `*` stands for every name but Authorization.
    if (cors.headers.includes('*') && name !== 'authorization') continue;
    if (!cors.headers.includes(name)) throw wrong(`cors.headers must name ${name}, which this policy's requests carry`);
  }
}

function refuseIdempotency(
  { id, methods, timeouts, dangerouslyAllowUnvalidatedBody }: SomePolicy,
  idempotency: Idempotency,
  wrong: (why: string) => TypeError,
): void {
  if (id === undefined) throw wrong('idempotency needs the id of the policy');
  if (!methods.some((method) => idempotency.methods.includes(method))) throw wrong('idempotency is of none of methods');
  // What nobody reads nobody compares: another body with the same key would be answered as the first one was.
  if (dangerouslyAllowUnvalidatedBody === true) throw wrong('idempotency needs a body that is read');
  if ((timeouts?.handlerMs ?? 0) >= idempotency.pendingSeconds * 1000) {
    throw wrong('handlerMs must be less than pendingSeconds, after which a retry runs beside the first');
  }
}
