import { describe, expect, test, vi } from 'vitest';
import { createRemoteKeySet, exportPublicJwk, generateJwtKeyPair, type JwtAlgorithm } from '../../src/jwt/index.ts';
import { outcome } from './forge.ts';
import { ids, json, jwks, makeJwk, serve, URL_OF_KEYS } from './key-server.ts';

/** A key with no more members than it needs. */
async function makeBareJwk(kid: string): Promise<object> {
  return { ...await makeJwk(kid), use: undefined, key_ops: undefined, ext: undefined };
}

/** How many keys the platform imports meanwhile. */
async function countImports(work: () => Promise<void>): Promise<number> {
  const spy = vi.spyOn(crypto.subtle, 'importKey');
  // Bun hands out the spy of an earlier test, with its calls.
  spy.mockClear();
  try {
    await work();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

describe('createRemoteKeySet() keys with the same thumbprint', () => {
  // RFC 7638 section 3.2: what a key may do, its certificates and all that nobody understands are no part of what it is.
  test.each([
    ['use', { use: 'sig' }],
    ['key_ops', { key_ops: ['verify'] }],
    ['certificates', { x5c: ['AA'], x5t: 'AA' }],
    ['members of another family', { n: 'AQAB', e: 'AQAB' }],
    ['members that nobody knows', { exp: 1, nbf: { a: [] } }],
  ])('are kept when it gets other %s', async (_what, more) => {
    const one = await makeBareJwk('one');
    const server = serve(json({ keys: [one] }), { freshSeconds: 100 });
    await server.set.preload();
    const [key, generation] = [(await server.set.find('ES256', 'one'))[0], server.set.generation()];
    server.answer(json({ keys: [{ ...one, ...more }] }));
    server.pass(100);
    expect(await countImports(() => server.set.preload())).toBe(0);
    expect((await server.set.find('ES256', 'one'))[0]).toBe(key);
    expect(server.set.generation()).toBe(generation);
  });

  // Why a known key is asked anew what it may do.
  test.each([
    ['may only encrypt', { use: 'enc' }],
    ['may only sign', { key_ops: ['sign'] }],
    ['may do what is no list', { key_ops: 'verify' }],
    ['is published with its private half', { d: 'AA' }],
    ['has another algorithm', { alg: 'ES384' }],
    ['has an algorithm that is none', { alg: null }],
    ['has an id that is none', { kid: 1 }],
  ])('are dropped when it %s', async (_what, more) => {
    const one = await makeJwk('one');
    const server = serve(json({ keys: [one] }), { freshSeconds: 100 });
    await server.set.preload();
    const before = server.set.generation();
    server.answer(json({ keys: [{ ...one, ...more }] }));
    server.pass(100);
    await server.set.preload();
    expect(await ids(server.set, 'one')).toEqual([]);
    expect(await ids(server.set, undefined)).toEqual([]);
    expect(server.set.generation()).not.toBe(before);
  });

  test('are dropped when the algorithm that was none is null, in spite of defaultAlgorithm', async () => {
    const one = { ...await makeJwk('one'), alg: undefined };
    const server = serve(json({ keys: [one] }), { freshSeconds: 100, defaultAlgorithm: 'ES256' });
    await server.set.preload();
    expect(await ids(server.set, 'one')).toEqual(['one']);
    server.answer(json({ keys: [{ ...one, alg: null }] }));
    server.pass(100);
    await server.set.preload();
    expect(await ids(server.set, 'one')).toEqual([]);
  });

  test('are one key when listed twice, and leave room for others of their id', async () => {
    const [one, two, three] = await Promise.all(['same', 'same', 'same'].map(makeBareJwk));
    const server = serve(json({ keys: [one, one, { ...one, use: 'sig' }, two, one, three] }), { freshSeconds: 100 });
    expect(await countImports(() => server.set.preload())).toBe(3);
    const before = server.set.generation();
    expect(new Set(await server.set.find('ES256', 'same')).size).toBe(3);
    server.answer(json({ keys: [three, two, one] }));
    server.pass(100);
    expect(await countImports(() => server.set.preload())).toBe(0);
    expect(server.set.generation()).toBe(before);
  });

  test('are imported once for each id that they have', async () => {
    const one = await makeJwk('one');
    const server = serve(json({ keys: [one, { ...one, kid: 'two' }] }));
    expect(await countImports(() => server.set.preload())).toBe(2);
    expect([await ids(server.set, 'one'), await ids(server.set, 'two')]).toEqual([['one'], ['two']]);
  });

  test('are not kept by invalidate()', async () => {
    const server = serve(await jwks('one'));
    await server.set.preload();
    server.set.invalidate();
    expect(await countImports(() => server.set.preload())).toBe(1);
  });
});

describe('createRemoteKeySet() documents', () => {
  test.each(['application/jwk-set+json', 'text/plain', 'text/html', 'application/octet-stream', ''])(
    'of the media type %j are read: what counts is what they hold',
    async (type) => {
      const text = JSON.stringify({ keys: [await makeJwk('one')] });
      const { set } = serve(() => new Response(text, type === '' ? {} : { headers: { 'content-type': type } }));
      expect(await ids(set, 'one')).toEqual(['one']);
    },
  );

  // Hostile item 30: the list is counted before a key of it is looked at.
  test('of 10,000 keys are refused whole, and nothing is imported', async () => {
    const one = await makeJwk('one');
    const many = json({ keys: Array.from({ length: 10_000 }, (_, index) => ({ ...one, kid: `${index}` })) });
    const { set } = serve(many, { maxBytes: 10_000_000 });
    expect(await countImports(async () => expect(await outcome(() => set.preload())).toBe('key_set_unavailable'))).toBe(
      0,
    );
  });

  // Hostile item 11: whoever follows an address in a key fetches what the key's author likes.
  test('lead nowhere: x5u, jku and x5c are not followed', async () => {
    const one = { ...await makeJwk('one'), x5u: 'https://evil.test/', jku: 'https://evil.test/', x5c: ['AAAA'] };
    const { set, requests } = serve(json({ keys: [one], jwks_uri: 'https://evil.test/', next: 'https://evil.test/' }));
    expect(await ids(set, 'one')).toEqual(['one']);
    expect(requests.map(([url]) => url)).toEqual([URL_OF_KEYS]);
  });

  test('that a fetch brought after a redirect all the same are refused', async () => {
    const text = JSON.stringify({ keys: [await makeJwk('one')] });
    const redirected = (): Response => Object.defineProperty(new Response(text), 'redirected', { value: true });
    expect(await outcome(() => ids(serve(redirected).set, 'one'))).toBe('key_set_unavailable');
  });

  test('with a member __proto__ are refused or change nothing', async () => {
    const one = JSON.stringify(await makeJwk('one'));
    const { set } = serve(() => new Response(`{"keys":[${one.slice(0, -1)},"__proto__":{"use":"enc"}}]}`));
    expect(['accepted', 'key_set_unavailable']).toContain(await outcome(() => ids(set, 'one')));
    expect(Reflect.get({}, 'use')).toBe(undefined);
  });
});

describe('createRemoteKeySet() defaultAlgorithm', () => {
  // Nobody publishes a secret, so that HS* could only ever be a mistake.
  test.each(['HS256', 'HS384', 'HS512', 'none', 'ES256K', ''])('refuses %j', (name) => {
    // The cast is the mistake that is tested.
    const defaultAlgorithm = name as JwtAlgorithm;
    expect(() => createRemoteKeySet(URL_OF_KEYS, { defaultAlgorithm })).toThrow(TypeError);
  });

  test('binds no key of another kind, and no secret', async () => {
    const [rsa, ed, p384] = await Promise.all((['RS256', 'Ed25519', 'ES384'] as const).map(async (algorithm) => {
      const { publicKey } = await generateJwtKeyPair(algorithm, { keyId: 'one' });
      return { ...await exportPublicJwk(publicKey), alg: undefined };
    }));
    const secret = { kty: 'oct', k: 'A'.repeat(43), kid: 'one' };
    const { set } = serve(json({ keys: [rsa, ed, p384, secret, { kty: 'oct', kid: 'one' }] }), {
      defaultAlgorithm: 'ES256',
    });
    for (const algorithm of ['ES256', 'RS256', 'Ed25519', 'ES384', 'HS256']) {
      expect(await set.find(algorithm, 'one')).toEqual([]);
    }
  });
});

describe('createRemoteKeySet() ids', () => {
  // No key has such an id, and 64 of them would be remembered.
  test('of more than 256 characters cost no fetch', async () => {
    const server = serve(await jwks('one'));
    await server.set.preload();
    server.pass(30);
    expect(await ids(server.set, 'x'.repeat(257))).toEqual([]);
    expect(server.fetches()).toBe(1);
    expect(await ids(server.set, 'x'.repeat(256))).toEqual([]);
    expect(server.fetches()).toBe(2);
  });

  test.each(['__proto__', 'constructor', '../../dev/null', "' OR 1=1 --"])('like %j are only ids', async (id) => {
    const server = serve(await jwks('one', id));
    expect(await ids(server.set, id)).toEqual([id]);
    const other = serve(await jwks('one'));
    expect(await ids(other.set, id)).toEqual([]);
  });
});

describe('createRemoteKeySet() while the keys are fresh', () => {
  test('reads the clock once for each find() and each generation()', async () => {
    let reads = 0;
    const { set } = serve(await jwks('one'), { clock: () => ++reads });
    await set.preload();
    reads = 0;
    set.find('ES256', 'one');
    expect(reads).toBe(1);
    set.generation();
    expect(reads).toBe(2);
    set.find('ES256', 'unknown');
    expect(reads).toBe(3);
  });

  test('answers with lists that nobody can change', async () => {
    const { set } = serve(await jwks('one'));
    await set.preload();
    expect(Object.isFrozen(await set.find('ES256', 'one'))).toBe(true);
    expect(Object.isFrozen(await set.find('ES256', 'two'))).toBe(true);
  });
});
