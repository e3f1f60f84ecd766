import { afterEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/core/refusal.ts';
import { isStandardSchema, OWN_VENDOR, type StandardSchema, validateStandard } from '../../src/core/standard-schema.ts';

/** A schema of which nothing is known but that it has a `validate`: its answer may be anything. */
function schemaThatAnswers(answer: unknown, vendor: string = 'foreign'): StandardSchema {
  return { '~standard': { version: 1, vendor, validate: () => answer as never } };
}

async function refusalOf(schema: StandardSchema, value?: unknown): Promise<unknown> {
  try {
    return { valid: await validateStandard(schema, value, 'body_invalid') };
  } catch (error) {
    return error;
  }
}

describe('isStandardSchema', () => {
  it('isStandardSchema() accepts an object and a function, as arktype makes', () => {
    const props = schemaThatAnswers({ value: 1 })['~standard'];
    expect(isStandardSchema({ '~standard': props })).toBe(true);
    expect(isStandardSchema(Object.assign(() => undefined, { '~standard': props }))).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'schema'],
    ['an object', {}],
    ['a null contract', { '~standard': null }],
    ['a contract that is a function', { '~standard': () => undefined }],
    ['a contract without validate', { '~standard': { version: 1, vendor: 'x' } }],
    ['a validate that is no function', { '~standard': { version: 1, vendor: 'x', validate: true } }],
    ['another version of the contract', { '~standard': { version: 2, vendor: 'x', validate: () => ({ value: 1 }) } }],
  ])('isStandardSchema() refuses %s', (_name, value) => {
    expect(isStandardSchema(value)).toBe(false);
  });
});

