import { parse } from '../../src/schema/parse.ts';
import type { Schema } from '../../src/schema/schema.ts';

/** What `parse` finds wrong: of each issue its code, then its path. Empty when nothing is. */
export function findings(schema: Schema<unknown>, value: unknown): readonly (readonly (string | number)[])[] {
  const result = parse(schema, value);
  return result.ok ? [] : result.issues.map(({ code, path }) => [code, ...path]);
}

/** A value that nothing can be written to, however deep. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key of Reflect.ownKeys(value)) deepFreeze(Reflect.get(value, key));
  }
  return value;
}

/** What is no plain object, of the kinds that other validators have taken for one. */
export const NOT_PLAIN: readonly (readonly [name: string, value: unknown])[] = [
  ['null', null],
  ['undefined', undefined],
  ['an array', []],
  ['a Map', new Map()],
  ['a Date', new Date(0)],
  ['a class instance', new URLSearchParams()],
  ['a boxed string', Object('')],
  ['a function', () => ({})],
  ['a string', ''],
  ['an object that inherits its keys', Object.create({ a: 1 })],
  ['an object that inherits from one without a prototype', Object.create(Object.create(null))],
];
