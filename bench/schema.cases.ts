import type { Fields, Leaf } from './schema.samples.ts';

/** moltar's four: unknown keys left out, unknown keys refused, and the same two without an output. */
export const CASES = ['parseSafe', 'parseStrict', 'assertLoose', 'assertStrict'] as const;

/** One of {@linkcode CASES}. */
export type Case = typeof CASES[number];

/** Answers the output, or whether the value is one: `undefined` or `false` where it is refused. */
export type Job = (value: unknown) => unknown;

/** Makes one library's job of a case. */
export type Compile = (fields: Fields, what: Case) => Job;

/** One library's schemas of the leaves. */
export type Leaves<S> = Readonly<Record<Leaf, S>>;

/** Builds a schema in whatever a library's are. */
export function build<S>(fields: Fields, leaves: Leaves<S>, join: (shape: Record<string, S>) => S): S {
  const entries = Object.entries(fields).map(([key, field]): [string, S] => [
    key,
    typeof field === 'string' ? leaves[field] : build(field, leaves, join),
  ]);
  return join(Object.fromEntries(entries));
}
