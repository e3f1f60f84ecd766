import type { MaybePromise } from '../core/clock.ts';
import { Refusal } from '../core/refusal.ts';
import { nameRule, namesOf } from './rule-name.ts';

/**
 * Decides about one context: what a policy's `authorize` is. Only `true` allows. A rule asks for no more of the context than it reads, so
 * that it fits every policy that has as much. Its `name` says what it asks, where this package made it: `permission orders:refund`.
 */
export type Rule<in Context> = (context: Context) => MaybePromise<boolean>;

/** One rule or more, each over a context of its own. Write out what a function among them reads: nothing else tells its type. */
export type RuleList = readonly [Rule<never>, ...Rule<never>[]];

/** What every one of some rules reads of its context, in one. */
export type ContextOf<Rules extends readonly unknown[]> = Rules extends
  readonly [Rule<infer Context>, ...infer Rest extends readonly unknown[]] ? Context & ContextOf<Rest> : unknown;

/**
 * Makes the rule that allows what every one of its rules allows. They are asked in order; after the first `false` no other is.
 *
 * What a rule throws or rejects with is passed on, and so is no permission. It stays synchronous while its rules do.
 *
 * @param rules one or more, called with the same context
 * @returns a frozen rule; it throws a TypeError where a rule answers neither true nor false: nothing could be made of that, and least of
 *   all its opposite
 * @throws {TypeError} for no rules, or one that is no function
 *
 * @example
 * ```ts
 * import { allOf, ownerRule, scopeRule } from 'sallyport/access';
 *
 * const mayEdit = allOf(scopeRule({ all: ['orders:write'] }), ownerRule());
 * const ada = { id: 'ada', scopes: ['orders:write'], claims: { tenant: 'acme' } };
 * console.log(mayEdit({ principal: ada, resource: { owner: 'ada', tenant: 'acme' } })); // true
 * ```
 */
export function allOf<Rules extends RuleList>(...rules: Rules): Rule<ContextOf<Rules>> {
  return combine('allOf', rules, false);
}

/**
 * Makes the rule that allows what at least one of its rules allows. They are asked in order; after the first `true` no other is.
 *
 * What a rule throws or rejects with is passed on, also where a later rule would allow: an error is no `false`. It stays synchronous while
 * its rules do.
 *
 * @param rules one or more, called with the same context
 * @returns a frozen rule; it throws a TypeError where a rule answers neither true nor false
 * @throws {TypeError} for no rules, or one that is no function
 *
 * @example
 * ```ts
 * import { allOf, anyOf, createRoles, ownerRule, tenantRule } from 'sallyport/access';
 *
 * const roles = createRoles({ manager: { permissions: ['orders:refund'] } });
 * // Without the tenant's rule in front, a manager could refund the orders of every other tenant.
 * const mayRefund = allOf(tenantRule(), anyOf(ownerRule(), roles.permissionRule('orders:refund')));
 * const ada = { id: 'ada', claims: { tenant: 'acme', roles: ['manager'] } };
 * console.log(mayRefund({ principal: ada, resource: { owner: 'bob', tenant: 'acme' } })); // true
 * ```
 */
export function anyOf<Rules extends RuleList>(...rules: Rules): Rule<ContextOf<Rules>> {
  return combine('anyOf', rules, true);
}

/**
 * Makes the rule that allows what another answers `false` to, and nothing else: neither what it throws at, nor what it answers anything
 * else to.
 *
 * By itself it allows everybody of whom nothing is known. Put it behind what must be proved: `allOf(ownerRule(), not(locked))`.
 *
 * @param rule the rule
 * @returns a frozen rule; it throws a TypeError where the rule answers neither true nor false
 * @throws {TypeError} for what is no function
 *
 * @example
 * ```ts
 * import { allOf, not, ownerRule } from 'sallyport/access';
 *
 * const isLocked = ({ resource }: { readonly resource: { readonly locked: boolean } }): boolean => resource.locked;
 * const mayEdit = allOf(ownerRule(), not(isLocked));
 * const order = { owner: 'ada', tenant: 'acme', locked: true };
 * console.log(mayEdit({ principal: { id: 'ada', claims: { tenant: 'acme' } }, resource: order })); // false
 * ```
 */
export function not<Context>(rule: Rule<Context>): Rule<Context> {
  requireRule('not', rule);
  return nameRule(`not(${namesOf([rule])})`, (context: Context) => {
    const answer = ask(rule, context);
    return typeof answer === 'boolean' ? !answer : answer.then((settled) => !settled);
  });
}

/**
 * Asks a rule, for those who have no `secure()` to do so.
 *
 * @param rule any rule; what it throws or rejects with is passed on
 * @param context what the rule reads
 * @returns a refusal (forbidden) for anything but `true`, or undefined; a promise of it where the rule's answer is one
 *
 * @example
 * ```ts
 * import { checkRule, ownerRule } from 'sallyport/access';
 *
 * const principal = { id: 'ada', claims: { tenant: 'acme' } };
 * const refusal = await checkRule(ownerRule(), { principal, resource: { owner: 'bob', tenant: 'acme' } });
 * console.log(refusal?.code); // 'forbidden'
 * ```
 */
export function checkRule<Context>(rule: Rule<Context>, context: Context): MaybePromise<Refusal | undefined> {
  const answer: unknown = rule(context);
  return isThenable(answer) ? Promise.resolve(answer).then(toRefusal) : toRefusal(answer);
}

function toRefusal(answer: unknown): Refusal | undefined {
  return answer === true ? undefined : new Refusal('forbidden');
}

function combine<Rules extends RuleList>(name: string, rules: Rules, decisive: boolean): Rule<ContextOf<Rules>> {
  if (rules.length === 0) throw new TypeError(`Cannot create rule: ${name} needs at least one rule.`);
  for (const rule of rules) requireRule(name, rule);
  // Boundary of the types: a context that has what every rule reads fits each of them.
  const list: readonly Rule<unknown>[] = rules as readonly unknown[] as readonly Rule<unknown>[];
  return nameRule(`${name}(${namesOf(list)})`, (context: unknown) => decide(list, context, decisive));
}

function requireRule(name: string, rule: unknown): void {
  if (typeof rule !== 'function') throw new TypeError(`Cannot create rule: ${name} takes functions only.`);
}

function decide(rules: readonly Rule<unknown>[], context: unknown, decisive: boolean): MaybePromise<boolean> {
  let asked = 0;
  for (const rule of rules) {
    const answer = ask(rule, context);
    asked++;
    if (typeof answer !== 'boolean') {
      const rest = rules.slice(asked);
      return answer.then((settled) => settled === decisive ? decisive : decide(rest, context, decisive));
    }
    if (answer === decisive) return decisive;
  }
  return !decisive;
}

function ask<Context>(rule: Rule<Context>, context: Context): MaybePromise<boolean> {
  const answer: unknown = rule(context);
  return isThenable(answer) ? Promise.resolve(answer).then(requireBoolean) : requireBoolean(answer);
}

function requireBoolean(answer: unknown): boolean {
  // It is tempting to count everything but true as false. However, `not` would make a permission of a row that was not found.
  if (typeof answer !== 'boolean') throw new TypeError('A rule answered neither true nor false.');
  return answer;
}

/** Also what is no promise of this realm's: a query that runs when it is awaited. */
function isThenable(answer: unknown): boolean {
  if ((typeof answer !== 'object' && typeof answer !== 'function') || answer === null) return false;
  return typeof Reflect.get(answer, 'then') === 'function';
}
