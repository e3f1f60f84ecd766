import { describe, expect, test, vi } from 'vitest';
import {
  createJwtVerifier,
  createTokenCache,
  exportPublicJwk,
  generateJwtKeyPair,
  type KeySet,
  signJwt,
} from '../../src/jwt/index.ts';
import { NOW_SECONDS, outcome } from './forge.ts';
import { down, ids, json, jwks, makeJwk, serve, settle, until } from './key-server.ts';

const OPTIONS = { freshSeconds: 600, maxStaleSeconds: 3600, cooldownSeconds: 30 };

function never(): Promise<Response> {
  return new Promise(() => undefined);
}

describe('createRemoteKeySet() keys that are no longer fresh', () => {
  test('answer at once for a cooldown, while they are fetched behind', async () => {
    const server = serve(await jwks('one'), OPTIONS);
    await server.set.preload();
    server.answer(await jwks('two'));
    server.pass(629);
    expect(Array.isArray(server.set.find('ES256', 'one'))).toBe(true);
    await until(async () => (await ids(server.set, 'two')).length === 1);
    expect(await ids(server.set, 'one')).toEqual([]);
    expect(server.fetches()).toBe(2);
  });

  // They are old because nobody asked, not because the server fails: a key withdrawn an hour ago must not open the door once more.
  test('decide nothing after that, however many ask at once', async () => {
    const server = serve(await jwks('one'), OPTIONS);
    await server.set.preload();
    server.answer(await jwks('two'));
    server.pass(630);
    expect(server.set.generation()).toBe(undefined);
    const waiting = ['one', 'one', 'two'].map((kid) => ids(server.set, kid));
    expect(await Promise.all(waiting)).toEqual([[], [], ['two']]);
    expect(server.fetches()).toBe(2);
  });

  test('decide once the fetch has failed, until maxStaleSeconds', async () => {
    const server = serve(await jwks('one'), OPTIONS);
    await server.set.preload();
    server.answer(down);
    server.pass(4199);
    expect(await ids(server.set, 'one')).toEqual(['one']);
    expect(Array.isArray(server.set.find('ES256', 'one'))).toBe(true);
    expect(server.set.generation()).toBeTypeOf('number');
    expect(server.fetches()).toBe(2);
    server.pass(1);
    expect(await outcome(() => ids(server.set, 'one'))).toBe('key_set_unavailable');
  });

  test('make nobody wait for a server that hangs but the first, once', async () => {
    const server = serve(await jwks('one'), { ...OPTIONS, timeoutMs: 30 });
    await server.set.preload();
    server.answer(never);
    server.pass(700);
    expect(await Promise.all([ids(server.set, 'one'), ids(server.set, 'one')])).toEqual([['one'], ['one']]);
    for (let refresh = 0; refresh < 3; refresh++) {
      server.pass(30);
      expect(Array.isArray(server.set.find('ES256', 'one'))).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(server.fetches()).toBe(5);
  });

  test('decide no longer when the server has answered in between', async () => {
    const server = serve(await jwks('one'), OPTIONS);
    await server.set.preload();
    server.answer(down);
    server.pass(700);
    await ids(server.set, 'one');
    server.answer(await jwks('one'));
    server.pass(30);
    await ids(server.set, 'one');
    await settle();
    server.answer(await jwks());
    server.pass(630);
    expect(await ids(server.set, 'one')).toEqual([]);
  });
});

describe('createRemoteKeySet() unknown ids while the key server fails', () => {
  // 401 says that the token is worth nothing, and a client throws it away. Nobody knows that here.
  test('are no answer, during the cooldown neither', async () => {
    const server = serve(await jwks('one'), OPTIONS);
    await server.set.preload();
    server.answer(down);
    server.pass(30);
    for (let again = 0; again < 2; again++) {
      expect(await outcome(() => ids(server.set, 'two'))).toBe('key_set_unavailable');
      expect(await ids(server.set, 'one')).toEqual(['one']);
    }
    expect(server.fetches()).toBe(2);
    server.answer(await jwks('one', 'two'));
    server.pass(30);
    expect(await ids(server.set, 'two')).toEqual(['two']);
  });
});

describe('createRemoteKeySet() age', () => {
  // RFC 9111 section 4.2.3: what is said was true when it was asked.
  test('counts from when the keys were asked for', async () => {
    const answer = await jwks('one');
    const server = serve(() => {
      server.pass(9);
      return answer();
    }, { ...OPTIONS, timeoutMs: 60_000 });
    await server.set.preload();
    server.answer(never);
    server.pass(590);
    await ids(server.set, 'one');
    expect(server.fetches()).toBe(1);
    server.pass(1);
    await ids(server.set, 'one');
    expect(server.fetches()).toBe(2);
  });

  test('refuses no one who waited for keys that were old when they came', async () => {
    const answer = await jwks('one');
    const server = serve(async () => {
      server.pass(5);
      await settle();
      return answer();
    }, { freshSeconds: 1, maxStaleSeconds: 0, cooldownSeconds: 1, timeoutMs: 8000 });
    const waiting = Array.from({ length: 3 }, () => ids(server.set, 'one'));
    expect(await Promise.all(waiting)).toEqual([['one'], ['one'], ['one']]);
  });
});

describe('createRemoteKeySet() preload()', () => {
  test('is content with keys that another fetch brought in its place', async () => {
    let fail: (error: Error) => void = () => undefined;
    const server = serve(() => new Promise((_resolve, reject) => void (fail = reject)), {
      ...OPTIONS,
      timeoutMs: 5000,
    });
    const preloaded = outcome(() => server.set.preload());
    server.answer(await jwks('one'));
    server.pass(6.1);
    expect(await ids(server.set, 'one')).toEqual(['one']);
    fail(new TypeError('fetch failed'));
    expect(await preloaded).toBe('accepted');
  });
});

describe('createRemoteKeySet() exposed keys', () => {
  // A private key that somebody published is everybody's key, wherever in the document its public half stands as well.
  test.each([['before', 0], ['after', 1]])('are skipped where the private half stands %s', async (_where, at) => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one', extractable: true });
    const jwk = await exportPublicJwk(publicKey);
    const exposed = { ...await crypto.subtle.exportKey('jwk', privateKey.cryptoKey), kid: 'other', alg: 'ES256' };
    const keys = at === 0 ? [exposed, jwk] : [jwk, exposed];
    const server = serve(json({ keys: [...keys, await makeJwk('two')] }));
    expect(await ids(server.set, undefined)).toEqual(['two']);
    expect(await ids(server.set, 'one')).toEqual([]);
  });
});

describe('createJwtVerifier() with a key set of somebody else', () => {
  test('remembers nothing where generation() throws, and asks for none without a cache', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
    const generation = vi.fn((): number => {
      throw new Error('The store is down.');
    });
    const keys: KeySet = { find: () => [publicKey], generation };
    const clock = (): number => NOW_SECONDS * 1000;
    const options = { issuer: 'a', audience: 'b', type: 'JWT', algorithms: ['ES256'] as const, keys, clock };
    const token = await signJwt({ iss: 'a', aud: 'b' }, privateKey, { type: 'JWT', expiresInSeconds: 60, clock });
    expect(await outcome(() => createJwtVerifier(options)(token))).toBe('accepted');
    expect(generation).not.toHaveBeenCalled();
    const cache = createTokenCache();
    const verify = createJwtVerifier({ ...options, cache });
    expect([await outcome(() => verify(token)), await outcome(() => verify(token)), cache.entries]).toEqual(
      ['accepted', 'accepted', 0],
    );
  });
});
