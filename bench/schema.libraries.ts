import { boolean, check, number, object, parse, type Schema, string } from 'sallyport/schema';
import type { Contender } from './harness.ts';
import { build, type Case, type Compile, type Leaves } from './schema.cases.ts';
import { RIVALS } from './schema.rivals.ts';

/** A library, which is loaded only in the process that measures it. */
export interface Library {
  readonly name: string;
  readonly kind: Contender['kind'];
  /** Whether it makes its validators with `new Function`, which a policy for content or a worker may forbid. */
  readonly generates: boolean;
  readonly load: () => Promise<Compile>;
}

export const LIBRARIES: readonly Library[] = [
  { name: 'sallyport', kind: 'ours', generates: false, load: () => Promise.resolve(compileOurs) },
  ...RIVALS.map((rival) => ({ kind: 'rival' as const, ...rival })),
];

const LEAVES: Leaves<Schema<unknown>> = { number: number(), string: string(), boolean: boolean() };

function compileOurs(fields: Parameters<Compile>[0], what: Case): (value: unknown) => unknown {
  const unknown = what === 'parseSafe' || what === 'assertLoose' ? 'strip' : 'reject';
  const schema = build(fields, LEAVES, (shape): Schema<unknown> => object(shape, { unknown }));
  if (what.startsWith('assert')) return (value) => check(schema, value);
  return (value) => {
    const result = parse(schema, value);
    return result.ok ? result.value : undefined;
  };
}
