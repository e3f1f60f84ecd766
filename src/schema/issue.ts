import type { Issue } from '../core/refusal.ts';

/** Returned by a reader instead of a value; no input can be it, so that `undefined` and `null` stay ordinary values. */
export const INVALID: unique symbol = /* @__PURE__ */ Symbol('invalid');

/** The type of {@linkcode INVALID}. */
export type Invalid = typeof INVALID;

/** A hostile body must not become a long answer, whatever its size. */
const MAX_ISSUES = 8;

/**
 * Every sentence that can be said about a value. `#` stands for the schema's own bound; nothing of the input is ever put in, not even an
 * unknown key's name, and the allowed values of `oneOf` are not listed.
 */
const MESSAGES = {
  required: 'is required',
  unknown_key: 'must not have undeclared keys',
  not_object: 'must be an object',
  not_array: 'must be an array',
  not_string: 'must be a string',
  not_number: 'must be a finite number',
  not_integer: 'must be a safe integer',
  not_boolean: 'must be true or false',
  not_allowed: 'must be one of the allowed values',
  not_well_formed: 'must not have lone surrogates',
  too_short: 'must have at least # characters',
  too_long: 'must have at most # characters',
  too_small: 'must be at least #',
  too_large: 'must be at most #',
  too_few: 'must have at least # items',
  too_many: 'must have at most # items',
  unstable: 'must not change while it is read',
} as const;

/**
 * Refuses a value: says so alone on the first pass (no list), and why on the second.
 *
 * @param issues the list to add to, if there is one
 * @param code a row of the table
 * @param bound the limit that was crossed, for the sentence
 * @param key where in the value: a declared key, or nothing for the value itself
 * @returns {@linkcode INVALID}
 */
export function refuse(
  issues: Issue[] | undefined,
  code: keyof typeof MESSAGES,
  bound?: number,
  key?: string,
): Invalid {
  if (issues !== undefined && issues.length < MAX_ISSUES) {
    issues.push({ code, path: key === undefined ? [] : [key], message: MESSAGES[code].replace('#', `${bound}`) });
  }
  return INVALID;
}

/**
 * Puts the key of a child before the paths of the issues found inside it.
 *
 * @param issues the list, if there is one
 * @param from how many issues there were before the child was read
 * @param key the child's key
 * @returns whether reading on can tell more: false without a list, or with a full one
 */
export function locate(issues: Issue[] | undefined, from: number, key: string | number): boolean {
  if (issues === undefined) return false;
  for (const [index, issue] of issues.entries()) {
    if (index >= from) issues[index] = { ...issue, path: [key, ...issue.path] };
  }
  return issues.length < MAX_ISSUES;
}
