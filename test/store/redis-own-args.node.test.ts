import * as fc from 'fast-check';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim } from '../../src/store/claim.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Step, StepCall } from '../../src/store/step.ts';
import type { GroupAnswer, Store } from '../../src/store/store.ts';
import { storeOn } from './redis-client.ts';
import { describeRedis, type RedisServer, startRedis } from './redis-server.ts';

interface ListArgs {
  readonly code: string;
  readonly list: readonly string[];
}

/** Somebody's own step, whose arguments are as many as they are: says yes when the code is in the list, and how long that is. */
const listed: Step<string, ListArgs, number> = {
  name: 'listed',
  kind: 'value',
  apply: (_state, { code, list }) => ({ ok: list.includes(code), state: 'x', ttlMs: 1000, result: list.length }),
  twin: {
    lua: `local found = false
for i = 2, #args do if args[i] == args[1] then found = true end end
return found, 'x', 1000, #args - 1`,
    encode: ({ code, list }) => [code, ...list],
    decode: ([length]) => typeof length === 'number' ? length : undefined,
  },
};
const asking = (code: string, list: readonly string[]): StepCall => {
  return { step: listed, space: 'codes', key: 'k', args: { code, list } };
};
const claiming = (key: string): StepCall => {
  return { step: claim, space: 'jti', key, args: { value: 'v', ttlMs: 60_000 } };
};

describeRedis('redisStore() with steps of anybody', () => {
  let server: RedisServer;
  let client: Redis;
  let names = 0;

  beforeAll(async () => {
    server = await startRedis();
    client = await server.connect();
  });
  afterAll(() => server?.close());

  async function first(store: Store, ...calls: readonly StepCall[]): Promise<GroupAnswer | undefined> {
    return (await store.run(calls.map((call) => [call]))).groups[0];
  }

  // The number of the step is passed behind the arguments, where a step that reads them all must not find it.
  test('passes a step its own arguments, alone and among others', async () => {
    const store = storeOn(client);
    const word = fc.constantFrom('0', '1', '2', '3', '7', '', 'a');
    await fc.assert(
      fc.asyncProperty(word, fc.array(word, { maxLength: 5 }), async (code, list) => {
        const call = asking(code, list);
        const expected = await first(memoryStore(), call);
        expect(expected).toEqual({ ok: list.includes(code), results: [list.length] });
        expect(await first(store, call)).toEqual(expected);
        expect(await first(store, call, claiming('other'))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test.each([['alone', 0], ['among others', 3]])('passes no arguments to a step that has none: %s', async (_, more) => {
    const bare: Step = {
      ...claim,
      name: 'bare',
      twin: { lua: `return true, 'x', 1000, #args`, encode: () => [], decode: ([count]) => count },
    };
    const others = Array.from({ length: more }, () => claiming(`other-${names++}`));
    const call = { step: bare, space: 'bare', key: 'k', args: null };
    expect(await first(storeOn(client), call, ...others)).toEqual({ ok: true, results: [0] });
  });

  test('leaves a decode that throws to whoever passed that step', async () => {
    const odd: Step = {
      ...claim,
      name: 'odd',
      twin: {
        lua: `return true, 'x', 1000, 1`,
        encode: () => [],
        decode: () => {
          throw new TypeError('This is not what I expected.');
        },
      },
    };
    const store = storeOn(client);
    const settled = await Promise.allSettled([
      store.run([[claiming(`before-${names++}`)]]),
      store.run([[{ step: odd, space: 'odd', key: 'k', args: null }]]),
      store.run([[claiming(`after-${names++}`)], [asking('a', ['a'])]]),
    ]);
    expect(settled).toMatchObject([
      { value: { groups: [{ ok: true, results: [{ claimed: true }] }] } },
      { reason: { code: 'store_unavailable' } },
      { value: { groups: [{ ok: true, results: [{ claimed: true }] }, { ok: true, results: [1] }] } },
    ]);
  });

  test.each([[undefined], [null], [5], [{}]])(
    'leaves a space that is no string to whoever passed it: %j',
    async (space) => {
      const store = storeOn(client);
      const wrong = { ...claiming('k'), space };
      const settled = await Promise.allSettled([
        store.run([[claiming(`before-${names++}`)]]),
        Reflect.apply(store.run, undefined, [[[wrong]]]),
        store.run([[claiming(`after-${names++}`)]]),
      ]);
      expect(settled).toMatchObject([
        { value: { groups: [{ ok: true }] } },
        { reason: expect.any(TypeError) },
        { value: { groups: [{ ok: true }] } },
      ]);
    },
  );
});
