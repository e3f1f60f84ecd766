import { describe, expect, test } from 'vitest';
import { ownerRule } from '../../src/access/owner.ts';
import { createRoles } from '../../src/access/role.ts';
import { allOf, anyOf, not, type Rule } from '../../src/access/rule.ts';
import { scopeRule } from '../../src/access/scope-rule.ts';
import { tenantRule } from '../../src/access/tenant.ts';

const roles = createRoles({ manager: { permissions: ['orders:refund'], methods: ['GET'] } });
const isLocked = (): boolean => true;

const NAMES: readonly (readonly [string, Rule<never>])[] = [
  ['permission orders:refund', roles.permissionRule('orders:refund')],
  ['role manager', roles.roleRule('manager')],
  ['method of a role', roles.methodRule()],
  ['owner', ownerRule({ owner: 'customer' })],
  ['owner of any tenant', ownerRule({ dangerouslyAllowAnyTenant: true })],
  ['tenant', tenantRule()],
  ['all scopes of a b', scopeRule({ all: ['a', 'b'] })],
  ['any scope of a b', scopeRule({ any: ['a', 'b'] })],
  ['all scopes of a, any scope of b c', scopeRule({ all: ['a'], any: ['b', 'c'] })],
  ['not(isLocked)', not(isLocked)],
  ['not(rule)', not(() => true)],
  ['allOf(tenant, anyOf(owner, role manager))', allOf(tenantRule(), anyOf(ownerRule(), roles.roleRule('manager')))],
];

describe('The name of a rule', () => {
  test.each(NAMES)('is %s', (name, rule) => {
    expect(rule.name).toBe(name);
    expect(Object.isFrozen(rule)).toBe(true);
  });

  // Each of ten levels holds the one below it twice: a thousand names at the top, a million at twenty.
  test('stays short however many rules it is made of', () => {
    let rule: Rule<{ readonly principal: { readonly scopes: readonly string[] } }> = scopeRule({ all: ['a'] });
    for (let level = 0; level < 20; level++) rule = anyOf(rule, rule);
    expect(rule.name).toMatch(/^anyOf\(anyOf\(.*…$/);
    expect(rule.name).toHaveLength(200);
    expect(scopeRule({ all: ['x'.repeat(5000)] }).name).toHaveLength(200);
  });

  test('is `rule` where a function has none, or what is no text', () => {
    const odd = Object.defineProperty(() => true, 'name', { value: { toString: (): string => 'secret' } });
    expect(anyOf(odd, Object.defineProperty(() => true, 'name', { value: '' })).name).toBe('anyOf(rule, rule)');
  });

  test('leaves the function of the caller as it is', () => {
    not(isLocked);
    expect([isLocked.name, Object.isFrozen(isLocked)]).toEqual(['isLocked', false]);
  });
});
