import { expect, test } from 'vitest';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { claim } from '../../src/store/claim.ts';
import { redisStore } from '../../src/store/redis.ts';
import type { Group, StepCall } from '../../src/store/step.ts';
import type { GroupAnswer, Store } from '../../src/store/store.ts';
import { drop } from '../../src/store/swap.ts';
import { pause } from './redis-client.ts';
import { PATIENCE_MS, recordRedis } from './redis-recorder.ts';
import { describeRedis } from './redis-server.ts';

const UNAVAILABLE = { code: 'store_unavailable' };
const place = (key: string): { space: string; key: string } => ({ space: 'jti', key });
const claiming = (key: string): StepCall => ({ ...place(key), step: claim, args: { value: 'v', ttlMs: 60_000 } });
const dropping = (key: string): StepCall => ({ ...place(key), step: drop, args: { expected: 'v' } });
/** A group of so many steps, none of which anybody else has. */
const groupOf = (steps: number): Group => Array.from({ length: steps }, () => claiming(`k${keys++}`));
let keys = 0;

describeRedis('redisStore() with maxBatch', () => {
  const { client, sent, send, store } = recordRedis();

  /** How many keys each command named: one for each step. */
  function steps(): readonly number[] {
    return sent.map((words) => Number(words[2]));
  }

  async function oks(shared: Store, groups: readonly Group[]): Promise<readonly boolean[]> {
    return (await shared.run(groups)).groups.map(({ ok }) => ok);
  }

  test('sends no more steps in one command, whoever asked for them', async () => {
    const shared = store({ maxBatch: 3 });
    const askOf = (...names: string[]): Promise<readonly GroupAnswer[]> =>
      Promise.resolve(shared.run(names.map((key) => [claiming(key)]))).then(({ groups }) => groups);
    const answers = await Promise.all([
      askOf('a'),
      askOf('b', 'c'),
      askOf('d'),
      askOf('e', 'f', 'g', 'a', 'h', 'b', 'i'),
    ]);
    expect(answers.map((groups) => groups.map(({ ok }) => ok))).toEqual([
      [true],
      [true, true],
      [true],
      [true, true, true, false, true, false, true],
    ]);
    expect(steps()).toEqual([3, 1, 3, 3, 1]);
  });

  test.each([
    // A run of many groups, packed in order.
    [[[3, 3, 2, 8, 1, 7, 1]], [8, 8, 8, 1]],
    // Runs of one turn, packed together.
    [[[3], [3], [2], [8], [1], [7], [1]], [8, 8, 8, 1]],
    [[[2, 2], [2, 2], [2, 2]], [8, 4]],
    // A group is all or nothing, so that one which is too large goes by itself.
    [[[1, 20, 1]], [1, 20, 1]],
    [[[1], [20], [1]], [1, 20, 1]],
  ])('fills each command up to 8 steps: runs of groups of %j steps', async (runs, expected) => {
    const shared = store({ maxBatch: 8 });
    const answers = await Promise.all(runs.map((sizes) => oks(shared, sizes.map(groupOf))));
    expect(answers).toEqual(runs.map((sizes) => sizes.map(() => true)));
    expect(steps()).toEqual(expected);
  });

  // It costs the server work, though it has no step.
  test('counts a group of no steps as one', async () => {
    expect(await oks(store({ maxBatch: 8 }), Array.from({ length: 17 }, () => []))).not.toContain(false);
    expect(sent).toHaveLength(3);
  });

  test('takes a thousand consumes of sixteen limits from one turn, in calls of 1,024 steps', async () => {
    const limits = Array.from({ length: 16 }, (_, n) => ({ name: `limit-${n}`, limit: 100, windowSeconds: 3600 }));
    const limiter = createLimiter({ store: store({ maxBatch: 1024 }), timeoutMs: PATIENCE_MS, limits });
    const decisions = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => limiter.consume(`key-${index % 7}`)),
    );
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(700);
    expect(steps()).toEqual([...Array.from({ length: 15 }, () => 1024), 640]);
  });

  test('runs what it sends in parts in the order that it was asked for', async () => {
    for (let round = 0; round < 20; round++) {
      const fresh = store({ maxBatch: 1, prefix: `round-${round}` });
      // The name of the first takes longest.
      const names = [`${'long'.repeat(100_000)}`, 'a', `${round} is not plain`, 'b'];
      const call = (key: string): StepCall => ({ ...claiming(key), space: `a space ${round}` });
      await fresh.run([...names, ...names].map((key) => [call(key)]));
      const tags = sent.slice(-8).map((words) => words[3]);
      expect(tags.slice(0, 4)).toEqual(tags.slice(4));
      expect(tags[1]).toContain('{a}');
    }
  });

  // Each part is run by one of two scripts. That which the server has forgotten is sent anew, and what comes after must wait for it.
  test.each<[string, Group, Group, Group, readonly string[]]>([
    ['many steps', [claiming('w'), claiming('w3')], [dropping('w')], [dropping('a')], ['sp:{w3}:jti']],
    ['one step', [claiming('w')], [dropping('w'), claiming('w4')], [dropping('a'), dropping('b')], ['sp:{w4}:jti']],
  ])(
    'keeps the order of parts when the server has forgotten the script of %s alone',
    async (_what, first, last, restoring, left) => {
      const [shared, rival] = [store({ maxBatch: 1 }), store({ maxBatch: 1, prefix: 'rival' })];
      // Both know the same steps, and therefore the same scripts.
      for (const one of [shared, rival]) {
        await one.run([[claiming('a'), claiming('b')]]);
        await one.run([[dropping('a')]]);
        await one.run([[dropping('b'), dropping('none')]]);
      }
      await client().script('FLUSH');
      await client().flushdb();
      await rival.run([restoring]);
      sent.length = 0;
      expect(await oks(shared, [first, last])).toEqual([true, true]);
      expect(sent.map(([name]) => name)).toEqual(['EVALSHA', 'EVAL', 'EVALSHA']);
      expect(await client().keys('sp:*')).toEqual(left);
    },
  );

  // Whose run it is has no answer: what nobody waits for must not be charged.
  test('sends no part after one that has failed', async () => {
    let calls = 0;
    const failing = redisStore((args) => ++calls === 2 ? Promise.reject(new Error('It is closed.')) : send(args), {
      maxBatch: 1,
    });
    await expect(failing.run(['a', 'b', 'c', 'd'].map((key) => [claiming(key)]))).rejects.toMatchObject(UNAVAILABLE);
    expect(calls).toBe(2);
    expect(await client().keys('*')).toEqual(['sp:{a}:jti']);
  });

  test('gives each part the whole of timeoutMs', async () => {
    const slow = redisStore((args) => pause(150).then(() => send(args)), { maxBatch: 1, timeoutMs: 400 });
    expect(await oks(slow, ['a', 'b', 'c', 'd'].map((key) => [claiming(key)]))).toEqual([true, true, true, true]);
  });
});
