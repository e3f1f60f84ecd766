import { describe, expect, test, vi } from 'vitest';
import { createFormReader } from '../../src/schema/form-reader.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { beginFirst, makeIdempotency, post as keyed, refusalOf, scope } from './idempotent-request.ts';
import { codeOf, get, ok, ORIGIN, PEER, post, quiet } from './fixtures.ts';

describe('a response that its schema holds back', () => {
  // The handler has done what it does: as soon as the claim lapses, a patient client would have it done again.
  test('leaves the key taken, also when the time of an unfinished request is over', async () => {
    let nowMs = 1_700_000_000_000;
    const run = vi.fn(() => Response.json({ secret: 1 }));
    const handler = secure({
      id: 'pay',
      methods: ['POST'],
      auth: 'public',
      ...quiet,
      body: object({ n: int() }),
      response: object({ n: int() }),
      idempotency: createIdempotency({ store: memoryStore({ clock: () => nowMs }), pendingSeconds: 60 }),
    }, run);
    const send = async (): Promise<number> =>
      (await handler(post('{"n":1}', { 'idempotency-key': 'once' }), PEER)).status;
    expect([await send(), await send()]).toEqual([500, 409]);
    nowMs += 61_000;
    expect([await send(), run.mock.calls.length]).toEqual([409, 1]);
  });

  test('does so as well where it is none that can be sent', async () => {
    let runs = 0;
    const handler = secure({
      id: 'pay',
      methods: ['POST'],
      auth: 'public',
      ...quiet,
      idempotency: createIdempotency({ store: memoryStore() }),
    }, () => {
      runs++;
      return Response.error();
    });
    const request = (): Request => new Request(ORIGIN, { method: 'POST', headers: { 'idempotency-key': 'once' } });
    const statuses = [(await handler(request(), PEER)).status, (await handler(request(), PEER)).status];
    expect([statuses, runs]).toEqual([[500, 409], 1]);
  });

  test('is told apart from one that runs: without Retry-After, since time does not change it', async () => {
    const { idempotency, wait } = makeIdempotency();
    const run = await beginFirst(idempotency);
    expect(await run.forgo()).toBeUndefined();
    wait(61);
    const refusal = await refusalOf(() => idempotency.begin(keyed(), scope()));
    expect([refusal.code, refusal.headers]).toEqual(['idempotency_conflict', undefined]);
  });

  test('settles its request: what is told afterwards changes nothing', async () => {
    const { idempotency } = makeIdempotency();
    const run = await beginFirst(idempotency);
    await run.forgo();
    await run.abandon();
    expect((await run.complete(ok())).kept).toBe(false);
    expect((await refusalOf(() => idempotency.begin(keyed(), scope()))).code).toBe('idempotency_conflict');
    const other = await beginFirst(idempotency, { policy: 'other' });
    await other.abandon();
    expect(await other.forgo()).toBeUndefined();
    expect((await beginFirst(idempotency, { policy: 'other' })).first).toBe(true);
  });
});

// A foreign schema asks a database whether a name is free, and the database is gone.
test('a form whose schema never answers is refused when the time of its body is over again', async () => {
  const never = {
    '~standard': { version: 1, vendor: 'x', validate: () => new Promise<never>(() => undefined) },
  } as const;
  const form = createFormReader(never, { timeoutMs: 20 });
  const handler = secure({ methods: ['POST'], auth: 'public', ...quiet, form }, ok);
  const response = await handler(new Request(ORIGIN, { method: 'POST', body: new URLSearchParams({ a: '1' }) }), PEER);
  expect([response.status, await codeOf(response)]).toEqual([503, 'deadline_exceeded']);
});

test('a schema of responses that never answers is given up in the time of a stage', async () => {
  const never = {
    '~standard': { version: 1, vendor: 'x', validate: () => new Promise<never>(() => undefined) },
  } as const;
  const policy = { methods: ['GET'], auth: 'public', ...quiet, response: never, timeouts: { stageMs: 20 } } as const;
  const response = await secure(policy, ok)(get(), PEER);
  expect([response.status, await codeOf(response)]).toEqual([503, 'deadline_exceeded']);
  const mode = createModes({ response: 'report' });
  const reported = await secure({ ...policy, mode, onEvent: () => undefined }, ok)(get(), PEER);
  expect([reported.status, await reported.json()]).toEqual([200, { ok: true }]);
});
