import { describe, expect, test } from 'vitest';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { claim } from '../../src/store/claim.ts';
import { kvStore } from '../../src/store/kv.ts';
import { createMapKv } from '../../src/store/map-kv.ts';
import { redisStore } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';

/** What an adapter, or a client, is asked to do, whatever it is. */
type Answer = () => Promise<never>;

const never: Answer = () => new Promise(() => undefined);
/** Much less than the limiter's own, so that it is the store that is late; and enough to come as far as the fault. */
const SHORT_MS = 250;
const LONG_MS = 15_000;

/** The stores that have a deadline of their own, over whatever answers so. */
const STORES: readonly (readonly [string, (answer: Answer, timeoutMs: number) => Store])[] = [
  ['redisStore()', (answer, timeoutMs) => redisStore(answer, { timeoutMs })],
  ['kvStore() that reads', (answer, timeoutMs) => kvStore({ read: answer, commit: answer }, { timeoutMs })],
  ['kvStore() that commits', (answer, timeoutMs) => kvStore({ ...createMapKv(), commit: answer }, { timeoutMs })],
];

function named(name: string, cause?: unknown): Error {
  return Object.assign(new Error('It went wrong.', { cause }), { name });
}

/** What is no lateness of the store. */
const FAULTS: readonly (readonly [string, unknown])[] = [
  ['an error', new Error('The connection is closed.')],
  ['an error of another name', named('AbortError')],
  ['an error whose cause has a cause', named('Error', named('Error', named('TimeoutError')))],
  ['what is no error', { name: 'TimeoutError' }],
];

/** How often a store was asked by so many calls in a row, at one moment. */
async function askedBy(calls: number, make: (answer: Answer) => Store, answer: Answer): Promise<number> {
  let asked = 0;
  const store = make(() => {
    asked++;
    return answer();
  });
  const limits = [{ name: 'a', limit: 5, windowSeconds: 60 }];
  const clock = (): number => 1_700_000_000_000;
  const limiter = createLimiter({ store, limits, whenStoreFails: 'open', timeoutMs: LONG_MS, clock });
  for (let n = 0; n < calls; n++) expect(await limiter.consume(`k${n}`)).toMatchObject({ reason: 'unavailable' });
  return asked;
}

// Each request of an outage would else wait for the whole of the store's deadline.
describe.each(STORES)('createLimiter() over %s', (_name, make) => {
  test('leaves a store alone that has said itself that it is late', async () => {
    expect(await askedBy(5, (answer) => make(answer, SHORT_MS), never)).toBe(1);
  });

  test.each(FAULTS)('asks a store each time that fails for another reason: %s', async (_what, fault) => {
    expect(await askedBy(5, (answer) => make(answer, LONG_MS), () => Promise.reject(fault))).toBe(5);
  });
});

describe('createLimiter() over a store of anybody', () => {
  test.each([
    ['an error', named('TimeoutError')],
    ['a cause', named('Error', named('TimeoutError'))],
  ])('leaves a store alone that says by %s of the name TimeoutError that it is late', async (_what, fault) => {
    expect(await askedBy(5, (answer) => ({ run: answer }), () => Promise.reject(fault))).toBe(1);
  });

  // What one key waits for in vain, another may have: the answer of a part of the store is no outage of it all.
  test('asks on while others are answered', async () => {
    const inner = createMapKv();
    let asked = 0;
    const store = kvStore({
      async read(keys) {
        asked++;
        return keys.some((key) => key.includes('hung')) ? await never() : await inner.read(keys);
      },
      commit: inner.commit,
    }, { timeoutMs: SHORT_MS });
    const limits = [{ name: 'a', limit: 5, windowSeconds: 60 }];
    const limiter = createLimiter({ store, limits, whenStoreFails: 'open', clock: () => 1_700_000_000_000 });
    const both = [limiter.consume('hung'), limiter.consume('fine')];
    expect(await Promise.all(both)).toMatchObject([{ reason: 'unavailable' }, { reason: 'ok' }]);
    expect(await limiter.consume('fine')).toMatchObject({ reason: 'ok' });
    expect(asked).toBe(3);
  });

  test('tells the lateness of a store as the cause of its refusal', async () => {
    const call = { step: claim, space: 'jti', key: 'k', args: { value: 'v', ttlMs: 1000 } };
    for (const [, make] of STORES) {
      await expect(make(never, SHORT_MS).run([[call]])).rejects.toMatchObject({
        code: 'store_unavailable',
        cause: { name: 'TimeoutError' },
      });
    }
  });
});
