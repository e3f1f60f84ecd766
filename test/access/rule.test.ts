import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { allOf, anyOf, checkRule, not, type Rule } from '../../src/access/rule.ts';

const yes = (): boolean => true;
const no = (): boolean => false;
const later = (answer: boolean): Rule<unknown> => async () => {
  await Promise.resolve();
  return answer;
};
const boom = (): never => {
  throw new Error('boom');
};
const laterBoom = (): Promise<boolean> => Promise.reject(new Error('boom'));
/** What only JavaScript, or a wrong type, hands over as a rule. */
const wild = (answer: () => unknown): Rule<unknown> => answer as Rule<unknown>;

// Hostile line 61: each is truthy, or becomes so when it is turned around.
const NO_BOOLEANS: readonly (readonly [string, () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['0', () => 0],
  ['1', () => 1],
  ['NaN', () => Number.NaN],
  ['an empty string', () => ''],
  ['"yes"', () => 'yes'],
  ['"true"', () => 'true'],
  ['an object', () => ({})],
  ['a list', () => [true]],
  ['a boxed true', () => Object(true)],
  ['a boxed false', () => Object(false)],
  ['a rule that nobody called', () => yes],
  ['a symbol', () => Symbol('true')],
  ['a refusal of some check', () => new Error('forbidden')],
  ['a promise of undefined', () => Promise.resolve()],
  ['a promise of 1', () => Promise.resolve(1)],
  ['a promise of a row', () => Promise.resolve({ id: 1 })],
  ['a promise of a rule', () => Promise.resolve(yes)],
  ['a thenable of "yes"', () => ({ then: (resolve: (value: unknown) => void): void => resolve('yes') })],
];

describe.each([['allOf', allOf, false], ['anyOf', anyOf, true]] as const)('%s', (name, combinator, decisive) => {
  const passing = decisive ? no : yes;
  const deciding = decisive ? yes : no;

  it(`${name}() answers ${decisive} as soon as one rule does, and asks no other`, () => {
    const spy = vi.fn(boom);
    expect(combinator(passing, deciding, spy)({})).toBe(decisive);
    expect(spy).not.toHaveBeenCalled();
  });

  it(`${name}() answers ${!decisive} where every rule does`, () => {
    expect(combinator(passing)({})).toBe(!decisive);
    expect(combinator(passing, passing, passing)({})).toBe(!decisive);
  });

  it(`${name}() asks in order, each rule when the one before has answered`, async () => {
    const log: string[] = [];
    const slow = (id: string): Rule<unknown> => async () => {
      log.push(`${id} asked`);
      await Promise.resolve();
      await Promise.resolve();
      log.push(`${id} answered`);
      return !decisive;
    };
    expect(await combinator(slow('a'), passing, slow('b'))({})).toBe(!decisive);
    expect(log).toEqual(['a asked', 'a answered', 'b asked', 'b answered']);
  });

  it(`${name}() asks no other after a promise of ${decisive}`, async () => {
    const spy = vi.fn(boom);
    expect(await combinator(later(!decisive), later(decisive), spy)({})).toBe(decisive);
    expect(spy).not.toHaveBeenCalled();
  });

  it(`${name}() stays synchronous while its rules do, and waits for those that do not`, () => {
    expect(combinator(passing, passing)({})).not.toBeInstanceOf(Promise);
    expect(combinator(passing, later(true))({})).toBeInstanceOf(Promise);
    // Decided before the slow rule is asked.
    expect(combinator(deciding, later(true))({})).toBe(decisive);
  });

  // A query builder is no Promise, and runs when it is awaited.
  it(`${name}() waits for what is no promise but has a then`, async () => {
    const query = (answer: boolean): Rule<unknown> =>
      wild(() => ({ then: (resolve: (value: boolean) => void): void => resolve(answer) }));
    expect(await combinator(query(!decisive), query(decisive), boom)({})).toBe(decisive);
    expect(await combinator(query(!decisive))({})).toBe(!decisive);
    expect(await not(query(true))({})).toBe(false);
    expect(await checkRule(query(true), {})).toBe(undefined);
  });

  it(`${name}() hands every rule the same context`, () => {
    const context = Object.freeze({ id: 1 });
    const seen: unknown[] = [];
    const rule = (given: { readonly id: number }): boolean => {
      seen.push(given);
      return !decisive;
    };
    combinator(rule, rule)(context);
    expect(seen.every((given) => given === context)).toBe(true);
  });

  // Hostile line 63: an error in one branch does not become a permission, not even where the next branch would give one.
  it(`${name}() passes on what a rule throws or rejects with`, async () => {
    expect(() => combinator(boom, yes)({})).toThrow('boom');
    expect(() => combinator(passing, boom, yes)({})).toThrow('boom');
    await expect(combinator(laterBoom, yes)({})).rejects.toThrow('boom');
    await expect(combinator(later(!decisive), boom, yes)({})).rejects.toThrow('boom');
  });

  it.each(NO_BOOLEANS)(`${name}() throws where a rule answers %s`, async (_what, answer) => {
    for (
      const rules of [[wild(answer)], [wild(answer), yes], [passing, wild(answer)], [later(!decisive), wild(answer)]]
    ) {
      const [first = boom, ...rest] = rules;
      await expect((async () => combinator(first, ...rest)({}))()).rejects.toThrow(TypeError);
    }
  });

  it(`${name}() takes no empty list: none would be all, or nobody would notice`, () => {
    expect(() => Reflect.apply(combinator, undefined, [])).toThrow(TypeError);
  });

  it.each([[undefined], [null], [true], [{}], [[yes]], [Promise.resolve(true)], ['allow']])(
    `${name}() takes no rule that is %s`,
    (rule) => {
      expect(() => Reflect.apply(combinator, undefined, [yes, rule])).toThrow(TypeError);
    },
  );

  it(`${name}() makes a frozen rule that later changes of a list do not reach`, () => {
    const list: [Rule<unknown>, ...Rule<unknown>[]] = [passing, passing];
    const rule = combinator(...list);
    list.push(deciding);
    expect(Object.isFrozen(rule)).toBe(true);
    expect(rule({})).toBe(!decisive);
  });

  it(`${name}() takes a thousand rules, also slow ones`, async () => {
    const many = (rule: Rule<unknown>): [Rule<unknown>, ...Rule<unknown>[]] => [rule, ...new Array(999).fill(rule)];
    expect(combinator(...many(passing))({})).toBe(!decisive);
    expect(await combinator(...many(later(!decisive)))({})).toBe(!decisive);
  });
});

describe('not', () => {
  it('not() turns true and false around', async () => {
    expect(not(yes)({})).toBe(false);
    expect(not(no)({})).toBe(true);
    expect(await not(later(true))({})).toBe(false);
    expect(await not(later(false))({})).toBe(true);
  });

  // `!undefined` is true: a row that was not found would be a permission.
  it.each(NO_BOOLEANS)('not() throws where its rule answers %s, however deep it stands', async (_what, answer) => {
    const rule = wild(answer);
    for (
      const negated of [not(rule), not(not(rule)), not(allOf(rule)), not(anyOf(rule)), not(anyOf(no, allOf(yes, rule)))]
    ) {
      await expect((async () => negated({}))()).rejects.toThrow(TypeError);
    }
  });

  it('not() passes on what its rule throws or rejects with', async () => {
    expect(() => not(boom)({})).toThrow('boom');
    await expect(not(laterBoom)({})).rejects.toThrow('boom');
    expect(() => not(allOf(boom))({})).toThrow('boom');
  });

  it('not() makes a frozen rule, synchronous where its rule is', () => {
    expect(Object.isFrozen(not(yes))).toBe(true);
    expect(not(later(true))({})).toBeInstanceOf(Promise);
  });

  it.each([[undefined], [null], [false], [{}], [[]]])('not() takes no rule that is %s', (rule) => {
    expect(() => Reflect.apply(not, undefined, [rule])).toThrow(TypeError);
  });
});

describe('allOf, anyOf, not', () => {
  interface Tree {
    readonly rule: Rule<unknown>;
    readonly value: boolean | 'error';
  }
  const leaf: fc.Arbitrary<Tree> = fc.oneof(
    fc.boolean().map((value): Tree => ({ rule: () => value, value })),
    fc.boolean().map((value): Tree => ({ rule: later(value), value })),
    fc.constantFrom<Tree>({ rule: boom, value: 'error' }, { rule: laterBoom, value: 'error' }),
    fc.constantFrom(...NO_BOOLEANS.map(([, answer]): Tree => ({ rule: wild(answer), value: 'error' }))),
  );
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('tree'), { minLength: 1, maxLength: 4 }).map((trees) => join(trees, false)),
      fc.array(tie('tree'), { minLength: 1, maxLength: 4 }).map((trees) => join(trees, true)),
      tie('tree').map(({ rule, value }): Tree => ({ rule: not(rule), value: value === 'error' ? value : !value })),
    ),
  }));
  function join(trees: readonly Tree[], decisive: boolean): Tree {
    const [first = boom, ...rest] = trees.map(({ rule }) => rule);
    // In order: the first that decides or fails is the answer.
    const value = trees.find((one) => one.value !== !decisive)?.value ?? !decisive;
    return { rule: (decisive ? anyOf : allOf)(first, ...rest), value };
  }

  it('agree with logic in three values, of which an error never becomes true', async () => {
    await fc.assert(fc.asyncProperty(tree, async ({ rule, value }) => {
      const answer = await (async () => allOf(rule)({}))().catch(() => 'error');
      expect(answer).toBe(value);
    }));
  });

  it('ask for what each of their rules reads', () => {
    const byMethod = ({ method }: { readonly method: string }): boolean => method === 'GET';
    const bySize = ({ resource }: { readonly resource: { readonly size: number } }): boolean => resource.size < 10;
    const rule = allOf(byMethod, anyOf(not(bySize), bySize));
    expect(rule({ method: 'GET', resource: { size: 1 } })).toBe(true);
    // @ts-expect-error the resource is missing
    expect(() => rule({ method: 'GET' })).toThrow(TypeError);
    // @ts-expect-error a rule that answers nothing
    expect(allOf(() => undefined)).toBeTypeOf('function');
    // @ts-expect-error what the function reads was never said, so that no context is known to have it
    const untyped: Rule<{ readonly method: string }> = allOf(byMethod, ({ method }) => method === 'GET');
    expect(untyped({ method: 'GET' })).toBe(true);
  });
});

describe('checkRule', () => {
  it('checkRule() lets true through and refuses false', async () => {
    expect(checkRule(yes, {})).toBe(undefined);
    expect(checkRule(no, {})).toMatchObject({ code: 'forbidden', status: 403 });
    expect(await checkRule(later(true), {})).toBe(undefined);
    expect(await checkRule(later(false), {})).toMatchObject({ code: 'forbidden' });
  });

  it.each(NO_BOOLEANS)('checkRule() refuses what is answered with %s', async (_what, answer) => {
    expect(await checkRule(wild(answer), {})).toMatchObject({ code: 'forbidden' });
  });

  it('checkRule() passes on what the rule throws or rejects with', async () => {
    expect(() => checkRule(boom, {})).toThrow('boom');
    await expect(checkRule(laterBoom, {})).rejects.toThrow('boom');
  });
});
