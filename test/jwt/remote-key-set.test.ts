import { describe, expect, test, vi } from 'vitest';
import {
  createJwtVerifier,
  createRemoteKeySet,
  createTokenCache,
  exportPublicJwk,
  generateJwtKeyPair,
} from '../../src/jwt/index.ts';
import { CLAIMS, expectations, forge, HEADER, NOW_SECONDS, outcome } from './forge.ts';
import { type Answer, down, ids, json, jwks, makeJwk, serve, settle, until, URL_OF_KEYS } from './key-server.ts';

describe('createRemoteKeySet() options', () => {
  test.each([
    'http://id.test/jwks',
    'http://localhost/jwks',
    'ftp://id.test/jwks',
    'file:///etc/keys',
    'data:application/json,{}',
    '/jwks',
    '',
    'https://user@id.test/jwks',
    'https://:password@id.test/jwks',
  ])('refuse the URL %j', (url) => {
    expect(() => createRemoteKeySet(url)).toThrow(TypeError);
  });

  test.each(['http://localhost:8787/jwks', 'http://127.0.0.1/jwks', 'http://[::1]:80/jwks', 'https://id.test/'])(
    'allow %j when loopback is dangerously allowed',
    (url) => {
      expect(Object.isFrozen(createRemoteKeySet(url, { dangerouslyAllowHttpLoopback: true }))).toBe(true);
    },
  );

  // Names that only look like this machine.
  test.each([
    'http://id.test/',
    'http://localhost.evil.test/',
    'http://127.evil.test/',
    'http://10.0.0.1/',
    'http://0.0.0.0/',
    'http://169.254.169.254/',
    'http://127.0.0.1@evil.test/',
  ])(
    'refuse %j even when loopback is dangerously allowed',
    (url) => {
      expect(() => createRemoteKeySet(url, { dangerouslyAllowHttpLoopback: true })).toThrow(TypeError);
    },
  );

  test.each([
    ['ttlSeconds', 1],
    ['fetch', 'fetch'],
    ['clock', 0],
    ['defaultAlgorithm', 'none'],
    ['dangerouslyAllowHttpLoopback', 'true'],
  ])('refuse %s %j with a TypeError', (name, value) => {
    expect(() => createRemoteKeySet(URL_OF_KEYS, { [name]: value })).toThrow(TypeError);
  });

  test.each([
    ['freshSeconds', 0],
    ['freshSeconds', NaN],
    ['maxStaleSeconds', -1],
    ['cooldownSeconds', 0],
    ['timeoutMs', 0],
    ['timeoutMs', 2 ** 31],
    ['maxBytes', 0],
    ['maxKeys', 1.5],
  ])('refuse %s %j with a RangeError', (name, value) => {
    expect(() => createRemoteKeySet(URL_OF_KEYS, { [name]: value })).toThrow(RangeError);
  });
});

describe('createRemoteKeySet() durations', () => {
  // 5 s of keys and 30 s until the next fetch would be 25 s of refusals, again and again.
  test('refuse keys that end before the cooldown', () => {
    expect(() => createRemoteKeySet(URL_OF_KEYS, { freshSeconds: 5, maxStaleSeconds: 0 })).toThrow(RangeError);
    expect(() => createRemoteKeySet(URL_OF_KEYS, { freshSeconds: 5, maxStaleSeconds: 24.9 })).toThrow(RangeError);
  });

  test('allow keys that last exactly as long as the cooldown', () => {
    const options = { freshSeconds: 5, maxStaleSeconds: 0, cooldownSeconds: 5 };
    expect(Object.isFrozen(createRemoteKeySet(URL_OF_KEYS, options))).toBe(true);
  });
});

describe('createRemoteKeySet() under a clock that is set back', () => {
  const YEAR = 365 * 86_400;

  // A machine that boots in the wrong year fails every TLS handshake until its clock is set right.
  test('fetches again after one cooldown, not when the wrong time comes round', async () => {
    const server = serve(down, { cooldownSeconds: 30 });
    await outcome(() => ids(server.set, 'one'));
    server.answer(await jwks('one'));
    server.pass(-YEAR);
    await expect(ids(server.set, 'one')).rejects.toMatchObject({ headers: { 'retry-after': '30' } });
    server.pass(30);
    expect(await ids(server.set, 'one')).toEqual(['one']);
  });

  test('does not keep keys fresh until the wrong time comes round', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100 });
    await server.set.preload();
    server.answer(await jwks('two'));
    server.pass(-YEAR);
    expect(await ids(server.set, 'one')).toEqual(['one']);
    server.pass(100);
    await until(async () => (await ids(server.set, 'one')).length === 0);
    expect(server.fetches()).toBe(2);
  });

  test('does not keep stale keys in use until the wrong time comes round', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100, maxStaleSeconds: 50 });
    await server.set.preload();
    server.answer(down);
    server.pass(-YEAR);
    expect(await ids(server.set, 'one')).toEqual(['one']);
    server.pass(150);
    expect(await outcome(() => ids(server.set, 'one'))).toBe('key_set_unavailable');
  });
});

