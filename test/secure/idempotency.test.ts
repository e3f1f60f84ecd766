import { describe, expect, test, vi } from 'vitest';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { beginFirst, beginReplay, KEY, makeIdempotency, post, refusalOf, scope } from './idempotent-request.ts';

const created = (body: unknown = { id: 1 }): Response => Response.json(body, { status: 201 });

describe('createIdempotency()', () => {
  const store = memoryStore();
  const WRONG: readonly (readonly [object, typeof TypeError | typeof RangeError, RegExp])[] = [
    [{}, TypeError, /store must be a store/],
    [{ store: null }, TypeError, /store must be a store/],
    [{ store: {} }, TypeError, /store\.run must be a function/],
    [{ store, ttl: 1 }, TypeError, /unknown option ttl/],
    [{ store, ttlSeconds: 0 }, RangeError, /ttlSeconds must be greater than 0/],
    [{ store, ttlSeconds: NaN }, RangeError, /ttlSeconds must be a finite number/],
    [{ store, ttlSeconds: 315_360_001 }, RangeError, /ttlSeconds must be at most/],
    [{ store, pendingSeconds: 0 }, RangeError, /pendingSeconds must be greater than 0/],
    [{ store, pendingSeconds: 86_401 }, RangeError, /pendingSeconds must be at most/],
    [{ store, maxBytes: -1 }, RangeError, /maxBytes must be at least 0/],
    [{ store, maxBytes: 1.5 }, RangeError, /maxBytes must be a whole number/],
    [{ store, maxBytes: Infinity }, RangeError, /maxBytes must be a finite number/],
    [{ store, required: 'no' }, TypeError, /required must be true or false/],
    [{ store, methods: [] }, TypeError, /methods must not be empty/],
    [{ store, methods: ['GET'] }, TypeError, /methods must be of POST/],
    [{ store, methods: ['POST', 'HEAD'] }, TypeError, /methods must be of POST/],
    [{ store, methods: ['post'] }, TypeError, /methods must be of POST/],
  ];
  test.each(WRONG)('refuses options %#', (options, kind, message) => {
    expect(() => createIdempotency(options as { store: typeof store })).toThrow(kind);
    expect(() => createIdempotency(options as { store: typeof store })).toThrow(message);
  });

  test('is frozen, and a later change of its options changes nothing', async () => {
    const methods: 'POST'[] = ['POST'];
    const options = { store, methods, required: true };
    const idempotency = createIdempotency(options);
    methods.length = 0;
    options.required = false;
    expect([Object.isFrozen(idempotency), Object.isFrozen(idempotency.methods)]).toEqual([true, true]);
    expect(idempotency).toMatchObject({ methods: ['POST'], required: true, ttlSeconds: 86_400, pendingSeconds: 60 });
    expect(idempotency.checkKey(post(null))?.code).toBe('idempotency_key_missing');
  });
});

