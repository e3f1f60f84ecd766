import { describe, expect, test, vi } from 'vitest';
import { file } from '../../../src/schema/file.ts';
import { createFormReader } from '../../../src/schema/form-reader.ts';
import { int } from '../../../src/schema/number.ts';
import { object } from '../../../src/schema/object.ts';
import { string } from '../../../src/schema/string.ts';
import { createIdempotency } from '../../../src/secure/idempotency.ts';
import { createLimits } from '../../../src/secure/limits.ts';
import { createModes } from '../../../src/secure/modes.ts';
import { secure } from '../../../src/secure/secure.ts';
import { memoryStore } from '../../../src/store/memory.ts';
import { as, bearer, codeOf, ORIGIN, PEER, post, quiet } from '../fixtures.ts';
import { ear, outcomes, REPORT } from '../watched.ts';

const { auth } = bearer();
const body = object({ n: int() });
const KEY = { 'idempotency-key': '"8e03978e-40d5-43e8-bc93-6894a57f9324"' };

/** A handler that counts, and a policy of it. */
function shop(options: object = {}): {
  readonly made: ReturnType<typeof vi.fn>;
  readonly policy: {
    readonly id: string;
    readonly methods: readonly ['POST'];
    readonly auth: typeof auth;
    readonly body: typeof body;
    readonly idempotency: ReturnType<typeof createIdempotency>;
  };
} {
  let count = 0;
  return {
    made: vi.fn(() => Response.json({ order: ++count }, { status: 201 })),
    policy: {
      id: 'orders',
      methods: ['POST'],
      auth,
      body,
      idempotency: createIdempotency({ store: memoryStore(), ...options }),
    },
  };
}

const order = (text = '{"n":1}', token = 'writer', key: Readonly<Record<string, string>> = KEY): Request =>
  post(text, { ...as(token), ...key });