describe('createRemoteKeySet() under a clock that tells no time', () => {
  // Each comparison with NaN is false: neither fresh keys nor a fetch for every token.
  test('refuses, and never fetches', async () => {
    let fetches = 0;
    const set = createRemoteKeySet(URL_OF_KEYS, {
      clock: () => NaN,
      fetch: () => {
        fetches++;
        return Promise.resolve(Response.json({ keys: [] }));
      },
    });
    for (let token = 0; token < 3; token++) {
      await expect(Promise.resolve(set.find('ES256', 'a'))).rejects.toMatchObject({ code: 'key_set_unavailable' });
    }
    expect(fetches).toBe(0);
  });
});

describe('createRemoteKeySet() fetching', () => {
  test('does not read a body that comes after the deadline', async () => {
    let cancelled = false;
    const body = new ReadableStream({
      async pull(controller): Promise<void> {
        await new Promise((resolve) => setTimeout(resolve, 5));
        controller.enqueue(new Uint8Array(1));
      },
      cancel(): void {
        cancelled = true;
      },
    });
    const { set } = serve(async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return new Response(body);
    }, { timeoutMs: 20 });
    expect(await outcome(() => set.preload())).toBe('key_set_unavailable');
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(cancelled).toBe(true);
  });

  test('does not fetch when it is made', async () => {
    expect(serve(await jwks('one')).fetches()).toBe(0);
  });

  test('fetches once for many tokens, and answers without a promise from then on', async () => {
    const { set, fetches } = serve(await jwks('one'));
    await set.preload();
    for (let index = 0; index < 100; index++) expect(set.find('ES256', 'one')).toHaveLength(1);
    expect(fetches()).toBe(1);
  });

  test('imports each key once', async () => {
    const { set } = serve(await jwks('one'));
    const [first] = await set.find('ES256', 'one');
    const [second] = await set.find('ES256', 'one');
    expect(first === second).toBe(true);
  });

  test('shares one fetch between requests that come together', async () => {
    const { set, fetches } = serve(await jwks('one'));
    const found = await Promise.all(Array.from({ length: 50 }, () => ids(set, 'one')));
    expect(found.every((list) => list.join() === 'one')).toBe(true);
    expect(fetches()).toBe(1);
  });

  test('asks for JSON, forbids redirects, and can be stopped', async () => {
    const { set, requests } = serve(await jwks('one'));
    await set.preload();
    const [url, init] = requests[0] ?? ['', {}];
    expect(url).toBe(URL_OF_KEYS);
    expect(init.redirect).toBe('manual');
    expect(new Headers(init.headers).get('accept')).toContain('json');
    expect(init.signal).toBeDefined();
  });

  test('fetches again when the keys are no longer fresh, and drops at once what is no longer listed', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100 });
    await server.set.preload();
    server.answer(await jwks('two'));
    server.pass(99);
    expect(await ids(server.set, 'one')).toEqual(['one']);
    server.pass(1);
    // The request that finds the keys stale is answered with them; the one after the refresh is not.
    expect(await ids(server.set, 'one')).toEqual(['one']);
    await until(async () => (await ids(server.set, 'one')).length === 0);
    expect(await ids(server.set, 'two')).toEqual(['two']);
    expect(server.fetches()).toBe(2);
  });

  test('believes an empty set: that is how an issuer withdraws all keys', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100 });
    await server.set.preload();
    server.answer(json({ keys: [] }));
    server.pass(100);
    await until(async () => (await ids(server.set, 'one')).length === 0);
  });
});

