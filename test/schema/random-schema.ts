import fc from 'fast-check';
import type { Schema } from '../../src/schema/schema.ts';
import { boolean, brand, int, nullable, number, oneOf, string, unknown } from '../../src/schema/index.ts';
import { arrayOf, mapOf, recordOf, refineOf, treeOf, tupleOf, unionOf } from './random-structure.ts';
import { objectOf, variantOf } from './random-object.ts';

/** What a schema should make of a value: what comes out, or nothing. Written for this test alone, and as simply as can be. */
export type Outcome = { readonly value: unknown } | undefined;

/** A schema, what it should do, and values that mostly fit. */
export interface Specimen {
  readonly name: string;
  readonly schema: Schema<unknown>;
  /** What should come out. */
  readonly model: (input: unknown) => Outcome;
  readonly values: fc.Arbitrary<unknown>;
  /** Whether what comes out is what went in, but for keys that are stripped or filled in. */
  readonly isMapped: boolean;
  /** Whether JSON Schema can say all of it. */
  readonly isExact: boolean;
}

/** What random schemas are for: anything a program may pass, or JSON about which two validators can agree. */
export type Purpose = 'any' | 'json';

export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/** Random schemas of bounded depth, made with every constructor there is. */
export function specimens(purpose: Purpose): fc.Arbitrary<Specimen> {
  const junk = junkFor(purpose);
  const mostly = (fitting: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 12, arbitrary: fitting }, { weight: 1, arbitrary: junk });
  const { any } = fc.letrec<{ any: Specimen }>((tie) => {
    const part = tie('any');
    return {
      any: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaves(mostly, purpose),
        arrayOf(part, mostly),
        tupleOf(part, mostly),
        // About these JSON Schema has nothing to say.
        recordOf(part, mostly, purpose === 'any' ? ['__proto__', '\ud800'] : []),
        unionOf(part),
        refineOf(part),
        treeOf(part, mostly),
        objectOf(part, mostly),
        variantOf(part, mostly),
        part.map(nullableOf),
        part.map((inner) => ({ ...inner, name: `brand(${inner.name})`, schema: brand(inner.schema, 'Name') })),
        ...(purpose === 'any' ? [part.map(mapOf)] : []),
      ),
    };
  });
  return any.map((specimen) => ({ ...specimen, [fc.toStringMethod]: (): string => specimen.name }));
}

/** A random schema with a value that mostly fits it. */
export function samples(purpose: Purpose): fc.Arbitrary<readonly [specimen: Specimen, value: unknown]> {
  return specimens(purpose).chain((specimen) => fc.tuple(fc.constant(specimen), specimen.values));
}

function junkFor(purpose: Purpose): fc.Arbitrary<unknown> {
  const json = fc.oneof(
    fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 0.5, '', 'a', 'abcdef', 'toString', [], {}),
    fc.jsonValue({ maxDepth: 2, noUnicodeString: true }),
  );
  if (purpose === 'json') return json;
  return fc.oneof(
    json,
    fc.constantFrom<unknown>(undefined, Number.NaN, Infinity, -0, '\ud800', Symbol.iterator, 1n, new Date(0)),
    fc.constantFrom('{"__proto__":{"a":1}}', '{"a":1,"__proto__":1}', '{"constructor":1}').map((text): unknown =>
      JSON.parse(text)
    ),
    fc.object({ maxDepth: 2, withNullPrototype: true }),
  );
}

type Mostly = (fitting: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>;

function leaves(mostly: Mostly, purpose: Purpose): fc.Arbitrary<Specimen> {
  const bounds = fc.tuple(fc.nat(3), fc.nat(3));
  const unit = purpose === 'json' ? 'grapheme-ascii' : 'binary';
  const texts = fc.string({ unit, maxLength: 7 });
  return fc.oneof(
    bounds.map(([min, more]) =>
      leaf(`string(${min}, ${min + more})`, string({ min, max: min + more }), mostly(texts), (value) => {
        return typeof value === 'string' && value.length >= min && value.length <= min + more && value.isWellFormed();
      })
    ),
    fc.constant(
      leaf('string(pattern)', string({ pattern: /[a-c]+|x/ }), mostly(fc.stringMatching(/^[a-dx]{1,3}$/)), (value) => {
        return typeof value === 'string' && (value === 'x' || (value !== '' && value.replace(/[a-c]/g, '') === ''));
      }),
    ),
    bounds.map(([min, more]) =>
      leaf(
        `int(${min}, ${min + more})`,
        int({ min, max: min + more }),
        mostly(fc.integer({ min: -1, max: 6 })),
        (value) => {
          return Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= min + more;
        },
      )
    ),
    fc.constant(leaf('number()', number({ min: -1 }), mostly(fc.double({ min: -2, max: 9 })), (value) => {
      return Number.isFinite(value) && Number(value) >= -1;
    })),
    fc.constant(leaf('boolean()', boolean(), mostly(fc.boolean()), (value) => typeof value === 'boolean')),
    fc.constant(
      leaf('oneOf()', oneOf('a', 'toString', 1, 0, false), mostly(fc.constantFrom('a', 'toString', 1, 0, false, 'b')), (
        value,
      ) => ['a', 'toString', 1, 0, false].some((one) => one === value)),
    ),
    fc.constant({ ...leaf('unknown()', unknown(), mostly(fc.jsonValue({ maxDepth: 2 })), isJson), model: modelJson }),
  );
}

function leaf(
  name: string,
  schema: Schema<unknown>,
  values: fc.Arbitrary<unknown>,
  fits: (value: unknown) => boolean,
): Specimen {
  const model = (value: unknown): Outcome => fits(value) ? { value: value === 0 ? 0 : value } : undefined;
  return { name, schema, values, model, isMapped: false, isExact: true };
}

function nullableOf(inner: Specimen): Specimen {
  return {
    ...inner,
    name: `nullable(${inner.name})`,
    schema: nullable(inner.schema),
    model: (value) => value === null ? { value } : inner.model(value),
    values: fc.oneof({ weight: 3, arbitrary: inner.values }, { weight: 1, arbitrary: fc.constant(null) }),
  };
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return value.isWellFormed();
  if (Array.isArray(value)) return [...value].every(isJson);
  if (!isRecord(value)) return false;
  return Object.entries(value).every(([key, item]) => key !== '__proto__' && key.isWellFormed() && isJson(item));
}

/** Through text, which knows neither prototypes nor the sign of zero. */
function modelJson(value: unknown): Outcome {
  if (!isJson(value)) return undefined;
  const copy: unknown = JSON.parse(JSON.stringify(value));
  return { value: copy };
}
