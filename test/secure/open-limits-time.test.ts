import { describe, expect, test } from 'vitest';
import { createDenyCache } from '../../src/limiter/deny-cache.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure, type SecuredHandler } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { get, ok, open, PEER } from './fixtures.ts';
import { watchedStore } from './watched.ts';

/** Sends so many, and counts who comes through. */
async function admitted(
  handler: SecuredHandler,
  count: number,
  make: (n: number) => Request = () => get(),
): Promise<number> {
  let passed = 0;
  for (let n = 0; n < count; n++) if ((await handler(make(n), PEER)).status === 200) passed++;
  return passed;
}

describe('secure(): limits over time', () => {
  // Hostile list 21: what was refused must not keep the window from moving.
  test('give a client that keeps asking for 1.2 times its share that share', async () => {
    let now = 0;
    const store = memoryStore({ clock: () => now });
    const limits = createLimits({ client: [{ name: 'client', limit: 10, windowSeconds: 10 }] });
    const handler = secure({ ...open, store, limits, clock: () => now }, ok);
    await admitted(handler, 10);
    const passed = await admitted(handler, 1200, () => {
      now += 1000 / 1.2;
      return get();
    });
    // 1,000 seconds at one a second.
    expect(passed).toBeGreaterThanOrEqual(999);
    expect(passed).toBeLessThanOrEqual(1001);
  });

  test('remember denials where they are told to, and ask the store no more', async () => {
    let now = 1_000_000;
    const { store, calls } = watchedStore(() => now);
    const limits = createLimits({
      client: [{ name: 'client', limit: 1, windowSeconds: 10 }],
      localDenyCache: createDenyCache(),
    });
    const handler = secure({ ...open, store, limits, clock: () => now }, ok);
    expect(await admitted(handler, 100)).toBe(1);
    expect(calls).toHaveLength(2);
    expect((await handler(get(), PEER)).headers.get('retry-after')).toBe('10');
    expect((await handler(get(), { peerAddress: '192.0.2.9' })).status).toBe(200);
    now += 10_000;
    expect(await admitted(handler, 1)).toBe(1);
  });
});
