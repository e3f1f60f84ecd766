import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LimitAlgorithm } from '../../src/limiter/algorithm.ts';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { lease, release } from '../../src/limiter/lease.ts';
import { slidingLog, strictWindow } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { claim } from '../../src/store/claim.ts';
import type { Group, StepCall } from '../../src/store/step.ts';
import type { Store } from '../../src/store/store.ts';
import { drop, swap } from '../../src/store/swap.ts';
import { storeOn } from './redis-client.ts';
import { describeRedis, type RedisServer, startRedis } from './redis-server.ts';

/** A step that a store runs on a key, and what it never wrote there. */
interface Row {
  readonly call: StepCall;
  readonly garbage: readonly string[];
}

const UNAVAILABLE = { code: 'store_unavailable' };
/** No state of a step that counts. */
const NO_NUMBERS = [
  '',
  ' ',
  'x',
  '-1',
  '1.5',
  'NaN',
  'inf',
  'nil',
  '1,2',
  '1 2 3 x',
  '1 -2',
  '1 2.5',
];
/** More than a double holds exactly: 2^53, and what Lua would read as one. */
const TOO_LARGE = ['9007199254740992', '9'.repeat(400)];

const ROWS: Readonly<Record<string, Row>> = {
  gcra: counting(gcra, '1 2', '1 2 3', ...TOO_LARGE),
  fixedWindow: counting(fixedWindow, '1', '1 2 3', '1 2 3 4', ...TOO_LARGE, `1 ${TOO_LARGE[0]}`),
  slidingWindow: counting(slidingWindow, '1', '1 2', '1 2 3 4', ...TOO_LARGE, `1 2 ${TOO_LARGE[0]}`),
  slidingLog: counting(slidingLog, '1', '1 2 3', ...TOO_LARGE, `1 ${TOO_LARGE[0]}`),
  strictWindow: counting(strictWindow, '1', '1 2 3', ...TOO_LARGE),
  lease: leasing({ step: lease, args: { holder: 'a', slots: 2, ttlMs: 60_000 } }),
  release: leasing({ step: release, args: { holder: 'a' } }),
};

/** Any text may stand under their keys, and no list. */
const TEXTS: Readonly<Record<string, StepCall>> = {
  claim: { step: claim, space: 'rule', key: 'bad', args: { value: 'v', ttlMs: 60_000 } },
  swap: { step: swap, space: 'rule', key: 'bad', args: { expected: null, value: 'v', ttlMs: 60_000 } },
  drop: { step: drop, space: 'rule', key: 'bad', args: { expected: 'x' } },
};

const GOOD: StepCall = { ...TEXTS['claim'] ?? gone(), key: 'good' };

describeRedis('redisStore(), whatever stands under a key,', () => {
  let server: RedisServer;
  let client: Redis;
  let store: Store;

  beforeAll(async () => {
    server = await startRedis();
    client = await server.connect();
    store = storeOn(client, { timeoutMs: 15_000 });
  });
  afterAll(() => server?.close());
  beforeEach(() => client.flushall());

  /** Asks in one turn: alone, beside others, and in a group with another. Only those with the bad key are refused. */
  async function expectRefused(call: StepCall): Promise<void> {
    const groups: Group[] = [[GOOD], [call], [{ ...GOOD, key: 'other' }, call], [{ ...GOOD, key: 'last' }]];
    const before = await client.dump('sp:{bad}:rule');
    const settled = await Promise.allSettled(groups.map((group) => store.run([group])));
    expect(settled).toMatchObject([
      { value: { groups: [{ ok: true }] } },
      { reason: UNAVAILABLE },
      { reason: UNAVAILABLE },
      { value: { groups: [{ ok: true }] } },
    ]);
    // What is refused has written nothing: neither beside the bad key nor under it.
    expect((await client.keys('*')).sort()).toEqual(['sp:{bad}:rule', 'sp:{good}:rule', 'sp:{last}:rule']);
    expect(await client.dump('sp:{bad}:rule')).toBe(before);
  }

  test.each(Object.entries(ROWS))('refuses to decide with what nobody wrote: %s', async (_name, { call, garbage }) => {
    for (const text of garbage) {
      await client.flushall();
      await client.set('sp:{bad}:rule', text);
      await expectRefused(call).catch((cause) => {
        throw new Error(`With ${JSON.stringify(text)}.`, { cause });
      });
    }
  });

  test.each([...Object.entries(ROWS).map(([name, { call }]) => [name, call] as const), ...Object.entries(TEXTS)])(
    'refuses to decide with what is no text: %s',
    async (_name, call) => {
      await client.lpush('sp:{bad}:rule', '1', '2');
      await expectRefused(call);
      await client.flushall();
      await client.hset('sp:{bad}:rule', 'a', '1');
      await expectRefused(call);
    },
  );

  test('gives values back as they were written, whatever text they are', async () => {
    const texts = ['', ' ', '0', 'nil', '\0', '\r\n', '$-1\r\n', '*3', 'é😀', '"', '%s', 'x'.repeat(100_000)];
    const place = { space: 'rule', key: 'a' };
    for (const [index, value] of texts.entries()) {
      const expected = texts[index - 1] ?? null;
      const { groups } = await store.run([
        [{ ...place, step: swap, args: { expected, value, ttlMs: 60_000 } }],
        [{ ...place, step: claim, args: { value: 'later', ttlMs: 60_000 } }],
        [{ ...place, step: drop, args: { expected: `${value}!` } }],
      ]);
      expect(groups).toEqual([
        { ok: true, results: [expected] },
        { ok: false, results: [{ claimed: false, value }] },
        { ok: false, results: [value] },
      ]);
    }
    await store.run([[{ ...place, step: drop, args: { expected: texts.at(-1) } }]]);
    expect(await client.dbsize()).toBe(0);
  });
});

function counting(algorithm: LimitAlgorithm, ...more: readonly string[]): Row {
  const args = algorithm.compile({ limit: 10, windowUs: 60_000_000, burst: undefined });
  return { call: { step: algorithm.step, space: 'rule', key: 'bad', args }, garbage: [...NO_NUMBERS, ...more] };
}

function leasing(what: Pick<StepCall, 'step' | 'args'>): Row {
  const garbage = [
    '',
    ' ',
    'x',
    '1',
    '1 ',
    'a 1',
    '-1 a',
    '1 a 2',
    '1 a x',
    '1 a  2 b',
    '1 a\n2 b',
    `${TOO_LARGE[0]} a`,
  ];
  return { call: { ...what, space: 'rule', key: 'bad' }, garbage };
}

function gone(): never {
  throw new Error('This row is gone.');
}
