import { refuseUnknownOptions } from '../core/option.ts';
import type { StandardSchema } from '../core/standard-schema.ts';
import type { Auth } from './context.ts';
import type { DefinedPolicy, Policy } from './policy.ts';

const ACTION = 'define policy';

/** Every field of a policy; the names that `secure()` reads, and no others. */
export const POLICY_FIELDS: readonly string[] = Object.freeze([
  'id',
  'methods',
  'resourceMethods',
  'client',
  'cors',
  'csrf',
  'store',
  'limits',
  'auth',
  'scopes',
  'body',
  'bodyLimits',
  'dangerouslyAllowUnvalidatedBody',
  'resource',
  'authorize',
  'notFoundInsteadOfForbidden',
  'headers',
  'onError',
  // What definePolicy adds.
  'extend',
]);

const MERGED_FIELDS: readonly string[] = ['limits', 'bodyLimits'];

/**
 * Defines a policy that others extend: what every route of an API has in common.
 *
 * It copies and freezes; changing what was passed changes nothing afterwards. Contradictions are found by `secure()`, when the policy
 * that a route ends up with is whole.
 *
 * @param base a whole policy
 * @returns the policy, with `extend`
 * @throws {TypeError} for an unknown field, or one that is `undefined`
 *
 * @example
 * ```ts
 * import { definePolicy, secure } from 'sallyport';
 *
 * const base = definePolicy({ methods: ['GET'], auth: 'public' });
 * const handler = secure(base.extend({ id: 'health' }), () => Response.json({ ok: true }));
 * console.log((await handler(new Request('https://api.test/health'))).status); // 200
 * ```
 */
export function definePolicy<A extends Auth, S extends StandardSchema | undefined = undefined, R = undefined>(
  base: Policy<A, S, R>,
): DefinedPolicy<A, S, R> {
  refuseFields(base);
  const fields = copyFields(base);

  function extend<A2 extends Auth = A, S2 extends StandardSchema | undefined = S, R2 = R>(
    overrides: Partial<Policy<A2, S2, R2>>,
  ): DefinedPolicy<A2, S2, R2> {
    refuseFields(overrides);
    // The fields of the base that are not overridden have the base's types, which are the defaults of A2, S2 and R2.
    return definePolicy(merge(fields, copyFields(overrides)) as unknown as Policy<A2, S2, R2>);
  }

  return Object.freeze({ ...fields, extend });
}

function refuseFields(policy: object): void {
  refuseUnknownOptions(ACTION, policy, POLICY_FIELDS);
  for (const [name, value] of Object.entries(policy)) {
    // An undefined value would silently take away what the base demands.
    if (value === undefined) throw new TypeError(`Cannot ${ACTION}: ${name} is undefined. Leave it out instead.`);
  }
}

/** Copies lists and plain option objects, so that the caller's own can change without effect; everything else is opaque. */
function copyFields<P extends object>(policy: P): P {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(policy)) {
    if (name !== 'extend') copy[name] = OPAQUE_FIELDS.includes(name) ? value : deepCopy(value);
  }
  // The same fields with the same types.
  return copy as P;
}

const OPAQUE_FIELDS: readonly string[] = ['auth', 'body', 'store', 'resource', 'authorize', 'onError'];

function deepCopy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(deepCopy));
  if (typeof value !== 'object' || value === null) return value;
  // fromEntries defines own properties, so a key called __proto__ stays one and is refused by name later.
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deepCopy(item)])));
}

function merge(base: object, overrides: object): object {
  const merged: Record<string, unknown> = { ...base, ...overrides };
  for (const name of MERGED_FIELDS) {
    const parts = [Reflect.get(base, name), Reflect.get(overrides, name)];
    if (parts.every((part) => part !== undefined)) merged[name] = Object.freeze(Object.assign({}, ...parts));
  }
  return merged;
}
