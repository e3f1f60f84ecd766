import { describe, expect, test } from 'vitest';
import {
  array,
  boolean,
  brand,
  int,
  ip,
  lazy,
  map,
  nullable,
  number,
  object,
  oneOf,
  optional,
  parse,
  record,
  refine,
  type Schema,
  string,
  toJsonSchema,
  tuple,
  union,
  unknown,
  variant,
} from '../../src/schema/index.ts';
import { polluting, withPollution } from './pollution.ts';

const dialect = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
const folder: Schema<unknown> = lazy(() => object({ name: string({ max: 5 }), folders: array(folder, { max: 9 }) }));
const small = { type: 'integer', minimum: 0, maximum: 9 };
const digit = int({ min: 0, max: 9 });

/** What is written but for the name of the dialect. */
function write(schema: Schema<unknown>, options: Parameters<typeof toJsonSchema>[1] = {}): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = toJsonSchema(schema, options);
  return rest;
}

describe('toJsonSchema()', () => {
  test.each<{ name: string; schema: Schema<unknown>; written: Record<string, unknown> }>([
    { name: 'string', schema: string({ max: 9 }), written: { type: 'string', maxLength: 9 } },
    { name: 'string', schema: string({ min: 2, max: 9 }), written: { type: 'string', minLength: 2, maxLength: 9 } },
    {
      name: 'string',
      schema: string({ pattern: /a|b/, max: 9 }),
      written: { type: 'string', maxLength: 9, pattern: '^(?:a|b)$' },
    },
    { name: 'number', schema: number(), written: { type: 'number' } },
    { name: 'number', schema: number({ min: 0.5 }), written: { type: 'number', minimum: 0.5 } },
    { name: 'int', schema: digit, written: small },
    { name: 'boolean', schema: boolean(), written: { type: 'boolean' } },
    { name: 'oneOf', schema: oneOf('a', 1, false), written: { enum: ['a', 1, false] } },
    { name: 'unknown', schema: unknown(), written: {} },
    { name: 'array', schema: array(digit, { max: 3 }), written: { type: 'array', items: small, maxItems: 3 } },
    {
      name: 'array',
      schema: array(digit, { min: 1, max: 3 }),
      written: { type: 'array', items: small, minItems: 1, maxItems: 3 },
    },
    {
      name: 'tuple',
      schema: tuple(digit, boolean()),
      written: { type: 'array', prefixItems: [small, { type: 'boolean' }], minItems: 2, maxItems: 2 },
    },
    { name: 'tuple', schema: tuple(), written: { type: 'array', minItems: 0, maxItems: 0 } },
    {
      name: 'record',
      schema: record(digit, { min: 1, max: 3 }),
      written: { type: 'object', additionalProperties: small, minProperties: 1, maxProperties: 3 },
    },
    { name: 'nullable', schema: nullable(digit), written: { anyOf: [small, { type: 'null' }] } },
    { name: 'union', schema: union(digit, boolean()), written: { anyOf: [small, { type: 'boolean' }] } },
    { name: 'refine', schema: refine(digit, () => true, 'mine'), written: small },
    { name: 'brand', schema: brand(digit, 'Mine'), written: small },
    { name: 'map', schema: map(digit, String), written: small },
    {
      name: 'variant',
      schema: variant('t', { a: object({ n: digit }) }),
      written: {
        oneOf: [{
          type: 'object',
          properties: { t: { enum: ['a'] }, n: small },
          required: ['t', 'n'],
          additionalProperties: false,
        }],
      },
    },
  ])('toJsonSchema() writes $name() as $written', ({ schema, written }) => {
    expect(toJsonSchema(schema)).toEqual({ ...dialect, ...written });
  });

  test('toJsonSchema() writes required and optional keys', () => {
    expect(write(object({ a: digit, b: optional(digit) }))).toEqual({
      type: 'object',
      properties: { a: small, b: small },
      required: ['a'],
      additionalProperties: false,
    });
    expect(write(object({}))).toEqual({ type: 'object', properties: {}, additionalProperties: false });
  });

  // A key that the client may leave out is always there in what the program gets.
  test('toJsonSchema() writes a default on the side of the input, and requires its key on the other', () => {
    const schema = object({ a: optional(digit, 5) });
    expect(write(schema)).toMatchObject({ properties: { a: { ...small, default: 5 } } });
    expect(write(schema)).not.toHaveProperty('required');
    expect(write(schema, { side: 'output' })).toMatchObject({ properties: { a: small }, required: ['a'] });
    expect(JSON.stringify(write(schema, { side: 'output' }))).not.toContain('default');
  });

  test('toJsonSchema() lets undeclared keys into an object that strips, and none out', () => {
    const schema = object({ a: digit }, { unknown: 'strip' });
    expect(write(schema)).not.toHaveProperty('additionalProperties');
    expect(write(schema, { side: 'output' })).toMatchObject({ additionalProperties: false });
  });

  test('toJsonSchema() cannot say what a map makes', () => {
    const schema = object({ a: map(string(), (text) => text.length) });
    expect(write(schema, { side: 'output' })).toMatchObject({ properties: { a: {} }, required: ['a'] });
  });

  test('toJsonSchema() writes for draft-07 what it has no other word for', () => {
    expect(toJsonSchema(tuple(digit, boolean()), { target: 'draft-07' })).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'array',
      items: [small, { type: 'boolean' }],
      minItems: 2,
      maxItems: 2,
    });
  });

  // Without a type beside it, `nullable` says nothing (OpenAPI 3.0.3, Schema Object).
  test('toJsonSchema() writes for OpenAPI 3.0 null without a type of null, and a list without places', () => {
    const target = 'openapi-3.0';
    expect(toJsonSchema(nullable(digit), { target })).toEqual({
      anyOf: [small, { type: 'string', enum: [null], nullable: true }],
    });
    expect(toJsonSchema(tuple(digit, boolean()), { target })).toEqual({
      type: 'array',
      items: { anyOf: [small, { type: 'boolean' }] },
      minItems: 2,
      maxItems: 2,
    });
    expect(toJsonSchema(tuple(), { target })).toEqual({ type: 'array', items: {}, minItems: 0, maxItems: 0 });
  });

  // JSON Schema reads each pattern as with the flag u, and knows no other.
  test.each([/a/i, /a/s, new RegExp('[a&&b]', 'v'), /\-/])('toJsonSchema() leaves the pattern %s out', (pattern) => {
    expect(write(string({ pattern, max: 9 }))).toEqual({ type: 'string', maxLength: 9 });
  });

  // Hostile list 3: names that every object has, as keys.
  test('toJsonSchema() writes keys that every object has', () => {
    const written = write(object({ constructor: digit, toString: optional(digit) }));
    expect(Object.entries(Object(written['properties']))).toEqual([['constructor', small], ['toString', small]]);
    expect(written['required']).toEqual(['constructor']);
  });

  test.each<[string, Schema<unknown>]>([
    ['a default', object({ a: optional(array(digit), [1]) })],
    ['literals', object({ a: oneOf('x', 'y') })],
    ['a format', object({ a: ip() })],
    ['a tuple', object({ a: tuple(digit, array(digit)) })],
    ['lazy', folder],
  ])('toJsonSchema() gives away nothing of its own: %s', (_name, schema) => {
    const before = JSON.stringify(toJsonSchema(schema));
    ruin(toJsonSchema(schema));
    expect(JSON.stringify(toJsonSchema(schema))).toBe(before);
    expect(parse(object({ a: optional(array(digit), [1]) }), {})).toEqual({ ok: true, value: { a: [1] } });
  });

  test.each([
    ['an unknown dialect', { target: 'draft-04' }],
    ['an inherited name for a dialect', { target: 'toString' }],
    ['an unknown side', { side: 'both' }],
    ['null for a dialect', { target: null }],
    ['an unknown option', { dialect: 'draft-07' }],
    ['a list', []],
    ['inherited options', Object.create({ target: 'draft-07' })],
  ])('toJsonSchema() throws on %s', (_name, options) => {
    expect(() => Reflect.apply(toJsonSchema, undefined, [digit, options])).toThrow(TypeError);
  });

  test('toJsonSchema() throws on what is no schema of this package', () => {
    for (const schema of [undefined, {}, string, { '~standard': digit['~standard'] }]) {
      expect(() => Reflect.apply(toJsonSchema, undefined, [schema])).toThrow(TypeError);
    }
  });

  // Hostile list 5: a dialect that somebody else put on every object.
  test('toJsonSchema() takes no dialect from a polluted prototype', () => {
    const written = withPollution('target', polluting('draft-07'), () => {
      try {
        return toJsonSchema(digit, {})['$schema'];
      } catch {
        return 'refused';
      }
    });
    expect(written).not.toContain('draft-07');
  });
});

/** Changes whatever can be changed in a value. */
function ruin(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    ruin(Reflect.get(value, key));
    if (!Reflect.set(value, key, 'ruined')) throw new TypeError(`${key} is somebody else's`);
  }
}
