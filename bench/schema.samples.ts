/** The types of the leaves. */
export type Leaf = 'number' | 'string' | 'boolean';

/** What an object is, told without a library: every library's schemas are built from it. */
export interface Fields {
  readonly [key: string]: Leaf | Fields;
}

/** One kind of object, and the text of one. */
export interface Sample {
  readonly fields: Fields;
  readonly text: string;
}

const LONG_STRING =
  'A guard at the gate asks every traveller the same few questions, and is not impressed by long answers. '
    .repeat(10);

/** The shape of moltar's typescript-runtime-type-benchmarks, whose four cases these are; the values are our own. */
const MOLTAR = {
  number: 7,
  negNumber: -7,
  maxNumber: Number.MAX_VALUE,
  string: 'gate',
  longString: LONG_STRING,
  boolean: true,
  deeplyNested: { foo: 'hinge', num: 12, bool: false },
};

export const moltar: Sample = sampleOf(MOLTAR);

/** As much work as moltar's, sixteen times under other names: what differs is how many shapes there are. */
export const namesakes: readonly Sample[] = Array.from({ length: 16 }, (_, index) => sampleOf(rename(MOLTAR, index)));

/** What else a program validates: one to sixteen keys of every type, some within others, some not in the declared order. */
export const others: readonly Sample[] = Array.from({ length: 16 }, (_, index) => {
  const values: readonly unknown[] = [index, `value ${index}`, index % 2 === 0];
  const entries = Array.from({ length: index + 1 }, (_, at) => [`key${(at * 7) % (index + 1)}`, values[at % 3]]);
  const flat = Object.fromEntries(entries);
  const value = index % 3 === 0 ? { ...flat, inner: { ...flat, more: `of ${index}` } } : flat;
  return sampleOf(value, index % 4 === 1 ? Object.fromEntries(Object.entries(value).reverse()) : value);
});

function sampleOf(value: object, sent = value): Sample {
  return { fields: fieldsOf(value), text: JSON.stringify(sent) };
}

function fieldsOf(value: object): Fields {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typeOf(item)]));
}

function typeOf(value: unknown): Fields[string] {
  if (typeof value === 'object' && value !== null) return fieldsOf(value);
  const type = typeof value;
  if (type === 'number' || type === 'string' || type === 'boolean') return type;
  throw new TypeError('A sample holds numbers, strings, booleans and objects.');
}

function rename(value: object, index: number): object {
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => [
    `${key}${index}`,
    typeof item === 'object' && item !== null ? rename(item, index) : item,
  ]);
  return Object.fromEntries([...entries.slice(index % 3), ...entries.slice(0, index % 3)]);
}
