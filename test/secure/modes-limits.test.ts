import { describe, expect, test } from 'vitest';
import { createLimits } from '../../src/secure/limits.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, bearer, get, ok, open, PEER, quiet } from './fixtures.ts';
import { ear, failingStore, ON_LAST_DAY_MS, outcomes, REPORT, watchedStore } from './watched.ts';

const clock = (): number => ON_LAST_DAY_MS;
const limit = (name: string, limit = 1): { name: string; limit: number; windowSeconds: number } => ({
  name,
  limit,
  windowSeconds: 60,
});

describe('secure(): a limit in report mode', () => {
  // Of several limits that stand together, which one is too narrow is what one asks the log.
  test('is named by the event and the context, as the one that refuses is', async () => {
    const { events, onEvent } = ear();
    const { store } = watchedStore();
    const limits = createLimits({ client: [limit('wide', 9), limit('trial'), limit('real', 2)] });
    const mode = createModes({ limits: { trial: REPORT } });
    const handler = secure(
      { ...open, store, limits, clock, onEvent, mode },
      (_request, { wouldDeny }) => Response.json(wouldDeny),
    );
    await handler(get(), PEER);
    const trial = { stage: 'clientLimits', code: 'rate_limited', limit: 'trial' };
    expect(await (await handler(get(), PEER)).json()).toEqual([trial]);
    await handler(get(), PEER);
    expect(events.map(({ outcome, limit }) => [outcome, limit])).toEqual([
      ['not_enforced', 'trial'],
      ['allowed', undefined],
      ['would_deny', 'trial'],
      ['allowed', undefined],
      ['denied', 'real'],
    ]);
  });

  test('counts, refuses nobody, keeps no other from counting, and is not told as a denial', async () => {
    const { events, onEvent } = ear();
    const { store } = watchedStore();
    const limits = createLimits({ client: [limit('trial'), limit('real', 2)] });
    const handler = secure(
      { ...open, store, limits, clock, onEvent, mode: createModes({ limits: { trial: REPORT } }) },
      ok,
    );
    const responses: Response[] = [];
    for (let n = 0; n < 4; n++) responses.push(await handler(get(), PEER));
    // The real one admits its two: the trial, which is at its end, took nothing from it.
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(responses.map(({ headers }) => headers.get('ratelimit'))).toEqual([
      '"real";r=1;t=30, "trial";r=0;t=60',
      '"real";r=0;t=60',
      '"real";r=0;t=60',
      '"real";r=0;t=60',
    ]);
    expect(responses.map(({ headers }) => headers.get('retry-after'))).toEqual([null, null, '30', '30']);
    expect(await responses[3]?.json()).toMatchObject({ 'violated-policies': ['real'] });
    expect(outcomes(events.slice(1))).toEqual([
      'allowed handler',
      'would_deny clientLimits rate_limited',
      'allowed handler',
      'denied clientLimits rate_limited',
      'denied clientLimits rate_limited',
    ]);
  });

  test('alone has no Retry-After in a 200', async () => {
    const limits = createLimits({ client: [limit('trial')] });
    const mode = createModes({ limits: { trial: 'report' } });
    const handler = secure({ ...open, store: watchedStore().store, limits, mode, onEvent: () => undefined }, ok);
    await handler(get(), PEER);
    const { status, headers } = await handler(get(), PEER);
    expect([status, headers.get('retry-after'), headers.get('ratelimit')]).toEqual([200, null, null]);
  });

  test('that is off asks no store, and that of another name still does', async () => {
    const { store, keys } = watchedStore();
    const limits = createLimits({ client: [limit('one'), limit('two')] });
    const handler = secure({
      ...open,
      store,
      limits,
      mode: createModes({ limits: { one: 'off' } }),
      onEvent: () => undefined,
    }, ok);
    expect((await handler(get(), PEER)).headers.get('ratelimit-policy')).toBe('"two";q=1;w=60');
    expect((await handler(get(), PEER)).status).toBe(429);
    expect(keys()).toEqual([['c:192.0.2.1'], ['c:192.0.2.1']]);
  });

  test('lets through while the store is down, and tells of both', async () => {
    const { events, onEvent } = ear();
    const limits = createLimits({ client: [limit('trial')] });
    const { store } = failingStore();
    const mode = createModes({ limits: { trial: 'report' } });
    const handler = secure({ ...open, ...quiet, store, limits, mode, onEvent }, ok);
    expect((await handler(get(), PEER)).status).toBe(200);
    expect(outcomes(events.slice(1))).toEqual([
      'degraded clientLimits',
      'would_deny clientLimits store_unavailable',
      'allowed handler',
    ]);
  });

  test('counts whoever sends it where authentication only reports: strangers share no budget', async () => {
    const { auth } = bearer();
    const { store, keys } = watchedStore();
    const limits = createLimits({ principal: [limit('mine')] });
    const handler = secure({
      methods: ['GET'],
      auth,
      store,
      limits,
      mode: createModes({ auth: REPORT }),
      clock,
      onEvent: () => undefined,
    }, ok);
    const statuses: number[] = [];
    for (const peerAddress of ['192.0.2.1', '192.0.2.2', '192.0.2.1']) {
      statuses.push((await handler(get(), { peerAddress })).status);
    }
    statuses.push((await handler(get('/', as('reader')), { peerAddress: '192.0.2.1' })).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
    expect(new Set(keys().flat()).size).toBe(3);
  });
});