describe('createRemoteKeySet() stale while it refreshes', () => {
  test('answers at once with the keys in hand while the server hangs, and fetches once', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100 });
    await server.set.preload();
    server.answer(() => new Promise(() => undefined));
    server.pass(100);
    for (let request = 0; request < 50; request++) expect(Array.isArray(server.set.find('ES256', 'one'))).toBe(true);
    expect(server.fetches()).toBe(2);
  });

  test('keeps a failed refresh to itself', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100, maxStaleSeconds: 100 });
    await server.set.preload();
    server.answer(down);
    server.pass(100);
    expect(await ids(server.set, 'one')).toEqual(['one']);
    await until(() => server.fetches() === 2);
    server.pass(100);
    await expect(ids(server.set, 'one')).rejects.toMatchObject({ code: 'key_set_unavailable' });
  });

  // A verifier that lives from its token cache asks for no key: it asks for the generation, and must learn of withdrawn keys all the same.
  test('refreshes when only its generation is asked for', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100 });
    await server.set.preload();
    const before = server.set.generation();
    server.answer(await jwks('two'));
    server.pass(100);
    expect(server.set.generation()).toBe(before);
    await until(() => server.set.generation() !== before);
    expect(server.fetches()).toBe(2);
  });

  test('hands every fetch to waitUntil, and never a rejection', async () => {
    const work: Promise<void>[] = [];
    const server = serve(await jwks('one'), { freshSeconds: 100, waitUntil: (promise) => void work.push(promise) });
    await server.set.preload();
    expect(work.length).toBe(1);
    server.answer(down);
    server.pass(100);
    await ids(server.set, 'one');
    expect(await Promise.all(work)).toEqual([undefined, undefined]);
  });

  test('refreshes although waitUntil rejects', async () => {
    const server = serve(await jwks('one'), {
      freshSeconds: 100,
      waitUntil: () => Promise.reject(new Error('the request is over')),
    });
    await server.set.preload();
    server.answer(await jwks('two'));
    server.pass(100);
    await until(async () => (await ids(server.set, 'one')).length === 0);
  });

  test('refreshes although waitUntil throws', async () => {
    const server = serve(await jwks('one'), {
      freshSeconds: 100,
      waitUntil: () => {
        throw new Error('the request is over');
      },
    });
    await server.set.preload();
    server.answer(await jwks('two'));
    server.pass(100);
    await until(async () => (await ids(server.set, 'one')).length === 0);
  });
});

describe('createRemoteKeySet() generation', () => {
  test('is none before the first fetch, after invalidate(), and when the keys are too old', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100, maxStaleSeconds: 50 });
    expect(server.set.generation()).toBe(undefined);
    await server.set.preload();
    expect(server.set.generation()).toBeTypeOf('number');
    server.answer(down);
    server.pass(129);
    expect(server.set.generation()).toBeTypeOf('number');
    await until(() => server.fetches() === 2);
    await settle();
    server.pass(20);
    expect(server.set.generation()).toBeTypeOf('number');
    await settle();
    server.pass(1);
    expect(server.set.generation()).toBe(undefined);
    server.answer(await jwks('one'));
    server.pass(30);
    await server.set.preload();
    server.set.invalidate();
    expect(server.set.generation()).toBe(undefined);
  });

  test('changes when a key has left or changed, and not when one came or all stayed', async () => {
    const [one, two, other] = await Promise.all(['one', 'two', 'one'].map(makeJwk));
    const server = serve(json({ keys: [one] }), { freshSeconds: 100 });
    await server.set.preload();
    const seen = [server.set.generation()];
    for (const keys of [[one, two], [two, one], [one], [other], []]) {
      server.answer(json({ keys }));
      server.pass(100);
      await server.set.preload();
      seen.push(server.set.generation());
    }
    const [first, added, turned, removed, replaced, none] = seen;
    expect([added, turned]).toEqual([first, first]);
    expect(new Set([first, removed, replaced, none]).size).toBe(4);
  });

  test('is another after invalidate(), though the same keys come back', async () => {
    const server = serve(await jwks('one'));
    await server.set.preload();
    const before = server.set.generation();
    server.set.invalidate();
    await server.set.preload();
    expect(server.set.generation()).not.toBe(before);
  });

  test('costs a verifier with a token cache the tokens of a key that was withdrawn', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const server = serve(json({ keys: [await exportPublicJwk(publicKey)] }), { freshSeconds: 10 });
    const clock = (): number => NOW_SECONDS * 1000;
    const verify = createJwtVerifier({ ...expectations(), keys: server.set, cache: createTokenCache(), clock });
    const token = await forge(privateKey);
    await verify(token);
    await verify(token);
    expect('then' in verify(token)).toBe(false);
    server.answer(await jwks('two'));
    server.pass(100);
    // It begins the refresh, whatever it hears itself.
    await outcome(() => verify(token));
    await until(async () => await outcome(() => verify(token)) === 'jwt_key_not_found');
  });
});

