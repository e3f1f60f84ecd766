import { type } from 'arktype';
import * as v from 'valibot';
import * as z from 'zod';
import * as mini from 'zod/mini';
import type { StandardSchema } from '../../src/core/standard-schema.ts';

/** An order of `{ sku: string of 1 to 40, quantity: integer of at least 1 }`, as each library writes it. */
export const orders: readonly { readonly name: string; readonly schema: StandardSchema<unknown, unknown> }[] = [
  { name: 'zod', schema: z.strictObject({ sku: z.string().min(1).max(40), quantity: z.int().min(1) }) },
  {
    name: 'zod/mini',
    schema: mini.strictObject({
      sku: mini.string().check(mini.minLength(1), mini.maxLength(40)),
      quantity: mini.int().check(mini.minimum(1)),
    }),
  },
  {
    name: 'valibot',
    schema: v.strictObject({
      sku: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
      quantity: v.pipe(v.number(), v.integer(), v.minValue(1)),
    }),
  },
  {
    name: 'valibot (async)',
    schema: v.strictObjectAsync({
      sku: v.pipeAsync(v.string(), v.checkAsync(async (text) => text.length >= 1 && text.length <= 40)),
      quantity: v.pipe(v.number(), v.integer(), v.minValue(1)),
    }),
  },
  // A function, not an object.
  { name: 'arktype', schema: type({ '+': 'reject', sku: '1 <= string <= 40', quantity: 'number.integer >= 1' }) },
];

/** The same of text, by the coercions of each library. */
export const textOrders: typeof orders = [
  { name: 'zod', schema: z.strictObject({ sku: z.string(), quantity: z.coerce.number().int() }) },
  { name: 'zod/mini', schema: mini.strictObject({ sku: mini.string(), quantity: mini.coerce.number() }) },
  {
    name: 'valibot',
    schema: v.strictObject({ sku: v.string(), quantity: v.pipe(v.string(), v.transform(Number), v.integer()) }),
  },
  { name: 'arktype', schema: type({ '+': 'reject', sku: 'string', quantity: 'string.integer.parse' }) },
];

export const validOrder = '{"sku":"pen","quantity":2}';

/** What none of them takes, and what must never be told of it. */
export const invalidOrders: readonly { readonly body: string; readonly path: readonly (string | number)[] }[] = [
  { body: '{"sku":"","quantity":2}', path: ['sku'] },
  { body: '{"sku":"hunter2hunter2hunter2hunter2hunter2hunter2","quantity":2}', path: ['sku'] },
  { body: '{"sku":"pen","quantity":"hunter2"}', path: ['quantity'] },
  { body: '{"sku":"pen","quantity":0}', path: ['quantity'] },
  { body: '{"sku":"pen"}', path: ['quantity'] },
];

/** A schema of which nothing is known but that it has a `validate`. */
export function schemaOf(validate: (value: unknown) => unknown): StandardSchema {
  // The contract is broken here on purpose: what it answers may be anything.
  return { '~standard': { version: 1, vendor: 'other', validate: validate as never } };
}

const BAD = { issues: [{ message: 'hunter2', path: [{ key: 'sku' }, 'a', 0] }] };

/** Whose answers are a refusal of the value, however they are put. */
export const refusing: readonly { readonly name: string; readonly schema: StandardSchema }[] = [
  { name: 'issues', schema: schemaOf(() => BAD) },
  { name: 'a value beside issues', schema: schemaOf((value) => ({ value, ...BAD })) },
  { name: 'no issue in the list of issues', schema: schemaOf((value) => ({ value, issues: [] })) },
  { name: 'a promise of issues', schema: schemaOf(() => Promise.resolve(BAD)) },
  {
    name: 'a thenable of issues',
    schema: schemaOf(() => ({ then: (resolve: (answer: unknown) => void): void => resolve(BAD) })),
  },
  {
    name: 'a callable thenable of issues',
    schema: schemaOf(() =>
      Object.assign((): undefined => undefined, { then: (resolve: (answer: unknown) => void): void => resolve(BAD) })
    ),
  },
  { name: 'issues that are no objects', schema: schemaOf(() => ({ issues: [null, 'hunter2', 5] })) },
  { name: 'a path that is text', schema: schemaOf(() => ({ issues: [{ message: 'hunter2', path: 'sku' }] })) },
  {
    name: 'symbols in a path',
    schema: schemaOf(() => ({ issues: [{ message: 'x', path: [Symbol('s'), { key: Symbol() }] }] })),
  },
  { name: 'a path of nothing', schema: schemaOf(() => ({ issues: [{ message: 'x', path: [null, undefined, {}] }] })) },
  {
    name: '100,000 issues',
    schema: schemaOf(() => ({ issues: Array.from({ length: 100_000 }, () => ({ message: 'hunter2' })) })),
  },
  { name: 'a function that is a schema', schema: Object.assign((): undefined => undefined, schemaOf(() => BAD)) },
  {
    name: 'a validate that needs its object',
    schema: {
      '~standard': Object.assign({ version: 1, vendor: 'other', answer: BAD } as const, {
        validate(this: { readonly answer: typeof BAD }): typeof BAD {
          return this.answer;
        },
      }),
    },
  },
];

/** Which break the contract: a defect of the program, and never a valid value. */
export const broken: readonly { readonly name: string; readonly schema: StandardSchema }[] = [
  {
    name: 'what it throws',
    schema: schemaOf(() => {
      throw new Error('hunter2');
    }),
  },
  { name: 'a rejection', schema: schemaOf(() => Promise.reject(new Error('hunter2'))) },
  {
    name: 'a thenable that throws',
    schema: schemaOf(() => ({
      then: (): void => {
        throw new Error('hunter2');
      },
    })),
  },
  { name: 'nothing', schema: schemaOf(() => undefined) },
  { name: 'true', schema: schemaOf(() => true) },
  { name: 'the value itself', schema: schemaOf((value) => value) },
  { name: 'a list', schema: schemaOf((value) => [value]) },
  { name: 'an empty object', schema: schemaOf(() => ({})) },
  { name: 'a function', schema: schemaOf((value) => () => ({ value })) },
  { name: 'issues that are null', schema: schemaOf((value) => ({ value, issues: null })) },
  { name: 'issues that are false', schema: schemaOf((value) => ({ value, issues: false })) },
  { name: 'issues that are text', schema: schemaOf((value) => ({ value, issues: 'none' })) },
  { name: 'a promise of nothing', schema: schemaOf(() => Promise.resolve()) },
  { name: 'a promise of a function', schema: schemaOf((value) => Promise.resolve(() => ({ value }))) },
];
