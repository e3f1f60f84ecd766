import * as v from 'valibot';

const schema = v.strictObject({
  customer: v.pipe(v.string(), v.minLength(1), v.maxLength(80)),
  delivery: v.picklist(['collect', 'post']),
  items: v.pipe(
    v.array(v.strictObject({
      sku: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
      quantity: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100)),
    })),
    v.minLength(1),
    v.maxLength(50),
  ),
  note: v.optional(v.pipe(v.string(), v.maxLength(200))),
});

type Order = v.InferOutput<typeof schema>;

/** The body of test/size/typical-body.ts. */
export function describeOrder(body: unknown): string | undefined {
  const result = v.safeParse(schema, body);
  return result.success ? describe(result.output) : undefined;
}

function describe({ customer, items, note = '' }: Order): string {
  return `${customer}: ${items.length} ${note}`;
}