describe('createRemoteKeySet() Cache-Control', () => {
  async function freshFor(control: Readonly<Record<string, string>>): Promise<string> {
    const jwk = await makeJwk('one');
    const server = serve(() => new Response(JSON.stringify({ keys: [jwk] }), { headers: control }), {
      freshSeconds: 600,
      cooldownSeconds: 30,
    });
    await server.set.preload();
    for (const seconds of [29, 31, 599, 601]) {
      server.pass(seconds);
      await server.set.preload();
      const { length } = server.requests;
      server.pass(-seconds);
      if (length === 2) return `${seconds}`;
    }
    return 'for ever';
  }

  // The first look that fetches again: after 31 seconds what is fresh for as long as the cooldown, after 601 what is fresh for as long as ever.
  test.each([
    ['nothing', {}, '601'],
    ['max-age=60', { 'cache-control': 'max-age=60' }, '599'],
    ['more than the option', { 'cache-control': 'public, max-age=86400' }, '601'],
    ['max-age=0', { 'cache-control': 'max-age=0' }, '31'],
    ['no-store', { 'cache-control': 'No-Store' }, '31'],
    ['no-cache beside a max-age', { 'cache-control': 'max-age=600, no-cache' }, '31'],
    ['the smaller of two', { 'cache-control': 'max-age=600, MAX-AGE=10' }, '31'],
    ['a max-age that Age has used up', { 'cache-control': 'max-age=500', age: '490' }, '31'],
    ['an Age that is no number', { 'cache-control': 'max-age=86400', age: '-5' }, '601'],
    ['a max-age that is no number', { 'cache-control': 'max-age=soon' }, '31'],
    ['a max-age below zero', { 'cache-control': 'max-age=-1' }, '31'],
    ['a max-age without end', { 'cache-control': `max-age=${'9'.repeat(400)}` }, '601'],
    ['other directives alone', { 'cache-control': 'public, immutable, s-maxage=5' }, '601'],
    ['more text than anybody reads', { 'cache-control': `${'x,'.repeat(600)}max-age=0` }, '601'],
  ])('honours %s within the bounds', async (_what, headers, expected) => {
    expect(await freshFor(headers)).toBe(expected);
  });
});

describe('createRemoteKeySet() keys across refreshes', () => {
  test('imports no key twice, and gives the same key', async () => {
    const [one, two] = await Promise.all(['one', 'two'].map(makeJwk));
    const server = serve(json({ keys: [one] }), { freshSeconds: 100 });
    await server.set.preload();
    const [before] = await server.set.find('ES256', 'one');
    const spy = vi.spyOn(crypto.subtle, 'importKey');
    // Bun hands out the spy of an earlier test, with its calls.
    spy.mockClear();
    try {
      server.answer(json({ keys: [two, { ...one, x5c: ['AA'] }] }));
      server.pass(100);
      await server.set.preload();
      expect((await server.set.find('ES256', 'one'))[0]).toBe(before);
      expect(spy).toHaveBeenCalledTimes(1);
    } finally {
      spy.mockRestore();
    }
  });

  test('does not keep a key whose use is another now', async () => {
    const one = await makeJwk('one');
    const server = serve(json({ keys: [one] }), { freshSeconds: 100 });
    await server.set.preload();
    server.answer(json({ keys: [{ ...one, use: 'enc' }] }));
    server.pass(100);
    await server.set.preload();
    expect(await ids(server.set, 'one')).toEqual([]);
  });
});

describe('createRemoteKeySet() unknown ids', () => {
  test('cost one fetch each, and no other for a cooldown after it came', async () => {
    const answer = await jwks('one');
    const server = serve(answer, { cooldownSeconds: 30, freshSeconds: 600 });
    await server.set.preload();
    server.answer(() => {
      server.pass(4);
      return answer();
    });
    for (const [seconds, fetches] of [[0, 1], [29, 1], [1, 2], [26, 2], [3, 2], [1, 3]] as const) {
      server.pass(seconds);
      expect(await ids(server.set, 'nobody')).toEqual([]);
      expect(server.fetches()).toBe(fetches);
    }
  });

  test('are found at once when a refresh brings them', async () => {
    const server = serve(await jwks('one'), { cooldownSeconds: 30, freshSeconds: 60 });
    await server.set.preload();
    server.pass(30);
    expect(await ids(server.set, 'two')).toEqual([]);
    server.answer(await jwks('one', 'two'));
    server.pass(60);
    await server.set.preload();
    expect(await ids(server.set, 'two')).toEqual(['two']);
  });

  test('are remembered up to 64, the oldest forgotten first', async () => {
    const answer = await jwks('one');
    const server = serve(answer, { cooldownSeconds: 30, freshSeconds: 3600, timeoutMs: 60_000 });
    await server.set.preload();
    server.pass(30);
    // Its cooldown is over when it comes, but what it did not bring is remembered from then on.
    server.answer(() => {
      server.pass(30);
      return answer();
    });
    await Promise.all(Array.from({ length: 65 }, (_, id) => ids(server.set, `nobody-${id}`)));
    expect(server.fetches()).toBe(2);
    await ids(server.set, 'nobody-64');
    expect(server.fetches()).toBe(2);
    await ids(server.set, 'nobody-0');
    expect(server.fetches()).toBe(3);
  });
});

