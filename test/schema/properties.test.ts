import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { check } from '../../src/schema/check.ts';
import { parse } from '../../src/schema/parse.ts';
import { deepFreeze } from './findings.ts';
import { samples } from './random-schema.ts';

const sample = samples('any');
const options = { numRuns: 500 };

/** Every object and array in a value. */
function partsOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(partsOf)];
}

describe('parse() of random schemas', () => {
  test('parse() lets through and puts out what a simple model of the schema does', () => {
    fc.assert(
      fc.property(sample, ([{ schema, model }, value]) => {
        const result = parse(schema, value);
        expect(result.ok ? { value: result.value } : undefined).toEqual(model(value));
      }),
      { numRuns: 1500 },
    );
  });

  // A property that never meets a good value proves nothing.
  test('parse() of random schemas and values answers both often', () => {
    const answers = fc.sample(sample, { numRuns: 500, seed: 1 }).map(([{ schema }, value]) => parse(schema, value).ok);
    const good = answers.filter(Boolean).length;
    expect(good).toBeGreaterThan(100);
    expect(good).toBeLessThan(400);
  });

  // Hostile list 49: what was frozen cannot be changed, and a losing branch that tried would throw.
  test('parse() never changes its input, and never throws on data', () => {
    fc.assert(
      fc.property(sample, ([{ schema }, value]) => {
        const before = fc.stringify(value);
        parse(schema, value);
        check(schema, value);
        expect(fc.stringify(value)).toBe(before);
        parse(schema, deepFreeze(value));
      }),
      options,
    );
  });

  test('parse() answers a value, or 1 to 8 issues of bounded length, and the same twice', () => {
    fc.assert(
      fc.property(sample, ([{ schema }, value]) => {
        const result = parse(schema, value);
        expect(parse(schema, value)).toEqual(result);
        if (result.ok) return;
        expect(result.issues.length).toBeGreaterThan(0);
        expect(result.issues.length).toBeLessThanOrEqual(8);
        expect(result.issues.every(({ path, message }) => path.length <= 32 && message.length <= 100)).toBe(true);
        expect(result.issues.some(({ code }) => code === 'unstable')).toBe(false);
      }),
      options,
    );
  });

  test('parse() puts out nothing that it was given, and plain prototypes alone', () => {
    fc.assert(
      fc.property(sample, ([{ schema }, value]) => {
        const result = parse(schema, value);
        if (!result.ok) return;
        // Neither the value, nor what another caller got: a default is no more shared than a part of the value.
        const again = parse(schema, value);
        const given = new Set([...partsOf(value), ...partsOf(again.ok && again.value)]);
        for (const part of partsOf(result.value)) {
          expect(given.has(part)).toBe(false);
          expect(Object.getPrototypeOf(part)).toBe(Array.isArray(part) ? Array.prototype : Object.prototype);
          expect(Object.hasOwn(part, '__proto__')).toBe(false);
        }
      }),
      options,
    );
  });

  test('parse() takes its own output back, and makes the same of it', () => {
    fc.assert(
      fc.property(sample, ([{ schema, isMapped, name }, value]) => {
        // What one branch leaves out or fills in can make another one take it, which comes before it.
        if (isMapped || (name.includes('union(') && /strip|default/.test(name))) return;
        const result = parse(schema, value);
        if (result.ok) expect(parse(schema, result.value)).toEqual(result);
      }),
      options,
    );
  });

  test('check() says yes to what parse() has put out', () => {
    fc.assert(
      fc.property(sample, ([{ schema, isMapped }, value]) => {
        const result = parse(schema, value);
        if (result.ok && !isMapped) expect(check(schema, result.value)).toBe(true);
      }),
      options,
    );
  });

  test('check() says yes to nothing that parse() refuses, and to nothing that it adds to', () => {
    fc.assert(
      fc.property(sample, ([{ schema, name }, value]) => {
        if (!check(schema, value)) return;
        const result = parse(schema, value);
        // A union is asked whether some branch leaves it as it is, which need not be the first that takes it, and an object that strips takes nothing away: a rule around them then
        // judges something else.
        if (!/union\(|strip/.test(name) || !name.includes('refine(')) expect(result.ok).toBe(true);
        if (name.includes('union(')) return;
        // But for the sign of zero, and for keys that are left out: nothing is in the output that was not in the value.
        const text = JSON.stringify(value);
        if (result.ok && text !== undefined) expect(wrap(text)).toMatchObject(wrap(JSON.stringify(result.value)));
      }),
      options,
    );
  });

  test('validate of a schema answers what parse() does', () => {
    fc.assert(
      fc.property(sample, ([{ schema }, value]) => {
        const result = parse(schema, value);
        expect(schema['~standard'].validate(value)).toEqual(
          result.ok ? { value: result.value } : { issues: result.issues },
        );
      }),
      options,
    );
  });
});

function wrap(text: string): object {
  const value: unknown = JSON.parse(text);
  return Object(value);
}
