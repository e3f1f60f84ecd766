import { describe, expect, expectTypeOf, test } from 'vitest';
import { isStandardSchema, type StandardSchema, validateStandard } from '../../src/core/standard-schema.ts';
import {
  array,
  boolean,
  type Infer,
  int,
  number,
  object,
  oneOf,
  optional,
  parse,
  type Schema,
  string,
} from '../../src/schema/index.ts';

const order = object({
  sku: string({ min: 1 }),
  quantity: int({ min: 1 }),
  status: oneOf('open', 'closed'),
  tags: optional(array(string())),
});

describe('parse()', () => {
  test('parse() answers a value that is typed by its schema', () => {
    const result = parse(order, { sku: 'pen', quantity: 1, status: 'open' });
    if (!result.ok) throw new Error('a valid order was refused');
    expectTypeOf(result.value).toEqualTypeOf<
      { sku: string; quantity: number; status: 'open' | 'closed'; tags?: string[] }
    >();
    expect(result.value.sku).toBe('pen');
  });

  test('parse() answers the same issues for the same value', () => {
    expect(parse(order, { sku: '', extra: 1 })).toEqual(parse(order, { extra: 1, sku: '' }));
  });

  // A getter that fails the first pass and passes the second must not become a failure without a reason, nor a success.
  test('parse() refuses a value that changes between its two passes', () => {
    let reads = 0;
    const input = {
      get n() {
        return reads++ === 0 ? 'x' : 1;
      },
    };
    expect(parse(object({ n: int() }), input)).toEqual({
      ok: false,
      issues: [{ code: 'unstable', path: [], message: 'must not change while it is read' }],
    });
  });

  // Hostile list 25 and 54: nothing of one call is left for the next.
  test('parse() keeps no state between calls', () => {
    const answers = Array.from({ length: 4 }, () => parse(order, { sku: 'pen', quantity: 1, status: 'open' }).ok);
    expect(answers).toEqual([true, true, true, true]);
  });
});

describe('Schema', () => {
  const schemas: readonly (readonly [string, Schema<unknown>])[] = [
    ['string', string()],
    ['number', number()],
    ['int', int()],
    ['boolean', boolean()],
    ['oneOf', oneOf('a')],
    ['array', array(int())],
    ['object', object({})],
    ['optional', optional(int())],
  ];

  test.each(schemas)('%s() is a Standard Schema of this vendor', (_name, schema) => {
    expect(isStandardSchema(schema)).toBe(true);
    expect(schema['~standard']).toMatchObject({ version: 1, vendor: 'sallyport' });
  });

  test.each(schemas)('%s() is frozen', (_name, schema) => {
    expect(Object.isFrozen(schema) && Object.isFrozen(schema['~standard'])).toBe(true);
  });

  test('validate of a schema answers a value alone on success', () => {
    const { validate } = int()['~standard'];
    expect(validate(1)).toStrictEqual({ value: 1 });
  });

  // Hostile list 52: some validators answer both a value and issues.
  test('validate of a schema answers issues alone on failure', () => {
    const { validate } = object({ n: int() })['~standard'];
    expect(validate({ n: 'x' })).toStrictEqual({
      issues: [{ code: 'not_integer', path: ['n'], message: 'must be a safe integer' }],
    });
  });

  test('validate of an optional schema lets undefined through', () => {
    expect(optional(int())['~standard'].validate(undefined)).toStrictEqual({ value: undefined });
  });

  test('a schema is taken where any Standard Schema is, and its own words reach the refusal', () => {
    const foreign: StandardSchema<unknown, Infer<typeof order>> = order;
    expect(() => validateStandard(foreign, {}, 'body_invalid')).toThrow(
      expect.objectContaining({
        code: 'body_invalid',
        issues: expect.arrayContaining([expect.objectContaining({ code: 'required' })]),
      }),
    );
  });
});
