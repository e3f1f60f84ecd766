import type { StandardSchema } from '../core/standard-schema.ts';
import type { Authenticator, Principal } from './authenticator.ts';
import { isBodiless } from './bodiless.ts';
import type { Auth } from './context.ts';
import type { Policy } from './policy.ts';

/**
 * Refuses fields that are each in order and make no sense together: the caller believes in a check that would never run, or in requests
 * that could never pass.
 *
 * @throws {TypeError} naming both fields and the way out
 */
export function refuseContradictions<A extends Auth, S extends StandardSchema | undefined, R>(
  action: string,
  policy: Policy<A, S, R>,
  auth: Authenticator<Principal<unknown>> | undefined,
): void {
  const { id, methods, body, bodyLimits, cors, limits } = policy;
  const wrong = (why: string): TypeError => new TypeError(`Cannot ${action}: ${why}.`);
  if (id !== undefined && (typeof id !== 'string' || id === '')) throw wrong('id must be a non-empty string');
  if (bodyLimits !== undefined && body === undefined) throw wrong('bodyLimits need a body');
  // Without a body its schema would not run, and the handler would find undefined where its type promises a value.
  const bodiless = methods.find(isBodiless);
  if (body !== undefined && bodiless !== undefined) {
    throw wrong(`${bodiless} requests have no body; give the methods with a body a policy of their own`);
  }
  if (limits !== undefined) refuseLimits(limits, wrong);
  if (cors === undefined) return;
  if (cors.methods !== undefined) throw wrong("cors has no methods of its own; they are the resource's");
  // Any browser would give up in the preflight, whose answer is a plain 204 and explains nothing.
  const allowed = cors.headers;
  for (const name of [...(auth?.requestHeaders ?? []), ...(body === undefined ? [] : ['content-type'])]) {
    // `*` stands for every name but Authorization.
    if (allowed.includes('*') && name !== 'authorization') continue;
    if (!allowed.includes(name)) throw wrong(`cors.headers must name ${name}, which this policy's requests carry`);
  }
}

function refuseLimits({ client, principal }: NonNullable<Policy['limits']>, wrong: (why: string) => TypeError): void {
  if (client === undefined && principal === undefined) throw wrong('limits must name client or principal');
  const taken = new Set(client?.map((limit) => limit.name));
  const shared = principal?.find((limit) => taken.has(limit.name));
  // Clients could not tell the two apart in RateLimit.
  if (shared !== undefined) throw wrong(`a client limit and a principal limit are both named ${shared.name}`);
}
