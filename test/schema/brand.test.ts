import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  brand,
  type Branded,
  type Infer,
  int,
  nullable,
  object,
  optional,
  parse,
  type Schema,
  string,
} from '../../src/schema/index.ts';

const sku = brand(string({ max: 5 }), 'Sku');
const order = object({ sku, note: brand(optional(string()), 'Note') });

describe('brand()', () => {
  test('brand() is the same schema', () => {
    const schema = string();
    expect(Object.is(brand(schema, 'Sku'), schema)).toBe(true);
  });

  test('brand() lets through and refuses what its schema does', () => {
    expect([parse(sku, 'pen').ok, parse(sku, 'pencil').ok]).toEqual([true, false]);
  });

  test('brand() gives a type that no other text has', () => {
    expectTypeOf<Infer<typeof sku>>().toEqualTypeOf<Branded<string, 'Sku'>>();
    expectTypeOf<string>().not.toExtend<Infer<typeof sku>>();
    expectTypeOf<Branded<string, 'Other'>>().not.toExtend<Infer<typeof sku>>();
    expectTypeOf<Infer<typeof sku>>().toExtend<string>();
    const annotated: Schema<Branded<string, 'Sku'>> = sku;
    expect(annotated).toBe(sku);
  });

  // `null & { … }` is never: the type would say that null, which comes out, cannot.
  test('brand() leaves null and undefined as they are', () => {
    const schema = brand(nullable(int()), 'Id');
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<Branded<number, 'Id'> | null>();
    expect(parse(schema, null)).toEqual({ ok: true, value: null });
  });

  test('brand() of an optional schema lets the key be missing', () => {
    expectTypeOf<Infer<typeof order>>().toEqualTypeOf<
      { sku: Branded<string, 'Sku'>; note?: Branded<string, 'Note'> }
    >();
    expect(parse(order, { sku: 'pen' })).toStrictEqual({ ok: true, value: { sku: 'pen' } });
  });

  test('brand() throws on what is no schema', () => {
    expect(() => Reflect.apply(brand, undefined, [string, 'Sku'])).toThrow(TypeError);
    expect(() => Reflect.apply(brand, undefined, [undefined, 'Sku'])).toThrow(TypeError);
  });
});
