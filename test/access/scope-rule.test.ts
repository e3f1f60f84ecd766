import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasScopes, scopeRule } from '../../src/access/scope-rule.ts';
import { checkScopes, parseScope } from '../../src/access/scope.ts';

describe('hasScopes', () => {
  it.each([
    [['a'], { all: ['a'] }],
    [['a', 'b'], { all: ['b', 'a'] }],
    [['a'], { any: ['a', 'b'] }],
    [['a', 'b'], { all: ['a'], any: ['b', 'c'] }],
  ])('hasScopes() finds in %j what %j needs', (granted, required) => {
    expect(hasScopes(granted, required)).toBe(true);
  });

  it.each([
    [[], { all: ['a'] }],
    [[], { any: ['a'] }],
    [['a'], { all: ['a', 'b'] }],
    [['c'], { any: ['a', 'b'] }],
    [['a'], { all: ['a'], any: ['b'] }],
    [['b'], { all: ['a'], any: ['b'] }],
    // A scope grants itself and nothing that contains it or is contained in it.
    [['readall'], { any: ['read'] }],
    [['read'], { any: ['readall'] }],
    [['orders:*'], { any: ['orders:read'] }],
    [['*'], { any: ['a'] }],
    [['A'], { any: ['a'] }],
    [['a b'], { any: ['a'] }],
  ])('hasScopes() does not find in %j what %j needs', (granted, required) => {
    expect(hasScopes(granted, required)).toBe(false);
  });

  // Hostile line 50: "read:orders write" holds no "read".
  it('hasScopes() compares the tokens of a claim, not its text', () => {
    const granted = parseScope('read:orders write');
    expect(hasScopes(granted, { any: ['read'] })).toBe(false);
    expect(hasScopes(granted, { all: ['write', 'read:orders'] })).toBe(true);
  });

  // Hostile line 49: a claim of another type grants nothing.
  it.each([
    ['read'],
    ['readall'],
    ['a read'],
    [undefined],
    [null],
    [1],
    [true],
    [{}],
    [{ 0: 'read', length: 1 }],
    [new Set(['read'])],
    [[['read']]],
    [{ includes: () => true }],
  ])('hasScopes() finds nothing in %j, which is no list of scopes', (granted) => {
    expect(Reflect.apply(hasScopes, undefined, [granted, { any: ['read'] }])).toBe(false);
  });

  it('hasScopes() agrees with checkScopes() where all are needed', () => {
    const scopes = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'ab', 'a:b'), { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(scopes, scopes, (granted, all) => {
      expect(hasScopes(granted, { all })).toBe(checkScopes(granted, all) === undefined);
    }));
  });
});

// Hostile line 50: an empty list is a mistake of the policy, neither a permission nor a refusal.
const WRONG: readonly (readonly [string, unknown])[] = [
  ['nothing', {}],
  ['an empty all', { all: [] }],
  ['an empty any beside an all', { all: ['a'], any: [] }],
  ['undefined for both', { all: undefined, any: undefined }],
  ['an unknown key', { all: ['a'], some: ['b'] }],
  ['a list', ['a']],
  ['text', 'a'],
  ['null', null],
  ['two scopes in one text', { all: ['orders:read orders:write'] }],
  ['a scope with a quote', { any: ['"a"'] }],
  ['a scope twice', { any: ['a', 'a'] }],
  ['a number', { any: [1] }],
  ['inherited keys', Object.create({ any: ['a'] })],
];

describe('scopeRule', () => {
  it.each(WRONG)('scopeRule() and hasScopes() take no requirement that is %s', (_what, required) => {
    expect(() => Reflect.apply(scopeRule, undefined, [required])).toThrow(TypeError);
    expect(() => Reflect.apply(hasScopes, undefined, [['a'], required])).toThrow(TypeError);
  });

  it('scopeRule() allows a principal with the scopes, and no other', () => {
    const rule = scopeRule({ any: ['orders:read', 'orders:admin'] });
    expect(rule({ principal: { scopes: ['orders:admin'] } })).toBe(true);
    expect(rule({ principal: { scopes: ['orders'] } })).toBe(false);
    expect(rule({ principal: { scopes: [] } })).toBe(false);
  });

  it.each([[undefined], [null], ['admin'], [[]], [{}], [{ scopes: 'a' }], [Object.create({ scopes: ['a'] })]])(
    'scopeRule() denies the principal %j',
    (principal) => {
      expect(Reflect.apply(scopeRule({ any: ['a'] }), undefined, [{ principal }])).toBe(false);
    },
  );

  it('scopeRule() is frozen, and does not see what becomes of the list it was given', () => {
    const all = ['a'];
    const rule = scopeRule({ all });
    all[0] = 'b';
    expect(Object.isFrozen(rule)).toBe(true);
    expect([rule({ principal: { scopes: ['a'] } }), rule({ principal: { scopes: ['b'] } })]).toEqual([true, false]);
  });
});
