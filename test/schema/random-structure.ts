import fc from 'fast-check';
import {
  array,
  lazy,
  map,
  nullable,
  object,
  record,
  refine,
  type Schema,
  tuple,
  union,
} from '../../src/schema/index.ts';
import { isRecord, type Outcome, type Specimen } from './random-schema.ts';

type Mostly = (fitting: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>;

/** Each item through a model; nothing when one of them is nothing. */
function modelAll(items: readonly unknown[], model: (item: unknown, index: number) => Outcome): Outcome {
  const outcomes = items.map(model);
  const made = outcomes.flatMap((outcome) => outcome === undefined ? [] : [outcome.value]);
  return made.length === outcomes.length ? { value: made } : undefined;
}

export function arrayOf(part: fc.Arbitrary<Specimen>, mostly: Mostly): fc.Arbitrary<Specimen> {
  return fc.tuple(part, fc.nat(1), fc.nat(3)).map(([item, min, more]) => ({
    ...item,
    name: `array(${item.name}, ${min}, ${min + more})`,
    schema: array(item.schema, { min, max: min + more }),
    model: (value) => {
      if (!Array.isArray(value) || value.length < min || value.length > min + more) return undefined;
      return modelAll([...value], item.model);
    },
    values: mostly(fc.array(item.values, { maxLength: 4 })),
  }));
}

export function tupleOf(part: fc.Arbitrary<Specimen>, mostly: Mostly): fc.Arbitrary<Specimen> {
  return fc.array(part, { maxLength: 3 }).map((items) => ({
    name: `tuple(${items.map(({ name }) => name).join(', ')})`,
    schema: tuple(...items.map(({ schema }) => schema)),
    model: (value) => {
      if (!Array.isArray(value) || value.length !== items.length) return undefined;
      return modelAll([...value], (item, index) => items[index]?.model(item));
    },
    values: mostly(fc.tuple(...items.map(({ values }) => values))),
    isMapped: items.some(({ isMapped }) => isMapped),
    isExact: items.every(({ isExact }) => isExact),
  }));
}

export function recordOf(
  part: fc.Arbitrary<Specimen>,
  mostly: Mostly,
  strange: readonly string[],
): fc.Arbitrary<Specimen> {
  const keys = fc.constantFrom('a', 'b', '', 'toString', 'constructor', 'é', ...strange);
  return fc.tuple(part, fc.nat(1), fc.nat(3)).map(([item, min, more]) => ({
    ...item,
    name: `record(${item.name}, ${min}, ${min + more})`,
    schema: record(item.schema, { min, max: min + more }),
    model: (value) => {
      if (!isRecord(value)) return undefined;
      const all = Object.keys(value);
      const fits = (key: string): boolean => key !== '__proto__' && key.length <= 256 && key.isWellFormed();
      if (all.length < min || all.length > min + more || !all.every(fits)) return undefined;
      const made = modelAll(Object.values(value), item.model);
      const list: unknown[] = made !== undefined && Array.isArray(made.value) ? made.value : [];
      return made === undefined
        ? undefined
        : { value: Object.fromEntries(all.map((key, index) => [key, list[index]])) };
    },
    values: mostly(fc.dictionary(keys, item.values, { maxKeys: 4, noNullPrototype: false })),
  }));
}

export function unionOf(part: fc.Arbitrary<Specimen>): fc.Arbitrary<Specimen> {
  return fc.array(part, { minLength: 2, maxLength: 3 }).map((branches) => ({
    name: `union(${branches.map(({ name }) => name).join(', ')})`,
    schema: union(...branches.map(({ schema }) => schema)),
    model: (value) => {
      for (const { model } of branches) {
        const outcome = model(value);
        if (outcome !== undefined) return outcome;
      }
      return undefined;
    },
    values: fc.oneof(...branches.map(({ values }) => values)),
    isMapped: branches.some(({ isMapped }) => isMapped),
    isExact: branches.every(({ isExact }) => isExact),
  }));
}

export function refineOf(part: fc.Arbitrary<Specimen>): fc.Arbitrary<Specimen> {
  // Of the output, and the same for every two that are equal.
  const keeps = (value: unknown): boolean => (JSON.stringify(value) ?? '').length % 5 !== 0;
  return part.map((inner) => ({
    ...inner,
    name: `refine(${inner.name})`,
    schema: refine(inner.schema, keeps, 'odd'),
    model: (value) => {
      const outcome = inner.model(value);
      return outcome !== undefined && keeps(outcome.value) ? outcome : undefined;
    },
    isExact: false,
  }));
}

export function mapOf(inner: Specimen): Specimen {
  return {
    ...inner,
    name: `map(${inner.name})`,
    schema: map(inner.schema, (value) => ({ made: value })),
    model: (value) => {
      const outcome = inner.model(value);
      return outcome === undefined ? undefined : { value: { made: outcome.value } };
    },
    isMapped: true,
  };
}

/** A list whose nodes hold something random, through lazy. */
export function treeOf(part: fc.Arbitrary<Specimen>, mostly: Mostly): fc.Arbitrary<Specimen> {
  return part.map((inner) => {
    const schema: Schema<unknown> = lazy(() => object({ it: inner.schema, next: nullable(schema) }));
    const model = (value: unknown): Outcome => {
      if (!isRecord(value) || Object.keys(value).sort().join() !== 'it,next') return undefined;
      const it = value['it'] === undefined ? undefined : inner.model(value['it']);
      const next = value['next'] === null ? { value: null } : model(value['next']);
      return it === undefined || next === undefined ? undefined : { value: { it: it.value, next: next.value } };
    };
    const end = fc.record({ it: inner.values, next: fc.constant(null) });
    const values = mostly(fc.oneof(end, fc.record({ it: inner.values, next: mostly(end) })));
    return { ...inner, name: `tree(${inner.name})`, schema, model, values };
  });
}
