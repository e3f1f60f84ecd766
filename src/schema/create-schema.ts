import { OWN_VENDOR } from '../core/standard-schema.ts';
import { charge } from './charge.ts';
import { refuse, type Rule } from './issue.ts';
import { parse } from './parse.ts';
import type { Kind, Presence, Reader, Schema } from './schema.ts';

/**
 * Makes a schema of a reader.
 *
 * One reader serves all passes, so that success and issues cannot disagree. Every schema has the same hidden class: the calls in
 * `object` and `array` stay fast however many schemas a program has.
 *
 * @param kind what it is
 * @param read answers an Output, or refuses
 * @param presence whether its key may be missing from an object
 * @returns the schema, frozen
 */
export function createSchema<Output>(kind: Kind, read: Reader, presence: Presence = 'required'): Schema<Output> {
  const schema: Schema<Output> = Object.freeze({
    '~standard': Object.freeze(
      {
        version: 1,
        vendor: OWN_VENDOR,
        validate: (value: unknown) => {
          const result = parse(schema, value);
          return result.ok ? { value: result.value } : { issues: result.issues };
        },
      } as const,
    ),
    '~presence': presence,
    '~kind': Object.freeze(kind),
    '~read': read,
  });
  return schema;
}

/**
 * Makes a schema that lets values through as they are.
 *
 * @param kind what it is
 * @param test names the rule that a value breaks, if it breaks one
 */
export function createLeaf<Output>(kind: Kind, test: (value: unknown) => Rule | undefined): Schema<Output> {
  return createSchema(kind, (value, issues, run) => {
    if (typeof value === 'string') charge(run, value.length, 1);
    const broken = test(value);
    return broken === undefined ? value : refuse(issues, broken);
  });
}

/**
 * Refuses to build on anything but a schema of this room.
 *
 * @param action what was to be done, for the message
 * @param value what stands where a schema should
 * @throws {TypeError} when it is none
 */
export function requireSchema(action: string, value: unknown): asserts value is Schema<unknown> {
  const isOne = typeof value === 'object' && value !== null && Object.hasOwn(value, '~read');
  if (!isOne || typeof Reflect.get(value, '~read') !== 'function') {
    throw new TypeError(`Cannot ${action}: every part must be a schema of this package, such as string().`);
  }
}
