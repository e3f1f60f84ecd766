import { describe, expect, test } from 'vitest';
import { createLimits } from '../../../src/secure/limits.ts';
import { secure } from '../../../src/secure/secure.ts';
import { memoryStore } from '../../../src/store/memory.ts';
import { as, bearer, get, ok, open, PEER } from '../fixtures.ts';

describe('secure(): limits', () => {
  const limits = createLimits({ client: [{ name: 'client', limit: 2, windowSeconds: 60 }] });

  test('refuses with 429 when the budget is spent, and says so in headers before and after', async () => {
    const handler = secure({ ...open, store: memoryStore({ clock: () => 0 }), limits }, ok);
    const responses = [await handler(get(), PEER), await handler(get(), PEER), await handler(get(), PEER)];
    expect(responses.map((response) => response.status)).toEqual([200, 200, 429]);
    expect(responses.map((response) => response.headers.get('ratelimit'))).toEqual([
      '"client";r=1;t=30',
      '"client";r=0;t=60',
      '"client";r=0;t=60',
    ]);
    expect(responses.map((response) => response.headers.get('retry-after'))).toEqual([null, null, '30']);
  });

  // draft-ietf-httpapi-ratelimit-headers-10, Problem Types
  test('tells by the problem type which limits were exceeded', async () => {
    const client = [...(limits.options.client ?? []), { name: 'wide', limit: 100, windowSeconds: 60 }];
    const handler = secure({ ...open, store: memoryStore({ clock: () => 0 }), limits: createLimits({ client }) }, ok);
    for (let n = 0; n < 2; n++) await handler(get(), PEER);
    expect(await (await handler(get(), PEER)).json()).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      title: 'Too Many Requests',
      status: 429,
      code: 'rate_limited',
      'violated-policies': ['client'],
    });
  });

  test('counts by address, IPv6 by /64', async () => {
    const handler = secure({
      ...open,
      store: memoryStore({ clock: () => 0 }),
      limits: createLimits({ client: [{ name: 'c', limit: 1, windowSeconds: 60 }] }),
    }, ok);
    const status = async (peerAddress: string): Promise<number> => (await handler(get(), { peerAddress })).status;
    expect(await status('2001:db8::1')).toBe(200);
    expect(await status('2001:db8::2')).toBe(429);
    expect(await status('2001:db8:0:1::1')).toBe(200);
  });

  // Nobody may choose their own budget.
  test('reads no header for the address', async () => {
    const handler = secure({
      ...open,
      store: memoryStore({ clock: () => 0 }),
      limits: createLimits({ client: [{ name: 'c', limit: 1, windowSeconds: 60 }] }),
    }, ok);
    const status = async (spoofed: string): Promise<number> =>
      (await handler(
        get('/', { 'x-forwarded-for': spoofed, 'x-real-ip': spoofed, 'forwarded': `for=${spoofed}` }),
        PEER,
      )).status;
    expect([await status('1.1.1.1'), await status('2.2.2.2')]).toEqual([200, 429]);
  });

  test('limits requests of unknown address together, not never', async () => {
    const handler = secure({ ...open, store: memoryStore({ clock: () => 0 }), limits }, ok);
    const statuses = [await handler(get()), await handler(get(), {}), await handler(get(), null)].map((response) =>
      response.status
    );
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('verifies at most as many tokens as the limit before authentication lets through', async () => {
    const { auth, verified } = bearer();
    const handler = secure({ ...open, auth, store: memoryStore({ clock: () => 0 }), limits }, ok);
    for (let n = 0; n < 100; n++) await handler(get('/', as(`garbage${n}`)), PEER);
    expect(verified.length).toBe(2);
  });

  test('counts by principal after authentication, whatever the address', async () => {
    const { auth } = bearer();
    const policy = {
      ...open,
      auth,
      store: memoryStore({ clock: () => 0 }),
      limits: createLimits({ principal: [{ name: 'p', limit: 1, windowSeconds: 60 }] }),
    };
    const handler = secure(policy, ok);
    const status = async (token: string, peerAddress: string): Promise<number> =>
      (await handler(get('/', as(token)), { peerAddress })).status;
    expect(await status('reader', '192.0.2.1')).toBe(200);
    expect(await status('reader', '192.0.2.2')).toBe(429);
    expect(await status('writer', '192.0.2.2')).toBe(200);
  });

  test("does not spend a principal's budget on requests without the scope", async () => {
    const { auth } = bearer();
    const store = memoryStore({ clock: () => 0 });
    const principal = [{ name: 'p', limit: 1, windowSeconds: 60 }];
    const writing = secure({ ...open, auth, store, scopes: ['orders:write'], limits: createLimits({ principal }) }, ok);
    const reading = secure({ ...open, auth, store, scopes: ['orders:read'], limits: createLimits({ principal }) }, ok);
    for (let n = 0; n < 5; n++) await writing(get('/', as('reader')));
    expect((await reading(get('/', as('reader')))).status).toBe(200);
  });

  test('shows the limits of both stages', async () => {
    const { auth } = bearer();
    const both = limits.with(createLimits({ principal: [{ name: 'p', limit: 1, windowSeconds: 60 }] }));
    const response = await secure({ ...open, auth, store: memoryStore({ clock: () => 0 }), limits: both }, ok)(
      get('/', as('reader')),
      PEER,
    );
    expect(response.headers.get('ratelimit-policy')).toBe('"client";q=2;w=60, "p";q=1;w=60');
  });

  test('fails closed with 503 and Retry-After when the store is down', async () => {
    const reported: unknown[] = [];
    const store = { run: () => Promise.reject(new Error('redis://user:secret@host is down')) };
    const handler = secure({ ...open, store, limits, onError: (error) => void reported.push(error) }, ok);
    const response = await handler(get(), PEER);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.text()).not.toContain('secret');
    expect(reported).toMatchObject([{ code: 'store_unavailable' }]);
  });
});
