import { describe, expect, test, vi } from 'vitest';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import {
  createJwtVerifier,
  createRemoteKeySet,
  exportPublicJwk,
  generateJwtKeyPair,
  importJwk,
  type JwtAlgorithm,
  signJws,
} from '../../src/jwt/index.ts';
import { P256 } from '../vectors/pem-keys.ts';
import { PRIVATE_MEMBERS, PUBLIC_JWK } from '../vectors/rfc7515-a2.ts';
import { D as EC_D, PUBLIC_JWK as EC_JWK } from '../vectors/rfc7515-a3.ts';
import * as ed25519 from '../vectors/rfc8037-a.ts';
import { CLAIMS, expectations, forge, HEADER, outcome } from './forge.ts';
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

  // Prototype pollution: whoever merges such a key changes what every other key says of itself.
  test('with a member __proto__ are refused', async () => {
    const one = JSON.stringify(await makeJwk('one'));
    const { set } = serve(() => new Response(`{"keys":[${one.slice(0, -1)},"__proto__":{"use":"enc"}}]}`));
    expect(await outcome(() => ids(set, 'one'))).toBe('key_set_unavailable');
  });

  // What is on every object is in no document.
  test('without keys are refused, whatever a polluted prototype holds', async () => {
    const one = await makeJwk('one');
    const { set } = serve(() => new Response('{}'));
    Object.defineProperty(Object.prototype, 'keys', { value: [one], configurable: true });
    let judged: string;
    try {
      judged = await outcome(() => ids(set, 'one'));
    } finally {
      Reflect.deleteProperty(Object.prototype, 'keys');
    }
    expect(judged).toBe('key_set_unavailable');
  });
});

describe('createRemoteKeySet() keys that are no secret any more', () => {
  const RSA = { ...PUBLIC_JWK, alg: 'RS256', kid: 'one' };
  const OKP = { ...ed25519.PUBLIC_JWK, alg: 'Ed25519', kid: 'one' };

  // CVE-2016-10555 by way of the key server: whoever published a secret lets everybody sign with it.
  test('holds no secret that is published, and believes no token by it', async () => {
    const secret = { kty: 'oct', alg: 'HS256', kid: 'one', k: 'A'.repeat(43) };
    const { set } = serve(json({ keys: [secret, await makeJwk('two')] }));
    expect(await ids(set, 'two')).toEqual(['two']);
    expect([await set.find('HS256', 'one'), await set.find('HS256', undefined)]).toEqual([[], []]);
    const verify = createJwtVerifier({ ...expectations(), keys: set, algorithms: ['ES256', 'HS256'] });
    const { alg: _alg, kid: _kid, ...header } = HEADER;
    const payload = encodeUtf8(JSON.stringify(CLAIMS));
    const { kid: _named, ...nameless } = secret;
    for (const [jwk, more] of [[secret, { kid: 'one' }], [nameless, {}]] as const) {
      const token = await signJws(payload, await importJwk(jwk), { header: { ...header, ...more } });
      expect(await outcome(() => verify(token))).toBe('jwt_key_not_found');
    }
  });

  // RFC 7517 section 9.2: what is published is known to all, and what a known key signed proves nothing.
  test.each<[string, object, object]>([
    ['an EC key', { ...EC_JWK, alg: 'ES256', kid: 'one' }, { d: EC_D }],
    ['an Ed25519 key', OKP, { d: ed25519.D }],
    ['an RSA key', RSA, PRIVATE_MEMBERS],
    ['an RSA key with its exponent alone', RSA, { d: PRIVATE_MEMBERS.d }],
    ['an RSA key with a prime alone', RSA, { p: PRIVATE_MEMBERS.p }],
    ['an RSA key with the other prime alone', RSA, { q: PRIVATE_MEMBERS.q }],
    ['an RSA key with dp alone', RSA, { dp: PRIVATE_MEMBERS.dp }],
    ['an RSA key with dq alone', RSA, { dq: PRIVATE_MEMBERS.dq }],
    ['an RSA key with qi alone', RSA, { qi: PRIVATE_MEMBERS.qi }],
    ['an RSA key with k', RSA, { k: 'A'.repeat(43) }],
  ])('holds no public half of %s that is published', async (_what, publicJwk, privateMembers) => {
    const { kty, alg } = publicJwk as { readonly kty: string; readonly alg: string }; // the cast: every row has them
    const whole = serve(json({ keys: [{ ...publicJwk, ...privateMembers }] }));
    for (const id of ['one', undefined]) expect(await whole.set.find(alg, id)).toEqual([]);
    // The same without the private half is a good key, so that it is the half that was looked at.
    expect((await serve(json({ keys: [publicJwk] })).set.find(alg, 'one')).map(({ type }) => [kty, type])).toEqual([
      [kty, 'public'],
    ]);
  });
});

describe('createJwtVerifier() with a remote key set', () => {
  // CVE-2018-0114 and its like: the attacker brings the key, here with a certificate that is really its own.
  test('fetches and uses no key that a header brings or points at', async () => {
    const server = serve(await jwks('one'));
    const verify = createJwtVerifier({ ...expectations(), keys: server.set });
    const attacker = await importJwk({ ...EC_JWK, d: EC_D }, { algorithm: 'ES256' });
    const x5c = [P256.certificate.replace(/-----.*-----|\n/g, '')];
    const fetched = vi.spyOn(globalThis, 'fetch');
    // Bun hands out the spy of an earlier test, with its calls.
    fetched.mockClear();
    try {
      const url = 'https://evil.test/jwks';
      for (
        const more of [{ jku: url }, { x5u: url }, { x5c }, { jwk: EC_JWK }, { jku: url, x5u: url, x5c, jwk: EC_JWK }]
      ) {
        const token = await forge(attacker, CLAIMS, { ...HEADER, ...more });
        expect(await outcome(() => verify(token))).toBe('jwt_signature_invalid');
      }
      expect(fetched).not.toHaveBeenCalled();
    } finally {
      fetched.mockRestore();
    }
    expect(server.requests.map(([requested]) => requested)).toEqual([URL_OF_KEYS]);
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