describe('validateStandard', () => {
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, 'issues');
  });

  it('validateStandard() returns the value of a synchronous schema synchronously', () => {
    expect(validateStandard(schemaThatAnswers({ value: 7 }), 1, 'body_invalid')).toBe(7);
  });

  it('validateStandard() resolves with the value of an asynchronous schema', async () => {
    expect(await validateStandard(schemaThatAnswers(Promise.resolve({ value: 7 })), 1, 'body_invalid')).toBe(7);
  });

  it('validateStandard() takes a value of undefined for a value', () => {
    expect(validateStandard(schemaThatAnswers({ value: undefined }), 1, 'body_invalid')).toBe(undefined);
  });

  it('validateStandard() calls validate as a method of its contract', () => {
    const props = {
      version: 1 as const,
      vendor: 'x',
      answer: 7,
      validate(): { value: number } {
        return { value: this.answer };
      },
    };
    expect(validateStandard({ '~standard': props }, 1, 'body_invalid')).toBe(7);
  });

  it('validateStandard() refuses with the given code where the schema has issues', async () => {
    const schema = schemaThatAnswers({ issues: [{ message: 'secret', path: ['a', 0] }] });
    expect(await refusalOf(schema)).toMatchObject({
      code: 'body_invalid',
      issues: [{ code: 'invalid', path: ['a', 0], message: 'is not valid' }],
    });
  });

  it('validateStandard() passes on the code and words of our own issues', async () => {
    const schema = schemaThatAnswers(
      { issues: [{ code: 'too_long', message: 'is too long', path: ['a'] }] },
      OWN_VENDOR,
    );
    expect(await refusalOf(schema)).toMatchObject({
      issues: [{ code: 'too_long', path: ['a'], message: 'is too long' }],
    });
  });

  // A foreign message repeats input and the secret literal it was compared with.
  it('validateStandard() never passes on the words of a foreign issue', async () => {
    const schema = schemaThatAnswers({ issues: [{ code: 'secret', message: 'expected "secret", got "secret"' }] });
    const refusal = await refusalOf(schema);
    expect(refusal).toMatchObject({ issues: [{ code: 'invalid', path: [], message: 'is not valid' }] });
    expect(JSON.stringify(refusal)).not.toContain('secret');
  });

  // valibot answers both: what has issues has failed, whatever value stands beside them.
  it('validateStandard() refuses an answer that holds a value beside issues', async () => {
    expect(await refusalOf(schemaThatAnswers({ value: 1, issues: [{ message: 'x' }] }))).toBeInstanceOf(Refusal);
  });

  it('validateStandard() refuses an empty list of issues', async () => {
    expect(await refusalOf(schemaThatAnswers({ value: 1, issues: [] }))).toMatchObject({
      code: 'body_invalid',
      issues: [],
    });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['true', true],
    ['text', 'ok'],
    ['a number', 1],
    ['an empty object', {}],
    ['a list', []],
    ['a function', () => ({ value: 1 })],
    ['issues that are null', { value: 1, issues: null }],
    ['issues that are true', { value: 1, issues: true }],
    ['issues that are text', { value: 1, issues: 'wrong' }],
    ['issues that only have a length', { value: 1, issues: { length: 1e9 } }],
  ])('validateStandard() never takes %s for valid', async (_name, answer) => {
    expect(await refusalOf(schemaThatAnswers(answer))).toBeInstanceOf(TypeError);
  });

  it('validateStandard() never takes a promise of nothing, or of an empty object, for valid', async () => {
    expect(await refusalOf(schemaThatAnswers(Promise.resolve()))).toBeInstanceOf(TypeError);
    expect(await refusalOf(schemaThatAnswers(Promise.resolve({})))).toBeInstanceOf(TypeError);
  });

  // A thenable's own `then` need not return a promise: its undefined must not pass as a valid value.
  it('validateStandard() reads what a thenable resolves with, not what its then returns', async () => {
    const thenable = (answer: unknown): object => ({
      then: (resolve: (answer: unknown) => void): void => queueMicrotask(() => resolve(answer)),
    });
    const withIssues = thenable({ issues: [{ message: 'x' }] });
    expect(await refusalOf(schemaThatAnswers(withIssues))).toMatchObject({ code: 'body_invalid' });
    expect(await refusalOf(schemaThatAnswers(thenable({ value: 7 })))).toStrictEqual({ valid: 7 });
    const callable = Object.assign(() => undefined, withIssues);
    expect(await refusalOf(schemaThatAnswers(callable))).toMatchObject({ code: 'body_invalid' });
  });

  it('validateStandard() passes on what a schema throws or rejects with', async () => {
    const error = new Error('defect');
    const throwing: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'x',
        validate: () => {
          throw error;
        },
      },
    };
    expect(await refusalOf(throwing)).toBe(error);
    expect(await refusalOf({ '~standard': { version: 1, vendor: 'x', validate: () => Promise.reject(error) } })).toBe(
      error,
    );
  });

  // A foreign validator may report an issue per key of a body: the answer must not grow with it.
  it('validateStandard() passes on at most 8 issues', async () => {
    const issues = Array.from({ length: 100_000 }, () => ({ message: 'x' }));
    const refusal = await refusalOf(schemaThatAnswers({ issues }));
    expect(refusal).toMatchObject({ issues: { length: 8 } });
  });

  // Keys in a path are the client's own: a megabyte of key, or of depth, must not be echoed.
  it('validateStandard() bounds the path of an issue', async () => {
    const issues = [{ message: 'x', path: ['k'.repeat(1e6), ...new Array<number>(1e5).fill(0)] }];
    const refusal = await refusalOf(schemaThatAnswers({ issues }));
    expect(JSON.stringify(refusal).length).toBeLessThan(1000);
  });

  it('validateStandard() reads path segments that are objects, symbols, or make no sense', async () => {
    const noText = Object.create(null);
    const path = ['a', { key: 'b' }, { key: 3 }, Symbol('s'), { key: Symbol('t') }, null, undefined, {}, {
      key: noText,
    }, true];
    expect(await refusalOf(schemaThatAnswers({ issues: [{ message: 'x', path }] }))).toMatchObject({
      issues: [{ path: ['a', 'b', 3, 'Symbol(s)', 'Symbol(t)', '?', '?', '?', '?', '?'] }],
    });
  });

  // arktype's paths are a class of their own, with what it likes on them.
  it('validateStandard() makes a plain list of a path that is more', async () => {
    class Path extends Array<string> {
      readonly secret = 'hunter2';
    }
    const refusal = await refusalOf(schemaThatAnswers({ issues: [{ message: 'x', path: Path.of('a', 'b') }] }));
    expect(refusal).toMatchObject({ issues: [{ code: 'invalid', path: ['a', 'b'] }] });
    const [issue] = refusal instanceof Refusal ? refusal.issues ?? [] : [];
    expect(Object.getPrototypeOf(issue?.path)).toBe(Array.prototype);
  });

  it.each([['text', 'a.b'], ['a number', 5], ['an object', { length: 3 }], ['null', null]])(
    'validateStandard() takes a path that is %s for none',
    async (_name, path) => {
      expect(await refusalOf(schemaThatAnswers({ issues: [{ message: 'x', path }] }))).toMatchObject({
        issues: [{ path: [] }],
      });
    },
  );

  it('validateStandard() skips issues that are no objects and still refuses', async () => {
    expect(await refusalOf(schemaThatAnswers({ issues: [null, undefined, 'x', 1] }))).toMatchObject({
      code: 'body_invalid',
      issues: [],
    });
  });

  // Prototype pollution must fail closed.
  it('validateStandard() does not take a value for valid under a polluted prototype', async () => {
    Object.defineProperty(Object.prototype, 'issues', { value: [{ message: 'x' }], configurable: true });
    expect(await refusalOf(schemaThatAnswers({ value: 1 }))).toMatchObject({ code: 'body_invalid' });
  });
});
