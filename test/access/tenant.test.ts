import { describe, expect, it } from 'vitest';
import { isSameTenant, tenantRule } from '../../src/access/tenant.ts';

const ada = { claims: { tenant: 'acme' } };

describe('isSameTenant', () => {
  it('isSameTenant() finds what belongs to the principal’s tenant', () => {
    expect(isSameTenant(ada, { tenant: 'acme' })).toBe(true);
    expect(isSameTenant({ claims: { tid: 'acme' } }, { org: 'acme' }, { tenant: 'org', tenantClaim: 'tid' })).toBe(
      true,
    );
  });

  it.each([
    ["another tenant's", ada, { tenant: 'globex' }],
    ["nobody's", ada, {}],
    ['a list', ada, [{ tenant: 'acme' }]],
    ['a list with a tenant', ada, Object.assign([], { tenant: 'acme' })],
    ['of a list of tenants', ada, { tenant: ['acme'] }],
    ['with an inherited tenant', ada, Object.create({ tenant: 'acme' })],
    ['null', ada, null],
    ['nothing', ada, undefined],
    // Nothing equals nothing.
    ["nobody's, for who has none", { claims: {} }, {}],
    ['undefined for undefined', { claims: { tenant: undefined } }, { tenant: undefined }],
    ['empty for empty', { claims: { tenant: '' } }, { tenant: '' }],
    ['7 for 7', { claims: { tenant: 7 } }, { tenant: 7 }],
    ['of a tenant for nobody', undefined, { tenant: 'acme' }],
    ['of a tenant outside of claims', { tenant: 'acme' }, { tenant: 'acme' }],
    ['of a tenant among inherited claims', { claims: Object.create({ tenant: 'acme' }) }, { tenant: 'acme' }],
  ])('isSameTenant() finds no tenant in common: %s', (_what, principal, resource) => {
    expect(Reflect.apply(isSameTenant, undefined, [principal, resource])).toBe(false);
    expect(Reflect.apply(tenantRule(), undefined, [{ principal, resource }])).toBe(false);
  });

  it.each([
    { tenants: 'org' },
    { tenant: '' },
    { tenantClaim: 7 },
    { tenant: null },
    null,
    'org',
    Object.create({ tenant: 'org' }),
  ])(
    'isSameTenant() and tenantRule() take no options like %j',
    (options) => {
      expect(() => Reflect.apply(isSameTenant, undefined, [ada, {}, options])).toThrow(TypeError);
      expect(() => Reflect.apply(tenantRule, undefined, [options])).toThrow(TypeError);
    },
  );
});

describe('tenantRule', () => {
  it('tenantRule() allows what isSameTenant() finds, and is frozen', () => {
    const rule = tenantRule({ tenant: 'org' });
    expect(Object.isFrozen(rule)).toBe(true);
    expect(rule({ principal: ada, resource: { org: 'acme' } })).toBe(true);
    expect(rule({ principal: ada, resource: { org: 'globex', tenant: 'acme' } })).toBe(false);
  });
});