describe('createRemoteKeySet() cooldown', () => {
  test('fetches for an unknown kid once the cooldown is over', async () => {
    const server = serve(await jwks('one'), { cooldownSeconds: 30 });
    await server.set.preload();
    server.answer(await jwks('one', 'two'));
    server.pass(29);
    expect(await ids(server.set, 'two')).toEqual([]);
    server.pass(1);
    expect(await ids(server.set, 'two')).toEqual(['two']);
    expect(server.fetches()).toBe(2);
  });

  // A spray of made-up ids would otherwise make us attack the key server.
  test('fetches once per cooldown for a thousand unknown kids', async () => {
    const server = serve(await jwks('one'), { cooldownSeconds: 30 });
    await server.set.preload();
    for (let round = 1; round <= 3; round++) {
      server.pass(30);
      const found = await Promise.all(
        Array.from({ length: 1000 }, (_, index) => ids(server.set, `unknown-${round}-${index}`)),
      );
      expect(found.flat()).toEqual([]);
      expect(server.fetches()).toBe(1 + round);
    }
  });

  test('fetches once per cooldown while the server is down', async () => {
    const server = serve(down, { cooldownSeconds: 30 });
    for (let second = 0; second < 60; second++) {
      expect(await outcome(() => ids(server.set, 'one'))).toBe('key_set_unavailable');
      server.pass(1);
    }
    expect(server.fetches()).toBe(2);
  });

  test('says when to come back, and keeps the reason for the log', async () => {
    const server = serve(down, { cooldownSeconds: 30 });
    await outcome(() => ids(server.set, 'one'));
    server.pass(10);
    await expect(ids(server.set, 'one')).rejects.toMatchObject({
      code: 'key_set_unavailable',
      status: 503,
      headers: { 'retry-after': '20' },
      cause: { message: 'fetch failed' },
    });
  });

  test('does not hold back preload(), which a person asked for', async () => {
    const server = serve(down);
    await expect(server.set.preload()).rejects.toMatchObject({
      code: 'key_set_unavailable',
      headers: { 'retry-after': '30' },
    });
    server.answer(await jwks('one'));
    await server.set.preload();
    expect(await ids(server.set, 'one')).toEqual(['one']);
  });
});

