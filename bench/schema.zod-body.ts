import * as z from 'zod';

const schema = z.strictObject({
  customer: z.string().min(1).max(80),
  delivery: z.enum(['collect', 'post']),
  items: z.array(z.strictObject({ sku: z.string().min(1).max(40), quantity: z.int().min(1).max(100) })).min(1).max(50),
  note: z.string().max(200).optional(),
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
