import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonLimits, parseJson } from '../../src/encoding/json.ts';

/** A JSON text as it is written, so that an object can hold a name twice, which no value can. */
type Written =
  | { readonly kind: 'leaf'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly Written[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: Written])[] };

const NAMES = ['a', 'b', '', 'toString', 'a:b', '"', '\\', '{', 'é', '1'];

const { written } = fc.letrec<{ written: Written; array: Written; object: Written; leaf: Written }>((tie) => ({
  written: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('array'), tie('object')),
  leaf: fc.jsonValue({ maxDepth: 0 }).map((value) => ({ kind: 'leaf' as const, text: JSON.stringify(value) })),
  array: fc.array(tie('written'), { maxLength: 4 }).map((items) => ({ kind: 'array' as const, items })),
  object: fc.array(fc.tuple(fc.constantFrom(...NAMES), tie('written')), { maxLength: 4 })
    .map((members) => ({ kind: 'object' as const, members })),
}));

function print(node: Written, space: string): string {
  if (node.kind === 'leaf') return `${space}${node.text}${space}`;
  if (node.kind === 'array') return `[${space}${node.items.map((item) => print(item, space)).join(',')}${space}]`;
  return `{${
    node.members.map(([name, value]) => `${space}${escape(name)}${space}:${print(value, space)}`).join(',')
  }${space}}`;
}

/** Every second character as an escape: two spellings of a name are one name. */
function escape(name: string): string {
  const spelt = [...name].map((letter, index) =>
    index % 2 === 0 ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : JSON.stringify(letter).slice(1, -1)
  );
  return `"${spelt.join('')}"`;
}

/** The naive oracle: looks at every object of the text for a name that stands twice. */
function hasDuplicate(node: Written): boolean {
  if (node.kind === 'leaf') return false;
  if (node.kind === 'array') return node.items.some(hasDuplicate);
  return new Set(node.members.map(([name]) => name)).size < node.members.length ||
    node.members.some(([, value]) => hasDuplicate(value));
}

function codeOf(text: string, limits?: JsonLimits): unknown {
  try {
    parseJson(text, limits);
    return 'accepted';
  } catch (error) {
    return Reflect.get(Object(error), 'code') ?? error;
  }
}