describe('createRemoteKeySet() outage', () => {
  test('keeps old keys until maxStaleSeconds after they were fresh, and then refuses', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100, maxStaleSeconds: 50, cooldownSeconds: 10 });
    await server.set.preload();
    server.answer(down);
    server.pass(149);
    expect(await ids(server.set, 'one')).toEqual(['one']);
    server.pass(1);
    expect(await outcome(() => ids(server.set, 'one'))).toBe('key_set_unavailable');
  });

  test('answers from old keys without a promise while the cooldown lasts', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100 });
    await server.set.preload();
    server.answer(down);
    server.pass(100);
    expect(await ids(server.set, 'one')).toEqual(['one']);
    expect(server.set.find('ES256', 'one')).toHaveLength(1);
    expect(server.fetches()).toBe(2);
  });

  test('recovers by itself', async () => {
    const server = serve(down, { cooldownSeconds: 10 });
    expect(await outcome(() => ids(server.set, 'one'))).toBe('key_set_unavailable');
    server.answer(await jwks('one'));
    server.pass(10);
    expect(await ids(server.set, 'one')).toEqual(['one']);
  });

  test('a fetch that throws at once is a refusal too', async () => {
    const { set } = serve(() => {
      throw new Error('boom');
    });
    expect(await outcome(() => ids(set, 'one'))).toBe('key_set_unavailable');
  });

  const bad: readonly (readonly [string, Answer])[] = [
    ['404', (): Response => new Response('{"keys":[]}', { status: 404 })],
    ['500', (): Response => new Response('{"keys":[]}', { status: 500 })],
    ['206', (): Response => new Response('{"keys":[]}', { status: 206 })],
    ['204 without a body', (): Response => new Response(null, { status: 204 })],
    // A redirect leads wherever the attacker of the key server likes.
    ['302', (): Response => new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/' } })],
    ['no body', (): Response => new Response(null)],
    [
      'HTML',
      (): Response =>
        new Response('<!doctype html><title>Sign in</title>', { headers: { 'content-type': 'text/html' } }),
    ],
    ['text that is not UTF-8', (): Response => new Response(new Uint8Array([0x7b, 0xff, 0x7d]))],
    ['JSON with a byte order mark', (): Response => new Response('\uFEFF{"keys":[]}')],
    ['a list', json([])],
    ['null', json(null)],
    ['an object without keys', json({})],
    ['keys that are an object', json({ keys: { length: 1 } })],
    ['keys that are inherited', (): Response => new Response('{"__proto__":{"keys":[]}}')],
    ['keys twice', (): Response => new Response('{"keys":[],"keys":[]}')],
    ['a byte more than maxBytes', (): Response => new Response('{"keys":[]}'.padEnd(131_073))],
    [
      'a body that never ends',
      (): Response =>
        new Response(
          new ReadableStream({ pull: (stream): void => stream.enqueue(new Uint8Array(65_536).fill(0x20)) }),
        ),
    ],
    ['nesting without end', (): Response => new Response(`{"keys":${'['.repeat(1000)}${']'.repeat(1000)}}`)],
    ['more keys than maxKeys', json({ keys: Array.from({ length: 65 }, () => ({})) })],
    [
      'a body that breaks off',
      (): Response => new Response(new ReadableStream({ start: (stream) => stream.error(new Error('reset')) })),
    ],
  ];

  test.each(bad)('keeps old keys when the server answers with %s', async (_what, answer) => {
    const server = serve(await jwks('one'), { freshSeconds: 100 });
    await server.set.preload();
    server.answer(answer);
    server.pass(100);
    expect(await ids(server.set, 'one')).toEqual(['one']);
    expect(server.fetches()).toBe(2);
  });

  test.each(bad)('refuses when the server has only ever answered with %s', async (_what, answer) => {
    expect(await outcome(() => ids(serve(answer).set, 'one'))).toBe('key_set_unavailable');
  });

  test('reads no more than maxBytes of a body that never ends, and cancels it', async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = (): Response =>
      new Response(
        new ReadableStream({
          pull: (stream): void => {
            pulled += 1024;
            stream.enqueue(new Uint8Array(1024).fill(0x20));
          },
          cancel: (): void => void (cancelled = true),
        }),
      );
    const { set } = serve(endless, { maxBytes: 10_000 });
    expect(await outcome(() => ids(set, 'one'))).toBe('key_set_unavailable');
    expect(pulled).toBeLessThan(20_000);
    // A source is let go one turn after the answer.
    await new Promise((resolve) => setTimeout(resolve));
    expect(cancelled).toBe(true);
  });

  // Chunks that are ready at once never let a timer run, and empty ones never meet maxBytes: together they hang the process.
  test('gives up on a body of endless empty chunks', async () => {
    const empty = (): Response =>
      new Response(new ReadableStream({ pull: (stream): void => stream.enqueue(new Uint8Array(0)) }));
    expect(await outcome(() => ids(serve(empty).set, 'one'))).toBe('key_set_unavailable');
  });

  test('cancels the body of an answer that is no success', async () => {
    let cancelled = false;
    const body = (): ReadableStream => new ReadableStream({ cancel: (): void => void (cancelled = true) });
    const { set } = serve(() => new Response(body(), { status: 500 }));
    expect(await outcome(() => ids(set, 'one'))).toBe('key_set_unavailable');
    expect(cancelled).toBe(true);
  });

  test('takes a body of exactly maxBytes', async () => {
    const text = JSON.stringify({ keys: [await makeJwk('one')] });
    const answer = (): Response => new Response(text);
    expect(await ids(serve(answer, { maxBytes: text.length }).set, 'one')).toEqual(['one']);
    expect(await outcome(() => ids(serve(answer, { maxBytes: text.length - 1 }).set, 'one'))).toBe(
      'key_set_unavailable',
    );
  });

  test('gives up on a server that never answers, even when the fetch heeds no signal', async () => {
    const { set, requests } = serve(() => new Promise<Response>(() => undefined), { timeoutMs: 20 });
    expect(await outcome(() => ids(set, 'one'))).toBe('key_set_unavailable');
    expect(requests[0]?.[1].signal?.aborted).toBe(true);
  });

  test('gives up on a body that never arrives', async () => {
    const { set } = serve(() => new Response(new ReadableStream({ pull: () => new Promise<void>(() => undefined) })), {
      timeoutMs: 20,
    });
    expect(await outcome(() => ids(set, 'one'))).toBe('key_set_unavailable');
  });
});

describe('createRemoteKeySet() keys', () => {
  test('skips every key that it cannot use, and uses the others', async () => {
    const good = await makeJwk('one');
    const pair = await generateJwtKeyPair('ES256', { keyId: 'private', extractable: true });
    const secret = await crypto.subtle.exportKey('jwk', pair.privateKey.cryptoKey);
    const { set } = serve(json({
      keys: [
        null,
        'text',
        [],
        {},
        { ...good, kid: 'a', use: 'enc' },
        { ...good, kid: 'b', key_ops: ['encrypt'] },
        { ...good, kid: 'c', alg: 'ES384' },
        { ...good, kid: 'd', crv: 'P-384' },
        { ...good, kid: 'e', y: undefined },
        { ...good, kid: 'f', alg: undefined },
        { kty: 'oct', k: 'A'.repeat(43), kid: 'g', alg: 'HS256' },
        // RFC 7518 section 3.3: 1,024 bits are too few.
        { kty: 'RSA', n: `${'_'.repeat(170)}8`, e: 'AQAB', kid: 'h', alg: 'RS256' },
        // A private key that somebody published: what it signed proves nothing any more.
        { kty: secret.kty, crv: secret.crv, x: secret.x, y: secret.y, d: secret.d, kid: 'private', alg: 'ES256' },
        { ...good, kid: 1 },
        good,
      ],
    }));
    expect(await ids(set, 'one')).toEqual(['one']);
    for (const kid of ['a', 'b', 'd', 'e', 'f', 'private']) expect(await ids(set, kid)).toEqual([]);
    // Each under the algorithm that it claims, and not only under one that no key here has.
    for (const [algorithm, kid] of [['ES384', 'c'], ['ES384', 'd'], ['HS256', 'g'], ['RS256', 'h']] as const) {
      expect(await set.find(algorithm, kid)).toEqual([]);
    }
    expect(await ids(set, undefined)).toEqual(['one']);
  });

  test('binds keys without alg to defaultAlgorithm, and no others', async () => {
    const good = await makeJwk('one');
    const { set } = serve(json({ keys: [{ ...good, alg: undefined }, { ...good, kid: 'two', alg: 'ES384' }] }), {
      defaultAlgorithm: 'ES256',
    });
    expect(await ids(set, 'one')).toEqual(['one']);
    expect(await ids(set, 'two')).toEqual([]);
  });

  test('offers at most 3 keys that share an id', async () => {
    const { set } = serve(await jwks('one', 'one', 'one', 'one', 'one'));
    expect(await ids(set, 'one')).toHaveLength(3);
  });
});

