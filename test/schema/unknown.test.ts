import { describe, expect, expectTypeOf, test } from 'vitest';
import fc from 'fast-check';
import { array, type Infer, object, parse, string, unknown } from '../../src/schema/index.ts';
import { deepFreeze, findings } from './findings.ts';
import { polluting, withPollution } from './pollution.ts';

describe('unknown()', () => {
  test.each([[null], [true], [false], [0], [-1.5], [''], ['text'], [[]], [{}], [[1, [2, { a: null }]]]])(
    'unknown() lets %j through',
    (value) => {
      expect(parse(unknown(), value)).toStrictEqual({ ok: true, value });
    },
  );

  test('unknown() gives back a copy that shares nothing with the input', () => {
    const input = deepFreeze({ list: [{ a: 1 }], inner: { b: [] } });
    const result = parse(unknown(), input);
    expect(result).toStrictEqual({ ok: true, value: input });
    expect(result.ok && isMutable(result.value)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    // Hostile list 39: what JSON's 1e400 turns into.
    ['Infinity', JSON.parse('1e400')],
    ['a function', () => 1],
    ['a symbol', Symbol.iterator],
    ['a bigint', 1n],
    ['a Date', new Date(0)],
    ['a Map', new Map([['a', 1]])],
    ['a class instance', new URLSearchParams('a=1')],
    ['a typed array', new Uint8Array(1)],
    ['a boxed string', Object('a')],
    ['a RegExp', /a/],
    ['a promise', Promise.resolve(1)],
    ['a lone surrogate', '\ud800'],
  ])('unknown() refuses %s, alone and inside', (_name, value) => {
    expect(findings(unknown(), value)).toEqual([['not_json']]);
    expect(findings(unknown(), [{ a: [value] }])).toEqual([['not_json']]);
  });

  // Hostile list 1 and 2.
  test.each(['{"__proto__":{"isAdmin":true}}', '{"a":[{"\\u005f\\u005fproto__":null}]}'])(
    'unknown() refuses an own __proto__: %s',
    (text) => {
      expect(findings(unknown(), JSON.parse(text))).toEqual([['not_json']]);
    },
  );

  // Hostile list 3.
  test('unknown() puts out inherited names as own keys', () => {
    const input: unknown = JSON.parse('{"constructor":{"prototype":1},"toString":2,"hasOwnProperty":3}');
    const result = parse(unknown(), input);
    expect(result.ok && Object.entries(Object(result.value))).toEqual(Object.entries(Object(input)));
    expect(result.ok && Object.getPrototypeOf(result.value) === Object.prototype).toBe(true);
  });

  // See record(): a frozen Object.prototype must not turn a client's key into an error of the server.
  test('unknown() puts out a key that Object.prototype has read-only', () => {
    const entries = withPollution('lang', { value: 'inherited', writable: false }, () => {
      const result = parse(unknown(), JSON.parse('{"lang":"a"}'));
      return result.ok ? Object.entries(Object(result.value)) : [];
    });
    expect(entries).toEqual([['lang', 'a']]);
  });

  // Hostile list 4.
  test('unknown() takes no key from a polluted prototype', () => {
    const keys = withPollution('isAdmin', polluting(true), () => {
      const result = parse(unknown(), { a: 1 });
      return result.ok ? Object.keys(Object(result.value)) : [];
    });
    expect(keys).toEqual(['a']);
  });

  test('unknown() refuses a key with a lone surrogate', () => {
    expect(findings(unknown(), { 'a\ud800': 1 })).toEqual([['not_json']]);
  });

  // Hostile list 11.
  test('unknown() takes objects without a prototype, and leaves symbols and non-enumerable keys behind', () => {
    const input = Object.defineProperty(
      Object.assign(Object.create(null), { a: 1, [Symbol.iterator]: 2 }),
      'b',
      { value: 3, enumerable: false },
    );
    expect(parse(unknown(), input)).toStrictEqual({ ok: true, value: { a: 1 } });
  });

  // Hostile list 39.
  test('unknown() makes zero of negative zero', () => {
    expect(parse(unknown(), [-0])).toStrictEqual({ ok: true, value: [0] });
  });

  // Hostile list 12.
  test('unknown() reads a getter once on success', () => {
    let reads = 0;
    const input = {
      get role() {
        return reads++ === 0 ? 'user' : 'admin';
      },
    };
    expect(parse(unknown(), input)).toEqual({ ok: true, value: { role: 'user' } });
    expect(reads).toBe(1);
  });

  test('unknown() bounds the depth', () => {
    expect(parse(unknown({ maxDepth: 2 }), [[1]]).ok).toBe(true);
    expect(findings(unknown({ maxDepth: 2 }), [[[]]])).toEqual([['too_deep']]);
    expect(parse(unknown({ maxDepth: 0 }), 'a').ok).toBe(true);
    expect(findings(unknown({ maxDepth: 0 }), {})).toEqual([['too_deep']]);
  });

  // Hostile list 15.
  test.each([[3000, 16], [3000, 256], [1_000_000, 16]])('unknown() answers %i levels of nesting', (depth, maxDepth) => {
    const deep: unknown = JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(findings(unknown({ maxDepth }), deep)).toEqual([['too_deep']]);
  });

  // Hostile list 23.
  test('unknown() answers a cyclic value', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(findings(unknown(), cycle)).toEqual([['too_deep']]);
  });

  test('unknown() bounds the number of values, each object and array among them', () => {
    const schema = unknown({ maxNodes: 4 });
    expect(parse(schema, { a: [1, 2] }).ok).toBe(true);
    expect(findings(schema, { a: [1, 2], b: 3 })).toEqual([['too_complex']]);
    expect(findings(schema, [1, 2, 3, 4])).toEqual([['too_complex']]);
  });

  // Hostile list 18: ten objects that each hold the next twice are a thousand values.
  test('unknown() counts a value as often as it stands there', () => {
    let value: unknown = 1;
    for (let level = 0; level < 12; level++) value = [value, value];
    expect(findings(unknown(), value)).toEqual([['too_complex']]);
  });

  // Hostile list 18.
  test('unknown() reads no more than maxNodes values', () => {
    let reads = 0;
    const row = {
      get a() {
        return reads++;
      },
    };
    expect(findings(unknown({ maxNodes: 10 }), [[row, row, row], ...new Array(9).fill(row)])).toEqual([[
      'too_complex',
    ]]);
    expect(reads).toBeLessThanOrEqual(2 * 10);
    expect(findings(unknown(), new Array(1_000_000))).toEqual([['too_complex']]);
  });

  test('unknown() refuses a hole, though the array be short', () => {
    expect(findings(unknown(), new Array(2))).toEqual([['not_json']]);
  });

  // Hostile list 54.
  test('unknown() counts each value anew', () => {
    const schema = array(unknown({ maxNodes: 2 }));
    expect(parse(schema, [[1], [2], [3]]).ok && parse(schema, [[1], [2], [3]]).ok).toBe(true);
  });

  // Hostile list 48.
  test('unknown() issues point at the value and repeat none of it', () => {
    const schema = object({ type: string(), data: unknown() });
    const value = { type: 'a', data: { 's3cret-key': [Number.NaN, 's3cret-value'] } };
    expect(findings(schema, value)).toEqual([['not_json', 'data']]);
    expect(JSON.stringify(parse(schema, value))).not.toContain('s3cret');
  });

  test.each([[{ maxDepth: -1 }], [{ maxDepth: 257 }], [{ maxNodes: 0 }], [{ maxNodes: 1_000_001 }], [{
    maxDepth: 0.5,
  }]])('unknown() throws on the bound %j', (options) => {
    expect(() => unknown(options)).toThrow(RangeError);
  });

  test('unknown() throws on an unknown option', () => {
    expect(() => Reflect.apply(unknown, undefined, [{ depth: 1 }])).toThrow(TypeError);
  });

  test('unknown() infers unknown', () => {
    const schema = unknown();
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<unknown>();
    expect(schema['~presence']).toBe('required');
  });

  test('unknown() lets through whatever JSON.parse gives, but for __proto__', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 4 }), (text) => {
      const value: unknown = JSON.parse(text);
      const result = parse(unknown(), value);
      if (/__proto__|\\u[dD]/.test(text)) return;
      expect(result.ok && JSON.stringify(result.value)).toBe(JSON.stringify(value));
    }));
  });
});

function isMutable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return !Object.isFrozen(value) && Object.values(value).every(isMutable);
}
