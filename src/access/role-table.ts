import { METHODS } from '../core/method.ts';
import { refuseUnknownKeys, refuseUnknownOptions, stringListOption } from '../core/option.ts';

/** What a role may do. */
export interface RoleOptions<Role extends string = string> {
  /** Roles that it is as well: it has all that they have. Default: none. */
  readonly inherits?: readonly Role[];
  /** What it permits, compared exactly: `orders:*` is a name like any other. Default: nothing. */
  readonly permissions?: readonly string[];
  /** The HTTP methods that it may use; HEAD comes with GET. Default: none. */
  readonly methods?: readonly string[];
}

/** What can be asked of a role. */
export type Grant = `role ${string}` | `permission ${string}` | `method ${string}`;

/** Every role with all that it has, itself and what it inherits. A map: who is named `constructor` has what was given to that name. */
export type RoleTable = ReadonlyMap<string, ReadonlySet<Grant>>;

const ACTION = 'create roles';

/**
 * Checks roles, and gives each what it inherits.
 *
 * @throws {TypeError} for no roles, an unknown key, an empty list, a method that there is none of, a role that is inherited and not there,
 *   or roles that inherit each other in a circle
 */
export function compileRoles(roles: Readonly<Record<string, RoleOptions>>): RoleTable {
  // Symbols and prototypes aside, every key is a role: of `{ __proto__: … }` there would be none.
  refuseUnknownKeys(ACTION, roles, Object.keys(Object(roles)));
  const waiting = new Map(Object.entries(roles).map(([name, role]) => [name, readRole(name, role)]));
  if (waiting.size === 0) throw new TypeError(`Cannot ${ACTION}: at least one must be given.`);
  const table = new Map<string, ReadonlySet<Grant>>();
  for (const { inherits } of waiting.values()) {
    const missing = inherits.find((name) => !waiting.has(name));
    if (missing !== undefined) throw new TypeError(`Cannot ${ACTION}: there is no role ${missing} to inherit.`);
  }
  while (waiting.size > 0) {
    const before = waiting.size;
    for (const [name, { inherits, grants }] of waiting) {
      if (!inherits.every((parent) => table.has(parent))) continue;
      table.set(name, new Set([...grants, ...inherits.flatMap((parent) => [...(table.get(parent) ?? [])])]));
      waiting.delete(name);
    }
    if (waiting.size === before) {
      throw new TypeError(`Cannot ${ACTION}: ${[...waiting.keys()].join(', ')} inherit each other in a circle.`);
    }
  }
  return table;
}

function readRole(name: string, role: RoleOptions): { inherits: readonly string[]; grants: readonly Grant[] } {
  refuseUnknownOptions(`${ACTION}, ${name}`, role, ['inherits', 'permissions', 'methods']);
  const inherits = list(name, 'inherits', role.inherits);
  const permissions = list(name, 'permissions', role.permissions);
  const methods = new Set(list(name, 'methods', role.methods));
  for (const method of methods) {
    if (!METHODS.includes(method)) {
      throw new TypeError(`Cannot ${ACTION}, ${name}: methods must be among ${METHODS.join(', ')}.`);
    }
  }
  if (methods.has('GET')) methods.add('HEAD');
  const grants: Grant[] = [`role ${name}`];
  for (const permission of permissions) grants.push(`permission ${permission}`);
  for (const method of methods) grants.push(`method ${method}`);
  return { inherits, grants };
}

function list(role: string, name: string, value: unknown): readonly string[] {
  return value === undefined ? [] : stringListOption(`${ACTION}, ${role}`, name, value);
}