describe('parseJson', () => {
  it('parseJson() gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__') && !text.includes('prototype'));
        expect(JSON.stringify(parseJson(text))).toBe(text);
      }),
    );
  });

  it('parseJson() refuses a duplicate name exactly where a naive reading finds one, however it is spelt', () => {
    fc.assert(
      fc.property(written, fc.constantFrom('', ' ', '\n\t'), (node, space) => {
        const text = print(node, space);
        expect(codeOf(text)).toBe(hasDuplicate(node) ? 'json_duplicate_key' : 'accepted');
      }),
      { numRuns: 1000 },
    );
  });

  it('parseJson() accepts nothing that JSON.parse refuses', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      'a',
      '1',
      '-',
      '0',
      'null',
      'true',
      ' ',
      '"a"',
      '\u2028',
      '/',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const code = codeOf(text);
        expect(valid ? code === 'accepted' || code === 'json_duplicate_key' : code === 'json_malformed').toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  // nodejs/node issue 63785: V8 takes an escaped name for one of an earlier text, so that an attacker renames the next one's members.
  it('parseJson() reads an escaped name as it is spelt, whatever was parsed before', () => {
    for (let round = 0; round < 100; round++) {
      for (const name of ['\\', '\\u', '\\u006', '\\u00', '\\n']) {
        JSON.parse(`{"b":1,${JSON.stringify(name)}:${round}}`);
      }
    }
    expect(parseJson('{"b":1,"\\u0063":2}')).toStrictEqual({ b: 1, c: 2 });
    expect(parseJson('{"b":1,"\\u0061dmin":2}')).toStrictEqual({ b: 1, admin: 2 });
    expect(parseJson('[{"b":1,"\\"":2}]')).toStrictEqual([{ b: 1, '"': 2 }]);
    expect(parseJson('{"b":1,"\\n":{"b":1,"\\\\":3}}')).toStrictEqual({ b: 1, '\n': { b: 1, '\\': 3 } });
    expect(codeOf('{"b":1,"\\u0062":2}')).toBe('json_duplicate_key');
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['a comment', '{}/**/'],
    ['a trailing comma', '[1,]'],
    ['single quotes', "{'a':1}"],
    ['two values', '{}{}'],
    ['NaN', 'NaN'],
    ['a leading zero', '01'],
    ['a plus', '+1'],
    ['a control character in a string', '"\n"'],
    ['an open string', '"a'],
    ['an open string that ends in a backslash', '"a\\'],
    ['closing brackets first', ']]]][[[['],
    // RFC 8259 section 8.1: a mark must not be added; a parser that skips it reads another text than one that does not.
    ['a byte order mark', '\ufeff{}'],
    ['a no-break space', '\u00a0{}'],
    // RFC 7493 section 2.2: beyond a double; it would become Infinity, which passes every lower bound.
    ['a number that becomes Infinity', '{"exp":1e400}'],
    ['a number that becomes -Infinity', '[-1e999]'],
    ['Infinity at the root', '1e400'],
    ['a huge integer', '9'.repeat(400)],
    // RFC 7493 section 2.1: in UTF-8 each becomes the same U+FFFD, so that two subjects become one.
    ['half a surrogate pair', '{"sub":"\\ud800"}'],
    ['half a surrogate pair in a name', '{"\\udc00":1}'],
    ['half a surrogate pair at the root', '"\\ud800"'],
    ['surrogates in the wrong order', '["\\udc00\\ud800"]'],
    ['half a surrogate pair as it is', '{"sub":"\ud800"}'],
    ['half a surrogate pair as it is, in a name', '{"\udc00":1}'],
    ['half a surrogate pair as it is, beside an escape', '["\ud800","\\n"]'],
  ])('parseJson() refuses %s', (_name, text) => {
    expect(codeOf(text)).toBe('json_malformed');
  });

  it('parseJson() takes a surrogate pair, written as escapes or not', () => {
    expect(parseJson('["\\ud83d\\ude00","😀"]')).toStrictEqual(['😀', '😀']);
  });

  // Two parsers, two meanings: one checks the first, the other acts on the last.
  it.each([
    ['side by side', '{"role":"user","role":"admin"}'],
    ['with the same value', '{"a":1,"a":1}'],
    ['in an escape', '{"role":"user","r\\u006fle":"admin"}'],
    ['deep inside', '[[{"x":{"a":1,"a":2}}]]'],
    ['where the first holds members of its own', '{"a":{"x":1,"y":2},"a":{"x":1,"y":2}}'],
    ['where the first is dropped with a duplicate inside', '{"a":{"x":1,"x":2},"a":1}'],
    ['beside names with colons in them', '{"a:b":1,"a":":","a":2}'],
  ])('parseJson() refuses a duplicate name %s', (_name, text) => {
    expect(codeOf(text)).toBe('json_duplicate_key');
  });

  it.each([
    ['colons in strings', '{"a":"::::","b":":"}'],
    ['an escaped quote before a colon', '{"a\\"":":","b\\\\":"\\\\"}'],
    ['the same name in different objects', '[{"a":1},{"a":2},{"b":{"a":{"a":1}}}]'],
    ['names that are inherited by every object', '{"toString":1,"valueOf":2,"hasOwnProperty":3}'],
    ['a constructor without a prototype', '{"constructor":{"name":"x"}}'],
    ['a constructor that is text', '{"constructor":"x"}'],
    ['a prototype by itself', '{"prototype":{}}'],
    ['names that differ in normalisation alone', '{"é":1,"e\u0301":2}'],
  ])('parseJson() takes %s', (_name, text) => {
    // As text: a matcher would ask the value for its constructor.
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });

  // Prototype pollution: an own __proto__ survives JSON.parse and bites at the next copy or merge.
  it.each([
    ['__proto__', '{"__proto__":{"isAdmin":true}}'],
    ['__proto__ in an escape', '{"\\u005f\\u005fproto__":{"isAdmin":true}}'],
    ['__proto__ that is no object', '{"__proto__":1}'],
    ['__proto__ deep inside', '[{"a":[{"__proto__":null}]}]'],
    ['constructor.prototype', '{"constructor":{"prototype":{"isAdmin":true}}}'],
    ['constructor.prototype deep inside', '{"a":[{"constructor":{"prototype":1}}]}'],
  ])('parseJson() refuses %s', (_name, text) => {
    expect(codeOf(text)).toBe('json_forbidden_key');
    expect(Reflect.get({}, 'isAdmin')).toBe(undefined);
  });

  it('parseJson() gives objects whose prototype is Object.prototype', () => {
    expect(Object.getPrototypeOf(parseJson('{"a":1}'))).toBe(Object.prototype);
  });

  it.each([['[', ']'], ['{"a":', '}']])('parseJson() takes 32 levels of %s and refuses 33', (open, close) => {
    const nest = (levels: number): string => `${open.repeat(levels)}1${close.repeat(levels)}`;
    expect(codeOf(nest(32))).toBe('accepted');
    expect(codeOf(nest(33))).toBe('json_too_deep');
    expect(codeOf(nest(3), { maxDepth: 2 })).toBe('json_too_deep');
    expect(codeOf(nest(1), { maxDepth: 0 })).toBe('json_too_deep');
    expect(codeOf('1', { maxDepth: 0 })).toBe('accepted');
  });

  it('parseJson() does not count brackets in strings', () => {
    expect(codeOf(`["${'['.repeat(100)}\\"${'{'.repeat(100)}"]`)).toBe('accepted');
  });

  it('parseJson() does not let closed brackets pay for open ones', () => {
    expect(codeOf(`${'[],'.repeat(100)}`, { maxDepth: 1 })).toBe('json_malformed');
    expect(codeOf(`[${'[],'.repeat(100)}[[]]]`, { maxDepth: 2 })).toBe('json_too_deep');
  });

  // A stack overflow is a crash; refusing must cost no more than reading.
  it.each(['[', '{"a":', '[{"":'])('parseJson() refuses a million nested %j at once', (open) => {
    expect(codeOf(open.repeat(1_000_000 / open.length))).toBe('json_too_deep');
    expect(codeOf(open.repeat(1_000_000), { maxLength: 1e7 })).toBe('json_too_deep');
  });

  it('parseJson() overflows no stack where the caller allows any depth', () => {
    const levels = 100_000;
    const limits = { maxDepth: levels };
    expect(Array.isArray(parseJson('['.repeat(levels) + ']'.repeat(levels), limits))).toBe(true);
    expect(codeOf('['.repeat(levels), limits)).toBe('json_malformed');
  });

  it('parseJson() measures the length before it reads', () => {
    expect(codeOf('[1,2,3]', { maxLength: 6 })).toBe('json_too_large');
    expect(codeOf('[1,2,3]', { maxLength: 7 })).toBe('accepted');
    expect(codeOf('['.repeat(1_048_577))).toBe('json_too_large');
    expect(codeOf('', { maxLength: 0 })).toBe('json_malformed');
  });

  it.each([
    ['a string', `"${'a'.repeat(1_000_000)}"`],
    ['escapes', `"${'\\\\'.repeat(500_000)}"`],
    ['unicode escapes', `"${'\\u0061'.repeat(160_000)}"`],
    ['an open string of quotes and backslashes', `"${'\\"'.repeat(500_000)}`],
    ['white space', ' '.repeat(1_000_000)],
    ['numbers', `[${'1,'.repeat(500_000)}1]`],
    ['names', `{${Array.from({ length: 80_000 }, (_, index) => `"k${index}":1`).join(',')}}`],
    ['the same name', `{${'"a":1,'.repeat(140_000)}"a":1}`],
    ['integer names', `{${Array.from({ length: 80_000 }, (_, index) => `"${80_000 - index}":1`).join(',')}}`],
    ['one long number', '1'.repeat(1_000_000)],
    ['escaped names', `{${Array.from({ length: 70_000 }, (_, index) => `"\\u006b${index}":1`).join(',')}}`],
    ['colons after a long name', `{"${'a'.repeat(500_000)}"${':'.repeat(500_000)}`],
    ['numbers beside an escaped name', `{"\\n":[${'1,'.repeat(500_000)}1]}`],
    ['nothing but one escaped name', `{"${'\\n'.repeat(500_000)}":1}`],
  ])('parseJson() takes linear time for a megabyte of %s', (_name, text) => {
    // In quadratic time the runner would give up on it.
    codeOf(text);
  });

  it('parseJson() keeps the text out of its refusal', () => {
    for (const text of ['secret', '{"secret":1,"secret":1}', '{"secret":{"__proto__":1}}', '["secret",1e400]']) {
      try {
        parseJson(text);
        expect.unreachable();
      } catch (error) {
        const { message, cause } = Object(error);
        expect(`${message} ${cause}`).not.toContain('secret');
      }
    }
  });

  // NaN compares false with everything: it would switch the limit off.
  it.each([NaN, -1, Infinity, 1.5, '32', null])('parseJson() throws a RangeError for a limit of %j', (limit) => {
    expect(codeOf('1', { maxDepth: limit as number })).toBeInstanceOf(RangeError);
    expect(codeOf('1', { maxLength: limit as number })).toBeInstanceOf(RangeError);
  });

  it('parseJson() throws a TypeError for an unknown limit', () => {
    expect(codeOf('1', { maxdepth: 1 } as JsonLimits)).toBeInstanceOf(TypeError);
  });
});
