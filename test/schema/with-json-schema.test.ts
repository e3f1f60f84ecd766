import { describe, expect, expectTypeOf, test } from 'vitest';
import type { StandardJsonSchema } from '../../src/core/standard-schema.ts';
import {
  array,
  type Infer,
  int,
  nullable,
  object,
  optional,
  parse,
  string,
  toJsonSchema,
  withJsonSchema,
} from '../../src/schema/index.ts';

describe('withJsonSchema()', () => {
  const digit = int({ min: 0, max: 9 });
  const page = object({ size: optional(digit, 5), next: nullable(string({ max: 9 })) });
  const schema = withJsonSchema(page);

  test('withJsonSchema() reads the same', () => {
    for (const value of [{ next: null }, { size: 'x', next: 1 }, null]) {
      expect(parse(schema, value)).toEqual(parse(page, value));
      expect(schema['~standard'].validate(value)).toEqual(page['~standard'].validate(value));
    }
    expect(parse(object({ page: schema }), { page: { next: null } }).ok).toBe(true);
  });

  // standardschema.dev/json-schema: both draft-2020-12 and draft-07 are strongly recommended.
  test.each(['draft-2020-12', 'draft-07', 'openapi-3.0'] as const)('withJsonSchema() writes %s', (target) => {
    const { input, output } = schema['~standard'].jsonSchema;
    expect(input({ target })).toEqual(toJsonSchema(page, { target, side: 'input' }));
    expect(output({ target })).toEqual(toJsonSchema(page, { target, side: 'output' }));
  });

  // standardschema.dev/json-schema: a library should throw if it does not support the target.
  test.each(['draft-04', 'draft-2019-09', 'openapi-3.1', 'toString', ''])(
    'withJsonSchema() throws when it is asked for "%s"',
    (target) => {
      expect(() => schema['~standard'].jsonSchema.input({ target })).toThrow(TypeError);
      expect(() => schema['~standard'].jsonSchema.output({ target })).toThrow(TypeError);
    },
  );

  test('withJsonSchema() throws when it is asked for no target', () => {
    const { input } = schema['~standard'].jsonSchema;
    for (const args of [[], [{}], [{ target: undefined }]]) {
      expect(() => Reflect.apply(input, undefined, args)).toThrow(TypeError);
    }
  });

  // standardschema.dev/json-schema: libraryOptions are another library's business.
  test('withJsonSchema() overlooks options of other libraries', () => {
    const options = { target: 'draft-07', libraryOptions: { io: 'x' } };
    expect(schema['~standard'].jsonSchema.input(options)).toEqual(toJsonSchema(page, { target: 'draft-07' }));
  });

  test('withJsonSchema() is a frozen schema of this package', () => {
    expect(schema['~standard']).toMatchObject({ version: 1, vendor: 'sallyport' });
    expect([schema, schema['~standard'], schema['~standard'].jsonSchema].every(Object.isFrozen)).toBe(true);
    expect(Object.hasOwn(page['~standard'], 'jsonSchema')).toBe(false);
    expect(toJsonSchema(array(schema))).toMatchObject({ items: { type: 'object' } });
  });

  test('withJsonSchema() keeps the type', () => {
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{ size: number; next: string | null }>();
    const standard: StandardJsonSchema = schema['~standard'].jsonSchema;
    expect(standard.input).toBeTypeOf('function');
  });

  test('withJsonSchema() throws on what is no schema', () => {
    expect(() => Reflect.apply(withJsonSchema, undefined, [{}])).toThrow(TypeError);
  });
});
