import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOwner, ownerRule } from '../../src/access/owner.ts';

const ada = { id: 'ada', issuer: 'https://id.test', claims: { tenant: 'acme' } };
const order = { owner: 'ada', tenant: 'acme' };

describe('isOwner', () => {
  it('isOwner() finds what is the principal’s, in its tenant', () => {
    expect(isOwner(ada, order)).toBe(true);
    expect(isOwner(Object.freeze(ada), Object.freeze({ ...order, items: [] }))).toBe(true);
    expect(isOwner(ada, Object.assign(Object.create(null), order))).toBe(true);
  });

  it.each([
    ["another's", { owner: 'bob', tenant: 'acme' }],
    // Hostile line 62: the same id in another tenant.
    ["another tenant's", { owner: 'ada', tenant: 'globex' }],
    ['without a tenant', { owner: 'ada' }],
    ['without an owner', { tenant: 'acme' }],
    ['empty', {}],
    ['of an owner in another case', { owner: 'Ada', tenant: 'acme' }],
    ['of an owner with a space', { owner: 'ada ', tenant: 'acme' }],
    ['of a list of owners', { owner: ['ada'], tenant: 'acme' }],
    ['of a list of tenants', { owner: 'ada', tenant: ['acme'] }],
    ['of an owner that turns into text', { owner: { toString: () => 'ada' }, tenant: 'acme' }],
    ['of a boxed owner', { owner: Object('ada'), tenant: 'acme' }],
    ['of null', { owner: null, tenant: null }],
    // Hostile line 62: a list is nobody's, whatever is in it or on it.
    ['a list', [order]],
    ['a list with properties', Object.assign([], order)],
    ['with an inherited owner', Object.create(order)],
    ['null', null],
    ['nothing', undefined],
    ['text', 'ada'],
    ['true', true],
    ['a function', Object.assign(() => true, order)],
    ['a map', new Map(Object.entries(order))],
    ['a promise of it', Promise.resolve(order)],
  ])('isOwner() finds nobody’s: %s', (_what, resource) => {
    expect(isOwner(ada, resource)).toBe(false);
  });

  // Nothing equals nothing: neither two missing tenants nor two missing ids.
  it.each([
    ['no tenant', { id: 'ada', claims: {} }, { owner: 'ada' }],
    ['a tenant of undefined', { id: 'ada', claims: { tenant: undefined } }, { owner: 'ada', tenant: undefined }],
    ['a tenant of null', { id: 'ada', claims: { tenant: null } }, { owner: 'ada', tenant: null }],
    ['an empty tenant', { id: 'ada', claims: { tenant: '' } }, { owner: 'ada', tenant: '' }],
    ['a tenant in numbers', { id: 'ada', claims: { tenant: 7 } }, { owner: 'ada', tenant: 7 }],
    ['no claims', { id: 'ada' }, order],
    ['claims that are a list', { id: 'ada', claims: ['acme'] }, order],
    ['no id', { claims: { tenant: 'acme' } }, { tenant: 'acme' }],
    ['an empty id', { id: '', claims: { tenant: 'acme' } }, { owner: '', tenant: 'acme' }],
    ['an id of undefined', { id: undefined, claims: { tenant: 'acme' } }, { owner: undefined, tenant: 'acme' }],
    ['an id in numbers', { id: 7, claims: { tenant: 'acme' } }, { owner: 7, tenant: 'acme' }],
    ['an id that is NaN', { id: Number.NaN, claims: { tenant: 'acme' } }, { owner: Number.NaN, tenant: 'acme' }],
    // Hostile line 49: claims shadow no field of the principal.
    ['an id among its claims', { claims: { id: 'ada', sub: 'ada', tenant: 'acme' } }, order],
    ['an inherited id', Object.create(ada), order],
    ['inherited claims', { id: 'ada', claims: Object.create({ tenant: 'acme' }) }, order],
    ['a __proto__ among its claims', { id: 'ada', claims: JSON.parse('{"__proto__":{"tenant":"acme"}}') }, order],
    // Hostile line 67: who acts for the subject has the subject's rights, and the subject not those of who acts.
    ['an actor', { id: 'bob', claims: { tenant: 'acme', act: { sub: 'ada' } } }, order],
  ])('isOwner() denies a principal with %s', (_what, principal, resource) => {
    expect(Reflect.apply(isOwner, undefined, [principal, resource])).toBe(false);
  });

  it.each([[undefined], [null], ['ada'], [[]], [true]])('isOwner() denies the principal %j', (principal) => {
    expect(Reflect.apply(isOwner, undefined, [principal, order])).toBe(false);
    expect(Reflect.apply(isOwner, undefined, [principal, { owner: principal, tenant: principal }])).toBe(false);
  });

  // Hostile line 51: ids are any text, and differ where the text does.
  it.each(['192.0.2.1', 'a:b', 'a\nb', '👩‍🚀', '\ud800', '__proto__', 'x'.repeat(1_000_000)])(
    'isOwner() compares ids exactly (%#)',
    (id) => {
      const principal = { id, claims: { tenant: 'acme' } };
      expect(isOwner(principal, { owner: id, tenant: 'acme' })).toBe(true);
      expect(isOwner(principal, { owner: `${id} `, tenant: 'acme' })).toBe(false);
    },
  );

  it('isOwner() normalises nothing: two ways of writing é are two ids', () => {
    expect(isOwner({ id: '\u00e9', claims: { tenant: 'a' } }, { owner: 'e\u0301', tenant: 'a' })).toBe(false);
  });

  it('isOwner() is true exactly for equal texts, both there', () => {
    const value = fc.oneof(
      fc.constantFrom('a', 'b', ''),
      fc.constantFrom(undefined, null, 1, true, ['a'], {}),
      fc.anything(),
    );
    fc.assert(fc.property(value, value, value, value, (id, owner, mine, tenant) => {
      const equal = (one: unknown, other: unknown): boolean =>
        typeof one === 'string' && one.length > 0 && one === other;
      expect(Reflect.apply(isOwner, undefined, [{ id, claims: { tenant: mine } }, { owner, tenant }])).toBe(
        equal(id, owner) && equal(mine, tenant),
      );
    }));
  });

  it('isOwner() looks where it is told', () => {
    const principal = { id: 'ada', claims: { tid: 'acme', tenant: 'globex' } };
    const options = { owner: 'customer', tenant: 'shop', tenantClaim: 'tid' };
    expect(isOwner(principal, { customer: 'ada', shop: 'acme' }, options)).toBe(true);
    expect(isOwner(principal, { owner: 'ada', tenant: 'acme' }, options)).toBe(false);
    expect(isOwner(principal, { customer: 'ada', shop: 'globex' }, options)).toBe(false);
  });

  it.each(['__proto__', 'constructor', 'toString'])('isOwner() finds nothing under %s', (owner) => {
    expect(isOwner(ada, { tenant: 'acme' }, { owner })).toBe(false);
  });

  // Ids are unique within an issuer: another's ada is another.
  it('isOwner() compares issuers where the resource keeps them', () => {
    const options = { issuer: 'ownerIssuer' };
    expect(isOwner(ada, { ...order, ownerIssuer: 'https://id.test' }, options)).toBe(true);
    expect(isOwner(ada, { ...order, ownerIssuer: 'https://other.test' }, options)).toBe(false);
    expect(isOwner(ada, order, options)).toBe(false);
    expect(isOwner({ id: 'ada', claims: { tenant: 'acme' } }, order, options)).toBe(false);
    expect(isOwner({ ...ada, issuer: undefined }, { ...order, ownerIssuer: undefined }, options)).toBe(false);
  });

  it('isOwner() compares no tenants only when that is said, and owners still', () => {
    const options = { dangerouslyAllowAnyTenant: true };
    expect(isOwner({ id: 'ada', claims: {} }, { owner: 'ada' }, options)).toBe(true);
    expect(isOwner({ id: 'ada', claims: {} }, { owner: 'bob' }, options)).toBe(false);
    expect(isOwner({ id: 'ada', claims: {} }, [{ owner: 'ada' }], options)).toBe(false);
  });

  it.each([
    ['an unknown key', { ownerId: 'owner' }],
    ['an owner that is empty', { owner: '' }],
    ['an owner that is a list', { owner: ['owner'] }],
    ['an owner that is a function', { owner: () => 'ada' }],
    ['an issuer that is true', { issuer: true }],
    ['a tenant that is null', { tenant: null }],
    ['a tenant that is false', { tenant: false }],
    ['a claim that is empty', { tenantClaim: '' }],
    ['a truthy danger', { dangerouslyAllowAnyTenant: 'false' }],
    ['a tenant and none', { tenant: 'shop', dangerouslyAllowAnyTenant: true }],
    ['a claim and none', { tenantClaim: 'tid', dangerouslyAllowAnyTenant: true }],
    ['text', 'owner'],
    ['null', null],
    ['inherited keys', Object.create({ dangerouslyAllowAnyTenant: true })],
  ])('isOwner() and ownerRule() take no options with %s', (_what, options) => {
    expect(() => Reflect.apply(isOwner, undefined, [ada, order, options])).toThrow(TypeError);
    expect(() => Reflect.apply(ownerRule, undefined, [options])).toThrow(TypeError);
  });
});

describe('ownerRule', () => {
  it('ownerRule() allows what isOwner() finds', () => {
    const rule = ownerRule();
    expect(rule({ principal: ada, resource: order })).toBe(true);
    expect(rule({ principal: ada, resource: { owner: 'bob', tenant: 'acme' } })).toBe(false);
    expect(ownerRule({ owner: 'by', dangerouslyAllowAnyTenant: true })({ principal: ada, resource: { by: 'ada' } }))
      .toBe(true);
  });

  it('ownerRule() denies where the context has no principal or no resource', () => {
    for (
      const context of [{}, { principal: ada }, { resource: order }, { principal: undefined, resource: undefined }]
    ) {
      expect(Reflect.apply(ownerRule(), undefined, [context])).toBe(false);
    }
  });

  it('ownerRule() is frozen, and does not see what becomes of its options', () => {
    const options = { owner: 'owner' };
    const rule = ownerRule(options);
    options.owner = 'other';
    expect(Object.isFrozen(rule)).toBe(true);
    expect(rule({ principal: ada, resource: order })).toBe(true);
  });
});
