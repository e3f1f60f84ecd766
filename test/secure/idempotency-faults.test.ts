import { describe, expect, test, vi } from 'vitest';
import { lateError } from '../../src/core/deadline.ts';
import { Refusal } from '../../src/core/refusal.ts';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { createMapKv } from '../../src/store/map-kv.ts';
import { kvStore } from '../../src/store/kv.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Group } from '../../src/store/step.ts';
import type { Store, StoreAnswer } from '../../src/store/store.ts';
import { beginFirst, beginReplay, post, refusalOf, scope } from './idempotent-request.ts';

/** A store that does as another, but for the runs that are numbered here, from 0. */
function faulty(faults: Readonly<Record<number, (run: () => Promise<StoreAnswer>) => unknown>>): Store {
  const inner = memoryStore();
  let count = 0;
  return {
    run(groups) {
      const run = async (): Promise<StoreAnswer> => await inner.run(groups);
      const fault = faults[count++];
      return (fault === undefined ? run() : fault(run)) as Promise<StoreAnswer>;
    },
  };
}

const down = (): never => {
  throw new Error('connection refused');
};

describe('begin(), when the store fails,', () => {
  const FAULTS: readonly (readonly [string, () => unknown])[] = [
    ['throws', down],
    ['rejects', () => Promise.reject(new Error('gone'))],
    ['rejects with undefined', () => Promise.reject(undefined)],
    ['refuses', () => Promise.reject(new Refusal('store_unavailable'))],
    // Another's refusal must not be taken for ours: a 404 would say that nothing happened.
    ['refuses with another code', () => Promise.reject(new Refusal('not_found'))],
    ['answers nothing', () => undefined],
    ['answers no groups', () => ({ nowMs: 0, groups: [] })],
    ['answers a group without results', () => ({ nowMs: 0, groups: [{ ok: true }] })],
    ['answers yes in words', () => ({ nowMs: 0, groups: [{ ok: 'yes', results: [] }] })],
    ['says yes to nothing', () => ({ nowMs: 0, groups: [{ ok: true, results: [] }] })],
    ['claims nothing', () => ({ nowMs: 0, groups: [{ ok: true, results: [{ claimed: true, value: 1 }] }] })],
    [
      'claims what nobody wrote',
      () => ({ nowMs: 0, groups: [{ ok: true, results: [{ claimed: true, value: 'x' }] }] }),
    ],
  ];
  test.each(FAULTS)('refuses: it %s', async (_what, fault) => {
    const idempotency = createIdempotency({ store: faulty({ 0: fault }) });
    const refusal = await refusalOf(() => idempotency.begin(post(), scope()));
    expect([refusal.code, refusal.status]).toEqual(['store_unavailable', 503]);
  });

  test('refuses with the fault as the cause', async () => {
    const idempotency = createIdempotency({ store: faulty({ 0: down }) });
    const { cause } = await refusalOf(() => idempotency.begin(post(), scope()));
    expect(cause).toMatchObject({ message: 'connection refused' });
  });

  test('refuses when the store is full, and the keys in it stay', async () => {
    const idempotency = createIdempotency({ store: memoryStore({ maxKeys: 8 }) });
    for (let key = 0; key < 8; key++) {
      await (await beginFirst(idempotency, {}, post(`k${key}`))).complete(new Response());
    }
    expect((await refusalOf(() => idempotency.begin(post('k9'), scope()))).code).toBe('store_unavailable');
    await beginReplay(idempotency, {}, post('k0'));
  });

  // A client of a server that lost the answer may ask again: then our own claim is what stands there.
  test('is the first where its claim was written, and asked for a second time', async () => {
    const idempotency = createIdempotency({ store: faulty({ 0: async (run) => (await run(), await run()) }) });
    await (await beginFirst(idempotency)).complete(new Response('told'));
    expect(await (await beginReplay(idempotency)).text()).toBe('told');
  });

  test.each(['', 'x', '[1]', '{"status":200}', '[2,"kept","f"]'])('refuses to decide with %j', async (value) => {
    const claimed = (): unknown => ({ nowMs: 0, groups: [{ ok: false, results: [{ claimed: false, value }] }] });
    const idempotency = createIdempotency({ store: faulty({ 0: claimed }) });
    expect((await refusalOf(() => idempotency.begin(post(), scope()))).code).toBe('store_unavailable');
  });
});

