import { refuseUnknownOptions } from '../core/option.ts';
import type { StandardSchema } from '../core/standard-schema.ts';
import type { FormReader } from '../schema/form-reader.ts';
import type { Auth } from './context.ts';
import type { Limits } from './limits.ts';
import type { PolicyModes } from './mode.ts';
import type { DefinedPolicy, Policy } from './policy.ts';

const ACTION = 'define policy';

/** A policy, or part of one, as far as it is merged by what made it. */
interface WithLimits {
  readonly limits?: unknown;
}

/** Every field of a policy; the names that `secure()` reads, and no others. */
const POLICY_FIELDS: readonly string[] = Object.freeze([
  'id',
  'methods',
  'resourceMethods',
  'client',
  'hosts',
  'https',
  'deny',
  'cors',
  'csrf',
  'store',
  'limits',
  'auth',
  'scopes',
  'roles',
  'methodsByRole',
  'params',
  'query',
  'body',
  'bodyLimits',
  'form',
  'dangerouslyAllowUnvalidatedBody',
  'resource',
  'authorize',
  'notFoundInsteadOfForbidden',
  'precondition',
  'idempotency',
  'response',
  'headers',
  'timeouts',
  'mode',
  'onEvent',
  'onError',
  'clock',
  // What definePolicy adds.
  'extend',
]);

/** The fields that `extend` merges by key, and their keys; those of limits are merged by what made them. */
const MERGED_FIELDS: Readonly<Record<'bodyLimits' | 'timeouts', readonly string[]>> = {
  bodyLimits: ['maxBytes', 'maxDepth', 'timeoutMs'],
  timeouts: ['stageMs', 'handlerMs'],
};

/**
 * Defines a policy that others extend: what every route of an API has in common.
 *
 * Put into it only what every route needs: a field can be replaced, but not taken away. It copies and freezes; changing what was passed
 * changes nothing afterwards. Contradictions are found by `secure()`, when the policy
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
export function definePolicy<
  A extends Auth,
  S extends StandardSchema | undefined = undefined,
  R = undefined,
  P extends StandardSchema | undefined = undefined,
  Q extends StandardSchema | undefined = undefined,
  F extends FormReader<unknown> | undefined = undefined,
  M extends PolicyModes = Record<never, never>,
>(base: Policy<A, S, R, P, Q, F, M>): DefinedPolicy<A, S, R, P, Q, F, M> {
  checkPolicyFields(ACTION, base);
  const fields = copyFields(base);

  function extend(overrides: object): DefinedPolicy<A, S, R, P, Q, F, M> {
    checkPolicyFields(ACTION, overrides);
    // The fields of the base that are not overridden have the base's types, which are the defaults of those of `extend`.
    return definePolicy(merge(fields, copyFields(overrides)) as Policy<A, S, R, P, Q, F, M>);
  }

  // The types of `extend` say which of the two a field's type is of; no value shows it.
  return Object.freeze({ ...fields, extend } as unknown as DefinedPolicy<A, S, R, P, Q, F, M>);
}

/**
 * Checks the names of a policy's fields, and of those that are merged.
 *
 * @throws {TypeError} for an unknown field, or one that is `undefined`
 */
export function checkPolicyFields(action: string, policy: object): void {
  checkFields(action, policy, POLICY_FIELDS);
  for (const [name, keys] of Object.entries(MERGED_FIELDS)) {
    const part: unknown = Reflect.get(policy, name);
    // Whatever is no object literal is refused there, too.
    if (part !== undefined) checkFields(action, part as object, keys);
  }
}

function checkFields(action: string, fields: object, known: readonly string[]): void {
  refuseUnknownOptions(action, fields, known);
  for (const [name, value] of Object.entries(fields)) {
    // A misspelt `config.scopes` would silently take away what the policy, or its base, demands.
    if (value === undefined) throw new TypeError(`Cannot ${action}: ${name} is undefined. Leave it out instead.`);
  }
}

/** Copies lists and plain option objects, so that the caller's own can change without effect; everything else is opaque. */
function copyFields<P extends object>(policy: P): P {
  const copy: Record<string, unknown> = {};
  // By name: one that is not enumerable is read by `secure()` as well.
  for (const name of POLICY_FIELDS) {
    const value: unknown = Reflect.get(policy, name);
    if (value !== undefined && name !== 'extend') {
      copy[name] = COPIED_FIELDS.includes(name) ? deepCopy(value) : copyList(value);
    }
  }
  // The same fields with the same types.
  return copy as P;
}

/** The fields that are data; the others are tools, schemas and functions, which are what they are. */
const COPIED_FIELDS: readonly string[] = ['bodyLimits', 'timeouts', 'headers'];

/** Of a list the members are what they are: a copy of an authenticator would not see what its own is told later. */
function copyList(value: unknown): unknown {
  return Array.isArray(value) ? Object.freeze([...value]) : value;
}

function deepCopy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(deepCopy));
  if (typeof value !== 'object' || value === null || !isLiteral(value)) return value;
  // fromEntries defines own properties, so a key called __proto__ stays one and is refused by name later.
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deepCopy(item)])));
}

/** Copied, an instance or a Map would become an empty object, which says "the defaults"; as it is, the option checks refuse it. */
function isLiteral(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isLimits(limits: unknown): limits is Limits {
  return typeof limits === 'object' && limits !== null && typeof Reflect.get(limits, 'with') === 'function';
}

function merge(base: WithLimits, overrides: WithLimits): object {
  const merged: Record<string, unknown> = { ...base, ...overrides };
  for (const name of Object.keys(MERGED_FIELDS)) {
    const parts = [Reflect.get(base, name), Reflect.get(overrides, name)];
    if (parts.every((part) => part !== undefined)) merged[name] = Object.freeze(Object.assign({}, ...parts));
  }
  if (isLimits(base.limits) && isLimits(overrides.limits)) merged['limits'] = base.limits.with(overrides.limits);
  return merged;
}
