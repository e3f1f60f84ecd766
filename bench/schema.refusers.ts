import { array, int, object, parse } from 'sallyport/schema';
import type { Contender } from './harness.ts';

/** How many keys each item lacks. */
export const MISSING = 50;

/** How many items there are. */
export const ITEMS = 2000;

/** Something that refuses a list of items without their keys. */
export interface Refuser {
  readonly name: string;
  readonly kind: Contender['kind'];
  /** Makes a function that answers how many issues there are. */
  readonly load: () => Promise<(value: unknown) => number>;
}

const KEYS = Array.from({ length: MISSING }, (_, index) => `field${index}`);

export const REFUSERS: readonly Refuser[] = [
  {
    name: 'sallyport',
    kind: 'ours',
    load: () => {
      const schema = array(object(shapeOf(int())), { max: ITEMS });
      return Promise.resolve((value) => {
        const result = parse(schema, value);
        return result.ok ? 0 : result.issues.length;
      });
    },
  },
  { name: 'zod (generates code)', kind: 'rival', load: () => loadZod(false) },
  { name: 'zod (jitless)', kind: 'rival', load: () => loadZod(true) },
  {
    name: 'valibot',
    kind: 'rival',
    load: async () => {
      const v = await import('valibot');
      const schema = v.array(v.strictObject(shapeOf(v.number())));
      return (value) => v.safeParse(schema, value).issues?.length ?? 0;
    },
  },
  {
    name: 'valita',
    kind: 'rival',
    load: async () => {
      const v = await import('@badrap/valita');
      const schema = v.array(v.object(shapeOf(v.number())));
      return (value) => {
        const result = schema.try(value, { mode: 'strict' });
        return result.ok ? 0 : result.issues.length;
      };
    },
  },
];

async function loadZod(jitless: boolean): Promise<(value: unknown) => number> {
  const { z } = await import('zod');
  z.config({ jitless });
  const schema = z.array(z.strictObject(shapeOf(z.int())));
  return (value) => schema.safeParse(value).error?.issues.length ?? 0;
}

function shapeOf<S>(schema: S): Record<string, S> {
  return Object.fromEntries(KEYS.map((key): [string, S] => [key, schema]));
}
