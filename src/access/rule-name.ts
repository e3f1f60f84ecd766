import type { MaybePromise } from '../core/clock.ts';

const MAX_LENGTH = 200;

/**
 * Freezes a rule under a name that says what it asks, for inventories such as that of `describePolicy`. It is bounded: that of a rule made of
 * rules made of rules would double with every level.
 */
export function nameRule<Context>(
  name: string,
  rule: (context: Context) => MaybePromise<boolean>,
): (context: Context) => MaybePromise<boolean> {
  const value = name.length > MAX_LENGTH ? `${name.slice(0, MAX_LENGTH - 1)}…` : name;
  return Object.freeze(Object.defineProperty(rule, 'name', { value }));
}

/** The names of rules in a row; of a function without one, `rule`. */
export function namesOf(rules: readonly unknown[]): string {
  return rules.map((rule) => {
    const name: unknown = typeof rule === 'function' ? rule.name : undefined;
    return typeof name === 'string' && name !== '' ? name : 'rule';
  }).join(', ');
}
