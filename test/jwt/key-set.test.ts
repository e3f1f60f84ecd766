import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createJwtVerifier,
  createKeySet,
  generateJwtKeyPair,
  importHmacSecret,
  importJwk,
  type JwtKey,
} from '../../src/jwt/index.ts';
import { PUBLIC_JWK } from '../vectors/rfc7515-a2.ts';
import { CLAIMS, expectations, forge, HEADER, outcome } from './forge.ts';

async function publicKeys(...keyIds: readonly string[]): Promise<readonly JwtKey[]> {
  return await Promise.all(keyIds.map(async (keyId) => (await generateJwtKeyPair('ES256', { keyId })).publicKey));
}

describe('createKeySet()', () => {
  test('finds the keys of an id and an algorithm, without a promise', async () => {
    const keys = await publicKeys('one', 'two', 'two');
    const set = createKeySet({ keys });
    expect(set.find('ES256', 'one')).toEqual([keys[0]]);
    expect(set.find('ES256', 'two')).toEqual([keys[1], keys[2]]);
    expect(set.find('RS256', 'one')).toEqual([]);
  });

  // Ids come from tokens: an object indexed by them would find Object.prototype.
  test.each(['three', '', '__proto__', 'constructor', 'toString', 'undefined'])(
    'finds nothing for %j',
    async (name) => {
      const set = createKeySet({ keys: await publicKeys('one') });
      expect(set.find('ES256', name)).toEqual([]);
      expect(set.find(name, 'one')).toEqual([]);
      expect(set.find(name, undefined)).toEqual([]);
    },
  );

  test('finds a key that is called __proto__', async () => {
    const keys = await publicKeys('__proto__');
    expect(createKeySet({ keys }).find('ES256', '__proto__')).toEqual(keys);
  });

  test('finds the first 3 keys for a token without an id', async () => {
    const keys = await publicKeys('one', 'two', 'three', 'four');
    expect(createKeySet({ keys }).find('ES256', undefined)).toEqual(keys.slice(0, 3));
  });

  test('finds a key without an id only for a token without one', async () => {
    const [key] = await publicKeys('one');
    const nameless = Object.freeze({ ...key, keyId: undefined }) as JwtKey; // a spread of a key is one
    const set = createKeySet({ keys: [nameless] });
    expect(set.find('ES256', undefined)).toEqual([nameless]);
    expect(set.find('ES256', 'one')).toEqual([]);
  });

  test('never finds more than 3, nor a key of another id', async () => {
    const [key] = await publicKeys('one');
    if (key === undefined) throw new Error('no key');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd', undefined), { minLength: 1 }),
        fc.string(),
        (ids, asked) => {
          const keys = ids.map((keyId) => ({ ...key, keyId }));
          const crowded = ['a', 'b', 'c', 'd'].some((id) => ids.filter((other) => other === id).length > 3);
          if (crowded) {
            expect(() => createKeySet({ keys })).toThrow(TypeError);
            return;
          }
          const set = createKeySet({ keys });
          for (const id of ['a', 'd', asked]) {
            expect(set.find('ES256', id)).toEqual(keys.filter((one) => one.keyId === id));
          }
          expect(set.find('ES256', undefined)).toEqual(keys.slice(0, 3));
        },
      ),
    );
  });

  test.each([
    ['no list', { keys: {} }],
    ['an empty list', { keys: [] }],
    ['a JWK', { keys: [{ kty: 'EC' }] }],
    ['null', { keys: [null] }],
    ['text', { keys: ['-----BEGIN PUBLIC KEY-----'] }],
    ['an unknown option', { keys: [], jwks: [] }],
  ])('refuses %s', (_what, options) => {
    // The cast is the mistake that is tested.
    expect(() => createKeySet(options as unknown as { keys: JwtKey[] })).toThrow(TypeError);
  });

  test('takes secrets, and refuses two of one id and algorithm', async () => {
    const bytes = (fill: number): Uint8Array => new Uint8Array(64).fill(fill);
    const one = await importHmacSecret(bytes(1), 'HS256', { keyId: 'one' });
    const again = await importHmacSecret(bytes(2), 'HS256', { keyId: 'one' });
    const longer = await importHmacSecret(bytes(2), 'HS512', { keyId: 'one' });
    expect(createKeySet({ keys: [one, longer] }).find('HS256', 'one')).toEqual([one]);
    expect(() => createKeySet({ keys: [one, again] })).toThrow(TypeError);
  });

  test('refuses a private key', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
    expect(() => createKeySet({ keys: [privateKey] })).toThrow(/public key/);
    expect(() => createKeySet({ keys: [{ ...privateKey, type: 'public' }] })).toThrow(/public key/);
    expect(() => createKeySet({ keys: [{ ...publicKey, type: 'private' }] })).toThrow(/public key/);
  });

  // A key put together by hand: the platform's half of it says what it is, and must agree with what is written beside it.
  test('refuses a key whose two halves are of different algorithms', async () => {
    const [es256, es384, rs256] = [
      (await generateJwtKeyPair('ES256')).publicKey,
      (await generateJwtKeyPair('ES384')).publicKey,
      await importJwk(PUBLIC_JWK, { algorithm: 'RS256' }),
    ];
    for (
      const key of [
        { ...es256, cryptoKey: es384.cryptoKey },
        { ...es256, cryptoKey: rs256.cryptoKey },
        { ...rs256, algorithm: 'RS512' },
        { ...rs256, algorithm: 'PS256' },
        { ...rs256, algorithm: 'HS256' },
      ] as const
    ) {
      expect(() => createKeySet({ keys: [key] })).toThrow(TypeError);
    }
  });

  test('is frozen, and a copy of what it was made from', async () => {
    const keys = [...await publicKeys('one')];
    const set = createKeySet({ keys });
    keys.pop();
    expect(set.find('ES256', 'one').length).toBe(1);
    expect(Object.isFrozen(set)).toBe(true);
  });

  test('lets a verifier try each key that shares an id', async () => {
    const pairs = await Promise.all([1, 2, 3].map(() => generateJwtKeyPair('ES256', { keyId: 'one' })));
    const keys = createKeySet({ keys: pairs.map((pair) => pair.publicKey) });
    const verify = createJwtVerifier({ ...expectations(), keys });
    for (const { privateKey } of pairs) {
      expect(await outcome(async () => verify(await forge(privateKey, CLAIMS, HEADER)))).toBe('accepted');
    }
  });
});
