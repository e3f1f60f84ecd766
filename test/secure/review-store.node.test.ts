import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Refusal } from '../../src/core/refusal.ts';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { beginFirst, post, refusalOf, scope } from './idempotent-request.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A store of somebody else's, without a time of its own: it answers so many questions, and then hangs. */
function hanging(answers: number, onHang: () => void = () => undefined): Store {
  const store = memoryStore();
  let left = answers;
  return {
    run: (groups) => {
      if (left-- > 0) return store.run(groups);
      onHang();
      return new Promise(() => undefined);
    },
  };
}

test('createIdempotency() refuses when the store never answers the claim', async () => {
  let refused: Promise<Refusal> | undefined;
  await new Promise<void>((asked) => {
    refused = refusalOf(() => createIdempotency({ store: hanging(0, asked) }).begin(post(), scope()));
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect((await refused)?.code).toBe('store_unavailable');
});

// The handler has run: its answer is the client's, whatever becomes of the record.
test.each(['complete', 'abandon', 'forgo'] as const)('%s() ends where the store hangs', async (how) => {
  const run = await beginFirst(createIdempotency({ store: hanging(1) }));
  const settled: Promise<unknown> = how === 'complete' ? run.complete(new Response('done')) : run[how]();
  await vi.advanceTimersByTimeAsync(60_000);
  const expected = { code: 'store_unavailable' };
  expect(await settled).toMatchObject(how === 'complete' ? { kept: false, refusal: expected } : expected);
  expect(vi.getTimerCount()).toBe(0);
});