describe('secure(): idempotency', () => {
  test('runs the handler once, and answers a retry with the same, through the same finaliser', async () => {
    const { made, policy } = shop();
    const { events, onEvent } = ear();
    const handler = secure({ ...policy, onEvent }, made as never);
    const [first, again] = [await handler(order(), PEER), await handler(order(), PEER)];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect([await first.json(), await again.json()]).toEqual([{ order: 1 }, { order: 1 }]);
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(again.headers.get('x-content-type-options')).toBe('nosniff');
    expect(again.headers.get('cache-control')).toBe('no-store');
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(made).toHaveBeenCalledTimes(1);
    expect(outcomes(events)).toEqual(['allowed handler', 'allowed idempotency']);
  });

  test('refuses another body with the same key, and does not say what the first was', async () => {
    const { made, policy } = shop();
    const handler = secure(policy, made as never);
    await handler(order(), PEER);
    const other = await handler(order('{"n":2}'), PEER);
    expect([other.status, await codeOf(other)]).toEqual([422, 'idempotency_mismatch']);
    expect(made).toHaveBeenCalledTimes(1);
  });

  // One's key must not fetch another's response.
  test('keeps the keys of principals, issuers, routes and queries apart', async () => {
    const { made, policy } = shop();
    const handler = secure(policy, made as never);
    const users = secure({ ...policy, id: 'users' }, made as never);
    await handler(order(), PEER);
    await handler(order('{"n":1}', 'reader'), PEER);
    await users(order(), PEER);
    expect(made).toHaveBeenCalledTimes(3);
    const query = new Request(`${ORIGIN}/?to=mallory`, order());
    expect(await codeOf(await handler(query, PEER))).toBe('idempotency_mismatch');
  });

  test('keeps the keys of strangers apart by their addresses', async () => {
    const { made, policy } = shop();
    const handler = secure({ ...policy, auth: 'public' as const }, made as never);
    for (const peerAddress of ['192.0.2.1', '192.0.2.2', '192.0.2.1']) await handler(order(), { peerAddress });
    expect(made).toHaveBeenCalledTimes(2);
  });

  test('keeps the keys of strangers apart by their addresses where authentication only reports', async () => {
    const { made, policy } = shop();
    const mode = createModes({ auth: REPORT });
    const handler = secure({ ...policy, mode, clock: () => 0, onEvent: () => undefined }, made as never);
    for (const peerAddress of ['192.0.2.1', '192.0.2.2', '192.0.2.1']) {
      await handler(order('{"n":1}', 'forged'), { peerAddress });
    }
    expect(made).toHaveBeenCalledTimes(2);
    // And a principal is nobody's stranger.
    await handler(order(), { peerAddress: '192.0.2.1' });
    expect(made).toHaveBeenCalledTimes(3);
  });

  // What is refused before never takes a key: the same request may come again, with the right token.
  test('takes no key for what is refused', async () => {
    const { made, policy } = shop();
    const store = memoryStore({ clock: () => 0 });
    const limits = createLimits({ principal: [{ name: 'p', limit: 3, windowSeconds: 60 }] });
    const handler = secure(
      { ...policy, store, limits, scopes: ['orders:write'], authorize: ({ body: { n } }) => n < 5 },
      made as never,
    );
    const statuses: number[] = [];
    for (
      const [text, token] of [['{"n":1}', 'forged'], ['{"n":1}', 'reader'], ['{"n":"x"}', 'writer'], [
        '{"n":7}',
        'writer',
      ]]
    ) {
      statuses.push((await handler(order(text, token), PEER)).status);
    }
    statuses.push((await handler(order(), PEER)).status, (await handler(order(), PEER)).status);
    expect(statuses).toEqual([401, 403, 400, 403, 201, 429]);
    expect(made).toHaveBeenCalledTimes(1);
  });

  // Whoever has no permission any more gets no old response, either.
  test('asks every check again before it answers a retry', async () => {
    const { made, policy } = shop();
    let isAllowed = true;
    const handler = secure({ ...policy, authorize: () => isAllowed }, made as never);
    expect((await handler(order(), PEER)).status).toBe(201);
    isAllowed = false;
    expect((await handler(order(), PEER)).status).toBe(403);
  });

  test('answers a retry while the first runs with 409, and runs nothing twice', async () => {
    const { policy } = shop();
    let finish: (response: Response) => void = () => undefined;
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => void (begun = resolve));
    const handler = vi.fn(() => {
      begun();
      return new Promise<Response>((resolve) => void (finish = resolve));
    });
    const run = secure(policy, handler);
    const first = run(order(), PEER);
    await running;
    const meanwhile = await run(order(), PEER);
    expect([meanwhile.status, await codeOf(meanwhile), meanwhile.headers.get('retry-after')]).toEqual([
      409,
      'idempotency_conflict',
      '1',
    ]);
    finish(Response.json({ order: 1 }));
    expect((await first).status).toBe(200);
    expect((await run(order(), PEER)).headers.get('idempotency-replayed')).toBe('true');
    expect(handler).toHaveBeenCalledTimes(1);
  });

  test('gives the key back when the handler throws', async () => {
    const { policy } = shop();
    const handler = vi.fn().mockRejectedValueOnce(new Error('down')).mockResolvedValue(Response.json({}));
    const run = secure({ ...policy, ...quiet }, handler);
    expect([(await run(order(), PEER)).status, (await run(order(), PEER)).status]).toEqual([500, 200]);
  });

  test('keeps what the schema of responses lets out, and nothing else', async () => {
    const { policy } = shop();
    const response = object({ order: int() }, { unknown: 'strip' });
    const run = secure({ ...policy, response }, () => Response.json({ order: 1, password: 'canary' }));
    for (let n = 0; n < 2; n++) expect(await (await run(order(), PEER)).json()).toEqual({ order: 1 });
  });

  test('asks for a key, where one must be, and for one that is one', async () => {
    const { made, policy } = shop();
    const handler = secure(policy, made as never);
    expect(await codeOf(await handler(order('{"n":1}', 'writer', {}), PEER))).toBe('idempotency_key_missing');
    const invalid = order('{"n":1}', 'writer', { 'idempotency-key': '"a", "b"' });
    expect(await codeOf(await handler(invalid, PEER))).toBe('idempotency_key_invalid');
    const free = shop({ required: false });
    const run = secure(free.policy, free.made as never);
    for (let n = 0; n < 2; n++) expect((await run(order('{"n":1}', 'writer', {}), PEER)).status).toBe(201);
    expect(free.made).toHaveBeenCalledTimes(2);
  });

  // Nobody could tell another body from the first: it would be answered, and not be done.
  test('is refused, when it is made, for a body that nobody reads', () => {
    const { policy: { body: _body, ...policy } } = shop();
    expect(() => secure({ ...policy, dangerouslyAllowUnvalidatedBody: true }, () => Response.json({})))
      .toThrow(/a body that is read/);
  });
});

describe('secure(): idempotency of a form', () => {
  const form = createFormReader(object({ title: string(), scan: file({ types: ['text/plain'], maxBytes: 100 }) }));
  const send = (title: string, text: string, name = 'a.txt'): Request => {
    const data = new FormData();
    data.append('title', title);
    data.append('scan', new File([text], name, { type: 'text/plain' }));
    return new Request(ORIGIN, { method: 'POST', body: data, headers: { ...as('writer'), ...KEY } });
  };

  test('compares its values and its files', async () => {
    const { made, policy: { body: _body, ...policy } } = shop();
    const handler = secure({ ...policy, form }, made as never);
    const answers: string[] = [];
    for (
      const request of [
        send('t', 'one'),
        send('t', 'one'),
        send('u', 'one'),
        send('t', 'one', 'b.txt'),
        send('t', 'two'),
      ]
    ) {
      const response = await handler(request, PEER);
      answers.push(response.ok ? 'done' : await codeOf(response));
    }
    const mismatch = 'idempotency_mismatch';
    expect(answers).toEqual(['done', 'done', mismatch, mismatch, mismatch]);
    expect(made).toHaveBeenCalledTimes(1);
  });
});