describe('begin()', () => {
  // RFC 9110 section 9.2: these are safe or idempotent by themselves.
  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('lets %s pass, with and without a key', async (method) => {
    const { idempotency } = makeIdempotency();
    const fingerprint = vi.fn(() => '');
    for (const key of [null, KEY, 'not a key']) {
      expect(idempotency.begin(post(key, method), scope({ fingerprint }))).toBeUndefined();
      expect(idempotency.checkKey(post(key, method))).toBeUndefined();
    }
    expect(fingerprint).not.toHaveBeenCalled();
  });

  test('asks a key of the methods that the options name', async () => {
    const { idempotency } = makeIdempotency({ methods: ['PUT'] });
    expect(idempotency.begin(post(KEY, 'POST'), scope())).toBeUndefined();
    await beginFirst(idempotency, {}, post(KEY, 'PUT'));
    expect((await refusalOf(() => idempotency.begin(post(KEY, 'PUT'), scope()))).code).toBe('idempotency_conflict');
  });

  test('refuses a request without a key, or with none that is one, before it looks at anything else', async () => {
    const { idempotency } = makeIdempotency();
    const fingerprint = vi.fn(() => '');
    for (const [key, code] of [[null, 'idempotency_key_missing'], ['', 'idempotency_key_invalid']] as const) {
      const refusal = await refusalOf(() => idempotency.begin(post(key), scope({ fingerprint })));
      expect([refusal.code, refusal.status]).toEqual([code, 400]);
      expect(idempotency.checkKey(post(key))?.code).toBe(code);
    }
    expect(fingerprint).not.toHaveBeenCalled();
  });

  test('lets a request without a key run where none is required, and refuses one that is none', async () => {
    const { idempotency } = makeIdempotency({ required: false });
    expect(idempotency.begin(post(null), scope())).toBeUndefined();
    expect((await refusalOf(() => idempotency.begin(post('a b'), scope()))).code).toBe('idempotency_key_invalid');
    await beginFirst(idempotency);
  });

  // The draft, section 2.1: "Clients MUST NOT include more than one"; they reach us joined by a comma.
  test('refuses two keys', async () => {
    const { idempotency } = makeIdempotency();
    for (const [first, second] of [['a', 'b'], ['a', 'a'], ['"a"', '"b"']] as const) {
      const request = post(first);
      request.headers.append('idempotency-key', second);
      expect((await refusalOf(() => idempotency.begin(request, scope()))).code).toBe('idempotency_key_invalid');
    }
  });

  test('answers the second request with the response of the first, and says so', async () => {
    const { idempotency } = makeIdempotency();
    const first = await beginFirst(idempotency);
    const { response, kept, refusal } = await first.complete(created());
    expect([response.status, await response.json(), kept, refusal]).toEqual([201, { id: 1 }, true, undefined]);
    expect(response.headers.has('idempotency-replayed')).toBe(false);
    for (let time = 0; time < 2; time++) {
      const again = await beginReplay(idempotency);
      expect([again.status, await again.json()]).toEqual([201, { id: 1 }]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
    }
  });

  // The draft, section 2.6: "the original request is still being processed": 409.
  test('refuses the second request while the first runs, and says when to come back', async () => {
    const { idempotency } = makeIdempotency();
    const first = await beginFirst(idempotency);
    const refusal = await refusalOf(() => idempotency.begin(post(), scope()));
    expect([refusal.code, refusal.status, refusal.headers]).toEqual(['idempotency_conflict', 409, {
      'retry-after': '1',
    }]);
    await first.complete(created());
    expect((await beginReplay(idempotency)).status).toBe(201);
  });

  // The draft, section 2.6: "reuse an idempotency key with a different request payload": 422. A replay would tell the client that the
  // second order was placed.
  const OTHERS: readonly (readonly [string, Parameters<typeof scope>[0]])[] = [
    ['content', { fingerprint: () => '{"item":2}' }],
    ['content of the same length in bytes', { fingerprint: () => new Uint8Array(10) }],
    ['path', { path: '/orders/1' }],
  ];
  test.each(OTHERS)(
    'refuses the same key with another %s, while the first runs and afterwards',
    async (_what, other) => {
      const { idempotency } = makeIdempotency();
      const first = await beginFirst(idempotency);
      const during = await refusalOf(() => idempotency.begin(post(), scope(other)));
      await first.complete(created());
      const after = await refusalOf(() => idempotency.begin(post(), scope(other)));
      expect([during.code, after.code, after.status]).toEqual(['idempotency_mismatch', 'idempotency_mismatch', 422]);
      expect(after.headers).toBeUndefined();
      // The one whose key it is has lost nothing.
      expect((await beginReplay(idempotency)).status).toBe(201);
    },
  );

  test('refuses the same key with another method', async () => {
    const { idempotency } = makeIdempotency();
    await beginFirst(idempotency);
    const refusal = await refusalOf(() => idempotency.begin(post(KEY, 'PATCH'), scope()));
    expect(refusal.code).toBe('idempotency_mismatch');
  });

  // The draft, security considerations: entries of other clients must not be fetched by guessing their keys.
  const STRANGERS: readonly (readonly [string, Parameters<typeof scope>[0]])[] = [
    ['another principal', { principal: 'bob' }],
    ['nobody in particular', { principal: undefined }],
    ['nobody, behind an address spelt like the principal', { principal: undefined, client: 'alice' }],
    ['a principal whose id ends where the policy begins', { principal: 'aliceorders', policy: '' }],
    ['the same principal elsewhere', { policy: 'payments' }],
  ];
  test.each(STRANGERS)('takes the same key of %s for another one', async (_who, other) => {
    const { idempotency } = makeIdempotency();
    await (await beginFirst(idempotency)).complete(created());
    await (await beginFirst(idempotency, other)).complete(created({ id: 2 }));
    expect(await (await beginReplay(idempotency)).json()).toEqual({ id: 1 });
    expect(await (await beginReplay(idempotency, other)).json()).toEqual({ id: 2 });
  });

  test('shares keys of requests of nobody by client, and by nothing else', async () => {
    const { idempotency } = makeIdempotency();
    const anonymous = { principal: undefined };
    await (await beginFirst(idempotency, anonymous)).complete(created());
    expect((await beginReplay(idempotency, anonymous)).status).toBe(201);
    await beginFirst(idempotency, { ...anonymous, client: '192.0.2.2' });
  });

  test('takes keys that differ in case for two, and a quoted key for the bare one', async () => {
    const { idempotency } = makeIdempotency();
    await (await beginFirst(idempotency, {}, post('abc'))).complete(created());
    await beginFirst(idempotency, {}, post('ABC'));
    expect((await beginReplay(idempotency, {}, post('"abc"'))).status).toBe(201);
  });

  test('keeps a response for ttlSeconds, and no longer', async () => {
    const { idempotency, wait } = makeIdempotency({ ttlSeconds: 100 });
    await (await beginFirst(idempotency)).complete(created());
    wait(99.999);
    await beginReplay(idempotency);
    wait(0.001);
    await beginFirst(idempotency);
  });

  test('takes a promise of bytes for a fingerprint, and rejects with what it fails with', async () => {
    const { idempotency } = makeIdempotency();
    const fingerprint = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array([1]));
    const failing = { fingerprint: () => Promise.reject(new Error('gone')) };
    await expect(Promise.resolve(idempotency.begin(post(), scope(failing)))).rejects.toThrow('gone');
    await (await beginFirst(idempotency, { fingerprint })).complete(created());
    await beginReplay(idempotency, { fingerprint });
  });

  // A part that is missing would be one for all callers.
  test.each(['client', 'policy', 'path', 'principal', 'fingerprint'])(
    'throws for a scope whose %s is no such thing',
    async (part) => {
      const { idempotency } = makeIdempotency();
      expect(() => idempotency.begin(post(), { ...scope(), [part]: 1 })).toThrow(TypeError);
      const garbage = scope({ fingerprint: (() => undefined) as unknown as () => string });
      await expect(Promise.resolve(idempotency.begin(post(), garbage))).rejects.toThrow(TypeError);
      await beginFirst(idempotency);
    },
  );

  test('lets exactly one of 64 concurrent requests run, and all others have its response afterwards', async () => {
    const { idempotency } = makeIdempotency();
    let runs = 0;
    const codes = await Promise.all(Array.from({ length: 64 }, async () => {
      try {
        const start = await idempotency.begin(post(), scope());
        if (start?.first !== true) return 'replay';
        runs++;
        await start.complete(created({ runs }));
        return 'ran';
      } catch {
        return 'conflict';
      }
    }));
    expect([runs, codes.filter((code) => code === 'ran').length]).toEqual([1, 1]);
    expect(await (await beginReplay(idempotency)).json()).toEqual({ runs: 1 });
  });
});
