import { array, type Infer, int, object, oneOf, optional, parse, string } from 'sallyport/schema';

const schema = object({
  customer: string({ min: 1, max: 80 }),
  delivery: oneOf('collect', 'post'),
  items: array(object({ sku: string({ min: 1, max: 40 }), quantity: int({ min: 1, max: 100 }) }), { min: 1, max: 50 }),
  note: optional(string({ max: 200 })),
});

type Order = Infer<typeof schema>;

/** What its types cost the compiler is budgeted; the bench has the same body with other libraries. */
export function describeOrder(body: unknown): string | undefined {
  const result = parse(schema, body);
  return result.ok ? describe(result.value) : undefined;
}

function describe({ customer, items, note = '' }: Order): string {
  return `${customer}: ${items.length} ${note}`;
}
