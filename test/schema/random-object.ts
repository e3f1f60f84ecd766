import fc from 'fast-check';
import {
  extend,
  intersect,
  object,
  type ObjectSchema,
  omit,
  optional,
  partial,
  pick,
  type Schema,
  type Shape,
  variant,
} from '../../src/schema/index.ts';
import { isRecord, type Outcome, type Specimen } from './random-schema.ts';

type Mostly = (fitting: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>;

/** A key of a random object; of a default, what it makes of it. */
interface Field {
  readonly key: string;
  readonly part: Specimen;
  readonly presence: 'required' | 'optional' | 'default';
  readonly fallback: unknown;
}

/** What some keys may be, and how they came together. */
interface ObjectPlan {
  readonly fields: readonly Field[];
  readonly strip: boolean;
  readonly way: 'object' | 'extend' | 'intersect' | 'pick' | 'omit' | 'partial';
}

const ways = fc.constantFrom<ObjectPlan['way']>('object', 'object', 'extend', 'intersect', 'pick', 'omit', 'partial');

function plans(part: fc.Arbitrary<Specimen>): fc.Arbitrary<ObjectPlan> {
  const presence = fc.constantFrom<Field['presence']>('required', 'required', 'optional', 'default');
  const field = fc.tuple(fc.constantFrom('a', 'b', 'c', 'toString', 'constructor'), part, presence).chain(
    ([key, specimen, wanted]) =>
      specimen.values.map((fallback): Field => {
        // A default that does not fit is an error of the program: such a key is optional. So is one that text would not keep as it is.
        const fits = wanted === 'default' && fallback !== undefined && isPlainData(fallback) &&
          specimen.model(fallback) !== undefined;
        return { key, part: specimen, presence: wanted === 'default' && !fits ? 'optional' : wanted, fallback };
      }),
  );
  const fields = fc.uniqueArray(field, { maxLength: 4, selector: ({ key }) => key });
  return fc.record({ fields, strip: fc.boolean(), way: ways }).map((plan) => {
    if (plan.way !== 'partial') return plan;
    const loosen = (one: Field): Field => one.presence === 'required' ? { ...one, presence: 'optional' } : one;
    return { ...plan, fields: plan.fields.map(loosen) };
  });
}

function isPlainData(value: unknown): boolean {
  if (Array.isArray(value)) return [...value].every(isPlainData);
  if (isRecord(value)) return Object.entries(value).every(([key, item]) => key !== '__proto__' && isPlainData(item));
  return value === null || ['string', 'boolean', 'number'].includes(typeof value);
}

function shapeOf(fields: readonly Field[], isBefore: boolean): Shape {
  return Object.fromEntries(fields.map(({ key, part, presence, fallback }): [string, Schema<unknown>] => {
    // What `partial` will make optional is required before.
    if (presence === 'required' || (isBefore && presence === 'optional')) return [key, part.schema];
    return [key, presence === 'default' ? optional(part.schema, fallback) : optional(part.schema)];
  }));
}

function build({ fields, strip, way }: ObjectPlan): ObjectSchema<Shape> {
  const options = { unknown: strip ? 'strip' : 'reject' } as const;
  const whole = object(shapeOf(fields, way === 'partial'), options);
  const [first, rest] = [fields.slice(0, 1), fields.slice(1)];
  const keys = fields.map(({ key }) => key);
  const more = object<Shape>({ ...shapeOf(fields, false), zz: whole }, options);
  if (way === 'extend') return extend(object(shapeOf(first, false), options), shapeOf(rest, false));
  if (way === 'intersect') {
    return intersect(object(shapeOf(first, false), options), object(shapeOf(rest, false), options));
  }
  if (way === 'pick') return pick(more, ...keys);
  if (way === 'omit') return omit(more, 'zz');
  return way === 'partial' ? partial(whole) : whole;
}

function modelObject({ fields, strip }: ObjectPlan, value: unknown): Outcome {
  if (!isRecord(value)) return undefined;
  if (!strip && !Object.keys(value).every((sent) => fields.some(({ key }) => key === sent))) return undefined;
  const entries: [string, unknown][] = [];
  for (const { key, part, presence, fallback } of fields) {
    const item = Object.hasOwn(value, key) ? value[key] : undefined;
    if (item === undefined && presence === 'optional') continue;
    if (item === undefined && presence === 'required') return undefined;
    const outcome = part.model(item === undefined ? fallback : item);
    if (outcome === undefined) return undefined;
    entries.push([key, outcome.value]);
  }
  return { value: Object.fromEntries(entries) };
}

function valuesOf({ fields }: ObjectPlan): fc.Arbitrary<Record<string, unknown>> {
  const entries = fields.map(({ key, part }): [string, fc.Arbitrary<unknown>] => [key, part.values]);
  const requiredKeys = fields.filter(({ presence }) => presence === 'required').map(({ key }) => key);
  const declared: fc.Arbitrary<Record<string, unknown>> = fc.record(Object.fromEntries(entries), { requiredKeys });
  const extra = fc.constantFrom('isAdmin', 'valueOf', 'hasOwnProperty');
  return fc.oneof(
    { weight: 8, arbitrary: declared },
    { weight: 1, arbitrary: fc.tuple(declared, extra).map(([value, key]) => ({ ...value, [key]: 1 })) },
    {
      weight: 1,
      arbitrary: fc.tuple(declared, fc.nat(4)).map(([value, drop]) => {
        return Object.fromEntries(Object.entries(value).filter((_entry, index) => index !== drop));
      }),
    },
  );
}

function nameOf({ fields, strip, way }: ObjectPlan): string {
  const shape = fields.map(({ key, part, presence, fallback }) => {
    return `${key}: ${part.name} ${presence}${presence === 'default' ? ` ${JSON.stringify(fallback)}` : ''}`;
  });
  return `${way}({ ${shape.join(', ')} }${strip ? ', strip' : ''})`;
}

export function objectOf(part: fc.Arbitrary<Specimen>, mostly: Mostly): fc.Arbitrary<Specimen> {
  return plans(part).map((plan) => ({
    name: nameOf(plan),
    schema: build(plan),
    model: (value) => modelObject(plan, value),
    values: mostly(valuesOf(plan)),
    isMapped: plan.fields.some((field) => field.part.isMapped),
    isExact: plan.fields.every((field) => field.part.isExact),
  }));
}

export function variantOf(part: fc.Arbitrary<Specimen>, mostly: Mostly): fc.Arbitrary<Specimen> {
  return fc.array(plans(part), { minLength: 1, maxLength: 3 }).map((list) => {
    const cases = list.map((plan, index) => ({ plan, name: ['x', 'y', 'toString'][index] ?? 'z' }));
    return {
      name: `variant(${cases.map(({ name, plan }) => `${name}: ${nameOf(plan)}`).join(', ')})`,
      schema: variant('kind', Object.fromEntries(cases.map(({ name, plan }) => [name, build(plan)]))),
      model: (value: unknown): Outcome => {
        const found = isRecord(value) &&
          cases.find(({ name }) => Object.hasOwn(value, 'kind') && value['kind'] === name);
        if (!found || !isRecord(value)) return undefined;
        const others = Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'kind'));
        const outcome = modelObject(found.plan, others);
        return outcome && { value: { kind: found.name, ...Object(outcome.value) } };
      },
      values: mostly(fc.oneof(
        ...cases.map(({ name, plan }) =>
          fc.tuple(mostly(fc.constant(name)), valuesOf(plan)).map(([kind, value]) => {
            return { ...value, kind };
          })
        ),
      )),
      isMapped: list.some(({ fields }) => fields.some((field) => field.part.isMapped)),
      isExact: list.every(({ fields }) => fields.every((field) => field.part.isExact)),
    };
  });
}
