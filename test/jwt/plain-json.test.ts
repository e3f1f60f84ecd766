import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64Url } from '../../src/encoding/base64url.ts';
import { parseJson } from '../../src/encoding/json.ts';
import { decodeUtf8 } from '../../src/encoding/utf8.ts';
import { copyJsonObject, encodeSegment } from '../../src/jwt/plain-json.ts';

const CONTEXT = { action: 'sign JWT', name: 'claims' };

function copy(value: unknown): unknown {
  return copyJsonObject(value, CONTEXT);
}

/** The text that is signed for a value. */
function spell(value: unknown): string | undefined {
  const bytes = decodeBase64Url(encodeSegment(copyJsonObject(value, CONTEXT), CONTEXT));
  return bytes === undefined ? undefined : decodeUtf8(bytes);
}

function toLetter(code: number): string {
  return String.fromCharCode(code);
}

function isTaken(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** An object that holds a container so many levels below itself. */
function nest(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let inner: unknown = 1;
  for (let level = 0; level < levels; level++) inner = wrap(inner);
  return { inner };
}

/** Works while every list and every object inherits a `toJSON`, as one library of old made them do. */
function whilePolluted<T>(prototype: object, work: () => T): T {
  // Configurable, so that it can go again.
  Object.defineProperty(prototype, 'toJSON', { value: () => ({ alg: 'none' }), configurable: true });
  try {
    return work();
  } finally {
    Reflect.deleteProperty(prototype, 'toJSON');
  }
}

describe('copyJsonObject() and encodeSegment()', () => {
  test('write what JSON.stringify writes, for any JSON object, or refuse what parseJson refuses', () => {
    // Code units, and so halves of pairs as well.
    const unit = fc.oneof(
      { arbitrary: fc.constantFrom('a', '"', '\\', '\0', '\u{1f511}'), weight: 20 },
      { arbitrary: fc.nat(0xffff).map(toLetter), weight: 4 },
    );
    const text = fc.string({ unit, maxLength: 4 });
    const name = fc.oneof(
      { arbitrary: text, weight: 50 },
      { arbitrary: fc.constantFrom('__proto__', 'constructor', 'prototype', 'toJSON'), weight: 1 },
    );
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), text, fc.double({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(value, fc.dictionary(name, value))), (members) => {
        const expected = JSON.stringify(members);
        if (isTaken(expected)) expect(spell(members)).toBe(expected);
        else expect(() => spell(members)).toThrow(TypeError);
      }),
      { numRuns: 200 },
    );
  });

  test.each<[string, object, string]>([
    ['minus zero, which JSON lacks', { a: -0 }, '{"a":0}'],
    ['the greatest double', { a: Number.MAX_VALUE }, '{"a":1.7976931348623157e+308}'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['a toJSON that is data', { toJSON: 'a', b: { toJSON: null } }, '{"toJSON":"a","b":{"toJSON":null}}'],
    ['hasOwnProperty', { hasOwnProperty: 1 }, '{"hasOwnProperty":1}'],
    ['letters beyond the basic plane', { '\u{1f511}': '\u{1f511}' }, '{"\u{1f511}":"\u{1f511}"}'],
    ['nothing', {}, '{}'],
  ])('write %s', (_what, value, text) => {
    expect(spell(value)).toBe(text);
  });

  test('refuse a text longer than a verifier reads', () => {
    expect(() => spell({ a: 'a'.repeat(1_048_576) })).toThrow(/^Cannot sign JWT: claims hold .* length/);
  });
});

