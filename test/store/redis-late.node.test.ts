import { expect, test, vi } from 'vitest';
import { claim } from '../../src/store/claim.ts';
import { redisStore } from '../../src/store/redis.ts';

const call = { step: claim, space: 'jti', args: { value: 'v', ttlMs: 1000 } };

// A long key is hashed, which takes long where the platform is busy. Who was refused meanwhile must not be charged after all.
test('redisStore() sends nothing for callers that it has refused', async () => {
  const { subtle } = crypto;
  const digest = subtle.digest.bind(subtle);
  const slow = vi.spyOn(subtle, 'digest').mockImplementation(async (...args) => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    return await digest(...args);
  });
  const sent: string[] = [];
  try {
    const store = redisStore(([command]) => {
      sent.push(command);
      return Promise.reject(new Error('unreachable'));
    }, { timeoutMs: 5 });
    await expect(store.run([[{ ...call, key: 'k'.repeat(100) }]])).rejects.toMatchObject({ code: 'store_unavailable' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(sent).toEqual([]);
  } finally {
    slow.mockRestore();
  }
});

// One caller's mistake is no fault of the others in its turn.
test.each([5, undefined, null, {}])(
  'redisStore() tells a key that is no string to its caller alone: %j',
  async (key) => {
    const sent: string[] = [];
    const store = redisStore(([command]) => {
      sent.push(command);
      return Promise.resolve([1_700_000_000, 0, 1, [1, 'v']]);
    });
    const good = store.run([[{ ...call, key: 'a' }]]);
    const bad: unknown = Reflect.apply(store.run, undefined, [[[{ ...call, key }]]]);
    await expect(bad).rejects.toThrow(TypeError);
    expect((await good).groups).toEqual([{ ok: true, results: [{ claimed: true, value: 'v' }] }]);
    expect(sent).toEqual(['EVAL']);
  },
);
