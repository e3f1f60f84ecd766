import type { Issue } from '../core/refusal.ts';

/** Returned by a reader instead of a value; no input can be it, so that `undefined` and `null` stay ordinary values. */
export const INVALID: unique symbol = /* @__PURE__ */ Symbol('invalid');

/** The type of {@linkcode INVALID}. */
export type Invalid = typeof INVALID;

/** A rule that a value can break, and what is said then: made once, when the schema is made. Nothing of the input is ever put in. */
export interface Rule {
  /** Stable and machine-readable. */
  readonly code: string;
  /** A sentence for a developer, whose subject is the value. */
  readonly message: string;
  /** The schema's own bounds, for translations. */
  readonly params?: Readonly<Record<string, number | string>>;
}

/** A hostile body must not become a long answer, whatever its size. */
const MAX_ISSUES = 8;

/**
 * Refuses a value: says so alone on the first pass (no list), and why on the second.
 *
 * @param issues the list to add to, if there is one
 * @param rule what is broken
 * @param key where in the value: a declared key, or nothing for the value itself
 * @returns {@linkcode INVALID}
 */
export function refuse(issues: Issue[] | undefined, rule: Rule, key?: string): Invalid {
  if (issues !== undefined && issues.length < MAX_ISSUES) {
    issues.push({ ...rule, path: key === undefined ? [] : [key] });
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