describe('complete(), when the store fails,', () => {
  // The order is placed: who is told 503 would place it again.
  test('still has the response, and says why nobody will have it again', async () => {
    const idempotency = createIdempotency({ store: faulty({ 1: down, 2: down }) });
    const { response, kept, refusal } = await (await beginFirst(idempotency)).complete(new Response('told'));
    expect([await response.text(), kept, refusal?.code]).toEqual(['told', false, 'store_unavailable']);
    expect((await refusalOf(() => idempotency.begin(post(), scope()))).code).toBe('idempotency_conflict');
  });

  test('holds the key where the store has no room for the response', async () => {
    // 60,000 characters are the most that such a store takes.
    const idempotency = createIdempotency({ store: kvStore(createMapKv()), maxBytes: 100_000 });
    const { kept, refusal } = await (await beginFirst(idempotency)).complete(new Response('x'.repeat(60_000)));
    expect([kept, refusal?.code]).toEqual([false, 'store_unavailable']);
    const again = await refusalOf(() => idempotency.begin(post(), scope()));
    expect([again.code, again.headers]).toEqual(['idempotency_conflict', undefined]);
  });

  test('has room for the default maxBytes in every store', async () => {
    for (const store of [memoryStore(), kvStore(createMapKv())]) {
      const idempotency = createIdempotency({ store });
      const body = new Uint8Array(32_768).fill(255);
      expect(await (await beginFirst(idempotency)).complete(new Response(body))).toMatchObject({ kept: true });
      expect(new Uint8Array(await (await beginReplay(idempotency)).arrayBuffer())).toEqual(body);
    }
  });

  test('does not wait for a late store twice', async () => {
    const late = vi.fn(() => Promise.reject(new Refusal('store_unavailable', { cause: lateError('late') })));
    const idempotency = createIdempotency({ store: faulty({ 1: late, 2: late }) });
    expect(await (await beginFirst(idempotency)).complete(new Response('told'))).toMatchObject({ kept: false });
    expect(late).toHaveBeenCalledOnce();
  });

  // The write is done, and its answer lost: what stands there is ours.
  test('takes its own record for kept where it was written twice', async () => {
    const idempotency = createIdempotency({ store: faulty({ 1: async (run) => (await run(), await run()) }) });
    expect(await (await beginFirst(idempotency)).complete(new Response('told'))).toMatchObject({ kept: true });
  });

  const NO_WORDS: readonly object[] = [
    {},
    { nowMs: 0, groups: [{ ok: false, results: ['other'] }] },
    { nowMs: 0, groups: [{ ok: 'yes', results: ['other'] }] },
  ];
  test.each(NO_WORDS)('keeps nothing on the word %j', async (answer) => {
    const idempotency = createIdempotency({ store: faulty({ 1: () => answer, 2: () => answer }) });
    expect(await (await beginFirst(idempotency)).complete(new Response('told'))).toMatchObject({ kept: false });
  });

  test('asks once where another has taken the key, and never after it is settled', async () => {
    const run = vi.fn(memoryStore().run);
    const first = await beginFirst(createIdempotency({ store: { run } }));
    run.mockReturnValueOnce({ nowMs: 0, groups: [{ ok: false, results: ['other'] }] });
    await first.complete(new Response('told'));
    expect(run).toHaveBeenCalledTimes(2);
    await first.abandon();
    await first.complete(new Response('told'));
    expect(run).toHaveBeenCalledTimes(2);
  });

  test('rejects with the fault of the body, and not with that of the store', async () => {
    const idempotency = createIdempotency({ store: faulty({ 1: down }) });
    const broken = new ReadableStream({ pull: () => Promise.reject(new Error('broken')) });
    await expect((await beginFirst(idempotency)).complete(new Response(broken))).rejects.toThrow('broken');
  });

  test('has a 500 of the handler, and the fault of the store beside it', async () => {
    const idempotency = createIdempotency({ store: faulty({ 1: down }) });
    const given = new Response('', { status: 500 });
    const { response, refusal } = await (await beginFirst(idempotency)).complete(given);
    expect([response, refusal?.code]).toEqual([given, 'store_unavailable']);
  });
});

describe('abandon(), when the store fails,', () => {
  test('resolves with why', async () => {
    const idempotency = createIdempotency({ store: faulty({ 1: down }) });
    expect((await (await beginFirst(idempotency)).abandon())?.code).toBe('store_unavailable');
  });
});

describe('what reaches the store', () => {
  // A canary: stores are read by other eyes than responses are.
  test('is neither key nor principal nor path nor content, and one step at a time', async () => {
    const inner = memoryStore();
    const seen: (readonly Group[])[] = [];
    const store: Store = {
      run(groups) {
        seen.push(groups);
        return inner.run(groups);
      },
    };
    const idempotency = createIdempotency({ store });
    const canaries = { principal: 'canary-1', policy: 'canary-2', path: '/canary-3', fingerprint: () => 'canary-4' };
    await (await beginFirst(idempotency, canaries, post('canary-5'))).complete(new Response('told'));
    await beginReplay(idempotency, canaries, post('canary-5'));
    expect(JSON.stringify(seen)).not.toContain('canary');
    expect(seen.map(([group]) => group?.map(({ step, space }) => [step.name, space]))).toEqual([
      [['claim', 'idempotency']],
      [['swap', 'idempotency']],
      [['claim', 'idempotency']],
    ]);
  });

  test('says nothing of the request in any refusal', async () => {
    const idempotency = createIdempotency({ store: memoryStore() });
    const canary = { principal: 'canary-1', path: '/canary-2', fingerprint: () => 'canary-3' };
    await beginFirst(idempotency, canary, post('canary-4'));
    for (const other of [canary, { ...canary, path: '/' }]) {
      const { message, headers, problem, cause } = await refusalOf(() =>
        idempotency.begin(post('canary-4'), scope(other))
      );
      expect(JSON.stringify({ message, headers, problem, cause })).not.toContain('canary');
    }
    expect((await refusalOf(() => idempotency.begin(post('canary 4'), scope()))).message).not.toContain('canary');
  });
});
