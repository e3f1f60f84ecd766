import { describe, expect, it, vi } from 'vitest';
import { ownerRule } from '../../src/access/owner.ts';
import { createRoles } from '../../src/access/role.ts';
import { allOf, anyOf, not, type Rule } from '../../src/access/rule.ts';
import { scopeRule } from '../../src/access/scope-rule.ts';
import { tenantRule } from '../../src/access/tenant.ts';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import { definePolicy } from '../../src/secure/define-policy.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, codeOf, get, ok, open } from '../secure/fixtures.ts';

interface Order {
  readonly owner: string;
  readonly tenant: string;
  readonly locked: boolean;
}

const ORDERS: ReadonlyMap<string, Order> = new Map([
  ['/ada', { owner: 'ada', tenant: 'acme', locked: false }],
  ['/locked', { owner: 'ada', tenant: 'acme', locked: true }],
  ['/bob', { owner: 'bob', tenant: 'acme', locked: false }],
  ['/globex', { owner: 'ada', tenant: 'globex', locked: false }],
]);
const CLAIMS: ReadonlyMap<string, object> = new Map([
  ['ada', { sub: 'ada', tenant: 'acme', scope: 'orders:write' }],
  ['manager', { sub: 'eve', tenant: 'acme', roles: ['manager'], scope: 'orders:write' }],
  ['stranger', { sub: 'ada', scope: 'orders:write' }],
  ['scopeless', { sub: 'ada', tenant: 'acme' }],
]);

const roles = createRoles({
  clerk: { methods: ['GET'] },
  manager: { inherits: ['clerk'], permissions: ['orders:refund'] },
});
const isLocked = ({ resource }: { readonly resource: Order }): boolean => resource.locked;
const base = definePolicy({
  ...open,
  auth: createBearerAuth({ verify: (token) => ({ claims: CLAIMS.get(token) ?? {} }) }),
  resource: ({ url }: { readonly url: URL }) => ORDERS.get(url.pathname),
});

describe('a policy’s authorize', () => {
  const onError = vi.fn();
  const refund = secure(
    base.extend({
      authorize: allOf(
        tenantRule(),
        scopeRule({ any: ['orders:write', 'orders:admin'] }),
        anyOf(ownerRule(), roles.permissionRule('orders:refund')),
        not(isLocked),
      ),
      onError,
    }),
    (_request, { resource, principal }) => Response.json({ owner: resource.owner, by: principal.id }),
  );

  it.each([
    ['ada', '/ada', 200],
    ['ada', '/bob', 403],
    ['ada', '/globex', 403],
    ['ada', '/locked', 403],
    ['ada', '/nothing', 404],
    ['manager', '/ada', 200],
    ['manager', '/bob', 200],
    // A role in one tenant is none in another.
    ['manager', '/globex', 403],
    ['manager', '/locked', 403],
    ['stranger', '/ada', 403],
    ['scopeless', '/ada', 403],
  ])('made of rules, answers %s at %s with %s', async (who, path, status) => {
    expect((await refund(get(path, as(who)))).status).toBe(status);
    expect(onError).not.toHaveBeenCalled();
  });

  // Hostile lines 61 and 63, through the whole of secure(): no handler runs.
  it.each([
    ['throws', (): never => {
      throw new Error('secret');
    }],
    ['rejects', () => Promise.reject(new Error('secret'))],
    ['answers undefined', (() => undefined) as unknown as Rule<unknown>],
    ['answers a promise of "yes"', (() => Promise.resolve('yes')) as unknown as Rule<unknown>],
  ])('answers 500 and reports it where a rule %s, however it is combined', async (_what, broken: Rule<unknown>) => {
    const allow = (): boolean => true;
    for (
      const authorize of [allOf(broken), anyOf(broken, allow), not(broken), not(allOf(allow, broken)), not(not(broken))]
    ) {
      const handler = vi.fn(ok);
      const reported = vi.fn();
      const response = await secure(base.extend({ authorize, onError: reported }), handler)(get('/ada', as('ada')));
      expect([response.status, handler.mock.calls.length, reported.mock.calls.length]).toEqual([500, 0, 1]);
      expect(await codeOf(response)).toBe('internal_error');
    }
  });

  it('takes a rule alone, and one by method without a resource', async () => {
    const own = secure(base.extend({ authorize: ownerRule() }), ok);
    expect([(await own(get('/ada', as('ada')))).status, (await own(get('/bob', as('ada')))).status]).toEqual([
      200,
      403,
    ]);
    const byMethod = secure({ ...open, auth: base.auth, authorize: roles.methodRule() }, ok);
    expect([(await byMethod(get('/', as('manager')))).status, (await byMethod(get('/', as('ada')))).status]).toEqual([
      200,
      403,
    ]);
  });

  it('does not fit where the context lacks what a rule reads', () => {
    // @ts-expect-error nobody is known to a public policy
    expect(secure({ ...open, authorize: roles.methodRule() }, ok)).toBeTypeOf('function');
    const hasSize = ({ resource }: { readonly resource: { readonly size: number } }): boolean => resource.size > 0;
    const { auth } = base;
    const resource = (): Order | undefined => undefined;
    // @ts-expect-error the policy's resource has no size
    expect(definePolicy({ ...open, auth, resource, authorize: allOf(ownerRule(), hasSize) })).toBeTypeOf('object');
  });
});
