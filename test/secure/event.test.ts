import { describe, expect, test, vi } from 'vitest';
import { secure } from '../../src/secure/secure.ts';
import { as, bearer, get, ok, open, ORIGIN, PEER } from './fixtures.ts';
import { ear } from './watched.ts';

const { auth } = bearer();

describe('secure(): what an event says', () => {
  test('who, where, when, how long, and no more', async () => {
    let now = 1000;
    const { events, onEvent } = ear();
    const run = secure({ methods: ['GET'], auth, id: 'orders', onEvent, clock: () => now }, () => {
      now += 25;
      return ok();
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const response = await run(get('/orders?q=canary', { ...as('reader'), traceparent, cookie: 'a=canary' }), PEER);
    expect(events).toStrictEqual([{
      outcome: 'allowed',
      stage: 'handler',
      code: undefined,
      limit: undefined,
      status: 200,
      policyId: 'orders',
      requestId: response.headers.get('x-request-id'),
      traceId: '0af7651916cd43dd8448eb211c80319c',
      method: 'GET',
      client: '192.0.2.1',
      principalId: 'alice',
      issuer: 'https://issuer.test',
      actorId: undefined,
      atMs: 1025,
      durationMs: 25,
    }]);
  });

  test('no negative time when the clock goes back, and no method that is none of ours', async () => {
    const times = [1000, 500];
    const { events, onEvent } = ear();
    const run = secure({ ...open, onEvent, clock: () => times.shift() ?? 0 }, ok);
    // Set by hand: Bun makes a GET of what it does not know.
    await run(Object.defineProperty(new Request(ORIGIN), 'method', { value: 'CANARY' }));
    expect(events).toMatchObject([{ method: undefined, durationMs: 0, code: 'method_not_allowed' }]);
  });

  test('nothing of a trace that is malformed', async () => {
    const { events, onEvent } = ear();
    await secure({ ...open, onEvent }, ok)(get('/', { traceparent: '00-xyz' }));
    expect(events).toMatchObject([{ traceId: undefined }]);
  });

  test('is frozen', async () => {
    const { events, onEvent } = ear();
    await secure({ ...open, onEvent }, ok)(get());
    expect(events.map(Object.isFrozen)).toEqual([true]);
  });

  test('asks no clock where nobody listens', async () => {
    const clock = vi.fn(() => 0);
    await secure({ ...open, clock }, ok)(get());
    expect(clock).not.toHaveBeenCalled();
  });
});
