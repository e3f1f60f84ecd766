import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRoles, type RoleOptions } from '../../src/access/role.ts';

const as = (...names: readonly string[]): { readonly claims: unknown } => ({ claims: { roles: names } });

describe('the roles of createRoles', () => {
  it.each([
    ['no roles', {}],
    ['a list', [{ permissions: ['a'] }]],
    ['null', null],
    ['a map', new Map([['clerk', {}]])],
    [
      'an instance',
      new (class Roles {
        clerk = {};
      })(),
    ],
    // In a literal it names no property, but the prototype: the role would be lost without a word.
    ['__proto__ in a literal', { __proto__: { permissions: ['a'] } }],
    ['a symbol', { [Symbol('clerk')]: {} }],
    ['a role that is a list', { clerk: ['a'] }],
    ['a role that is null', { clerk: null }],
    ['an unknown key', { clerk: { permision: ['a'] } }],
    ['an empty list of permissions', { clerk: { permissions: [] } }],
    ['an empty permission', { clerk: { permissions: [''] } }],
    ['a permission that is a number', { clerk: { permissions: [1] } }],
    ['a permission twice', { clerk: { permissions: ['a', 'a'] } }],
    ['a method in lower case', { clerk: { methods: ['get'] } }],
    ['TRACE', { clerk: { methods: ['TRACE'] } }],
    ['a role that is not there', { clerk: { inherits: ['root'] } }],
    ['a role that every object has', { clerk: { inherits: ['constructor'] } }],
    ['inherited options', { clerk: Object.create({ permissions: ['a'] }) }],
  ])('createRoles() takes no roles that are %s', (_what, given) => {
    expect(() => Reflect.apply(createRoles, undefined, [given])).toThrow(TypeError);
  });

  it('createRoles() names the role that is not there', () => {
    expect(() => Reflect.apply(createRoles, undefined, [{ clerk: { inherits: ['root'] } }])).toThrow(
      'Cannot create roles: there is no role root to inherit.',
    );
  });

  it.each([
    ['itself', { a: { inherits: ['a'] } }, 'a'],
    ['each other', { a: { inherits: ['b'] }, b: { inherits: ['a'] } }, 'a, b'],
    [
      'in a long circle',
      { x: {}, a: { inherits: ['x', 'b'] }, b: { inherits: ['c'] }, c: { inherits: ['a'] } },
      'a, b, c',
    ],
  ])('createRoles() takes no roles that inherit %s', (_what, given, names) => {
    expect(() => Reflect.apply(createRoles, undefined, [given])).toThrow(
      `Cannot create roles: ${names} inherit each other in a circle.`,
    );
  });

  it.each([['an unknown key', { roleOf: () => [] }], ['no function', { rolesOf: 'roles' }], ['null', null]])(
    'createRoles() takes no options with %s',
    (_what, options) => {
      expect(() => Reflect.apply(createRoles, undefined, [{ clerk: {} }, options])).toThrow(TypeError);
    },
  );

  it('createRoles() takes a long chain, in the worst order', () => {
    const given: Record<string, RoleOptions> = {};
    for (let index = 300; index > 0; index--) given[`r${index}`] = { inherits: [`r${index - 1}`] };
    given['r0'] = { permissions: ['a'] };
    expect(createRoles(given).hasPermission(as('r300'), 'a')).toBe(true);
  });

  it('createRoles() gives a role exactly what can be reached from it', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    // Only to the right: no circles.
    const edges = fc.tuple(...names.map((_, index) => fc.subarray(names.slice(index + 1))));
    fc.assert(fc.property(edges, fc.shuffledSubarray(names, { minLength: 5 }), (inherits, order) => {
      const given = Object.fromEntries(order.map((name) => {
        const parents = inherits[names.indexOf(name)] ?? [];
        return [name, { permissions: [`may ${name}`], ...(parents.length === 0 ? {} : { inherits: parents }) }];
      }));
      const made = createRoles<Readonly<Record<string, RoleOptions>>>(given);
      for (const start of names) {
        const reached = new Set([start]);
        for (const name of reached) inherits[names.indexOf(name)]?.forEach((parent) => reached.add(parent));
        for (const end of names) {
          expect(made.hasPermission(as(start), `may ${end}`)).toBe(reached.has(end));
          expect(made.hasRole(as(start), end)).toBe(reached.has(end));
        }
      }
    }));
  });
});
