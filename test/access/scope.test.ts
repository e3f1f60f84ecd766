import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkScopes, isScopeToken, parseScope } from '../../src/access/scope.ts';

describe('checkScopes', () => {
  // `every` passes over holes: a list of nothing else would require nothing, and so allow.
  it('checkScopes() refuses a required list with holes', () => {
    expect(checkScopes(['a'], new Array(2))?.code).toBe('insufficient_scope');
    expect(checkScopes(['a'], Object.assign(new Array(2), { 1: 'a' }))?.code).toBe('insufficient_scope');
  });
});

describe('isScopeToken', () => {
  it('isScopeToken() takes exactly the characters of RFC 6749 section 3.3', () => {
    for (let code = 0; code < 0x200; code++) {
      const allowed = code === 0x21 || (code >= 0x23 && code <= 0x5b) || (code >= 0x5d && code <= 0x7e);
      expect(isScopeToken(`a${String.fromCharCode(code)}`), String(code)).toBe(allowed);
    }
  });

  it.each(['', ' ', 'a b', 'a\n', '"a"', 'a\\', 'é', '\ud800', 'orders:read\r\nx: y'])(
    'isScopeToken() refuses %j',
    (text) => {
      expect(isScopeToken(text)).toBe(false);
    },
  );
});

describe('parseScope', () => {
  it.each([
    ['orders:read', ['orders:read']],
    ['orders:read orders:write', ['orders:read', 'orders:write']],
    ['a a', ['a', 'a']],
    ['', []],
  ])('parseScope() splits %j', (scope, expected) => {
    expect(parseScope(scope)).toStrictEqual(expected);
  });

  it('parseScope() undoes joining with a space', () => {
    const token = fc.string({ minLength: 1, unit: fc.constantFrom(...'abzAZ09:/.-_!#~') });
    fc.assert(
      fc.property(fc.array(token, { maxLength: 20 }), (scopes) => {
        expect(parseScope(scopes.join(' '))).toStrictEqual(scopes);
      }),
    );
  });

  // What is not the text of RFC 6749 section 3.3 grants nothing, rather than what can be made of it.
  it.each([
    ['two spaces', 'a  b'],
    ['a leading space', ' a'],
    ['a trailing space', 'a '],
    ['a space alone', ' '],
    ['a tab', 'a\tb'],
    ['a line feed', 'a\nb'],
    ['a comma with a space', 'a, "b"'],
    ['a no-break space', 'a\u00a0b'],
    ['a quote', '"a"'],
    ['a list', ['a']],
    ['an object', { 0: 'a', length: 1 }],
    ['a String object', Object('a')],
    ['a number', 1],
    ['true', true],
    ['null', null],
    ['nothing', undefined],
  ])('parseScope() finds no scopes in %s', (_name, scope) => {
    expect(parseScope(scope)).toStrictEqual([]);
  });

  it('parseScope() finds 256 scopes and, of more, none', () => {
    expect(parseScope(new Array(256).fill('a').join(' ')).length).toBe(256);
    expect(parseScope(new Array(257).fill('a').join(' '))).toStrictEqual([]);
  });

  it('parseScope() takes linear time for a megabyte', () => {
    expect(parseScope('a '.repeat(500_000))).toStrictEqual([]);
    expect(parseScope('a'.repeat(1_000_000)).length).toBe(1);
  });

  it('parseScope() returns a frozen list', () => {
    for (const scope of ['a b', '', undefined, ' ']) expect(Object.isFrozen(parseScope(scope))).toBe(true);
  });
});

describe('checkScopes', () => {
  it.each([
    [['a'], ['a']],
    [['a', 'b'], ['b']],
    [['b', 'a'], ['a', 'b']],
  ])('checkScopes() lets %j through where %j is required', (granted, required) => {
    expect(checkScopes(granted, required)).toBe(undefined);
  });

  it.each([
    [[], ['a']],
    [['a'], ['a', 'b']],
    // A scope grants itself and nothing that contains it or is contained in it.
    [['readall'], ['read']],
    [['read'], ['readall']],
    [['orders'], ['orders:read']],
    [['orders:*'], ['orders:read']],
    [['*'], ['a']],
    [['A'], ['a']],
    [['a b'], ['a']],
    [['a '], ['a']],
    [[''], ['a']],
  ])('checkScopes() refuses %j where %j is required', (granted, required) => {
    expect(checkScopes(granted, required)).toMatchObject({ code: 'insufficient_scope', status: 403 });
  });

  it('checkScopes() refuses where nothing is required: a policy that forgot to say is no permission', () => {
    expect(checkScopes(['a'], [])).toMatchObject({ code: 'insufficient_scope' });
    expect(checkScopes([], [])).toMatchObject({ code: 'insufficient_scope' });
  });

  // In text, includes() finds "read" inside of "readall".
  it.each(['readall', 'read', 'a read', undefined, null, { includes: () => true }, new Set(['read'])])(
    'checkScopes() refuses what was granted as %j, which is no list',
    (granted) => {
      expect(Reflect.apply(checkScopes, undefined, [granted, ['read']])).toMatchObject({ code: 'insufficient_scope' });
    },
  );
});