describe('createRemoteKeySet() invalidate()', () => {
  test('forgets all keys at once, and the next token fetches in spite of the cooldown', async () => {
    const server = serve(await jwks('one'));
    await server.set.preload();
    server.answer(await jwks('two'));
    server.set.invalidate();
    expect(await ids(server.set, 'one')).toEqual([]);
    expect(await ids(server.set, 'two')).toEqual(['two']);
    expect(server.fetches()).toBe(2);
  });

  test('keeps no old keys for an outage', async () => {
    const server = serve(await jwks('one'));
    await server.set.preload();
    server.answer(down);
    server.set.invalidate();
    expect(await outcome(() => ids(server.set, 'one'))).toBe('key_set_unavailable');
  });

  test('discards keys that were on their way, and who waits for them gets newer ones', async () => {
    let release: (response: Response) => void = () => undefined;
    const server = serve(() => new Promise((resolve) => void (release = resolve)));
    const waiting = ids(server.set, 'one');
    const old = await jwks('one');
    server.set.invalidate();
    server.answer(await jwks('two'));
    release(await old());
    expect(await waiting).toEqual([]);
    expect(await ids(server.set, 'two')).toEqual(['two']);
    expect(server.fetches()).toBe(2);
  });
});

describe('createRemoteKeySet() invalidate() again and again', () => {
  test('ends in a refusal, not in fetches without end', async () => {
    let tries = 0;
    const server = serve(() => {
      // Each answer is out of date before it is read.
      tries++;
      server.set.invalidate();
      return new Response('{"keys":[]}');
    });
    expect(await outcome(() => ids(server.set, 'one'))).toBe('key_set_unavailable');
    expect(tries).toBe(3);
  });

  test('does not make a refresh behind fetch once more for nobody', async () => {
    let release: (response: Response) => void = () => undefined;
    const server = serve(await jwks('one'), { freshSeconds: 100 });
    await server.set.preload();
    server.answer(() => new Promise((resolve) => void (release = resolve)));
    server.pass(100);
    await ids(server.set, 'one');
    server.set.invalidate();
    release(new Response('{"keys":[]}'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.fetches()).toBe(2);
    expect(server.set.generation()).toBe(undefined);
  });
});

describe('createRemoteKeySet() short freshness', () => {
  // Keys that are stale again before those who wait have looked must not make each of them fetch in turn.
  test('fetches once for all who wait', async () => {
    const answer = await jwks('one');
    const server = serve(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      server.pass(0.01);
      return answer();
    }, { freshSeconds: 0.001 });
    const waiting = Array.from({ length: 20 }, () => ids(server.set, 'one'));
    await until(() => server.fetches() === 1);
    await new Promise((resolve) => setTimeout(resolve, 25));
    server.pass(0.01);
    for (const found of await Promise.all(waiting)) expect(found).toEqual(['one']);
    expect(server.fetches()).toBe(1);
  });
});