describe('copyJsonObject()', () => {
  test('shares nothing with what it was given', () => {
    const given = { list: [{ a: 1 }], object: { b: 2 } };
    const copied = copyJsonObject(given, CONTEXT);
    given.list.push({ a: 2 });
    Object.assign(given.object, { b: 3 });
    expect(JSON.stringify(copied)).toBe('{"list":[{"a":1}],"object":{"b":2}}');
  });

  // Checked once and signed as another thing: a getter could say one thing to either.
  test('reads each member once, whether getters or proxies tell it', () => {
    const reads: string[] = [];
    const watch = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (held, name) => {
          reads.push(String(name));
          return Reflect.get(held, name);
        },
      });
    let calls = 0;
    const value = watch({
      list: watch(['a', watch({ b: 1 })]),
      get counted(): number {
        return ++calls;
      },
    });
    expect(JSON.stringify(copyJsonObject(value, CONTEXT))).toBe('{"list":["a",{"b":1}],"counted":1}');
    expect([reads.sort(), calls]).toEqual([['0', '1', 'b', 'counted', 'length', 'list'], 1]);
  });

  test('refuses a member that vanishes while it reads, and one that names itself twice', () => {
    const given: Record<string, unknown> = {
      get first(): number {
        delete given['second'];
        return 1;
      },
      second: 2,
    };
    expect(() => copy(given)).toThrow(/claims\.second/);
    expect(() => copy(new Proxy({ a: 1 }, { ownKeys: () => ['a', 'a'] }))).toThrow(TypeError);
  });

  test('passes on what a getter throws', () => {
    const fault = new RangeError('mine');
    const value = {
      get a(): never {
        throw fault;
      },
    };
    expect(() => copy(value)).toThrow(fault);
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a list', []],
    ['text', '{}'],
    ['a boxed string', new String('a')],
    ['a function', () => 1],
    ['a Date', new Date(0)],
    ['a Map', new Map([['a', 1]])],
    ['bytes', new Uint8Array(1)],
    ['an instance', new (class Claims {})()],
    ['an object that inherits another', Object.create({ a: 1 })],
    ['a proxy of a Date', new Proxy(new Date(0), {})],
    ['a proxy that says that it is a Date', new Proxy({}, { getPrototypeOf: () => Date.prototype })],
  ])('refuses %s, alone or as a member', (_what, value) => {
    expect(() => copy(value)).toThrow(TypeError);
    // As members, these are JSON.
    if (value !== null && typeof value !== 'string' && !Array.isArray(value)) {
      expect(() => copy({ a: value })).toThrow(/^Cannot sign JWT: claims\.a must be plain JSON data\.$/);
      expect(() => copy({ a: [0, value] })).toThrow(/^Cannot sign JWT: claims\.a\[1\] must be plain JSON data\.$/);
    }
  });

  test.each<[string, unknown]>([
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
    ['a BigInt', 1n],
    ['a symbol', Symbol('a')],
    ['a boxed number', Object(1)],
    ['a hole in a list', Object.assign(new Array(3), { 0: 1, 2: 3 })],
    ['a list of nothing but holes', new Array(2 ** 32 - 1)],
    ['a toJSON', { toJSON: () => 'root' }],
    ['half a surrogate pair', '\udc00'],
    ['half a surrogate pair in a name', { '\ud800': 1 }],
  ])('refuses the member %s', (_what, value) => {
    expect(() => copy({ a: value })).toThrow(TypeError);
    expect(() => copy({ a: [{ b: value }] })).toThrow(TypeError);
  });

  test.each<[string, (inner: unknown) => unknown]>([
    ['objects', (inner) => ({ inner })],
    ['lists', (inner) => [inner]],
  ])('takes %s 32 deep, and refuses 33', (_what, wrap) => {
    expect(() => spell(nest(31, wrap))).not.toThrow();
    expect(() => copy(nest(32, wrap))).toThrow(/^Cannot sign JWT: claims are nested deeper than 32\.$/);
  });

  test('refuses what contains itself, also twice on each level', () => {
    const circle: Record<string, unknown> = {};
    circle['a'] = circle['b'] = [circle, circle];
    expect(() => copy(circle)).toThrow(/deeper than 32/);
  });

  // JSON has no word for these, and what nobody can see in the token nobody was told to check.
  test('looks at nothing but names that are strings and enumerable, and the items of a list', () => {
    const list: unknown[] & { toJSON?: unknown } = ['a'];
    list.toJSON = () => 'root';
    const hidden = Object.defineProperty({ [Symbol('sub')]: 'root', list }, 'sub', { value: 'root' });
    expect(spell(hidden)).toBe('{"list":["a"]}');
  });

  test('reads a list by index, whatever its iterator says', () => {
    const list = Object.assign(['a', 'b'], {
      *[Symbol.iterator](): Generator<string> {
        for (;;) yield 'root';
      },
    });
    expect(spell({ list })).toBe('{"list":["a","b"]}');
  });

  test('keeps __proto__ a name like any other, which encodeSegment() then refuses', () => {
    const copied = copyJsonObject(JSON.parse('{"__proto__":{"sub":"root"}}'), CONTEXT);
    expect([Object.getPrototypeOf(copied), Object.keys(copied)]).toEqual([null, ['__proto__']]);
    expect(() => encodeSegment(copied, CONTEXT)).toThrow(TypeError);
  });
});

describe('encodeSegment()', () => {
  test.each<[string, object]>([['Object', Object.prototype], ['Array', Array.prototype]])(
    'is not moved by a toJSON on %s.prototype',
    (_name, prototype) => {
      const members = { alg: 'ES256', list: [{ a: [1] }] };
      expect(whilePolluted(prototype, () => spell(members))).toBe(JSON.stringify(members));
      // The header is a literal, and no copy.
      const segment = whilePolluted(prototype, () => encodeSegment(members, CONTEXT));
      expect(segment).toBe(encodeSegment(members, CONTEXT));
    },
  );

  test.each<[string, string]>([
    ['__proto__', '{"a":[{"__proto__":1}]}'],
    ['constructor.prototype', '{"constructor":{"prototype":{}}}'],
  ])('refuses %s', (_what, text) => {
    expect(() => spell(JSON.parse(text))).toThrow(TypeError);
  });
});
