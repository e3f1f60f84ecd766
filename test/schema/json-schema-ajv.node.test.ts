import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import {
  array,
  base64url,
  date,
  datetime,
  duration,
  email,
  hostname,
  ip,
  type JsonSchemaTarget,
  lazy,
  nullable,
  object,
  optional,
  parse,
  type Schema,
  string,
  toJsonSchema,
  tuple,
  url,
  uuid,
} from '../../src/schema/index.ts';
import { DIFFERENCES, OPENAPI_DIFFERENCE, OUTPUT_DIFFERENCE } from './json-schema-differences.ts';
import { breaksOpenApi, judge } from './json-schema-judges.ts';
import { samples, specimens } from './random-schema.ts';

const targets: readonly JsonSchemaTarget[] = ['draft-2020-12', 'draft-07', 'openapi-3.0'];
const options = { numRuns: 120 };

function verdict(
  schema: Schema<unknown>,
  value: unknown,
  target: JsonSchemaTarget,
  side?: 'input' | 'output',
): boolean {
  return judge(toJsonSchema(schema, { target, side: side ?? 'input' }), target)(value);
}

// Ajv compiles some hundred schemas in each: slow on a machine that is busy, not hung.
describe('toJsonSchema() judged by ajv', { timeout: 60_000 }, () => {
  // A schema is compiled only when the dialect's meta-schema lets it through, and strict mode finds nothing doubtful.
  test.each(targets)('toJsonSchema() writes valid %s of random schemas, on both sides', (target) => {
    fc.assert(
      fc.property(specimens('any'), fc.constantFrom('input' as const, 'output' as const), ({ schema }, side) => {
        const written = toJsonSchema(schema, { target, side });
        expect(() => judge(written, target)).not.toThrow();
        if (target === 'openapi-3.0') expect(breaksOpenApi(written)).toEqual([]);
      }),
      options,
    );
  });

  test.each(targets)('toJsonSchema() in %s lets through what parse() does, and what it refuses for no other reason', (
    target,
  ) => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(samples('json'), ([{ schema, isExact, name }, value]) => {
        const { ok } = parse(schema, value);
        const other = verdict(schema, value, target);
        seen.add(ok);
        const isLoose = !isExact || (target === 'openapi-3.0' && name.includes('tuple('));
        if (ok || !isLoose) expect(other).toBe(ok);
      }),
      options,
    );
    expect([...seen].sort()).toEqual([false, true]);
  });

  test.each(targets)('toJsonSchema() in %s lets through what comes out, on the side of the output', (target) => {
    fc.assert(
      fc.property(samples('json'), ([{ schema }, value]) => {
        const result = parse(schema, value);
        if (result.ok) expect(verdict(schema, result.value, target, 'output')).toBe(true);
      }),
      options,
    );
  });

  test.each(targets)('toJsonSchema() in %s writes schemas that hold themselves', (target) => {
    const folder: Schema<unknown> = lazy(() => object({ name: string({ max: 3 }), in: nullable(folder) }));
    const both = object({ a: folder, b: optional(array(folder)) });
    expect(verdict(folder, { name: 'a', in: { name: 'b', in: null } }, target)).toBe(true);
    expect(verdict(folder, { name: 'a', in: { name: 'long', in: null } }, target)).toBe(false);
    expect(verdict(both, { a: { name: 'a', in: null }, b: [{ name: 'b', in: null }] }, target)).toBe(true);
    expect(verdict(both, { a: { name: 'a', in: null }, b: [{ name: 'b' }] }, target)).toBe(false);
  });

  test.each(targets)('toJsonSchema() in %s writes null where it is let through, and nothing else', (target) => {
    const schema = object({ a: nullable(string({ max: 3 })) });
    const verdicts = [null, 'abc', 'null', '', 0, undefined].map((a) => verdict(schema, { a }, target));
    expect(verdicts).toEqual([true, true, false, true, false, false]);
  });

  test.each(targets)('toJsonSchema() in %s writes the empty tuple', (target) => {
    expect([verdict(tuple(), [], target), verdict(tuple(), [1], target)]).toEqual([true, false]);
  });
});

describe('toJsonSchema() formats judged by ajv', () => {
  test.each<{ name: string; schema: Schema<unknown>; good: string; bad: string }>([
    { name: 'email', schema: email(), good: 'ada@example.com', bad: 'ada' },
    { name: 'uuid', schema: uuid(), good: '123e4567-e89b-12d3-a456-426614174000', bad: '123e4567' },
    { name: 'url', schema: url(), good: 'https://example.com/a?b=c', bad: 'example' },
    { name: 'ip', schema: ip(), good: '::1', bad: '1.1.1' },
    { name: 'ip', schema: ip(), good: '127.0.0.1', bad: '::g' },
    { name: 'date', schema: date(), good: '2024-02-29', bad: '2023-02-29' },
    { name: 'datetime', schema: datetime(), good: '2024-02-29T12:00:00Z', bad: '2024-02-29' },
    { name: 'duration', schema: duration(), good: 'P1DT2H', bad: '1 day' },
    { name: 'hostname', schema: hostname(), good: 'example.com', bad: 'a b' },
    { name: 'base64url', schema: base64url(), good: 'YWJj', bad: 'a+b=' },
  ])('toJsonSchema() writes a format for $name()', ({ schema, good, bad }) => {
    for (const target of targets) {
      expect([parse(schema, good).ok, verdict(schema, good, target)]).toEqual([true, true]);
      expect([parse(schema, bad).ok, verdict(schema, bad, target)]).toEqual([false, false]);
    }
  });
});

describe('toJsonSchema() differs from parse() by intention', () => {
  test.each(DIFFERENCES)('toJsonSchema() on $what: $why', ({ schema, value, parse: ours, json }) => {
    expect(parse(schema, value).ok).toBe(ours);
    expect(targets.map((target) => verdict(schema, value, target))).toEqual(targets.map(() => json));
  });

  test(`toJsonSchema() on ${OPENAPI_DIFFERENCE.what}: ${OPENAPI_DIFFERENCE.why}`, () => {
    const { schema, value } = OPENAPI_DIFFERENCE;
    expect(parse(schema, value).ok).toBe(false);
    expect(targets.map((target) => verdict(schema, value, target))).toEqual([false, false, true]);
  });

  test(`toJsonSchema() on ${OUTPUT_DIFFERENCE.what}: ${OUTPUT_DIFFERENCE.why}`, () => {
    const { schema, value } = OUTPUT_DIFFERENCE;
    expect(targets.map((target) => verdict(schema, value, target, 'output'))).toEqual([true, true, true]);
    expect(targets.map((target) => verdict(schema, value, target))).toEqual([false, false, false]);
  });
});
