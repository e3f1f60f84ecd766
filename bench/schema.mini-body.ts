import * as z from 'zod/mini';

const schema = z.strictObject({
  customer: z.string().check(z.minLength(1), z.maxLength(80)),
  delivery: z.enum(['collect', 'post']),
  items: z.array(z.strictObject({
    sku: z.string().check(z.minLength(1), z.maxLength(40)),
    quantity: z.int().check(z.minimum(1), z.maximum(100)),
  })).check(z.minLength(1), z.maxLength(50)),
  note: z.optional(z.string().check(z.maxLength(200))),
});

type Order = z.infer<typeof schema>;

/** The body of test/size/typical-body.ts. */
export function describeOrder(body: unknown): string | undefined {
  const result = schema.safeParse(body);
  return result.success ? describe(result.data) : undefined;
}

function describe({ customer, items, note = '' }: Order): string {
  return `${customer}: ${items.length} ${note}`;
}
