import { describe, expect, test } from 'vitest';
import { beginFirst, beginReplay, makeIdempotency, post, refusalOf, scope } from './idempotent-request.ts';

describe('complete()', () => {
  // The draft, section 2.5: "the result of the previously completed operation, success or an error".
  test.each([200, 201, 202, 303, 400, 403, 404, 409, 422])('keeps a response of status %i', async (status) => {
    const { idempotency } = makeIdempotency();
    const { kept } = await (await beginFirst(idempotency)).complete(new Response('told', { status }));
    const again = await beginReplay(idempotency);
    expect([kept, again.status, await again.text()]).toEqual([true, status, 'told']);
  });

  test.each([204, 205, 304])('keeps a response of status %i, which has no body', async (status) => {
    const { idempotency } = makeIdempotency();
    await (await beginFirst(idempotency)).complete(new Response(null, { status }));
    const again = await beginReplay(idempotency);
    expect([again.status, again.body]).toEqual([status, null]);
  });

  // RFC 9110 section 15.5.9, RFC 8470 section 5.2, RFC 6585 section 4: the client is to send the same again.
  test.each([408, 425, 429, 500, 502, 503, 504, 599])(
    'keeps no response of status %i: the next one runs',
    async (status) => {
      const { idempotency } = makeIdempotency();
      const given = new Response('failed', { status });
      const { response, kept, refusal } = await (await beginFirst(idempotency)).complete(given);
      expect([response, kept, refusal]).toEqual([given, false, undefined]);
      await beginFirst(idempotency);
    },
  );

  // No platform makes one with a constructor, nor anything else of one.
  test.each([101, 0])('touches nothing of a response of status %i', async (status) => {
    const { idempotency } = makeIdempotency();
    const given = Object.freeze({ status }) as unknown as Response;
    const { response } = await (await beginFirst(idempotency)).complete(given);
    expect(response).toBe(given);
    await beginFirst(idempotency);
  });

  test('keeps bytes that are no text as they are', async () => {
    const { idempotency } = makeIdempotency();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const { response } = await (await beginFirst(idempotency)).complete(new Response(bytes));
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect(new Uint8Array(await (await beginReplay(idempotency)).arrayBuffer())).toEqual(bytes);
  });

  test('keeps the headers that describe the content, and no others', async () => {
    const { idempotency } = makeIdempotency();
    const kept = {
      'content-type': 'application/json; charset=utf-8',
      'content-language': 'de',
      'content-disposition': 'attachment; filename="a.json"',
      'content-location': '/orders/1',
      etag: '"v1"',
      'last-modified': 'Tue, 15 Nov 1994 12:45:26 GMT',
      link: '</orders>; rel="collection", </me>; rel="author"',
      location: '/orders/1',
      'preference-applied': 'return=minimal',
      'retry-after': '120',
    };
    // A cookie is a session: whoever repeats the request must not be given it a second time, nor a day later.
    const dropped = {
      'set-cookie': 'session=secret',
      'access-control-allow-origin': 'https://app.test',
      'cache-control': 'public',
      'content-security-policy': "default-src 'none'",
      'strict-transport-security': 'max-age=1',
      'x-request-id': 'r-1',
      ratelimit: '"a";r=1;t=1',
      'www-authenticate': 'Bearer',
      'content-length': '2',
      'idempotency-replayed': 'false',
    };
    const given = new Response('{}', { headers: { ...kept, ...dropped } });
    const { response } = await (await beginFirst(idempotency)).complete(given);
    // The first client gets all of them.
    expect([...response.headers]).toEqual([...given.headers]);
    const again = await beginReplay(idempotency);
    expect(Object.fromEntries(again.headers)).toEqual({ ...kept, 'idempotency-replayed': 'true' });
  });

  test('takes a response whose headers are immutable', async () => {
    const { idempotency } = makeIdempotency();
    await (await beginFirst(idempotency)).complete(Response.redirect('https://api.test/orders/1', 303));
    expect((await beginReplay(idempotency)).headers.get('location')).toBe('https://api.test/orders/1');
  });

  test('keeps a response of maxBytes, headers and body, and not of one byte more', async () => {
    for (const [length, isKept] of [[7, true], [8, false]] as const) {
      const { idempotency } = makeIdempotency({ maxBytes: 13 });
      const given = new Response(new Uint8Array(length), { headers: { etag: '"' } });
      given.headers.set('etag', '""');
      const { response, kept } = await (await beginFirst(idempotency)).complete(given);
      expect([kept, (await response.arrayBuffer()).byteLength]).toEqual([isKept, length]);
    }
  });

  // Running it again because its answer was long would be the second payment.
  const UNKEPT: readonly (readonly [string, () => Response])[] = [
    ['whose body is too long', () => new Response('x'.repeat(200))],
    ['whose headers are too long', () => new Response('', { headers: { link: 'x'.repeat(200) } })],
    [
      'of events',
      () => new Response('data: 1\n\n', { headers: { 'content-type': 'text/event-stream; charset=utf-8' } }),
    ],
    ['in a content coding', () => new Response('x', { headers: { 'content-encoding': 'gzip' } })],
  ];
  test.each(UNKEPT)('passes on a response %s, and lets nothing run under its key again', async (_what, make) => {
    const { idempotency, wait } = makeIdempotency({ maxBytes: 100, ttlSeconds: 1000 });
    const first = await beginFirst(idempotency);
    const { response, kept, refusal } = await first.complete(make());
    expect([kept, refusal, await response.text()]).toEqual([false, undefined, await make().text()]);
    wait(999);
    const again = await refusalOf(() => idempotency.begin(post(), scope()));
    expect([again.code, again.headers]).toEqual(['idempotency_conflict', undefined]);
    expect(again.problem).toMatchObject({ detail: expect.any(String) });
    expect((await refusalOf(() => idempotency.begin(post(), scope({ path: '/' })))).code).toBe('idempotency_mismatch');
    wait(1);
    await beginFirst(idempotency);
  });

  test('rejects with what the body fails with, and the next one runs', async () => {
    const { idempotency } = makeIdempotency();
    const failing = new ReadableStream({ pull: () => Promise.reject(new Error('broken')) });
    const first = await beginFirst(idempotency);
    await expect(first.complete(new Response(failing))).rejects.toThrow('broken');
    await beginFirst(idempotency);
  });

  test('rejects a response whose body somebody has read: it would be kept as an empty one', async () => {
    const { idempotency } = makeIdempotency();
    const used = new Response('told');
    await used.text();
    await expect((await beginFirst(idempotency)).complete(used)).rejects.toThrow(TypeError);
    await beginFirst(idempotency);
  });

  test('does nothing the second time', async () => {
    const { idempotency } = makeIdempotency();
    const first = await beginFirst(idempotency);
    await first.complete(new Response('one'));
    expect(await first.complete(new Response('two'))).toMatchObject({ kept: false });
    expect(await first.abandon()).toBeUndefined();
    expect(await (await beginReplay(idempotency)).text()).toBe('one');
  });
});