describe('createRemoteKeySet() lost fetch', () => {
  // On workerd a fetch ends with the request that began it, and its promise never settles.
  function never(): Promise<Response> {
    return new Promise(() => undefined);
  }

  test('starts another fetch when one is long overdue', async () => {
    const server = serve(never, { timeoutMs: 200 });
    const lost = outcome(() => ids(server.set, 'one'));
    server.answer(await jwks('one'));
    server.pass(1.2);
    expect(await ids(server.set, 'one')).toEqual(['one']);
    expect(server.fetches()).toBe(2);
    await lost;
    expect(await ids(server.set, 'one')).toEqual(['one']);
    expect(server.fetches()).toBe(2);
  });

  // A busy thread fires its timers late: that is no reason to fetch twice.
  test('waits a second more than the timeout before it takes one for lost', async () => {
    const server = serve(never, { timeoutMs: 200 });
    const waiting = [outcome(() => ids(server.set, 'one'))];
    server.pass(1.199);
    waiting.push(outcome(() => ids(server.set, 'one')));
    expect(await Promise.all(waiting)).toEqual(['key_set_unavailable', 'key_set_unavailable']);
    expect(server.fetches()).toBe(1);
  });

  test('who waited for one that was lost takes its place, and all others wait for that', async () => {
    const server = serve(never, { timeoutMs: 10_000 });
    void outcome(() => ids(server.set, 'one'));
    const waiting = Array.from({ length: 20 }, () => ids(server.set, 'one'));
    server.answer(await jwks('one'));
    server.pass(11);
    for (const found of await Promise.all(waiting)) expect(found).toEqual(['one']);
    expect(server.fetches()).toBe(2);
  });

  test('keeps the newer keys when an overdue fetch arrives after all, and fetches no more', async () => {
    let release: (response: Response) => void = () => undefined;
    const server = serve(() => new Promise((resolve) => void (release = resolve)), { timeoutMs: 10_000 });
    const overdue = ids(server.set, 'two');
    const old = await jwks('one');
    server.answer(await jwks('two'));
    server.pass(11);
    expect(await ids(server.set, 'two')).toEqual(['two']);
    release(await old());
    expect(await overdue).toEqual(['two']);
    expect(server.fetches()).toBe(2);
  });

  // What ends with its request would be lost again and again behind, and withdrawn keys would be believed until maxStaleSeconds.
  test('of a refresh behind makes one request wait for the next, and the others are answered at once', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100, timeoutMs: 10_000 });
    await server.set.preload();
    server.answer(never);
    server.pass(100);
    expect(Array.isArray(server.set.find('ES256', 'one'))).toBe(true);
    expect(server.set.generation()).toBeTypeOf('number');
    server.answer(await jwks('two'));
    server.pass(11);
    // A token cache must not answer for the set now, or nobody would ever wait.
    expect(server.set.generation()).toBe(undefined);
    const waiting = server.set.find('ES256', 'one');
    expect(Array.isArray(server.set.find('ES256', 'one'))).toBe(true);
    expect(server.set.generation()).toBeTypeOf('number');
    expect(await waiting).toEqual([]);
    expect(server.fetches()).toBe(3);
  });

  test('of a refresh behind costs no key while the server is down', async () => {
    const server = serve(await jwks('one'), { freshSeconds: 100, timeoutMs: 10_000 });
    await server.set.preload();
    server.answer(never);
    server.pass(100);
    await ids(server.set, 'one');
    server.answer(down);
    server.pass(11);
    expect(await ids(server.set, 'one')).toEqual(['one']);
    expect(Array.isArray(server.set.find('ES256', 'one'))).toBe(true);
    expect(server.fetches()).toBe(3);
  });
});

describe('createJwtVerifier() with a remote key set', () => {
  test('verifies through a rotation with one fetch for each', async () => {
    const [first, second] = [
      await generateJwtKeyPair('ES256', { keyId: 'one' }),
      await generateJwtKeyPair('ES256', { keyId: 'two' }),
    ];
    const server = serve(json({ keys: [await exportPublicJwk(first.publicKey)] }));
    const verify = createJwtVerifier({ ...expectations(), keys: server.set });
    const [old, fresh] = [
      await forge(first.privateKey),
      await forge(second.privateKey, CLAIMS, { ...HEADER, kid: 'two' }),
    ];
    expect(await outcome(() => verify(old))).toBe('accepted');
    expect(await outcome(() => verify(fresh))).toBe('jwt_key_not_found');
    server.answer(json({ keys: [await exportPublicJwk(second.publicKey)] }));
    server.pass(30);
    expect(await outcome(() => verify(fresh))).toBe('accepted');
    expect(await outcome(() => verify(old))).toBe('jwt_key_not_found');
    expect(server.fetches()).toBe(2);
  });

  test('refuses with 503, not 401, when there is no key to decide with', async () => {
    const verify = createJwtVerifier({ ...expectations(), keys: serve(down).set });
    const { privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    expect(await outcome(async () => verify(await forge(privateKey)))).toBe('key_set_unavailable');
  });

  test('never fetches for a token that no key could save', async () => {
    const server = serve(await jwks('one'));
    const verify = createJwtVerifier({ ...expectations(), keys: server.set });
    const { privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const good = await forge(privateKey);
    for (
      const token of [
        '',
        'x.y.z',
        good.slice(0, -2),
        await forge(privateKey, CLAIMS, { ...HEADER, alg: 'none' }),
        await forge(privateKey, CLAIMS, { ...HEADER, typ: 'JWT' }),
      ]
    ) {
      expect(await outcome(() => verify(token))).not.toBe('accepted');
    }
    expect(server.fetches()).toBe(0);
  });
});
