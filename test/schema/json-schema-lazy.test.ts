import { describe, expect, test } from 'vitest';
import { array, lazy, object, optional, type Schema, string, toJsonSchema } from '../../src/schema/index.ts';

const folder: Schema<unknown> = lazy(() => object({ name: string({ max: 5 }), folders: array(folder, { max: 9 }) }));

/** What is written but for the name of the dialect. */
function write(schema: Schema<unknown>): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = toJsonSchema(schema);
  return rest;
}

describe('toJsonSchema() of schemas that hold themselves', () => {
  test('toJsonSchema() writes a schema that holds itself once, and refers to it', () => {
    const written = {
      type: 'object',
      properties: {
        name: { type: 'string', maxLength: 5 },
        folders: { type: 'array', items: { $ref: '#/$defs/schema1' }, maxItems: 9 },
      },
      required: ['name', 'folders'],
      additionalProperties: false,
    };
    expect(write(folder)).toEqual({ $ref: '#/$defs/schema1', $defs: { schema1: written } });
    expect(write(object({ a: folder, b: folder }))).toMatchObject({
      properties: { a: { $ref: '#/$defs/schema1' }, b: { $ref: '#/$defs/schema1' } },
      $defs: { schema1: written },
    });
    expect(toJsonSchema(folder, { target: 'draft-07' })).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $ref: '#/definitions/schema1',
      definitions: { schema1: { type: 'object' } },
    });
  });

  // An OpenAPI 3.0 Schema Object has no definitions: what is shared stands in the document's components.
  test('toJsonSchema() writes for OpenAPI 3.0 the components of a document, under names of the caller', () => {
    const { components, ...schema } = toJsonSchema(array(folder), { target: 'openapi-3.0', name: 'Folder' });
    expect(schema).toEqual({ type: 'array', items: { $ref: '#/components/schemas/Folder1' }, maxItems: 1000 });
    expect(components).toMatchObject({
      schemas: { Folder1: { properties: { folders: { items: { $ref: '#/components/schemas/Folder1' } } } } },
    });
    expect(toJsonSchema(folder, { name: 'a.b_C-' })).toMatchObject({ $ref: '#/$defs/a.b_C-1' });
  });

  // A name is a part of a JSON Pointer, within a URI.
  test.each(['', 'a/b', 'a~b', 'a%b', 'a b', '#', '\u00e9', 1, null])(
    'toJsonSchema() throws on the name %j',
    (name) => {
      expect(() => Reflect.apply(toJsonSchema, undefined, [folder, { name }])).toThrow(TypeError);
    },
  );

  test('toJsonSchema() throws on a schema that has no end, since its factory makes another at every level', () => {
    const endless = (): Schema<unknown> => lazy(() => array(endless()));
    expect(() => toJsonSchema(endless())).toThrow(TypeError);
  });

  test('toJsonSchema() writes two schemas that hold each other', () => {
    const even: Schema<unknown> = lazy(() => object({ odd: optional(odd) }));
    const odd: Schema<unknown> = lazy(() => object({ even: optional(even) }));
    expect(write(even)).toMatchObject({
      $ref: '#/$defs/schema1',
      $defs: {
        schema1: { properties: { odd: { $ref: '#/$defs/schema2' } } },
        schema2: { properties: { even: { $ref: '#/$defs/schema1' } } },
      },
    });
  });
});