describe('abandon()', () => {
  test('gives the key back', async () => {
    const { idempotency } = makeIdempotency();
    const first = await beginFirst(idempotency);
    expect(await first.abandon()).toBeUndefined();
    // What it answers all the same comes too late.
    await first.complete(new Response('late'));
    await beginFirst(idempotency);
  });
});

describe('a claim that lapses', () => {
  test('lets the next request run after pendingSeconds, and not before', async () => {
    const { idempotency, wait } = makeIdempotency({ pendingSeconds: 30 });
    await beginFirst(idempotency);
    wait(29.999);
    expect((await refusalOf(() => idempotency.begin(post(), scope()))).code).toBe('idempotency_conflict');
    wait(0.001);
    await beginFirst(idempotency);
  });

  test('is still completed where nobody has taken the key', async () => {
    const { idempotency, wait } = makeIdempotency({ pendingSeconds: 30, ttlSeconds: 100 });
    const first = await beginFirst(idempotency);
    wait(31);
    expect(await first.complete(new Response('slow'))).toMatchObject({ kept: true });
    wait(99);
    expect(await (await beginReplay(idempotency)).text()).toBe('slow');
  });

  // The same request, the same fingerprint: only the token of the run tells them apart.
  test('is not completed, and not abandoned, where another has taken the key', async () => {
    for (const end of ['complete', 'abandon'] as const) {
      const { idempotency, wait } = makeIdempotency({ pendingSeconds: 30 });
      const first = await beginFirst(idempotency);
      wait(31);
      const second = await beginFirst(idempotency);
      if (end === 'abandon') await first.abandon();
      else expect(await first.complete(new Response('first'))).toMatchObject({ kept: false, refusal: undefined });
      expect((await refusalOf(() => idempotency.begin(post(), scope()))).code).toBe('idempotency_conflict');
      await second.complete(new Response('second'));
      expect(await (await beginReplay(idempotency)).text()).toBe('second');
    }
  });

  test('is not completed where another has taken the key and finished', async () => {
    const { idempotency, wait } = makeIdempotency({ pendingSeconds: 30 });
    const first = await beginFirst(idempotency);
    wait(31);
    await (await beginFirst(idempotency)).complete(new Response('second'));
    const { response, kept } = await first.complete(new Response('first'));
    expect([await response.text(), kept]).toEqual(['first', false]);
    expect(await (await beginReplay(idempotency)).text()).toBe('second');
  });
});

test('a replay is a Response of its own each time', async () => {
  const { idempotency } = makeIdempotency();
  await (await beginFirst(idempotency)).complete(new Response('told'));
  const [one, two] = [await beginReplay(idempotency), await beginReplay(idempotency)];
  one.headers.set('set-cookie', 'a=1');
  expect([await one.text(), await two.text(), two.headers.has('set-cookie')]).toEqual(['told', 'told', false]);
});
