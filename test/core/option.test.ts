import { describe, expect, it } from 'vitest';
import {
  booleanOption,
  functionOption,
  numberOption,
  refuseUnknownOptions,
  stringListOption,
} from '../../src/core/option.ts';

describe('refuseUnknownOptions', () => {
  it.each([
    ['an empty object', {}],
    ['known keys', { limit: 1, name: 'a' }],
    ['a frozen object', Object.freeze({ limit: 1 })],
    ['an object without a prototype', Object.assign(Object.create(null), { limit: 1 })],
  ])('refuseUnknownOptions() allows %s', (_name, options) => {
    expect(() => refuseUnknownOptions('create x', options, ['limit', 'name'])).not.toThrow();
  });

  it.each([
    ['a misspelt key', { limti: 1 }],
    ['a key in another case', { Limit: 1 }],
    ['a symbol', { [Symbol('limit')]: 1 }],
    ['a key that is not enumerable', Object.defineProperty({}, 'other', { value: 1 })],
    ['an own __proto__', JSON.parse('{"__proto__":{"limit":1}}')],
    ['an inherited object', Object.create({ limit: 1 })],
    ['an array', []],
    ['a Map', new Map([['limit', 1]])],
    ['an instance', new (class Options {})()],
    ['text', 'limit'],
    ['null', null],
    ['undefined', undefined],
    ['a function', (): void => undefined],
  ])('refuseUnknownOptions() throws a TypeError for %s', (_name, options) => {
    expect(() => refuseUnknownOptions('create x', options, ['limit', 'name'])).toThrow(TypeError);
  });

  // Prototype pollution: somebody's careless merge must not switch on what no one asked for.
  it.each([
    ['an empty object', {}],
    ['other known keys', { limit: 1 }],
  ])('refuseUnknownOptions() throws for %s while every object inherits a known key', (_name, options) => {
    let thrown: unknown;
    Object.defineProperty(Object.prototype, 'name', { value: 'x', configurable: true });
    try {
      refuseUnknownOptions('create x', options, ['limit', 'name']);
    } catch (error) {
      thrown = error;
    } finally {
      Reflect.deleteProperty(Object.prototype, 'name');
    }
    expect(thrown).toBeInstanceOf(TypeError);
  });

  it('refuseUnknownOptions() throws for a known key of a prototype without a prototype', () => {
    const options = Object.create(Object.assign(Object.create(null), { limit: 1 }));
    expect(() => refuseUnknownOptions('create x', options, ['limit', 'name'])).toThrow(TypeError);
  });

  it('refuseUnknownOptions() allows an own key that every object inherits as well', () => {
    expect(() => refuseUnknownOptions('create x', { toString: 1 }, ['toString'])).not.toThrow();
  });

  it('refuseUnknownOptions() names what was to be done, the unknown key and the known ones', () => {
    expect(() => refuseUnknownOptions('create x', { limti: 1 }, ['limit', 'name'])).toThrow(
      'Cannot create x: unknown option limti. Known: limit, name.',
    );
  });
});

describe('numberOption', () => {
  it.each([[0, {}], [1.5, {}], [-1, {}], [1, { min: 1 }], [1, { max: 1 }], [0.1, { above: 0 }], [3, {
    integer: true,
  }]])(
    'numberOption() returns %d within %j',
    (value, bounds) => {
      expect(numberOption('create x', 'limit', value, bounds)).toBe(value);
    },
  );

  it.each<[unknown, object]>([
    [0, { min: 1 }],
    [2, { max: 1 }],
    [0, { above: 0 }],
    [1.5, { integer: true }],
    [2 ** 53, { integer: true }],
    [2 ** 53, {}],
    // NaN compares false with every bound: it is how a limit disappears.
    [NaN, { min: 0, max: 1 }],
    [Infinity, {}],
    [-Infinity, {}],
    ['1', {}],
    [1n, {}],
    [null, {}],
    [undefined, {}],
    [{ valueOf: () => 1 }, {}],
  ])('numberOption() throws a RangeError for %s within %j', (value, bounds) => {
    expect(() => numberOption('create x', 'limit', value, bounds)).toThrow(RangeError);
  });

  it('numberOption() says what it received', () => {
    expect(() => numberOption('create limiter', 'windowSeconds', -1, { above: 0 })).toThrow(
      'Cannot create limiter: windowSeconds must be greater than 0, received -1.',
    );
  });
});

describe('stringListOption', () => {
  it('stringListOption() makes a list of one string', () => {
    expect(stringListOption('create x', 'audience', 'a')).toStrictEqual(['a']);
  });

  it('stringListOption() returns a frozen copy that later changes do not reach', () => {
    const given = ['a', 'b'];
    const list = stringListOption('create x', 'audience', given);
    given.push('c');
    expect(list).toStrictEqual(['a', 'b']);
    expect(Object.isFrozen(list)).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty string', ''],
    ['an empty list', []],
    ['a list with an empty string', ['a', '']],
    ['a list with a hole', Array.from({ length: 3 }).fill('a', 1)],
    ['a sparse list', new Array(1)],
    ['a list with a number', ['a', 1]],
    ['a list in a list', [['a']]],
    ['a Set', new Set(['a'])],
    ['a String object', Object('a')],
    ['a repeated string', ['a', 'a']],
  ])('stringListOption() throws a TypeError for %s', (_name, value) => {
    expect(() => stringListOption('create x', 'audience', value)).toThrow(TypeError);
  });
});

describe('booleanOption', () => {
  it('booleanOption() returns true and false', () => {
    expect([booleanOption('x', 'y', true), booleanOption('x', 'y', false)]).toStrictEqual([true, false]);
  });

  // "false" is truthy: as text it would switch on what it was to switch off.
  it.each(['true', 'false', 1, 0, '', null, undefined, Object(true)])(
    'booleanOption() throws a TypeError for %j',
    (value) => {
      expect(() => booleanOption('x', 'y', value)).toThrow(TypeError);
    },
  );
});

describe('functionOption', () => {
  it('functionOption() returns the same function', () => {
    const clock = (): number => 1;
    expect(functionOption('x', 'clock', clock)).toBe(clock);
  });

  it.each([undefined, null, 'f', {}, 1])('functionOption() throws a TypeError for %j', (value) => {
    expect(() => Reflect.apply(functionOption, undefined, ['x', 'clock', value])).toThrow(TypeError);
  });
});
